import type { Condition } from '../../model/index.js';
import { type Assignment, type Assignments, evaluateTruth } from './assignments.js';
import { and, type Formula, not, or, substitute, type Truth } from './formula.js';
import { negateCondition } from './negate-condition.js';

/**
 * What must hold for `granted`, as conditions that must all hold: the intruder's own choices made, what follows from the rest left out.
 * Alternatives stand as one condition with operator `AnyOf`, each of its values one alternative in words.
 */
export function remainingConditions(granted: Truth, assignments: Assignments | undefined): Condition[] {
  const settled = assignments ? settleChoices(granted, assignments) : granted;
  const simplified = settled === true || settled === false ? settled : pushNegations(settled, false);
  if (typeof simplified === 'boolean') return [];
  const all = assignments?.worlds.flat() ?? [];
  const conjuncts = simplified.kind === 'and' ? simplified.of : [simplified];
  return mergeByKey(dropImplied(conjuncts, all).flatMap((part) => render(part, all)));
}

/** Puts in the intruder's choices that serve in the most worlds; several, where no single one serves in all that can be served. */
function settleChoices(granted: Truth, { worlds, chosen }: Assignments): Truth {
  if (chosen.size === 0) return granted;
  const open = new Map<string, { assignment: Assignment; worlds: Set<number> }>();
  for (const [index, world] of worlds.entries()) {
    for (const assignment of world) {
      if (!evaluateTruth(granted, assignment)) continue;
      const key = [...chosen].map((id) => Number(assignment.get(id))).join('');
      const found = open.get(key);
      if (found) found.worlds.add(index);
      else open.set(key, { assignment, worlds: new Set([index]) });
    }
  }
  const uncovered = new Set([...open.values()].flatMap((choice) => [...choice.worlds]));
  const options: Truth[] = [];
  while (uncovered.size > 0) {
    let best: { assignment: Assignment; worlds: Set<number> } | undefined;
    let gain = 0;
    for (const choice of open.values()) {
      const covered = [...choice.worlds].filter((world) => uncovered.has(world)).length;
      if (covered > gain) [best, gain] = [choice, covered];
    }
    if (!best) break;
    const { assignment } = best;
    options.push(substitute(granted, (atom) => (chosen.has(atom.id) ? assignment.get(atom.id) : undefined)));
    for (const world of best.worlds) uncovered.delete(world);
  }
  return or(options);
}

/** Negation normal form. */
function pushNegations(formula: Formula, isNegated: boolean): Truth {
  switch (formula.kind) {
    case 'atom':
      return isNegated ? not(formula) : formula;
    case 'not':
      return pushNegations(formula.of, !isNegated);
    default: {
      const parts = formula.of.map((part) => pushNegations(part, isNegated));
      return (formula.kind === 'and') === !isNegated ? and(parts) : or(parts);
    }
  }
}

/** Leaves out what holds whenever the others hold. */
const dropImplied = (parts: readonly Formula[], all: readonly Assignment[]): readonly Formula[] =>
  dropNeedless(parts, all, (part, others, a) => evaluateTruth(part, a) || !others.every((o) => evaluateTruth(o, a)));

/** Leaves out alternatives that another alternative covers. */
const dropCovered = (parts: readonly Formula[], all: readonly Assignment[]): readonly Formula[] =>
  dropNeedless(parts, all, (part, others, a) => !evaluateTruth(part, a) || others.some((o) => evaluateTruth(o, a)));

/** Leaves out, from the last on, what makes no difference beside the others in any of the circumstances. */
function dropNeedless(
  parts: readonly Formula[],
  all: readonly Assignment[],
  isNeedless: (part: Formula, others: readonly Formula[], assignment: Assignment) => boolean,
): readonly Formula[] {
  const kept = [...parts];
  for (let i = kept.length - 1; i >= 0 && kept.length > 1 && all.length > 0; i--) {
    const part = kept[i] as Formula;
    const others = kept.filter((_, j) => j !== i);
    if (all.every((assignment) => isNeedless(part, others, assignment))) kept.splice(i, 1);
  }
  return kept;
}

function render(formula: Formula, all: readonly Assignment[]): Condition[] {
  switch (formula.kind) {
    case 'atom':
      return [formula.atom.condition];
    case 'not':
      return formula.of.kind === 'atom'
        ? negateCondition(formula.of.atom.condition)
        : render(formula.of, all).map((c) => ({ ...c, operator: `Not ${c.operator}` }));
    case 'and':
      return dropImplied(formula.of, all).flatMap((part) => render(part, all));
    default: {
      const parts = dropCovered(formula.of, all).map((part) => render(part, all));
      const [first] = parts;
      if (parts.length === 1 && first) return first;
      return [
        mergeAlternatives(parts) ?? { key: 'alternatives', operator: 'AnyOf', values: parts.map(inWords).sort() },
      ];
    }
  }
}

const inWords = (conditions: readonly Condition[]): string =>
  conditions.map(({ key, operator, values }) => `${key} ${operator} ${values.join(', ')}`).join(' and ');

const VALUES_ARE_ALTERNATIVES =
  /^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress|NumericEquals|DateEquals)$/;
const VALUES_ARE_ALL_EXCLUDED = /^(StringNot(Equals|EqualsIgnoreCase|Like)|ArnNot(Equals|Like)|NotIpAddress)$/;

/** Alternatives on one key with one operator are one condition with all their values. */
function mergeAlternatives(parts: readonly (readonly Condition[])[]): Condition | undefined {
  const conditions: Condition[] = [];
  for (const part of parts) {
    const [only, ...more] = part;
    if (!only || more.length > 0) return undefined;
    conditions.push(only);
  }
  const [first] = conditions;
  if (!first || !VALUES_ARE_ALTERNATIVES.test(first.operator)) return undefined;
  if (!conditions.every((c) => c.key.toLowerCase() === first.key.toLowerCase() && c.operator === first.operator))
    return undefined;
  return { ...first, values: [...new Set(conditions.flatMap((c) => c.values))] };
}

/** Exclusions on one key with one operator are one condition with all their values. */
function mergeByKey(conditions: readonly Condition[]): Condition[] {
  const merged = new Map<string, Condition>();
  for (const condition of conditions) {
    const mergeable = VALUES_ARE_ALL_EXCLUDED.test(condition.operator);
    const id = `${condition.key.toLowerCase()} ${condition.operator} ${mergeable ? '' : condition.values.join('\u0000')}`;
    const same = merged.get(id);
    merged.set(id, same ? { ...same, values: [...new Set([...same.values, ...condition.values])] } : condition);
  }
  return [...merged.values()];
}
