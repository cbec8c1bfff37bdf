import { groupBy, sortedUnique } from '../model/index.js';
import type { CompiledCondition } from './conditions/compile-condition.js';
import { unescapeGlob } from './matching/glob.js';
import { instantiate } from './matching/intersect-globs.js';

/** A tag with a value that conditions tell from others. */
export interface AskedTag {
  /** As a policy has it. */
  readonly name: string;
  readonly value: string;
}

/** Whose tags conditions ask for; those of a request are the ones that it sets. */
export type TagOwner = 'principal' | 'resource' | 'request';

const TAG_OF: Readonly<Record<TagOwner, RegExp>> = {
  principal: /^aws:principaltag\/(.*)$/is,
  request: /^aws:requesttag\/(.*)$/is,
  resource: /^(?:[a-z0-9-]+:resourcetag|rds:[a-z]+-tag|s3:buckettag)\/(.*)$/is,
};

/** A value that no policy names. */
const OTHER_VALUE = 'another-value';

/** Values of one tag that are given at most. */
const MOST_VALUES = 12;

/** The tags of principals, or of resources, that conditions look at, with values that they tell apart, and one that none names; sorted. */
export function askedTags(conditions: Iterable<CompiledCondition>, of: TagOwner): readonly AskedTag[] {
  const asked = [...conditions].flatMap((condition) => {
    const name = TAG_OF[of].exec(condition.key)?.[1];
    return name === undefined ? [] : [{ name, condition }];
  });
  const byTag = groupBy(asked, ({ name }) => name.toLowerCase());
  return sortedUnique(byTag.keys()).flatMap((lower) => {
    const same = byTag.get(lower) ?? [];
    const values = same.flatMap(({ condition: { templates } }) =>
      templates.flatMap((value) => (typeof value === 'string' ? unescapeGlob(instantiate(value, 'x')) : [])),
    );
    const [name = lower] = sortedUnique(same.map((one) => one.name));
    return sortedUnique([...values.slice(0, MOST_VALUES), OTHER_VALUE]).map((value) => ({ name, value }));
  });
}
