import type { ContextValues } from '../iam/index.js';
import { type Condition, once, unknown } from '../model/index.js';
import { type CountedChange, countChanges } from './counted-changes.js';
import type { PermissionFacts } from './permissions.js';
import { ANY_TAGS, type Tagging, type Taggings, type TriedPairs } from './retagging.js';
import type { Emit } from './technique.js';

type MayChange = (context: ContextValues) => PermissionFacts;

/** What was tried already, and what of it is allowed. */
export interface Tried {
  /** What the facts that are made of it are called. */
  readonly name: string;
  readonly taggings: Taggings;
  readonly pairs: TriedPairs;
  readonly mayChange: MayChange;
  /** Changes of one tag that somebody may make: tags that are set, and those that are taken away. */
  readonly singly: readonly { readonly ways: readonly Tagging[]; readonly may: MayChange }[];
}

export const UNTRIED: readonly Condition[] = [
  unknown('aws:RequestTag', 'not every combination of tags that may be changed was tried'),
];

/**
 * The ways to a combination of tags that was not tried: more than two of those that policies ask for, one set and another taken away, or two that were left out for their
 * number. Which of them would serve is not asked, only whether there are as many.
 */
export function untriedWays(tried: Tried, emit: Emit): (resource: string) => readonly (readonly string[])[] {
  const { name, pairs, singly, taggings } = tried;
  const names = new Set(taggings.single.flatMap(({ tags }) => tags.map((tag) => tag.name)));
  const most = pairs.areAll ? 2 : 1;
  const byManyAtOnce = names.size > most ? jointTaggers(tried) : () => [];
  const waysTo = (resource: string): readonly (readonly string[])[] => {
    const kinds = singly.map(({ ways, may }) => changesOf(resource, ways, may));
    const counted = countChanges(`${name} of ${resource}`, kinds.flat(), emit);
    const [set, removed] = kinds.map((own, kind) => counted.oneOf(kind === 0 ? 'a tag' : 'a tag by removal', own));
    const several = set !== undefined && removed !== undefined ? counted.atLeast(2) : undefined;
    const many = counted.atLeast(most + 1);
    return [
      ...(many === undefined ? [] : [[many]]),
      ...(several === undefined ? [] : [[set ?? '', removed ?? '', several]]),
      ...byManyAtOnce(resource).map((own) => [own]),
    ];
  };
  const known = new Map<string, readonly (readonly string[])[]>();
  return (resource) => {
    const ways = known.get(resource) ?? waysTo(resource);
    known.set(resource, ways);
    return ways;
  };
}

const changesOf = (resource: string, ways: readonly Tagging[], may: MayChange): readonly CountedChange[] =>
  ways.flatMap(({ tags, context }) => {
    const own = may(context).of(resource);
    return own === undefined ? [] : tags.map(({ name }) => ({ of: name, fact: own }));
  });

/** Facts that somebody may tag who may change none of the tags alone, and no two. */
function jointTaggers({ taggings, pairs, mayChange }: Tried): (resource: string) => readonly string[] {
  const any = once(() => mayChange(ANY_TAGS));
  // Pairs last: mostly nobody is left whom they would explain.
  const fewer = [taggings.otherwise, ...[...taggings.single, ...pairs.tried].map(({ context }) => context)];
  return (resource) => {
    const own = any().of(resource);
    if (own === undefined) return [];
    const left = new Set(
      any()
        .holders(resource)
        .map(({ principal }) => principal),
    );
    for (const context of fewer) {
      if (left.size === 0) return [];
      for (const { principal } of mayChange(context).holders(resource)) left.delete(principal);
    }
    return left.size === 0 ? [] : [own];
  };
}
