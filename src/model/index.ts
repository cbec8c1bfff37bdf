export * from './arn.js';
export * from './asset.js';
export * from './condition.js';
export * from './errors.js';
export * from './evidence.js';
export * from './gap.js';
export * from './json.js';
export * from './order.js';
