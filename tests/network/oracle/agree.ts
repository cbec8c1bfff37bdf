import fc from 'fast-check';
import { buildNetwork } from '../../../src/network/index.js';
import { type Answers, snapshotOf } from './cloud.js';
import { comparePair, describe, type Disagreement, newTally, type Tally } from './compare.js';
import { type Draw, drawFromSeed } from './draw.js';
import { networkArbitrary } from './network-arbitrary.js';
import { interfacesOf, type Pair } from './pairs.js';
import { readRecords, type Records } from './records.js';
import { printAnswers, shrinkAnswers } from './shrink-answers.js';

/** The same each time, so that a run fails for what changed alone; `TRESPASS_SEED` names another one, or `random`. */
const stated = process.env['TRESPASS_SEED'] ?? '20260301';
export const seed = stated === 'random' ? Date.now() % 0x7fffffff : Number(stated);

export interface Run {
  readonly networks: number;
  /** Questions a network, drawn from the candidates. */
  readonly pairs: number;
  readonly packetsAPair: number;
  readonly candidates: (records: Records) => readonly Pair[];
}

/**
 * Draws networks and packets until the numbers are reached, or throws the first disagreement with the smallest snapshot that
 * shows it.
 * @returns what was counted; `openInDecidable` are packets left open in networks that hold nothing undecidable
 */
export function agreeOnPackets({
  networks,
  pairs,
  packetsAPair,
  candidates,
}: Run): Tally & { readonly openInDecidable: number } {
  const total = { ...newTally(), openInDecidable: 0 };
  const property = fc.property(networkArbitrary, fc.integer({ min: 1 }), ({ answers, undecidable }, packetSeed) => {
    const tally = newTally();
    const draw = drawFromSeed(packetSeed);
    const snapshot = snapshotOf(answers);
    const records = readRecords(snapshot);
    const network = buildNetwork(snapshot);
    for (const pair of choose(candidates(records), pairs, draw)) {
      comparePair(records, network, draw, pair, packetsAPair, tally);
    }
    const [first] = tally.disagreements;
    if (first) throw new Error(explain(answers, first));
    for (const key of COUNTED) {
      total[key] += tally[key];
    }
    if (!undecidable) total.openInDecidable += tally.engineOpen;
  });
  // Not `assert`: it would print whole snapshots.
  const { failed, errorInstance, counterexamplePath } = fc.check(property, {
    seed,
    numRuns: networks,
    endOnFailure: true,
  });
  if (failed) throw new Error(`TRESPASS_SEED=${seed}, network ${counterexamplePath}`, { cause: errorInstance });
  return total;
}

const COUNTED = ['packets', 'delivered', 'agreed', 'someSourcePorts', 'engineOpen', 'oracleOpen', 'mixed'] as const;

function choose<T>(items: readonly T[], count: number, draw: Draw): T[] {
  const left = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(draw.count(0, left.length - 1), 1));
  return chosen;
}

/** The smallest snapshot in which the pair still disagrees in the same way, and what each side says of it. */
function explain(answers: Answers, found: Disagreement): string {
  const disagreementIn = (smaller: Answers): Disagreement | undefined => {
    const snapshot = snapshotOf(structuredClone(smaller));
    const records = readRecords(snapshot);
    if ([found.from, found.to].some((arn) => !isThere(records, arn))) return undefined;
    const tally = newTally();
    comparePair(records, buildNetwork(snapshot), drawFromSeed(1), found, 60, tally);
    return tally.disagreements.find((d) => d.oracle.verdict === found.oracle.verdict && wordsOf(d) === wordsOf(found));
  };
  const small = shrinkAnswers(answers, (smaller) => disagreementIn(smaller) !== undefined);
  return [describe(disagreementIn(small) ?? found), printAnswers(small)].join('\n');
}

/** Whether what a question names is still in a snapshot. */
function isThere(records: Records, arn: string): boolean {
  if (!arn.startsWith('arn:')) return true;
  const id = arn.slice(arn.lastIndexOf(arn.includes(':db:') ? ':' : '/') + 1);
  const { interfaces, instances, endpoints, databases } = records;
  const faces = endpoints.has(id) ? interfacesOf(records, arn) : [];
  return [...faces, id].some((one) => interfaces.has(one)) || instances.has(id) || databases.has(id);
}

/** Why the oracle dropped it, or why the engine stops it; whatever the ids. */
const wordsOf = ({ oracle, engine }: Disagreement): string =>
  (oracle.verdict === 'dropped' ? [oracle.at] : engine.blockedBy.map(({ fact }) => fact))
    .map((words) => words.replace(/[\d]+\w?/g, ''))
    .sort()
    .join();
