export * from './authorizer.js';
export { buildAuthorizer } from './build-authorizer.js';
export * from './evaluate-policies.js';
export { documentCache } from './policy/document.js';
