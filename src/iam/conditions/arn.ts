import { compileGlob, matchesGlob, unescapeGlob } from '../matching/glob.js';
import { splitArn } from '../matching/arn-pattern.js';
import { instances } from '../matching/intersect-globs.js';
import type { OperatorFamily } from './operator.js';

/**
 * `ArnEquals` and `ArnLike` are the same: each of the six segments is compared for itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const arnLike: OperatorFamily = {
  compile: (expected) => {
    if (expected === '*') return (actual) => splitArn(actual).length === 6;
    const segments = splitArn(expected).map(compileGlob);
    return (actual) => {
      const parts = splitArn(actual);
      return (
        segments.length === 6 && parts.length === 6 && segments.every((glob, i) => matchesGlob(glob, parts[i] ?? ''))
      );
    };
  },
  samples: (expected) => [...instances(expected).map(unescapeGlob), 'arn:aws:other:::other'],
  complete: false,
  wildcards: true,
  variables: true,
};
