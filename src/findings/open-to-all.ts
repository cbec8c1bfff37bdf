import type { Derivation, FactId } from '../attack/index.js';
import { parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { Entry } from './entries.js';
import type { Target } from './targets.js';

/**
 * Leaves of a target what an entry gives that everybody does not have anyway, and at least as surely; `undefined` where that is nothing. A bucket
 * that all may read is told once, as open, and not again for each host that could read it too.
 */
export type OwnGain = (entry: Entry, target: Target, fromEntry: Derivation) => Target | undefined;

/** What the internet gives for the asking: a store, a connection, a role. A host has to give way first. */
const isForTheAsking = (entry: Entry): boolean =>
  parseFact(entry.fact).kind !== 'exec' && entry.conditions.length === 0;

export function findOwnGain(attack: AttackGraph, entries: readonly Entry[]): OwnGain {
  const open = new Set(entries.filter(isForTheAsking));
  if (open.size === 0) return (_entry, target) => target;
  const given = new Set([...open].map((entry) => attack.engine.clauses.factId(entry.fact)));
  const fromOpen = attack.derive([...open].map((entry) => entry.fact));
  const certainty = new Map(Array.from(fromOpen.derived, (fact) => [fact, fromOpen.isCertain(fact)]));
  const isHadAnyway = (entry: Entry, fact: FactId, fromEntry: Derivation): boolean => {
    // What an open entry leads to is told of it, but for what is open itself.
    if (open.has(entry)) return given.has(fact);
    const isCertain = certainty.get(fact);
    return isCertain === true || (isCertain === false && !fromEntry.isCertain(fact));
  };
  return (entry, target, fromEntry) => {
    if (!target.facts.some(({ id }) => isHadAnyway(entry, id, fromEntry))) return target;
    const facts = target.facts.filter(({ id }) => !isHadAnyway(entry, id, fromEntry));
    return facts.length === 0 ? undefined : { ...target, facts };
  };
}

/** Whether an entry is data itself, which leads to itself by no step. */
export const isData = (entry: Entry): boolean => parseFact(entry.fact).kind.startsWith('data-');
