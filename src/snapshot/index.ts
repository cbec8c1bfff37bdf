export * from './memory.js';
export * from './snapshot.js';
