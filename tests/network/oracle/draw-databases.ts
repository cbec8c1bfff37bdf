import type { Drawing } from './network-arbitrary.js';

export function drawDatabases(_: Drawing): void {}
