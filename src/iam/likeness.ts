import { once } from '../model/index.js';
import { type AskedTag, askedTags, type TagOwner } from './asked-tags.js';
import type { ContextValues } from './authorizer.js';
import type { CompiledCondition } from './conditions/compile-condition.js';
import type { CompiledDocument, Policy } from './policy/document.js';
import { type Template, variablesOf } from './policy/template.js';

/** What conditions there are tell apart. */
export interface Likeness {
  /** Whether some policy looks at one of the keys. */
  looksAt(keys: readonly string[]): boolean;
  /** Equal for contexts that no condition on their keys tells apart. */
  of(context: ContextValues): string;
  /** As {@link askedTags} has them. */
  tagsAskedOf(owner: TagOwner): readonly AskedTag[];
}

/** A condition as it stands in some documents: all of them where it has policy variables. */
interface Standing {
  readonly condition: CompiledCondition;
  readonly documents: CompiledDocument[];
}

/** @param textsOf what a value with policy variables comes to where a document applies; `undefined` where that is too much */
export function makeLikeness(
  policies: Iterable<Policy>,
  textsOf: (template: Template, document: CompiledDocument) => Iterable<string> | undefined,
): Likeness {
  const byKey = new Map<string, Map<string, Standing>>();
  /** As written, by how they are in lower case. */
  const variables = new Map<string, string>();
  const addVariables = (template: string | Template): void => {
    if (typeof template === 'string') return;
    for (const key of variablesOf(template))
      if (!variables.has(key.toLowerCase())) variables.set(key.toLowerCase(), key);
  };
  const documents = new Set([...policies].map(({ document }) => document));
  for (const document of documents) {
    for (const { conditions, resources } of document.statements) {
      for (const condition of conditions) {
        const same = byKey.get(condition.lowerKey) ?? new Map<string, Standing>();
        byKey.set(condition.lowerKey, same);
        const text = `${condition.operatorName} ${condition.values.join(' ')}`;
        const known = same.get(text);
        if (!known) same.set(text, { condition, documents: [document] });
        else if (condition.variables.length > 0) known.documents.push(document);
        condition.templates.forEach(addVariables);
      }
      resources?.templates.forEach(addVariables);
    }
  }
  const isLookedAt = (key: string): boolean => byKey.has(key) || variables.has(key);
  const asked = once(() =>
    [...byKey.values()].flatMap((same) =>
      [...same.values()].map(({ condition, documents: own }) => ({
        condition,
        textsOf: (template: Template) => joined(own.map((document) => textsOf(template, document))),
      })),
    ),
  );
  const tags = new Map<TagOwner, readonly AskedTag[]>();
  return {
    looksAt: (keys) => keys.some((key) => isLookedAt(key.toLowerCase())),
    of: (context) =>
      Object.entries(context)
        .map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value] as const)
        .filter(([key]) => isLookedAt(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, values]) => `${key}: ${describe(key, values)}`)
        .join('; '),
    tagsAskedOf: (owner) => {
      const found = tags.get(owner) ?? askedTags(asked(), variables.values(), owner);
      tags.set(owner, found);
      return found;
    },
  };
  /** The outcome of every condition on the key; the values themselves where one is compared with what varies. */
  function describe(key: string, values: readonly string[]): string {
    const conditions = [...(byKey.get(key)?.values() ?? [])].map(({ condition }) => condition);
    if (variables.has(key) || conditions.some(({ holds }) => holds === undefined)) return values.join(' ');
    const actual = values.length === 0 ? undefined : values;
    return conditions.map(({ holds }) => (holds?.(actual) ? 1 : 0)).join('');
  }
}

const joined = (all: readonly (Iterable<string> | undefined)[]): Iterable<string> | undefined =>
  all.includes(undefined) ? undefined : new Set(all.flatMap((texts) => [...(texts ?? [])]));
