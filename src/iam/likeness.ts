import { once } from '../model/index.js';
import { type AskedTag, askedTags, type TagOwner } from './asked-tags.js';
import type { ContextValues } from './authorizer.js';
import type { CompiledCondition } from './conditions/compile-condition.js';
import type { Policy } from './policy/document.js';

/** What conditions there are tell apart. */
export interface Likeness {
  /** Whether some policy looks at one of the keys. */
  looksAt(keys: readonly string[]): boolean;
  /** Equal for contexts that no condition on their keys tells apart. */
  of(context: ContextValues): string;
  /** As {@link askedTags} has them. */
  tagsAskedOf(owner: TagOwner): readonly AskedTag[];
}

export function makeLikeness(policies: Iterable<Policy>): Likeness {
  const byKey = new Map<string, Map<string, CompiledCondition>>();
  const variables = new Set<string>();
  const documents = new Set([...policies].map(({ document }) => document));
  for (const { statements } of documents) {
    for (const { conditions, resources } of statements) {
      for (const condition of conditions) {
        const same = byKey.get(condition.lowerKey) ?? new Map<string, CompiledCondition>();
        byKey.set(condition.lowerKey, same.set(`${condition.operatorName} ${condition.values.join(' ')}`, condition));
        for (const key of condition.variables) variables.add(key);
      }
      for (const { parts } of resources?.templates ?? [])
        for (const part of parts) if (typeof part !== 'string') variables.add(part.key);
    }
  }
  const conditions = once(() => [...byKey.values()].flatMap((same) => [...same.values()]));
  const tags = new Map<TagOwner, readonly AskedTag[]>();
  const tagsAskedOf = (owner: TagOwner): readonly AskedTag[] => {
    const found = tags.get(owner) ?? askedTags(conditions(), owner);
    tags.set(owner, found);
    return found;
  };
  const isLookedAt = (key: string): boolean => byKey.has(key) || variables.has(key);
  return {
    looksAt: (keys) => keys.some((key) => isLookedAt(key.toLowerCase())),
    of: (context) =>
      Object.entries(context)
        .map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value] as const)
        .filter(([key]) => isLookedAt(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, values]) => `${key}: ${describe(key, values)}`)
        .join('; '),
    tagsAskedOf,
  };
  /** The outcome of every condition on the key; the values themselves where one is compared with what varies. */
  function describe(key: string, values: readonly string[]): string {
    const conditions = [...(byKey.get(key)?.values() ?? [])];
    if (variables.has(key) || conditions.some(({ holds }) => holds === undefined)) return values.join(' ');
    const actual = values.length === 0 ? undefined : values;
    return conditions.map(({ holds }) => (holds?.(actual) ? 1 : 0)).join('');
  }
}
