import type { FactId, Removal } from './clause.js';
import { type ClauseIndex, validFacts } from './clause-index.js';

/** How many removals are tried at once: a bit each. */
export const WORLDS = 32;

/** For each removal, which of some targets can still be had from the facts held. */
export type SurvivorSearch = (held: readonly FactId[], targets: readonly FactId[]) => FactId[][];

/**
 * For each removal, which targets can still be had. Every removal is a world and a bit of an integer: a pass computes in which of 32
 * worlds each fact can be had, a clause giving its head where all its premises are. A fact is looked at again when it gains worlds,
 * at most 32 times, in practice one to three. One search serves many starts: its memory is kept, so that each costs what it reaches.
 */
export function makeSurvivorSearch(index: ClauseIndex, removals: readonly Removal[]): SurvivorSearch {
  const passes: { readonly size: number; readonly pass: ReturnType<typeof makePass> }[] = [];
  for (let first = 0; first < removals.length; first += WORLDS) {
    const batch = removals.slice(first, first + WORLDS);
    passes.push({ size: batch.length, pass: makePass(index, batch) });
  }
  return (held, targets) =>
    passes.flatMap(({ size, pass }) => {
      const worlds = pass(held, targets);
      return Array.from({ length: size }, (_, world) => targets.filter((_, i) => (worlds[i]! & (1 << world)) !== 0));
    });
}

/**
 * Finds for each target the removals (at most {@link WORLDS}) after which it can still be had, a bit each: bit `i` is that of the removal at
 * place `i`.
 *
 * @param isHub 1 for facts from which much follows: that is found once in all worlds, and added in those in which a start comes to the hub, so that only
 *   what the start has besides is spread. They change no answer.
 */
export function makePass(
  index: ClauseIndex,
  removals: readonly Removal[],
  isHub?: Uint8Array,
): (held: readonly FactId[], targets: readonly FactId[]) => Int32Array {
  const { columns, axioms, unitStart, unitClause, unitHead, andStart, andClause } = index;
  const { factCount, clauseCount, head, bodyStart, body } = columns;
  const factAllowed = new Int32Array(factCount).fill(-1);
  const clauseAllowed = new Int32Array(clauseCount).fill(-1);
  removals.forEach((removal, world) => {
    for (const fact of validFacts(removal.facts ?? [], factCount)) factAllowed[fact]! &= ~(1 << world);
    for (const clause of validFacts(removal.clauses ?? [], clauseCount)) clauseAllowed[clause]! &= ~(1 << world);
  });

  const all = removals.length < WORLDS ? (1 << removals.length) - 1 : -1;
  const worlds = new Int32Array(factCount);
  const isQueued = new Uint8Array(factCount);
  const queue = new Uint32Array(factCount + 1);
  const gained = new Uint32Array(factCount);
  let gainedCount = 0;
  let first = 0;
  let end = 0;
  function gain(fact: FactId, more: number): void {
    const before = worlds[fact]!;
    const now = before | (more & factAllowed[fact]!);
    if (now === before) return;
    if (before === 0) gained[gainedCount++] = fact;
    worlds[fact] = now;
    enqueue(fact);
  }

  function enqueue(fact: FactId): void {
    if (isQueued[fact] === 1) return;
    isQueued[fact] = 1;
    queue[end++] = fact;
    if (end === queue.length) end = 0;
  }

  /** Spreads worlds as far as they go, but for what follows from facts at which it is to stop. */
  function spread(stopAt?: Uint8Array): void {
    while (first !== end) {
      const fact = queue[first++]!;
      if (first === queue.length) first = 0;
      isQueued[fact] = 0;
      if (stopAt !== undefined && stopAt[fact] === 1) continue;
      const its = worlds[fact]!;
      for (let i = unitStart[fact]!; i < unitStart[fact + 1]!; i++) {
        gain(unitHead[i]!, its & clauseAllowed[unitClause[i]!]!);
      }
      for (let i = andStart[fact]!; i < andStart[fact + 1]!; i++) {
        const clause = andClause[i]!;
        let both = its & clauseAllowed[clause]!;
        for (let j = bodyStart[clause]!; both !== 0 && j < bodyStart[clause + 1]!; j++) both &= worlds[body[j]!]!;
        if (both !== 0) gain(head[clause]!, both);
      }
    }
  }

  function start(held: readonly FactId[]): void {
    for (const fact of held) gain(fact, all);
    for (const clause of axioms) gain(head[clause]!, clauseAllowed[clause]! & all);
  }

  function putBack(): void {
    for (let i = 0; i < gainedCount; i++) worlds[gained[i]!] = 0;
    gainedCount = 0;
  }

  const kept = new Map<FactId, { readonly facts: Uint32Array; readonly worlds: Int32Array }>();
  /** What follows from a hub that is had in all worlds; the pass has to be at its beginning. */
  function whatFollows(hub: FactId) {
    const known = kept.get(hub);
    if (known) return known;
    start([hub]);
    spread();
    const facts = gained.slice(0, gainedCount);
    const made = { facts, worlds: Int32Array.from(facts, (fact) => worlds[fact]!) };
    putBack();
    kept.set(hub, made);
    return made;
  }

  /** After a spread that stopped at hubs: adds what follows from the first, and has all spread again that was found until then. */
  function goOnFromHub(): void {
    const local = gained.slice(0, gainedCount);
    const hub = local.find((fact) => isHub?.[fact] === 1);
    if (hub === undefined) return;
    const had = worlds[hub]!;
    const before = Int32Array.from(local, (fact) => worlds[fact]!);
    putBack();
    const follows = whatFollows(hub);
    for (let i = 0; i < local.length; i++) gain(local[i]!, before[i]!);
    if (follows.facts.length < local.length) return;
    for (let i = 0; i < follows.facts.length; i++) {
      const fact = follows.facts[i]!;
      const more = follows.worlds[i]! & had;
      if (more === 0) continue;
      if (worlds[fact] === 0) gained[gainedCount++] = fact;
      worlds[fact]! |= more;
    }
  }

  return (held, targets) => {
    start(held);
    if (isHub !== undefined) {
      spread(isHub);
      goOnFromHub();
    }
    spread();
    const found = Int32Array.from(targets, (target) => worlds[target] ?? 0);
    putBack();
    return found;
  };
}
