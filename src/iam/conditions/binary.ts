import type { OperatorFamily } from './operator.js';

/** Base64 texts, compared byte for byte: padding aside, that is letter for letter. */
export const binaryEquals: OperatorFamily = {
  compile: (expected) => {
    const bytes = expected.replace(/=+$/, '');
    return (actual) => actual.replace(/=+$/, '') === bytes;
  },
  samples: (expected) => [expected],
  complete: false,
  wildcards: false,
  variables: false,
};
