export { buildNetwork } from './engine.js';
export { parseIpSet } from './ip-set.js';
export * from './network.js';
