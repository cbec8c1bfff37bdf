import { deniesSomething, type NamedPolicy, type OpenTag, type PolicyChange } from '../iam/index.js';
import { type Condition, firstOf, groupBy, sortedUnique, unknown } from '../model/index.js';
import { countChanges } from './counted-changes.js';
import { fact } from './fact.js';
import type { JoinedGain, PolicyGain } from './gain-calls.js';
import { THROUGH } from './permission-labels.js';
import type { Emit } from './technique.js';

/** What no longer holds a principal back, once somebody takes it away. */
export interface Removal {
  readonly principal: string;
  readonly removal: PolicyChange;
  /** The facts that it is taken away. */
  readonly needs: readonly string[];
}

/** One change to what applies to a principal. Those of one kind are judged together elsewhere. */
interface Part {
  readonly kind: string;
  readonly change: PolicyChange;
  readonly facts: readonly string[];
}

/** The kind of those that are of several. */
export const SEVERAL = 'several';

const TAGS = 'tags';
const REMOVAL = 'removal';

/** More pairs are not tried for one principal: each world is asked everything again. */
const MOST_PAIRS = 12;

const UNTRIED: readonly Condition[] = [
  unknown('policies', 'not every combination of changes of several kinds was tried'),
];

/**
 * Changes of several kinds to what applies to one principal, at once: a group that it is put in, policies that are attached to it, versions that are put in force, tags, and a
 * boundary or denials that are taken away. Two are tried by themselves, and all, tags left out; what others give together is told on condition.
 */
export function severalChanges(
  gains: readonly PolicyGain[],
  removals: readonly Removal[],
  emit: Emit,
): readonly JoinedGain[] {
  const taken = groupBy(removals, ({ principal }) => principal);
  return [...groupBy(gains, ({ principal }) => principal)].flatMap(([principal, own]) => {
    const parts = [
      ...own.map(
        ({ kind, change, fact: one }): Part => ({
          kind: tagsOf(change).length > 0 ? TAGS : kind,
          change,
          facts: [one],
        }),
      ),
      ...(taken.get(principal) ?? []).map(
        ({ removal, needs }): Part => ({
          kind: REMOVAL,
          change: removal,
          facts: needs,
        }),
      ),
    ].sort((a, b) => sizeOf(b) - sizeOf(a));
    const kinds = new Set(parts.map(({ kind }) => kind));
    if (kinds.size < 2) return [];
    const pairs = [...firstOf(pairsOf(parts), MOST_PAIRS + 1)];
    const two = pairs
      .slice(0, MOST_PAIRS)
      .map((pair, index) => joined(principal, pair, `${index + 1}. pair of changes`));
    const isCut = pairs.length > MOST_PAIRS;
    return kinds.size === 2 && !isCut
      ? two
      : [...two, ...allOf(principal, parts), ...someOf(principal, parts, isCut ? 2 : 3, emit)];
  });
}

/** How much a change brings. */
const sizeOf = ({ change, facts }: Part): number => grants(change).length + facts.length;

function* pairsOf(parts: readonly Part[]): Generator<readonly Part[]> {
  for (const [index, other] of parts.entries()) {
    for (let before = 0; before < index; before++) {
      const one = parts[before];
      if (one && one.kind !== other.kind) yield [one, other];
    }
  }
}

const joined = (principal: string, parts: readonly Part[], world: string): JoinedGain => {
  const facts = sortedUnique(parts.flatMap((part) => part.facts));
  return { principal, kind: SEVERAL, change: merged(parts), fact: facts[0] ?? '', facts, world };
};

/** Everything that changes make of what applies to a principal. */
function merged(parts: readonly Part[]): PolicyChange {
  const changes = parts.map(({ change }) => change);
  const added = new Map(changes.flatMap((change) => (change.added ?? []).map((policy) => [policy.name, policy])));
  const tags = changes.flatMap((change) => [...(change.tags ?? [])]);
  const openTags = changes.flatMap((change) => [...(change.openTags ?? [])]);
  return {
    ...(changes.some(({ boundary }) => boundary) && { boundary: true }),
    policies: sortedUnique(changes.flatMap(({ policies = [] }) => policies)),
    added: [...added.values()],
    missing: sortedUnique(changes.flatMap(({ missing = [] }) => missing)),
    ...(tags.length > 0 && { tags: new Map(tags) }),
    ...(openTags.length > 0 && { openTags: new Map(openTags) }),
    untagged: sortedUnique(changes.flatMap(({ untagged = [] }) => untagged)),
  };
}

/** At least so many kinds, whichever they are; nothing that some bring keeps the principal from what others do. */
function someOf(principal: string, parts: readonly Part[], least: number, emit: Emit): readonly JoinedGain[] {
  const counted = parts.flatMap(({ kind, facts }) => facts.map((one) => ({ of: kind, fact: one })));
  const enough = countChanges(`kinds of changes of ${principal}`, counted, emit).atLeast(least);
  if (enough === undefined) return [];
  const gate = fact('may', `make ${least} changes of several kinds of ${principal}`);
  emit({ head: gate, body: [enough], cost: 0, conditions: UNTRIED, label: THROUGH });
  const names = sortedUnique(parts.flatMap(({ change }) => tagsOf(change)));
  const bringing = parts
    .filter(({ kind }) => kind !== TAGS)
    .map((part): Part => {
      const { boundary, policies = [], missing = [] } = part.change;
      const kept = part.kind === REMOVAL ? { ...(boundary && { boundary }), policies } : {};
      return { ...part, change: { ...kept, added: grants(part.change), missing } };
    });
  const open = new Map(names.map((name): [string, OpenTag] => [name, 'unsettled']));
  const tagging: Part = { kind: TAGS, change: { openTags: open }, facts: [] };
  const made = joined(principal, [...bringing, tagging], `changed in some ways (${least}, ${counted.length})`);
  return [{ ...made, fact: gate, facts: [gate] }];
}

/** All kinds but tags: of each, what is most. */
function allOf(principal: string, parts: readonly Part[]): readonly JoinedGain[] {
  const kinds = groupBy(
    parts.filter(({ kind }) => kind !== TAGS),
    ({ kind }) => kind,
  );
  const chosen = [...kinds.values()].flatMap(most);
  return chosen.length < 2 ? [] : [joined(principal, chosen, 'changed in all ways')];
}

/** Of some changes of a kind those that can be made together: the one that brings most; of versions, those of which there is one for a policy. */
function most(parts: readonly Part[]): readonly Part[] {
  const [first] = parts;
  const isOfVersions = parts.every(({ kind, change }) => kind !== REMOVAL && (change.policies ?? []).length > 0);
  if (!isOfVersions) return first ? [first] : [];
  const byPolicy = groupBy(parts, ({ change }) => (change.policies ?? []).join());
  return [...byPolicy.values()].flatMap((own) => (own.length === 1 ? own : []));
}

/** The policies that are added, without those that deny something too. */
const grants = ({ added = [] }: PolicyChange): readonly NamedPolicy[] =>
  added.filter(({ document }) => !deniesSomething(document));

/** The tags that a change sets or takes away. */
const tagsOf = ({ tags, openTags, untagged = [] }: PolicyChange): readonly string[] => [
  ...(tags?.keys() ?? []),
  ...(openTags?.keys() ?? []),
  ...untagged,
];
