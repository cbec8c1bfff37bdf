import type { OpenTag, PolicyChange } from '../iam/index.js';
import { groupBy, type Json, sortedUnique } from '../model/index.js';
import { type CountedChange, countChanges } from './counted-changes.js';
import type { JoinedGain, PolicyGain } from './gain-calls.js';
import type { Emit } from './technique.js';
import type { World } from './world.js';

/** More policies with one tag each are not tried for one principal: each world is asked everything again. */
const MOST_JOINED = 12;

/**
 * Gains of one principal together: several tags, and further policies that look at tags with those of which they speak. Where those are many, or several at once, it is open which
 * values the tags have.
 */
export function gainsWithTags(world: World, gains: readonly PolicyGain[], emit: Emit): readonly JoinedGain[] {
  const tagging = gains.filter(({ change }) => tagOf(change) !== undefined);
  if (tagging.length === 0) return [];
  const textOf = textReader();
  const textsOf = ({ added = [] }: PolicyChange): readonly string[] => added.map(({ document }) => textOf(document));
  const asking = groupBy(
    gains.filter(({ change }) => textsOf(change).some((policy) => policy.includes(PRINCIPAL_TAG))),
    ({ principal }) => principal,
  );
  const speaksOf = (change: PolicyChange, tag: string): boolean =>
    textsOf(change).some((policy) => policy.includes(`${PRINCIPAL_TAG}${tag.toLowerCase()}`));
  return [...groupBy(tagging, ({ principal }) => principal)].flatMap(([principal, tags]) => {
    const spoken = (asking.get(principal) ?? []).map((policies) => ({
      policies,
      own: tags.filter((tag) => speaksOf(policies.change, tagOf(tag.change) ?? '')),
    }));
    const pairs = spoken.flatMap(({ policies, own }) => own.map((tag) => withTag(policies, tag)));
    const isCut = pairs.length > MOST_JOINED;
    return [
      ...severalTags(world, tags, emit),
      ...pairs.slice(0, MOST_JOINED),
      ...spoken.flatMap(({ policies, own }) =>
        own.length > 0 && (isCut || namesIn(own).length > 1) ? [withOpenTags(policies, own, emit)] : [],
      ),
    ];
  });
}

const withTag = (policies: PolicyGain, tag: PolicyGain): JoinedGain => ({
  principal: tag.principal,
  kind: tag.kind,
  change: { ...tag.change, ...policies.change },
  fact: policies.fact,
  facts: [policies.fact, tag.fact],
  world: `${policies.world ?? policies.fact} and ${tag.world ?? tag.fact}`,
});

/** All tags of a principal that may be changed, of any value where none limits what may be set. */
function severalTags(world: World, tags: readonly PolicyGain[], emit: Emit): readonly JoinedGain[] {
  const names = namesIn(tags);
  const [first] = tags;
  if (first === undefined || names.length < 2) return [];
  const { principal, kind, fact } = first;
  const counted = countChanges(`of ${principal}`, changesOf(tags), emit);
  const two = counted.atLeast(2);
  const settable = namesIn(tags.filter(({ change }) => change.untagged === undefined));
  const free = settable.filter((name) => !world.iam.looksAt([`aws:RequestTag/${name}`]));
  const open: JoinedGain = {
    principal,
    kind,
    change: { openTags: openTags(names, 'unsettled') },
    fact,
    facts: two === undefined ? [] : [two],
    world: 'tagged with several',
  };
  const chosen: JoinedGain = {
    principal,
    kind,
    change: { openTags: openTags(free, 'chosen') },
    fact,
    facts: counted.ofEach().filter((_, index) => free.includes(names[index] ?? '')),
    world: 'tagged with several of any value',
  };
  return free.length > 1 ? [open, chosen] : [open];
}

function withOpenTags(policies: PolicyGain, tags: readonly PolicyGain[], emit: Emit): JoinedGain {
  const { principal, kind, change, fact } = policies;
  const any = countChanges(`of ${principal}`, changesOf(tags), emit).oneOf(
    `any of ${namesIn(tags).join()}`,
    changesOf(tags),
  );
  return {
    principal,
    kind,
    change: { ...change, openTags: openTags(namesIn(tags), 'unsettled') },
    fact,
    facts: [fact, ...(any === undefined ? [] : [any])],
    world: `${policies.world ?? fact} and some of several tags`,
  };
}

const openTags = (names: readonly string[], is: OpenTag): ReadonlyMap<string, OpenTag> =>
  new Map(names.map((name) => [name, is]));

const namesIn = (tags: readonly PolicyGain[]): readonly string[] =>
  sortedUnique(tags.flatMap(({ change }) => tagOf(change) ?? []));

const changesOf = (tags: readonly PolicyGain[]): readonly CountedChange[] =>
  tags.map(({ change, fact }) => ({ of: tagOf(change) ?? '', fact }));

/** The tag of a principal that a change is about. */
const tagOf = ({ tags, openTags, untagged }: PolicyChange): string | undefined =>
  [...(tags?.keys() ?? []), ...(openTags?.keys() ?? []), ...(untagged ?? [])][0];

const PRINCIPAL_TAG = 'aws:principaltag/';

/** Reads documents, each once, as text in lower case; they may be URL-encoded. */
function textReader(): (document: Json) => string {
  const known = new Map<Json, string>();
  return (document) => {
    const made = known.get(document) ?? decoded(typeof document === 'string' ? document : JSON.stringify(document));
    known.set(document, made);
    return made;
  };
}

function decoded(text: string): string {
  try {
    return (/^[{"]/.test(text) ? text : decodeURIComponent(text)).toLowerCase();
  } catch {
    return text.toLowerCase();
  }
}
