import { setFlagsFromString } from 'node:v8';

/** Versions of V8 whose flags were looked at: Node.js 20 to 25. Another may not know them, and would say so on standard error. */
const KNOWN = { oldest: 11, newest: 14 };

/**
 * What makes V8 compile less. Most of the program runs a few thousand times and ends: with V8's own settings, optimizing its functions takes more
 * processor time than running them. These let them run about three times as long first, and put fewer of them into one another. Garbage is found in one
 * go, which takes less memory; nobody waits for an answer meanwhile, so that short pauses are worth nothing.
 */
export function compilerFlags(v8: string): readonly string[] {
  const version = Number.parseInt(v8, 10);
  return version >= KNOWN.oldest && version <= KNOWN.newest
    ? ['--interrupt-budget=400000', '--max-inlined-bytecode-size-cumulative=300', '--no-incremental-marking']
    : [];
}

/** To be called before anything else is loaded. */
export function compileLess(): void {
  for (const flag of compilerFlags(process.versions.v8)) setFlagsFromString(flag);
}
