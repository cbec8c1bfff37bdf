import { notCollected } from './catalogue-row.js';

/** Ids of pathfinding.cloud that no technique judges, and why. */
export const PATHFINDING_LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['sso-001', notCollected('IAM Identity Center')],
  ['sso-002', notCollected('IAM Identity Center')],
  ['sso-003', notCollected('IAM Identity Center')],
]);
