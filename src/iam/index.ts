export { type AskedTag, OTHER_VALUE } from './asked-tags.js';
export * from './authorizer.js';
export { buildAuthorizer } from './build-authorizer.js';
export * from './evaluate-policies.js';
export type { NamedPolicy } from './policy/named-policy.js';
export { PolicyCompiler } from './policy/policy-compiler.js';
export { allowsEverything, deniesSomething } from './policy-facts.js';
