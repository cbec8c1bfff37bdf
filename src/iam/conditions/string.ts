import { compileGlob, matchesGlob, unescapeGlob } from '../matching/glob.js';
import { instances, shorterThan } from '../matching/intersect-globs.js';
import type { OperatorFamily } from './operator.js';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String */
export const stringEquals: OperatorFamily = {
  compile: (expected) => (actual) => actual === expected,
  samples: (expected) => [expected],
  complete: false,
  wildcards: false,
  variables: true,
};

export const stringEqualsIgnoreCase: OperatorFamily = {
  compile: (expected) => {
    const lower = expected.toLowerCase();
    return (actual) => actual.toLowerCase() === lower;
  },
  samples: (expected) => [...new Set([expected, expected.toUpperCase(), expected.toLowerCase()])],
  complete: false,
  wildcards: false,
  variables: true,
};

export const stringLike: OperatorFamily = {
  compile: (expected) => {
    const glob = compileGlob(expected);
    return (actual) => matchesGlob(glob, actual);
  },
  // A value that no policy names may still have the form of a pattern like `?*`.
  samples: (expected) => [...instances(expected).map(unescapeGlob), ...shorterThan(expected)],
  complete: false,
  wildcards: true,
  variables: true,
};
