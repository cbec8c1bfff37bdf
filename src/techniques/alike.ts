import { type Condition, groupKeyed } from '../model/index.js';
import type { PermissionFacts } from './permissions.js';

/** Assets on which the same facts say that permissions are held. */
export interface PermittedAssets {
  readonly ids: readonly string[];
  /** One fact for each permission. */
  readonly body: readonly string[];
}

/** Those of some assets on which every one of the permissions is held, in the order of the assets, by the facts that say so. */
export function permittedTogether(
  ids: readonly string[],
  permissions: readonly PermissionFacts[],
): readonly PermittedAssets[] {
  const wholes = permissions.map(({ parts }) =>
    parts.length === 1 && parts[0]?.resources === ids ? parts[0] : undefined,
  );
  if (wholes.every((whole) => whole !== undefined)) return [{ ids, body: wholes.map(({ fact }) => fact) }];
  const bodies = new Map<string, readonly string[]>();
  const byBody = groupKeyed(ids, (id) => {
    const body: string[] = [];
    for (const permission of permissions) {
      const held = permission.of(id);
      if (held === undefined) return undefined;
      body.push(held);
    }
    const key = body.join('\n');
    if (!bodies.has(key)) bodies.set(key, body);
    return key;
  });
  return [...byBody].map(([key, own]) => ({ ids: own, body: bodies.get(key) ?? [] }));
}

/** Assets for which the same conditions must hold. */
export interface ConditionedAssets {
  readonly ids: readonly string[];
  readonly conditions: readonly Condition[];
}

const CERTAIN: readonly Condition[] = [];

const divided = new WeakMap<readonly string[], Map<unknown, readonly ConditionedAssets[]>>();

/**
 * What {@link divideByConditions} says, for a question that comes again.
 * @param by what the conditions are those of: the answer is remembered for an array and this that come again
 */
export function byConditions(
  ids: readonly string[],
  by: unknown,
  conditionsOf: (id: string) => readonly Condition[] | undefined,
): readonly ConditionedAssets[] {
  const memo = divided.get(ids) ?? new Map<unknown, readonly ConditionedAssets[]>();
  divided.set(ids, memo);
  const known = memo.get(by) ?? divideByConditions(ids, conditionsOf);
  memo.set(by, known);
  return known;
}

/** Some assets by the conditions that must hold for each, without those for which there is no way (`undefined`). */
export function divideByConditions(
  ids: readonly string[],
  conditionsOf: (id: string) => readonly Condition[] | undefined,
): readonly ConditionedAssets[] {
  const texts = new Map<string, readonly Condition[]>([['', CERTAIN]]);
  const groups = groupKeyed(ids, (id) => {
    const conditions = conditionsOf(id);
    if (conditions === undefined) return undefined;
    if (conditions.length === 0) return '';
    const text = JSON.stringify(conditions);
    if (!texts.has(text)) texts.set(text, conditions);
    return text;
  });
  return [...groups].map(([text, own]) => ({
    ids: own.length === ids.length ? ids : own,
    conditions: texts.get(text) ?? CERTAIN,
  }));
}
