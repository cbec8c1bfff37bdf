import type { Condition } from '../model/index.js';

/** Index of a fact in its {@link ClauseSet}. */
export type FactId = number;
/** Index of a clause in its {@link ClauseSet}. */
export type ClauseId = number;

/**
 * A ground clause `head ← body₁ ∧ … ∧ bodyₙ`: whoever has every fact of the body can have the head, at a cost on top of
 * theirs. The kernels know nothing else; `label` is the caller's and is given back untouched.
 */
export interface Clause<Label> {
  /** Facts by key, e.g. `exec arn:aws:ec2:…:instance/i-0abc`: a kind, of which there are few, a space and a subject. Interned when added. */
  readonly head: string;
  readonly body: readonly string[];
  /** At least 0. */
  readonly cost: number;
  /** What must hold for this clause to be taken; none: it is certain. */
  readonly conditions: readonly Condition[];
  readonly label: Label;
  /** No step of its own, only a part of the one that uses it: it counts next to nothing in a proof's length. */
  readonly minor?: boolean;
  /** Decides between clauses of the same head, body and cost, e.g. the technique's id; the smaller one is taken. */
  readonly tieBreak?: string;
}

/** Stands in keys of facts for each of many members; no key holds it otherwise. */
export const EACH = '\u0000';

/** Clauses that are alike but for whom they are about: one for each member, whose name takes the place of {@link EACH} in the facts' keys. */
export interface EachClause<Label> extends Clause<Label> {
  readonly each: readonly string[] | undefined;
}

/**
 * The clauses as columns, the form that the kernels run on; a row a clause. Views on the set's own memory, to be
 * read only; what is added later does not show in them.
 */
export interface ClauseColumns {
  readonly factCount: number;
  readonly clauseCount: number;
  readonly head: Uint32Array;
  /** Clause `c` has the body facts `body[bodyStart[c]]` to `body[bodyStart[c + 1] - 1]`, each once, in order of their keys. */
  readonly bodyStart: Uint32Array;
  readonly body: Uint32Array;
  readonly cost: Float64Array;
  /** What the clause counts in a proof's length: 1, or {@link MINOR_STEP}. */
  readonly length: Float64Array;
  /** 1 where the clause has conditions. */
  readonly conditional: Uint8Array;
  /** Equal for clauses that were added together, and so differ in their members alone. */
  readonly group: Uint32Array;
}

/** So little that a thousand are less than one step, and a power of two, so that sums are exact. */
export const MINOR_STEP = 2 ** -16;

/** Clauses by head, in compressed rows: those of fact `f` are `clause[start[f]]` to `clause[start[f + 1] - 1]`. */
export interface HeadRows {
  readonly start: Uint32Array;
  readonly clause: Uint32Array;
}

/** Clauses, interned and in arrays. Append only: a derivation made earlier does not see what is added later. */
export interface ClauseSet<Label> {
  readonly factCount: number;
  readonly clauseCount: number;
  add(clause: Clause<Label>): ClauseId;
  /** Adds a clause for each member, in their order. */
  addEach(clause: EachClause<Label>): void;
  factId(key: string): FactId | undefined;
  factKey(fact: FactId): string;
  /** What stands before the first space of a fact's key; '' where there is none. */
  factKind(fact: FactId): string;
  /** The rest of the key. */
  factSubject(fact: FactId): string;
  /** An equal clause to the one added; its body is sorted by key, each fact once. */
  clause(clause: ClauseId): Clause<Label>;
  /** Clauses that were added together, in their order: those of a group are `start[group]` to `start[group + 1] - 1`. */
  groups(): { readonly count: number; readonly start: Uint32Array; label(group: number): Label };
  /** Clauses by the fact that they give. */
  byHead(): HeadRows;
  /** The label of a clause alone, which costs nothing. */
  label(clause: ClauseId): Label;
  /** The member that a clause is about, where it was added for each of many. */
  member(clause: ClauseId): string | undefined;
  /** The conditions of a clause alone. */
  conditions(clause: ClauseId): readonly Condition[];
  columns(): ClauseColumns;
  /** A stable order of clauses, which does not depend on the order of adding unless they are equal but for their labels. */
  readonly compare: (a: ClauseId, b: ClauseId) => number;
}

/** A derivation: a tree kept as the list of its clauses, each after those that give its premises; a shared part stands once. */
export interface Proof {
  readonly target: FactId;
  /** Sum of clause costs over the tree (a shared part counts each time it is used: Knuth's superior function). */
  readonly cost: number;
  /** Each fact of the proof is the head of one clause here, or held. */
  readonly clauses: readonly ClauseId[];
  /** True when no clause has conditions. */
  readonly certain: boolean;
}

/** The result of one run from a set of facts that are held from the start. */
export interface Derivation {
  /** All facts that can be had, held ones too, each once. */
  readonly derived: Uint32Array;
  /** Facts that can be had, on certain clauses alone or with conditions. */
  isDerived(fact: FactId): boolean;
  isCertain(fact: FactId): boolean;
  /** What the best proof of a derived fact costs. */
  cost(fact: FactId): number;
  /** The clause that ends a fact's best proof; `undefined` where it is held, or cannot be had. */
  lastClause(fact: FactId): ClauseId | undefined;
  /**
   * The best proof: a certain one if there is one, else one with the fewest conditional clauses; the cheapest of those, and the
   * shortest of the cheapest. (Fewest, rather than any number: an order by "certain or not" and then cost is not monotone,
   * so no best proof of a fact need consist of best proofs.) Held facts have an empty proof.
   */
  bestProof(fact: FactId): Proof | undefined;
  /** Up to `k` different loop-free proofs, best first; fewer only when there are no more. */
  bestProofs(fact: FactId, k: number): readonly Proof[];
}

/** Clauses or facts taken away, for what-if. A fact taken away cannot be had by any clause, nor be held. */
export interface Removal {
  readonly clauses?: readonly ClauseId[];
  readonly facts?: readonly FactId[];
}

/**
 * The kernels on a set of clauses.
 *
 * - `derive`: best proof of every fact (Knuth's generalization of Dijkstra's algorithm), certain before conditional.
 * - `fixpoint`: which facts can be had at all (Dowling–Gallier, linear in literals).
 * - `survivors`: for each removal, which of the targets can still be had from where one starts; 32 removals a pass, bit-parallel.
 * - `essentialFacts`: the facts, held ones too, without which the target cannot be had; in proof order, without the target.
 */
export interface AttackEngine<Label> {
  readonly clauses: ClauseSet<Label>;
  derive(held: readonly FactId[]): Derivation;
  fixpoint(held: readonly FactId[]): Uint8Array;
  survivors(
    removals: readonly Removal[],
  ): (held: readonly FactId[], targets: readonly FactId[]) => readonly (readonly FactId[])[];
  /** The same for at most 32 removals at once, as bits: bit `i` of a target's number is set where it can still be had after removal `i`. */
  survivingWorlds(removals: readonly Removal[]): (held: readonly FactId[], targets: readonly FactId[]) => Int32Array;
  essentialFacts(held: readonly FactId[], target: FactId): readonly FactId[];
  /**
   * The same kernels on those clauses alone that some proof of a target may use, for many questions: they say the same of the targets, and of other
   * facts nothing.
   * @param without facts that cannot be had, whatever there is to have them by
   */
  towards(targets: readonly FactId[], without?: readonly FactId[]): AttackEngine<Label>;
}
