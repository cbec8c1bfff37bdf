/**
 * Something that must hold for an answer to be *yes* and that the snapshot cannot decide: a condition of a policy, or
 * (with operator `Known`) a fact that was not collected or is not in the API at all.
 */
export interface Condition {
  /** A condition key such as `aws:MultiFactorAuthPresent`, or a sentence's subject for operator `Known`. */
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** How sure a derived thing is. */
export type Confidence = 'confirmed' | 'conditional';

export const unknown = (key: string, why: string): Condition => ({ key, operator: 'Known', values: [why] });
