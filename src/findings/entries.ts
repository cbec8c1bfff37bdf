import { byCode, type Condition, groupBy } from '../model/index.js';
import { INTERNET_FACT } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';

/** Things that the internet enters in the same way and that lead to the same: one way in for a person. */
export interface Entry {
  /** The fact that the intruder starts with, of the first member. */
  readonly fact: string;
  /** The asset of the first member. */
  readonly asset: string;
  /** Sorted; the asset among them. */
  readonly members: readonly string[];
  /** How the internet gets in. */
  readonly step: ReportStep;
  readonly cost: number;
  readonly conditions: readonly Condition[];
}

const known = new WeakMap<AttackGraph['engine']['clauses'], readonly Entry[]>();

/** Every fact that the internet gives directly, interchangeable ones together; sorted by asset. */
export function findEntries(attack: AttackGraph): readonly Entry[] {
  const { clauses } = attack.engine;
  const entries = known.get(clauses) ?? makeEntries(attack);
  known.set(clauses, entries);
  return entries;
}

function makeEntries(attack: AttackGraph): readonly Entry[] {
  const { clauses } = attack.engine;
  const columns = clauses.columns();
  const internet = clauses.factId(INTERNET_FACT);
  if (internet === undefined) return [];
  const ways = new Map<number, number>();
  for (let clause = 0; clause < columns.clauseCount; clause++) {
    const start = columns.bodyStart[clause] as number;
    const isFromInternet = columns.bodyStart[clause + 1] === start + 1 && columns.body[start] === internet;
    if (!isFromInternet || clauses.label(clause).weaker === true) continue;
    const head = columns.head[clause] as number;
    const before = ways.get(head);
    if (before === undefined || isBetter(clause, before, columns)) ways.set(head, clause);
  }
  const uses = usesOf(attack, ways);
  const leads = { byGroups: new Map<string, number>(), numbers: new Map<string, number>() };
  const groups = groupBy(ways, ([fact, way]) => signatureOf(attack, fact, way, uses.get(fact) ?? [], leads));
  return [...groups.values()].map((group) => makeEntry(attack, group)).sort((a, b) => byCode(a.fact, b.fact));
}

type Columns = ReturnType<AttackGraph['engine']['clauses']['columns']>;

const isBetter = (clause: number, before: number, { conditional, cost }: Columns): boolean =>
  conditional[clause] !== conditional[before]
    ? (conditional[clause] as number) < (conditional[before] as number)
    : (cost[clause] as number) < (cost[before] as number);

/** For each of the facts, the clauses that need it. */
function usesOf(attack: AttackGraph, facts: ReadonlyMap<number, unknown>): ReadonlyMap<number, readonly number[]> {
  const { body, bodyStart, clauseCount, factCount } = attack.engine.clauses.columns();
  const uses = new Map<number, number[]>();
  const isWanted = new Uint8Array(factCount);
  for (const fact of facts.keys()) isWanted[fact] = 1;
  for (let clause = 0; clause < clauseCount; clause++) {
    for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++) {
      const fact = body[i] as number;
      if (isWanted[fact] === 0) continue;
      const known = uses.get(fact);
      if (known) known.push(clause);
      else uses.set(fact, [clause]);
    }
  }
  return uses;
}

/** Equal for entries that are entered alike and from which the same can be done; what names the entry itself is left out of it. */
function signatureOf(attack: AttackGraph, fact: number, way: number, uses: readonly number[], leads: Leads): string {
  const { clauses } = attack.engine;
  const { kind, id } = readFact(clauses, fact);
  const type = attack.graph.asset(id)?.type ?? '';
  // A data store is a target of its own: two of them are never one finding.
  if (kind !== 'exec') return id;
  const entered = clauses.clause(way);
  const conditions = JSON.stringify(entered.conditions).replaceAll(id, '*');
  // Clauses of one group differ in the entry's own name alone, so what the same groups lead to is written out once.
  const { group } = clauses.columns();
  const key = uses
    .map((use) => group[use] as number)
    .sort((a, b) => a - b)
    .join();
  let leading = leads.byGroups.get(key);
  if (leading === undefined) {
    const text = describeUses(attack, id, uses);
    leading = leads.numbers.get(text) ?? leads.numbers.size;
    leads.numbers.set(text, leading);
    leads.byGroups.set(key, leading);
  }
  return [kind, type, entered.label.technique.id, entered.cost, conditions, leading].join('\n\n');
}

/** Numbers for what entries lead to, by the text that says it, and by the groups of clauses that are known to say the same. */
interface Leads {
  readonly byGroups: Map<string, number>;
  readonly numbers: Map<string, number>;
}

function describeUses(attack: AttackGraph, id: string, uses: readonly number[]): string {
  const leads = uses.map((use) => {
    const { head, body, cost, conditions, label } = attack.engine.clauses.clause(use);
    return [label.technique.id, head, ...body, cost, JSON.stringify(conditions)].join('\n').replaceAll(id, '*');
  });
  return leads.sort(byCode).join('\n\n');
}

function makeEntry(attack: AttackGraph, group: readonly (readonly [number, number])[]): Entry {
  const { clauses } = attack.engine;
  const members = group
    .map(([fact, way]) => ({ fact: clauses.factKey(fact), asset: readFact(clauses, fact).id, way }))
    .sort((a, b) => byCode(a.asset, b.asset));
  const [first] = members as [(typeof members)[number]];
  const { label, cost, conditions } = clauses.clause(first.way);
  const { text, evidence, fix } = label.detail(clauses.member(first.way) ?? '');
  return {
    fact: first.fact,
    asset: first.asset,
    members: members.map((m) => m.asset),
    cost,
    conditions,
    step: {
      technique: label.technique.id,
      title: label.technique.title,
      from: 'internet',
      to: first.asset,
      requires: ['internet'],
      text,
      attack: label.technique.attack,
      assumptions: label.assumptions ?? label.technique.assumptions,
      conditions,
      evidence,
      fix,
    },
  };
}
