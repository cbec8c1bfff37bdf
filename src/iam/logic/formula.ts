import type { Condition } from '../../model/index.js';

/** Who decides an atom: the intruder, nobody that we know, or a document that was not collected. */
export type Decider = 'chosen' | 'unknown' | 'missing';

/** The values of a condition key in one request; `undefined`: the key is absent. */
export type KeyValues = readonly string[] | undefined;

/**
 * What a key may be. Each world is a set of alternatives among which the intruder chooses; nobody knows which world holds. A key that the
 * intruder chooses has one world, an unknown one has worlds of one alternative each.
 */
export type Domain = readonly (readonly KeyValues[])[];

/** What a value is to the conditions on its key. */
export type Likeness = (value: string) => string;

/** A condition key whose value the snapshot does not give. */
export interface OpenKey {
  /** Lower case. */
  readonly key: string;
  /**
   * What the key may be, as far as the samples tell values apart. `likeness` is given where several values at a time are tried: values of
   * the same likeness are not told apart.
   */
  domain(samples: readonly string[], likeness: Likeness | undefined): Domain;
  /** A pattern that all its values have: what it has in common with those of conditions is a sample too. */
  readonly form?: string;
}

/** A condition on a key whose value the snapshot does not give; on several where its values hold variables of such keys. */
export interface KeyAtom {
  readonly kind: 'key';
  readonly id: string;
  readonly keys: readonly OpenKey[];
  readonly condition: Condition;
  /** `values`: of each of `keys`. */
  holds(values: readonly KeyValues[]): boolean;
  /** Values that tell this condition from others. */
  readonly samples: readonly string[];
  /** Its values with wildcards: what two of them have in common is a sample too. */
  readonly patterns: readonly string[];
  /** Whether samples of the first key should be tried together, as several values of it. */
  readonly multivalued: boolean;
  /** More samples, made of those of the other conditions on the same keys. */
  expand?(samples: readonly string[]): readonly string[];
}

/** A truth that stands alone: something that was not collected or cannot be worked out. */
export interface FreeAtom {
  readonly kind: 'free';
  readonly id: string;
  readonly decider: Decider;
  readonly condition: Condition;
  /** For what is missing: which of both would serve the principal. */
  readonly best?: boolean;
}

export type Atom = KeyAtom | FreeAtom;

export type Formula =
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] };

/** Decided, or a formula over what is left. */
export type Truth = boolean | Formula;

export const atomic = (atom: Atom): Formula => ({ kind: 'atom', atom });

export function not(truth: Truth): Truth {
  if (typeof truth === 'boolean') return !truth;
  return truth.kind === 'not' ? truth.of : { kind: 'not', of: truth };
}

/** {@link and} of two, without a list where one decides. */
export function and2(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : join([a, b], 'and', false);
}

/** {@link or} of two, without a list where one decides. */
export function or2(a: Truth, b: Truth): Truth {
  if (a === true || b === true) return true;
  if (a === false) return b;
  return b === false ? a : join([a, b], 'or', true);
}

export function and(truths: readonly Truth[]): Truth {
  return join(truths, 'and', false);
}

export function or(truths: readonly Truth[]): Truth {
  return join(truths, 'or', true);
}

function join(truths: readonly Truth[], kind: 'and' | 'or', absorbing: boolean): Truth {
  let only: Formula | undefined;
  let left: Formula[] | undefined;
  for (const truth of truths) {
    if (truth === absorbing) return absorbing;
    if (typeof truth === 'boolean') continue;
    if (only === undefined && truth.kind !== kind) {
      only = truth;
      continue;
    }
    left ??= [];
    if (only !== undefined && left.length === 0) left.push(only);
    if (truth.kind === kind) left.push(...truth.of);
    else left.push(truth);
    only ??= left[0];
  }
  return left ? { kind, of: left } : (only ?? !absorbing);
}

/** Replaces atoms by what `decide` says of them; atoms of which it says nothing stay. */
export function substitute(truth: Truth, decide: (atom: Atom) => boolean | undefined): Truth {
  if (typeof truth === 'boolean') return truth;
  switch (truth.kind) {
    case 'atom':
      return decide(truth.atom) ?? truth;
    case 'not':
      return not(substitute(truth.of, decide));
    default: {
      const parts = truth.of.map((part) => substitute(part, decide));
      return truth.kind === 'and' ? and(parts) : or(parts);
    }
  }
}

/** The distinct atoms by id, in order of appearance. */
export function atomsOf(truths: readonly Truth[]): Atom[] {
  const found = new Map<string, Atom>();
  const visit = (truth: Truth): void => {
    if (typeof truth === 'boolean') return;
    if (truth.kind === 'atom') {
      if (!found.has(truth.atom.id)) found.set(truth.atom.id, truth.atom);
    } else if (truth.kind === 'not') visit(truth.of);
    else truth.of.forEach(visit);
  };
  truths.forEach(visit);
  return [...found.values()];
}
