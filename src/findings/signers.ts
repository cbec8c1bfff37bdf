import type { Derivation, FactId } from '../attack/index.js';
import { byCode, type Condition } from '../model/index.js';
import { ADMINISTER_ACCOUNT, type FactKind } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { conditionsOfSteps } from './proof-steps.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';

/** Somebody whose calls the intruder makes, and how far away that is. */
export interface Signer {
  readonly principal: string;
  readonly steps: number;
  readonly conditions: readonly Condition[];
  /** Can write its own policies, and so give itself whatever its boundary and organization leave. */
  readonly elevated: boolean;
  /** Is had as everything in its account is, by whoever administers it. */
  readonly administered: boolean;
}

/** Kinds of fact that mean signing calls as a principal, or having them made. */
const SIGNS: ReadonlySet<FactKind> = new Set<FactKind>(['creds', 'act-as']);

/** Whose calls the intruder can make: of each principal the soonest way to it; those of `held` at once. */
export function findSigners(
  attack: AttackGraph,
  held: readonly string[],
  derivation: Derivation,
  stepsOf: (fact: FactId) => readonly ReportStep[],
): readonly Signer[] {
  const { clauses } = attack.engine;
  const known = new Set(attack.iam.principals.map(({ id }) => id));
  const elevates = (principal: string): boolean => {
    const elevated = clauses.factId(`elevated ${principal}`);
    return elevated !== undefined && derivation.isCertain(elevated);
  };
  const signers = new Map<string, Signer>();
  for (const principal of held)
    if (known.has(principal))
      signers.set(principal, {
        principal,
        steps: 0,
        conditions: [],
        elevated: elevates(principal),
        administered: false,
      });
  for (const id of derivation.derived) {
    const { kind, id: principal } = readFact(clauses, id);
    if (!SIGNS.has(kind) || !known.has(principal)) continue;
    const steps = stepsOf(id);
    const signer = {
      principal,
      steps: steps.length,
      conditions: conditionsOfSteps(steps),
      elevated: elevates(principal),
      administered: steps.at(-1)?.technique === ADMINISTER_ACCOUNT.id,
    };
    const other = signers.get(principal);
    if (!other || isSooner(signer, other)) signers.set(principal, signer);
  }
  return [...signers.values()].sort((a, b) => a.steps - b.steps || byCode(a.principal, b.principal));
}

/** What is certain comes before what is not, and then what needs fewer steps. */
export const isSooner = (a: Pick<Signer, 'conditions' | 'steps'>, b: Pick<Signer, 'conditions' | 'steps'>): boolean => {
  const doubts = Number(a.conditions.length > 0) - Number(b.conditions.length > 0);
  return doubts < 0 || (doubts === 0 && a.steps < b.steps);
};

/** The soonest of some, as {@link isSooner} has it. */
export function soonestOf(signers: readonly Signer[]): Signer | undefined {
  let best: Signer | undefined;
  for (const signer of signers) if (!best || isSooner(signer, best)) best = signer;
  return best;
}
