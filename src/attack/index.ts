export * from './clause.js';
export * from './clause-set.js';
export * from './engine.js';
export * from './stored-clauses.js';
export { WORLDS } from './survivors.js';
