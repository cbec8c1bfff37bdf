import { type ClauseSet, storedClauseSet } from '../../attack/index.js';
import type { AttackGraph } from '../../findings/index.js';
import { byCode, type Condition } from '../../model/index.js';
import {
  fact,
  type FactKind,
  parseFact,
  type StepDetail,
  type StepLabel,
  type TechniqueInfo,
} from '../../techniques/index.js';
import { orderFacts } from '../fact-order.js';
import { interned } from '../interned.js';
import type { SectionReader, SectionWriter } from './sections.js';

/** What the steps of a group have in common; places are those in the tables. */
interface StoredGroup {
  readonly technique: number;
  /** Place of the asset's id. */
  readonly to?: number;
  readonly assumptions?: readonly string[];
  readonly inner?: boolean;
  readonly weaker?: boolean;
  readonly cost: number;
  readonly minor: boolean;
  readonly conditions: number;
  readonly rank: number;
}

interface StepTables {
  readonly factKinds: readonly string[];
  readonly techniques: readonly TechniqueInfo[];
  readonly conditions: readonly (readonly Condition[])[];
  readonly groups: readonly StoredGroup[];
}

/**
 * Writes every step that is possible, with what each says to a person.
 * @param ids of the assets, in their order
 * @returns what facts and steps are about, by their places: the assets first
 */
export function writeSteps(
  sections: SectionWriter,
  { engine: { clauses }, logicalId }: AttackGraph,
  ids: readonly string[],
): readonly string[] {
  const { head, bodyStart, body, cost, clauseCount, length } = clauses.columns();
  const { keys, numbers } = orderFacts(clauses, logicalId);
  const names = interned(ids, String);
  const factKinds = interned<string>([], String);
  const parsed = keys.map(parseFact);
  sections.numbers(
    'fact kinds',
    parsed.map(({ kind }) => factKinds.place(kind)),
  );
  sections.numbers(
    'fact subjects',
    parsed.map(({ id }) => names.place(id)),
  );
  const renumbered = (facts: Uint32Array): Uint32Array => facts.map((id) => numbers[id] as number);
  sections.numbers('clause heads', renumbered(head));
  sections.numbers('clause starts', bodyStart);
  sections.numbers('clause bodies', renumbered(body));
  const membersOf = Array.from({ length: clauseCount }, (_, id) => clauses.member(id));
  sections.numbers(
    'clause members',
    membersOf.map((member) => (member === undefined ? 0 : names.place(member) + 1)),
  );
  sections.values('clause details', clauseCount, (id) => clauses.label(id).detail(membersOf[id] ?? ''));
  const groups = clauses.groups();
  sections.numbers('group starts', groups.start);
  const labels = Array.from({ length: groups.count }, (_, group) => groups.label(group));
  const firsts = Array.from(groups.start.subarray(0, groups.count));
  const techniques = interned<TechniqueInfo>([], ({ id }) => id);
  const conditions = interned<readonly Condition[]>([], JSON.stringify);
  const conditionsOf = (group: number): readonly Condition[] => clauses.conditions(firsts[group] as number);
  const rankOf = ranks(labels.map(({ technique }, group): Tie => [technique.id, JSON.stringify(conditionsOf(group))]));
  const tables: StepTables = {
    groups: labels.map(({ technique, to, assumptions, inner, weaker }, group) => ({
      technique: techniques.place(technique),
      ...(to !== undefined && { to: names.place(to) }),
      ...(assumptions && { assumptions }),
      ...(inner !== undefined && { inner }),
      ...(weaker !== undefined && { weaker }),
      cost: cost[firsts[group] as number] as number,
      minor: length[firsts[group] as number] !== 1,
      conditions: conditions.place(conditionsOf(group)),
      rank: rankOf(group),
    })),
    factKinds: factKinds.list,
    techniques: techniques.list,
    conditions: conditions.list,
  };
  sections.json('step tables', tables);
  return names.list;
}

/** Decides between steps that are equally good for the same: the technique's id, and then the conditions. */
type Tie = readonly [technique: string, conditions: string];

/** The ranks of groups by what decides between them; equal where it is the same. */
function ranks(ties: readonly Tie[]): (group: number) => number {
  const order = [...ties.keys()].sort((a, b) => compareTies(ties[a] as Tie, ties[b] as Tie));
  const rankOf = new Uint32Array(ties.length);
  order.forEach((group, at) => {
    const before = order[at - 1];
    const isSame = before !== undefined && compareTies(ties[before] as Tie, ties[group] as Tie) === 0;
    rankOf[group] = isSame ? (rankOf[before] as number) : at;
  });
  return (group) => rankOf[group] as number;
}

const compareTies = (a: Tie, b: Tie): number => byCode(a[0], b[0]) || byCode(a[1], b[1]);

/** @param names what facts and steps are about, as they were written */
export function readSteps(sections: SectionReader, names: readonly string[]): ClauseSet<StepLabel> {
  const tables = sections.json('step tables') as StepTables;
  const kinds = sections.numbers('fact kinds');
  const subjects = sections.numbers('fact subjects');
  const members = sections.numbers('clause members');
  const groupStart = sections.numbers('group starts');
  const detailOf = sections.values('clause details');
  const memberOf = (clause: number): string | undefined => names[(members[clause] as number) - 1];
  /** By group: the clause that is about a member. */
  const clausesAbout = new Map<number, ReadonlyMap<string, number>>();
  const clauseAbout = (group: number, member: string): number => {
    const [start, end] = [groupStart[group] as number, groupStart[group + 1] as number];
    if (end === start + 1) return start;
    const own =
      clausesAbout.get(group) ??
      new Map(Array.from({ length: end - start }, (_, at) => [memberOf(start + at) ?? '', start + at]));
    clausesAbout.set(group, own);
    return own.get(member) as number;
  };
  return storedClauseSet({
    factKeys: Array.from(kinds, (kind, at) =>
      fact(tables.factKinds[kind] as FactKind, names[subjects[at] as number] as string),
    ),
    head: sections.numbers('clause heads'),
    bodyStart: sections.numbers('clause starts'),
    body: sections.numbers('clause bodies'),
    groupStart,
    groups: tables.groups.map(
      ({ technique, to, assumptions, inner, weaker, cost, minor, conditions, rank }, group) => ({
        label: {
          technique: tables.techniques[technique] as TechniqueInfo,
          ...(to !== undefined && { to: names[to] as string }),
          ...(assumptions && { assumptions }),
          ...(inner !== undefined && { inner }),
          ...(weaker !== undefined && { weaker }),
          detail: (member) => detailOf(clauseAbout(group, member)) as StepDetail,
        },
        cost,
        conditions: tables.conditions[conditions] as readonly Condition[],
        rank,
        isMinor: minor,
      }),
    ),
    memberOf,
  });
}
