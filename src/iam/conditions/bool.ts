import type { OperatorFamily } from './operator.js';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean */
export const bool: OperatorFamily = {
  compile: (expected) => {
    const lower = expected.toLowerCase();
    return (actual) => actual.toLowerCase() === lower;
  },
  samples: () => ['true', 'false'],
  complete: true,
  wildcards: false,
  variables: false,
};
