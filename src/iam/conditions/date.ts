import type { OperatorFamily } from './operator.js';

const DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/i;

/** Milliseconds since 1970 of an ISO 8601 time or of seconds since 1970; `NaN` for neither. */
export function toTime(text: string): number {
  const trimmed = text.trim();
  if (/^\d{5,}$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!DATE.test(trimmed)) return Number.NaN;
  return Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) || !trimmed.includes('T') ? trimmed : `${trimmed}Z`);
}

const isoSeconds = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date */
const date = (compare: (actual: number, expected: number) => boolean): OperatorFamily => ({
  compile: (expected) => {
    const bound = toTime(expected);
    return (actual) => compare(toTime(actual), bound);
  },
  samples: (expected) => {
    const bound = toTime(expected);
    if (Number.isNaN(bound)) return [];
    return [bound - 1000, bound, bound + 1000].filter((time) => Math.abs(time) < 8e15).map(isoSeconds);
  },
  complete: true,
  wildcards: false,
  variables: false,
});

export const dateEquals = date((actual, expected) => actual === expected);
export const dateLessThan = date((actual, expected) => actual < expected);
export const dateLessThanEquals = date((actual, expected) => actual <= expected);
export const dateGreaterThan = date((actual, expected) => actual > expected);
export const dateGreaterThanEquals = date((actual, expected) => actual >= expected);
