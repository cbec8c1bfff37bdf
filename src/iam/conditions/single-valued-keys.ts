/**
 * Global keys that have several values; every other one has one, whatever quantifier a condition puts before it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const MULTIVALUED: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
  'aws:tagkeys',
]);

/** Whether a key never has several values at once, as far as that is known. `key` in lower case. */
export const isSingleValued = (key: string): boolean => key.startsWith('aws:') && !MULTIVALUED.has(key);
