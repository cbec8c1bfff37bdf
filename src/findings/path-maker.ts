import type { Proof } from '../attack/index.js';
import { type Condition, sortedUnique } from '../model/index.js';
import { type Access, accountOfAdmin } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import type { Entry } from './entries.js';
import { makePathIds } from './path-id.js';
import type { ProofLine } from './proof-lines.js';
import { conditionsOfSteps, stepsOf } from './proof-steps.js';
import type { ReportPath, ReportStep } from './report.js';
import { type Score, scorePath } from './severity.js';
import type { Target } from './targets.js';

/** A way from an entry to a target, without the entry's own step. */
export interface Way {
  readonly cost: number;
  readonly line: ProofLine;
}

export function wayOf(attack: AttackGraph, proof: Proof): Way {
  const steps = stepsOf(attack, proof);
  return { cost: proof.cost, line: { steps, isConditional: steps.some(({ conditions }) => conditions.length > 0) } };
}

/** What of a target a path needs. */
type ToldTarget = Omit<Target, 'facts' | 'positions'>;

export type MakePath = (entry: Entry, way: Way, target: ToldTarget, access: Access) => ReportPath;

/** A target as paths tell it, and its scores by cost. */
interface DescribedTarget {
  readonly told: ReportPath['target'];
  readonly certain: Map<number, Score>;
  readonly conditional: Map<number, Score>;
}

/** Puts paths together; what they have in common (their entry, their target, its score) is one object. */
export function pathMaker(attack: AttackGraph): MakePath {
  const pathId = makePathIds(attack.logicalId);
  const entries = new Map<Entry, ReportPath['entry']>();
  const targets = new Map<readonly string[], DescribedTarget[]>();
  const entryOf = (entry: Entry): ReportPath['entry'] => {
    const known = entries.get(entry) ?? {
      ...describe(attack, entry.asset),
      members: entry.members,
      identities: sortedUnique(entry.members.map(attack.logicalId)),
    };
    entries.set(entry, known);
    return known;
  };
  const targetOf = ({ id, members }: ToldTarget, access: Access): DescribedTarget => {
    const ofMembers = targets.get(members) ?? [];
    const known = ofMembers.find(({ told }) => told.access === access && told.id === id);
    if (known) return known;
    const made = { told: { ...describe(attack, id), access, members }, certain: new Map(), conditional: new Map() };
    targets.set(members, [...ofMembers, made]);
    return made;
  };
  /** What of a target's data is known is the same whenever it is told. */
  const scoreOf = (
    { told: { type, access }, certain: ifCertain, conditional }: DescribedTarget,
    sensitivity: Target['sensitivity'],
    cost: number,
    certain: boolean,
  ): Score => {
    const byCost = certain ? ifCertain : conditional;
    const known = byCost.get(cost) ?? scorePath({ type, ...(sensitivity && { sensitivity }), access, cost, certain });
    byCost.set(cost, known);
    return known;
  };
  return (entry, { cost, line }, target, access) => {
    const steps: readonly ReportStep[] = [entry.step, ...line.steps];
    const isConditional = line.isConditional || entry.step.conditions.length > 0;
    const conditions = isConditional ? conditionsOfSteps(steps) : NO_CONDITIONS;
    const described = targetOf(target, access);
    const scored = scoreOf(described, target.sensitivity, entry.cost + cost, conditions.length === 0);
    return {
      id: pathId(entry.step, line, target.id, target.groupId),
      ...scored,
      confidence: conditions.length === 0 ? 'confirmed' : 'conditional',
      conditions,
      entry: entryOf(entry),
      target: described.told,
      steps,
      notes: [],
    };
  };
}

const NO_CONDITIONS: readonly Condition[] = [];

/** An end of a path as reports name it. */
export function describe(
  attack: Pick<AttackGraph, 'graph'>,
  id: string,
): { readonly id: string; readonly type: string; readonly name?: string } {
  const asset = attack.graph.asset(id);
  const type = asset?.type ?? (accountOfAdmin(id) !== undefined ? 'aws:admin' : 'aws:unknown');
  return { id, type, ...(asset?.name !== undefined && { name: asset.name }) };
}
