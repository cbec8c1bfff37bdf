import { groupBy, sortedUnique } from '../model/index.js';
import type { CompiledCondition } from './conditions/compile-condition.js';
import { hasWildcard, unescapeGlob } from './matching/glob.js';
import { instantiate } from './matching/intersect-globs.js';
import type { Template } from './policy/template.js';

/** A tag with a value that conditions tell from others. */
export interface AskedTag {
  /** As a policy has it. */
  readonly name: string;
  /** `undefined` for any of further values, which are too many to be tried, or not known. */
  readonly value: string | undefined;
  /** The value stands for others that may be set as well: policies compare the tag with what is none of their own values, or with too many. */
  readonly isOpen: boolean;
}

/** Whose tags conditions ask for; those of a request are the ones that it sets. */
export type TagOwner = 'principal' | 'resource' | 'request';

/** A condition, with what those of its values come to that have policy variables; `undefined` where that is too much. */
export interface AskedCondition {
  readonly condition: CompiledCondition;
  readonly textsOf: (template: Template) => Iterable<string> | undefined;
}

const TAG_OF: Readonly<Record<TagOwner, RegExp>> = {
  principal: /^aws:principaltag\/(.*)$/is,
  request: /^aws:requesttag\/(.*)$/is,
  resource: /^(?:[a-z0-9-]+:resourcetag|rds:[a-z]+-tag|s3:buckettag)\/(.*)$/is,
};

/** A value that no policy names. */
export const OTHER_VALUE = 'another-value';

/** Values of one tag that are given at most. */
const MOST_VALUES = 12;

/**
 * The tags of principals, or of resources, that policies look at, with values that they tell apart, and one that none names; sorted.
 * @param variables the keys that policy variables name, as policies have them
 */
export function askedTags(
  conditions: Iterable<AskedCondition>,
  variables: Iterable<string>,
  of: TagOwner,
): readonly AskedTag[] {
  const all = [...conditions];
  const byTag = byTagOf(all, of);
  const compared = groupBy(
    [...variables].flatMap((key) => TAG_OF[of].exec(key)?.[1] ?? []),
    (name) => name.toLowerCase(),
  );
  // What a tag may be set to is told apart too.
  const settable = of === 'request' ? new Map<string, never>() : byTagOf(all, 'request');
  return sortedUnique([...byTag.keys(), ...compared.keys()]).flatMap((lower): readonly AskedTag[] => {
    const same = byTag.get(lower) ?? [];
    const [name = lower] = sortedUnique([...same.map((one) => one.name), ...(compared.get(lower) ?? [])]);
    const asked = valuesOf(same);
    const set = valuesOf(settable.get(lower) ?? []);
    const values = [...new Set([...set.values, ...asked.values])];
    // What may be set comes first: further values are set by whoever may set one of their form, or one that none names.
    const isSettled = of === 'principal' && set.isWhole && set.values.length <= MOST_VALUES;
    const isWhole = asked.isWhole && values.length <= MOST_VALUES && !compared.has(lower);
    const given = sortedUnique([...values.slice(0, MOST_VALUES), OTHER_VALUE]);
    const open = isWhole ? [] : sortedUnique([...set.forms, OTHER_VALUE]);
    return [
      ...given.map((value) => ({ name, value, isOpen: false })),
      ...(of === 'principal' ? open.map((value) => ({ name, value, isOpen: true })) : []),
      ...(isSettled || (isWhole && (set.isWhole || of === 'resource'))
        ? []
        : [{ name, value: undefined, isOpen: true }]),
    ];
  });
}

const byTagOf = (conditions: readonly AskedCondition[], of: TagOwner) =>
  groupBy(
    conditions.flatMap((one) => {
      const name = TAG_OF[of].exec(one.condition.key)?.[1];
      return name === undefined ? [] : [{ name, ...one }];
    }),
    ({ name }) => name.toLowerCase(),
  );

interface TagValues {
  readonly values: readonly string[];
  /** Those of them that stand for all of a form. */
  readonly forms: readonly string[];
  /** Whether no further ones hang on what is not known. */
  readonly isWhole: boolean;
}

/** The values that conditions on one tag name. */
function valuesOf(asked: readonly AskedCondition[]): TagValues {
  const values = new Set<string>();
  const forms = new Set<string>();
  let isWhole = true;
  for (const { condition, textsOf } of asked)
    for (const template of condition.templates) {
      const texts = typeof template === 'string' ? [template] : textsOf(template);
      isWhole &&= texts !== undefined;
      for (const text of texts ?? []) {
        const value = unescapeGlob(instantiate(text, 'x'));
        values.add(value);
        if (hasWildcard(text)) forms.add(value);
        isWhole &&= typeof template === 'string' || !hasWildcard(text);
      }
    }
  return { values: [...values], forms: [...forms], isWhole };
}
