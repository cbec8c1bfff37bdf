import type { ClauseId, ClauseSet, FactId } from '../attack/index.js';
import { byKey } from '../model/index.js';
import type { FactKind } from '../techniques/fact.js';
import { readFact } from './read-fact.js';

/** The clause by which a proof derives a fact; `undefined` where the fact is held. */
export type Choice = (fact: FactId) => ClauseId | undefined;

/** The inner clauses under a step, in the order of the premises, and the facts that they come down to. */
export interface Support {
  readonly inner: readonly ClauseId[];
  readonly premises: readonly FactId[];
}

/** Follows inner clauses down to the facts that steps give. */
export function supportOf(
  clauses: Pick<ClauseSet<{ readonly inner?: boolean }>, 'columns' | 'label'>,
  clause: ClauseId,
  choice: Choice,
): Support {
  const { body, bodyStart } = clauses.columns();
  const inner: ClauseId[] = [];
  const premises: FactId[] = [];
  // A list, as they are few.
  const seen: FactId[] = [];
  const follow = (from: ClauseId): void => {
    for (let i = bodyStart[from] as number; i < (bodyStart[from + 1] as number); i++) {
      const fact = body[i] as FactId;
      if (seen.includes(fact)) continue;
      seen.push(fact);
      const by = choice(fact);
      if (by === undefined || clauses.label(by).inner !== true) premises.push(fact);
      else {
        inner.push(by);
        follow(by);
      }
    }
  };
  follow(clause);
  return { inner, premises };
}

/** A fact that a step needs, and the asset that it is about. */
export interface Premise {
  readonly key: string;
  readonly asset: string;
}

/** The facts that a step needs with their assets, sorted by key. */
export function premisesOf(
  clauses: Pick<ClauseSet<{ readonly to?: string }>, 'label' | 'factKey' | 'factKind' | 'factSubject'>,
  premises: readonly FactId[],
  choice: Choice,
): readonly Premise[] {
  const assetOf = (fact: FactId): string => {
    const by = choice(fact);
    return (by === undefined ? undefined : clauses.label(by).to) ?? readFact(clauses, fact).id;
  };
  const found = premises.map((fact) => ({ key: clauses.factKey(fact), asset: assetOf(fact) }));
  return found.length > 1 ? found.sort(byKey(({ key }) => key)) : found;
}

/** Who takes the step: whoever signs the call, else the host it is taken from, else whatever it needs. @param premises sorted */
export function sourceOf(premises: readonly Premise[]): string {
  const ofKind = (kind: FactKind): Premise | undefined => premises.find(({ key }) => key.startsWith(`${kind} `));
  const first = ofKind('creds') ?? ofKind('exec') ?? premises[0];
  return first?.asset ?? 'internet';
}
