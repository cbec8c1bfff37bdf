import type { FactId } from '../attack/index.js';
import type { AttackGraph } from '../findings/index.js';
import { type Condition, sortedUnique } from '../model/index.js';
import type { PageAttack } from '../reporters/html/page-data.js';
import { parseFact } from '../techniques/index.js';
import { orderFacts } from './fact-order.js';
import { interned } from './interned.js';

/** The attack graph as columns, and where its facts went. */
export interface PackedAttack {
  readonly attack: Omit<PageAttack, 'questions'>;
  readonly techniques: readonly string[];
  /** -1 where there is no such fact. */
  factPlace(fact: FactId | undefined): number;
}

/** Puts the attack graph into columns. Facts that only join others keep no name. @param places of the assets in the page's list */
export function packAttack({ engine, logicalId }: AttackGraph, places: ReadonlyMap<string, number>): PackedAttack {
  const { clauses } = engine;
  const { head, bodyStart, body, cost, clauseCount } = clauses.columns();
  const { keys, numbers } = orderFacts(clauses, logicalId);
  const parsed = keys.map(parseFact);
  const factKinds = sortedUnique(parsed.map(({ kind }) => kind));

  const groups = clauses.groups();
  const labels = Array.from({ length: groups.count }, (_, at) => groups.label(at));
  const starts = Array.from(groups.start.subarray(0, groups.count));
  const techniques = sortedUnique(labels.map(({ technique }) => technique.id));
  const conditions = interned<readonly Condition[]>([[]], JSON.stringify);
  const of = <T>(list: readonly T[]): ReadonlyMap<T, number> => new Map(list.map((value, at) => [value, at]));
  const [kindPlaces, techniquePlaces] = [of<string>(factKinds), of(techniques)];
  const length = clauses.columns().length;
  return {
    techniques,
    factPlace: (id) => (id === undefined ? -1 : (numbers[id] as number)),
    attack: {
      factKinds,
      techniques,
      facts: {
        kind: parsed.map(({ kind }) => kindPlaces.get(kind) as number),
        asset: parsed.map(({ id }) => places.get(id) ?? -1),
      },
      clauses: {
        head: Array.from(head, (id) => numbers[id] as number),
        size: Array.from({ length: clauseCount }, (_, at) => (bodyStart[at + 1] as number) - (bodyStart[at] as number)),
        body: Array.from(body, (id) => numbers[id] as number),
      },
      groups: {
        count: starts.map((start, at) => (groups.start[at + 1] as number) - start),
        technique: labels.map(({ technique }) => techniquePlaces.get(technique.id) as number),
        to: labels.map(({ to }) => (to === undefined ? -1 : (places.get(to) ?? -1))),
        cost: starts.map((start) => cost[start] as number),
        conditions: starts.map((start) => conditions.place(clauses.conditions(start))),
        inner: labels.map(({ inner }) => (inner === true ? 1 : 0)),
        minor: starts.map((start) => (length[start] === 1 ? 0 : 1)),
      },
      conditions: conditions.list,
    },
  };
}
