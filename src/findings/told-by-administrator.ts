import type { Derivation, FactId, Proof } from '../attack/index.js';
import { adminId, fact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';

export const NOBODY: ReadonlyMap<FactId, string> = new Map();

/** Whether an account is administered, but on conditions alone. */
export function isAdministratorUncertain(attack: AttackGraph, derivation: Derivation, account: string): boolean {
  const is = attack.engine.clauses.factId(fact('admin', adminId(account)));
  return is !== undefined && derivation.isDerived(is) && !derivation.isCertain(is);
}

/** Being an administrator of an account, or somebody who is one for certain by policy alone: fact → account. */
export function administratorFacts({ engine, iam }: AttackGraph): ReadonlyMap<FactId, string> {
  const accounts = new Set(iam.principals.map(({ account }) => account));
  const is = [...accounts].map((account) => [fact('admin', adminId(account)), account] as const);
  const certain = iam.principals.flatMap(({ id, account }) =>
    iam.isAdministrator(id).verdict === 'allowed' ? [[fact('creds', id), account] as const] : [],
  );
  return new Map(
    [...is, ...certain].flatMap(([key, account]) => {
      const known = engine.clauses.factId(key);
      return known === undefined ? [] : [[known, account] as const];
    }),
  );
}

/** Finds the account whose administrator a proof uses on its way: what follows from that is told once, with the account. */
export function administratorFinder(
  attack: AttackGraph,
  derivation: Derivation,
  administrators: ReadonlyMap<FactId, string>,
) {
  const { head, body, bodyStart } = attack.engine.clauses.columns();
  const known = new Map<FactId, string | undefined>();
  /** What is known of a fact once it is known of its premises; otherwise the premise that has to be looked at first. */
  const look = (fact: FactId): { readonly first: FactId } | undefined => {
    const clause = derivation.lastClause(fact);
    let found: string | undefined;
    if (clause !== undefined) {
      for (let i = bodyStart[clause] as number; found === undefined && i < (bodyStart[clause + 1] as number); i++) {
        const premise = body[i] as FactId;
        if (!known.has(premise)) return { first: premise };
        found = known.get(premise);
      }
      found ??= administrators.get(fact);
    }
    known.set(fact, found);
    return undefined;
  };
  /** The first that the best proof of a fact comes to. */
  const byFact = (target: FactId): string | undefined => {
    if (administrators.size === 0) return undefined;
    const pending = [target];
    for (let fact = pending.at(-1); fact !== undefined; fact = pending.at(-1)) {
      const next = known.has(fact) ? undefined : look(fact);
      if (next) pending.push(next.first);
      else pending.pop();
    }
    return known.get(target);
  };
  const byProof = (proof: Proof): string | undefined => {
    const clause = proof.clauses.find((id) => administrators.has(head[id] as FactId));
    return clause === undefined ? undefined : administrators.get(head[clause] as FactId);
  };
  return { byFact, byProof };
}
