import { setFlagsFromString } from 'node:v8';

/** Versions of V8 whose flags were looked at: Node.js 20 to 25. Another may not know them, and would say so on standard error. */
const KNOWN = { oldest: 11, newest: 14 };

/** Garbage is found in one go, which takes less memory and time; nobody waits for an answer meanwhile, so that short pauses are worth nothing. */
const GARBAGE = ['--no-incremental-marking'];

/**
 * Most of the program runs a few thousand times and ends: with the settings of V8 11, optimizing its functions takes more processor time than running them. These
 * compile functions simply sooner, let them run about three times as long so, and put fewer of them into one another. Later versions have a compiler in
 * between (Maglev), and gain nothing by them.
 */
const COMPILER = [
  '--interrupt-budget=400000',
  '--max-inlined-bytecode-size-cumulative=300',
  '--baseline-batch-compilation-threshold=512',
];

/** What makes V8 take less time for a program that runs for seconds. @param v8 its version */
export function v8Flags(v8: string): readonly string[] {
  const version = Number.parseInt(v8, 10);
  if (!(version >= KNOWN.oldest && version <= KNOWN.newest)) return [];
  return version === KNOWN.oldest ? [...COMPILER, ...GARBAGE] : GARBAGE;
}

/** To be called before anything else is loaded. */
export function setV8Flags(): void {
  for (const flag of v8Flags(process.versions.v8)) setFlagsFromString(flag);
}
