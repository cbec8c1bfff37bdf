import type { Decider, Domain, KeyValues } from '../logic/formula.js';

/** What is known of a condition key in a request. */
export type KeyStatus =
  | { readonly kind: 'known'; readonly values: readonly string[] }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'open';
      readonly decider: Exclude<Decider, 'missing'>;
      domain(samples: readonly string[], multivalued: boolean): Domain;
    };

/** The condition keys of a request, by lower-case name. */
export interface RequestContext {
  status(key: string): KeyStatus;
}

export const ABSENT: KeyStatus = { kind: 'absent' };

export const known = (...values: readonly string[]): KeyStatus => ({ kind: 'known', values });

/** Stated values; none means that the key is stated to be absent. */
export const stated = (values: readonly string[]): KeyStatus =>
  values.length === 0 ? ABSENT : { kind: 'known', values };

interface OpenOptions {
  readonly mayBeAbsent?: boolean;
  /** Only such values can be. */
  readonly accepts?: (value: string) => boolean;
  /** More values that can be, whatever the policies say. */
  readonly extra?: readonly string[];
}

/** A key that the intruder sets, or leaves out. */
export function chosen(options: OpenOptions = {}): KeyStatus {
  return { kind: 'open', decider: 'chosen', domain: (samples, multi) => [alternatives(samples, multi, options)] };
}

/** A key of which nothing is known. */
export function unknownKey(options: OpenOptions = {}): KeyStatus {
  return {
    kind: 'open',
    decider: 'unknown',
    domain: (samples, multi) => alternatives(samples, multi, options).map((values) => [values]),
  };
}

function alternatives(samples: readonly string[], multivalued: boolean, options: OpenOptions): KeyValues[] {
  const accepts = options.accepts ?? (() => true);
  const values = [...new Set([...samples, ...(options.extra ?? [])])].filter(accepts);
  const result: KeyValues[] = values.map((value) => [value]);
  if (multivalued && values.length > 1) {
    if (values.length <= 6)
      for (let i = 0; i < values.length; i++)
        for (let j = i + 1; j < values.length; j++) result.push(pick(values, i, j));
    result.push(values);
  }
  if (options.mayBeAbsent ?? true) result.unshift(undefined);
  return result;
}

const pick = (values: readonly string[], ...indexes: readonly number[]): string[] =>
  indexes.map((i) => values[i] ?? '');
