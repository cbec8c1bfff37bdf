export * from './memory.js';
export { readSnapshot } from './read.js';
export * from './snapshot.js';
