export * from './authorizer.js';
export * from './evaluate-policies.js';
