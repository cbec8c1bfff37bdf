import type { Decider, Domain, KeyValues, Likeness, OpenKey } from '../logic/formula.js';

/** What is known of a condition key in a request. */
export type KeyStatus =
  | { readonly kind: 'known'; readonly values: readonly string[] }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'open';
      readonly decider: Exclude<Decider, 'missing'>;
      domain(samples: readonly string[], likeness: Likeness | undefined): Domain;
      /** As in {@link OpenKey.form}. */
      readonly form?: string;
    };

/** The condition keys of a request. */
export interface RequestContext {
  /** `key` in lower case; `spelled`: as the policy has it, which is often how the request has it. */
  status(key: string, spelled?: string): KeyStatus;
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
  readonly form?: OpenKey['form'];
}

/** A key that the intruder sets, or leaves out. */
export function chosen(options: OpenOptions = {}): KeyStatus {
  return { kind: 'open', decider: 'chosen', domain: (samples, likeness) => [alternatives(samples, likeness, options)] };
}

/** A key of which nothing is known. */
export function unknownKey(options: OpenOptions = {}): KeyStatus {
  return {
    kind: 'open',
    decider: 'unknown',
    domain: (samples, likeness) => alternatives(samples, likeness, options).map((values) => [values]),
    ...(options.form !== undefined && { form: options.form }),
  };
}

function alternatives(samples: readonly string[], likeness: Likeness | undefined, options: OpenOptions): KeyValues[] {
  const accepts = options.accepts ?? (() => true);
  const values = [...new Set([...samples, ...(options.extra ?? [])])].filter(accepts);
  const result: KeyValues[] = likeness ? sets(values, likeness) : values.map((value) => [value]);
  if (options.mayBeAbsent ?? true) result.unshift(undefined);
  return result;
}

/** Up to so many kinds of values, all sets of them are tried; else those of one and two, of all, and of all but one. */
const MAX_KINDS = 6;

function sets(values: readonly string[], likeness: Likeness): string[][] {
  const kinds = [...new Map(values.map((value) => [likeness(value), value])).values()];
  if (kinds.length <= MAX_KINDS) {
    const all: string[][] = [];
    for (let mask = 1; mask < 1 << kinds.length; mask++) all.push(kinds.filter((_, i) => mask & (1 << i)));
    return all;
  }
  const pairs = kinds.flatMap((first, i) => kinds.slice(i + 1).map((second) => [first, second]));
  return [...kinds.map((kind) => [kind]), ...pairs, ...kinds.map((kind) => kinds.filter((k) => k !== kind)), kinds];
}
