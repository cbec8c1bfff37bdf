import type { OperatorFamily } from './operator.js';

const toNumber = (text: string): number =>
  /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric */
const numeric = (compare: (actual: number, expected: number) => boolean): OperatorFamily => ({
  compile: (expected) => {
    const bound = toNumber(expected);
    return (actual) => compare(toNumber(actual), bound);
  },
  samples: (expected) => {
    const bound = toNumber(expected);
    return Number.isNaN(bound) ? [] : [bound - 1, bound, bound + 1].map(String);
  },
  complete: true,
  wildcards: false,
  variables: false,
});

export const numericEquals = numeric((actual, expected) => actual === expected);
export const numericLessThan = numeric((actual, expected) => actual < expected);
export const numericLessThanEquals = numeric((actual, expected) => actual <= expected);
export const numericGreaterThan = numeric((actual, expected) => actual > expected);
export const numericGreaterThanEquals = numeric((actual, expected) => actual >= expected);
