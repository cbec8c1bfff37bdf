import { byCode, type Condition } from '../../model/index.js';
import type { AuthorizationVerdict } from '../authorizer.js';
import { type Atom, and, atomsOf, type FreeAtom, not, substitute, type Truth } from './formula.js';
import { type Assignments, enumerateAssignments, evaluateTruth } from './assignments.js';
import { remainingConditions } from './remaining-conditions.js';

export interface Decision {
  readonly verdict: AuthorizationVerdict;
  readonly conditions: readonly Condition[];
}

const plain = (verdict: AuthorizationVerdict): Decision => ({ verdict, conditions: [] });

const isDenial = ({ verdict }: Decision): boolean => verdict === 'explicit-deny' || verdict === 'implicit-deny';

/**
 * The verdict on a request of which `allow` says when some policy allows it and `deny` when some policy denies it.
 *
 * Allowed: in every world of the unknown keys the intruder has a choice of the others that is allowed. Denied: in no world. Depends:
 * both kinds of worlds are possible. Unknown: a document that was not read or collected could turn the verdict.
 */
export function decide(allow: Truth, deny: Truth): Decision {
  if (deny === true) return plain('explicit-deny');
  if (allow === false) return plain(isCertain(deny) ? 'explicit-deny' : 'implicit-deny');
  if (allow === true && deny === false) return plain('allowed');
  const missing = atomsOf([allow, deny]).filter(
    (atom): atom is FreeAtom => atom.kind === 'free' && atom.decider === 'missing',
  );
  if (missing.length === 0) return decideKnown(allow, deny);
  const assume = (serves: boolean) => (atom: Atom) =>
    atom.kind === 'free' && atom.decider === 'missing' ? (atom.best ?? true) === serves : undefined;
  const best = decideKnown(substitute(allow, assume(true)), substitute(deny, assume(true)));
  if (isDenial(best)) return best;
  const worst = decideKnown(substitute(allow, assume(false)), substitute(deny, assume(false)));
  if (best.verdict === worst.verdict) return worst;
  return { verdict: 'unknown', conditions: sortConditions(missing.map((atom) => atom.condition)) };
}

/** Whether an open formula is true whatever its keys are, such as a pattern that matches every value of a variable. */
function isCertain(truth: Truth): boolean {
  if (typeof truth === 'boolean') return truth;
  const assignments = enumerateAssignments(atomsOf([truth]));
  return assignments?.worlds.every((world) => world.every((assignment) => evaluateTruth(truth, assignment))) ?? false;
}

function decideKnown(allow: Truth, deny: Truth): Decision {
  if (deny === true) return plain('explicit-deny');
  if (allow === false) return plain('implicit-deny');
  if (allow === true && deny === false) return plain('allowed');
  const atoms = atomsOf([allow, deny]);
  const granted = and([allow, not(deny)]);
  const assignments = enumerateAssignments(atoms);
  if (!assignments) return { verdict: 'depends', conditions: sortConditions(remainingConditions(granted, undefined)) };
  return decideByWorlds(assignments, allow, deny, granted);
}

function decideByWorlds(assignments: Assignments, allow: Truth, deny: Truth, granted: Truth): Decision {
  let open = 0;
  let closed = 0;
  let isEverAllowed = false;
  let isAlwaysDenied = true;
  for (const world of assignments.worlds) {
    let isOpen = false;
    for (const assignment of world) {
      const isAllowed = evaluateTruth(allow, assignment);
      const isDenied = evaluateTruth(deny, assignment);
      isEverAllowed ||= isAllowed;
      isAlwaysDenied &&= isDenied;
      isOpen ||= isAllowed && !isDenied;
    }
    if (isOpen) open++;
    else closed++;
  }
  if (closed === 0) return plain('allowed');
  if (open === 0) return plain(isEverAllowed || isAlwaysDenied ? 'explicit-deny' : 'implicit-deny');
  return { verdict: 'depends', conditions: sortConditions(remainingConditions(granted, assignments)) };
}

/** Sorted by key, operator and values, each once. */
export function sortConditions(conditions: readonly Condition[]): Condition[] {
  const byText = new Map(conditions.map((c) => [`${c.key}\u0000${c.operator}\u0000${c.values.join('\u0000')}`, c]));
  return [...byText].sort(([a], [b]) => byCode(a, b)).map(([, condition]) => condition);
}
