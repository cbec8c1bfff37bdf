import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const GOLDEN = new URL('golden/', import.meta.url);
const isUpdating = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a text with its file; `UPDATE_GOLDEN=1` writes the file instead, for its diff to be read. */
export function expectGolden(name: string, text: string): void {
  const file = new URL(name, GOLDEN);
  if (isUpdating) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${name} is not there: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
