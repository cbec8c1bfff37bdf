import fc from 'fast-check';
import { buildNetwork } from '../../../src/network/index.js';
import { type Answers, snapshotOf } from './cloud.js';
import { comparePair, describe, type Disagreement, newTally, type Pair, pairsOf, type Tally } from './compare.js';
import { type Draw, drawFromSeed } from './draw.js';
import { networkArbitrary } from './network-arbitrary.js';
import { readRecords } from './records.js';
import { printAnswers, shrinkAnswers } from './shrink-answers.js';

/** The same each time, so that a run fails for what changed alone; `TRESPASS_SEED` names another one, or `random`. */
const stated = process.env['TRESPASS_SEED'] ?? '20260301';
export const seed = stated === 'random' ? Date.now() % 0x7fffffff : Number(stated);

export interface Run {
  readonly networks: number;
  /** Questions a network, drawn from those that fit. */
  readonly pairs: number;
  readonly packetsAPair: number;
  readonly wants: (pair: Pair) => boolean;
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
  wants,
}: Run): Tally & { readonly openInDecidable: number } {
  const total = { ...newTally(), openInDecidable: 0 };
  const property = fc.property(networkArbitrary, fc.integer({ min: 1 }), ({ answers, undecidable }, packetSeed) => {
    const tally = newTally();
    const draw = drawFromSeed(packetSeed);
    const snapshot = snapshotOf(answers);
    const records = readRecords(snapshot);
    const network = buildNetwork(snapshot);
    for (const pair of choose(pairsOf(records).filter(wants), pairs, draw)) {
      comparePair(records, network, draw, pair, packetsAPair, tally);
    }
    const [first] = tally.disagreements;
    if (first) throw new Error(explain(answers, first));
    for (const key of ['packets', 'delivered', 'agreed', 'someSourcePorts', 'engineOpen', 'oracleOpen'] as const) {
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

function choose<T>(items: T[], count: number, draw: Draw): T[] {
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
    const names = [found.from, found.to]
      .filter((id) => id !== 'internet')
      .map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
    if (names.some((id) => !records.interfaces.has(id) && !records.instances.has(id))) return undefined;
    const tally = newTally();
    comparePair(records, buildNetwork(snapshot), drawFromSeed(1), found, 60, tally);
    return tally.disagreements.find((d) => d.oracle.verdict === found.oracle.verdict && wordsOf(d) === wordsOf(found));
  };
  const small = shrinkAnswers(answers, (smaller) => disagreementIn(smaller) !== undefined);
  return [describe(disagreementIn(small) ?? found), printAnswers(small)].join('\n');
}

/** Why the oracle dropped it, whatever the ids. */
const wordsOf = ({ oracle }: Disagreement): string =>
  oracle.verdict === 'dropped' ? oracle.at.replace(/[\d]+\w?/g, '') : '';
