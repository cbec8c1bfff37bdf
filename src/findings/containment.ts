import { type FactId, type Removal, WORLDS } from '../attack/index.js';
import { type Asset, byCode } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { measuresFor } from './containment-measures.js';
import type { Signer } from './signers.js';
import type { Measure } from './measure.js';
import type { Containment } from './report.js';

/** What to do first, each with how many of the reached assets it takes away; by that, then by how little it interrupts. */
export function containmentOf(
  attack: AttackGraph,
  assets: readonly Asset[],
  held: readonly string[],
  reached: readonly FactId[],
  signers: readonly Signer[],
): readonly Containment[] {
  const measures = distinct(measuresFor(attack, assets, reached, signers));
  if (measures.length === 0) return [];
  const cuts = cutsOf(
    attack,
    held,
    reached,
    measures.map((measure) => measure.removal),
  );
  return measures
    .map((measure, i) => ({ ...measure, cuts: cuts[i] ?? 0 }))
    .filter((c) => c.cuts > 0)
    .sort((a, b) => b.cuts - a.cuts || a.harm - b.harm || byCode(a.command, b.command))
    .map(({ text, command, interrupts, leaves, cuts }) => ({
      text,
      command,
      interrupts,
      ...(leaves !== undefined && { leaves }),
      cuts,
    }));
}

/** For each removal, how many assets none of the reached facts about which can still be had. */
function cutsOf(
  { engine }: AttackGraph,
  held: readonly string[],
  reached: readonly FactId[],
  removals: readonly Removal[],
): readonly number[] {
  const { clauses } = engine;
  const start = held.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const numbers = new Map<string, number>();
  const assets = Uint32Array.from(reached, (fact) => {
    const asset = clauses.factSubject(fact);
    const number = numbers.get(asset) ?? numbers.size;
    numbers.set(asset, number);
    return number;
  });
  const cuts: number[] = [];
  for (let first = 0; first < removals.length; first += WORLDS) {
    const some = removals.slice(first, first + WORLDS);
    const worlds = engine.survivingWorlds(some)(start, reached);
    const left = new Int32Array(numbers.size);
    worlds.forEach((bits, at) => (left[assets[at] as number]! |= bits));
    some.forEach((_, world) => cuts.push(left.reduce((count, bits) => count + (1 - ((bits >>> world) & 1)), 0)));
  }
  return cuts;
}

const distinct = (measures: readonly Measure[]): readonly Measure[] => [
  ...new Map(measures.map((measure) => [measure.command, measure])).values(),
];
