import type { FactId } from '../attack/index.js';
import { type Asset, byCode } from '../model/index.js';
import { parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { measuresFor } from './containment-measures.js';
import type { Signer } from './data-within.js';
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
  const { clauses } = attack.engine;
  const start = held.map((key) => clauses.factId(key)).filter((id) => id !== undefined);
  const survivors = attack.engine.survivors(measures.map((m) => m.removal))(start, reached);
  const assetsOf = (facts: readonly FactId[]): Set<string> =>
    new Set(facts.map((f) => parseFact(clauses.factKey(f)).id));
  const all = assetsOf(reached).size;
  return measures
    .map((measure, i) => ({ ...measure, cuts: all - assetsOf(survivors[i] ?? []).size }))
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

const distinct = (measures: readonly Measure[]): readonly Measure[] => [
  ...new Map(measures.map((measure) => [measure.command, measure])).values(),
];
