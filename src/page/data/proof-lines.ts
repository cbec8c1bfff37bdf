import type { ClauseId, FactId, Proof } from '../../attack/index.js';
import { readFact } from '../../findings/read-fact.js';
import { premisesOf, sourceOf, supportOf } from '../../findings/support.js';
import type { PageEngine } from './page-attack.js';

/** A step of a proof that was found in the page: what is known of it without the snapshot. */
export interface ProofLine {
  readonly technique: string;
  readonly from: string;
  readonly to: string;
  readonly isConditional: boolean;
}

/** The steps of a proof in the order in which they are taken, inner clauses folded into those that use them. */
export function proofLines({ engine: { clauses } }: Pick<PageEngine, 'engine'>, proof: Proof): readonly ProofLine[] {
  const { head } = clauses.columns();
  const byHead = new Map(proof.clauses.map((clause) => [head[clause] as number, clause]));
  return proof.clauses.flatMap((clause): ProofLine[] => {
    const { technique, to, inner } = clauses.label(clause);
    if (inner === true) return [];
    const choice = (fact: FactId): ClauseId | undefined => byHead.get(fact);
    const { premises, inner: under } = supportOf(clauses, clause, choice);
    return [
      {
        technique: technique.id,
        from: sourceOf(premisesOf(clauses, premises, choice)),
        to: to ?? readFact(clauses, head[clause] as number).id,
        isConditional: [clause, ...under].some((id) => clauses.conditions(id).length > 0),
      },
    ];
  });
}
