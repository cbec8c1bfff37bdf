export { buildNetwork } from './engine.js';
export * from './network.js';
