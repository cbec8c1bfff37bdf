export * from './fact.js';
export * from './technique.js';
export * from './world.js';
