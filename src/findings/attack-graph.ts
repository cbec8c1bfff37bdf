import {
  type AttackEngine,
  type ClauseSet,
  type Derivation,
  makeAttackEngine,
  makeClauseSet,
} from '../attack/index.js';
import type { AssetGraph } from '../graph/index.js';
import type { Authorizer } from '../iam/index.js';
import type { Network } from '../network/index.js';
import {
  actingIn,
  type CallPlace,
  findCallPlaces,
  type Emit,
  emitSteps,
  makePermissions,
  mentionsResourceTags,
  type Observations,
  type StepLabel,
} from '../techniques/index.js';
import type { ReportStep } from './report.js';

/** What the attack graph is made of. */
export interface AttackInput {
  readonly graph: AssetGraph;
  readonly iam: Authorizer;
  readonly network: Network;
  readonly observed: Observations;
  /** What an asset counts as from one day to the next (CONTRACT: path identity). */
  readonly logicalId: (asset: string) => string;
}

/** Every step that is possible, ready to be asked. */
export interface AttackGraph extends AttackInput {
  readonly engine: AttackEngine<StepLabel>;
  /** Steps that were written already, by their clauses. */
  readonly written: Map<number | string, ReportStep>;
  /** What can be had by whoever starts with these facts (keys; unknown ones are left out). */
  derive(facts: readonly string[]): Derivation;
}

export function buildAttackGraph(input: AttackInput): AttackGraph {
  // Among ways that are equally good, the same one is told after an instance was replaced by its twin.
  const clauses = makeClauseSet<StepLabel>(input.logicalId);
  const emit: Emit = ({ head, body, each, cost, conditions, label }) => {
    const clause = {
      head,
      body,
      cost: cost ?? label.technique.difficulty.cost,
      conditions: conditions ?? [],
      label,
      tieBreak: label.technique.id,
      minor: label.inner === true,
      each,
    };
    if (each) clauses.addEach(clause);
    else clauses.add(clause);
  };
  let places: readonly CallPlace[] | undefined;
  const permissions = makePermissions(input.iam, emit, {
    places: () => (places ??= findCallPlaces(input, emit)),
    accountOf: (asset) => input.graph.asset(asset)?.account,
    resourceTagsMatter: mentionsResourceTags(input.graph),
    acting: actingIn(input.iam),
    isBoundary: (policy) => input.graph.incoming(policy, 'bounded-by').length > 0,
  });
  emitSteps({ ...input, permissions }, emit);
  return attackGraphOf(input, clauses);
}

/** The same of steps that were emitted already. @param input whose parts are not looked at before they are needed */
export const attackGraphOf = (input: AttackInput, clauses: ClauseSet<StepLabel>): AttackGraph =>
  withEngine(input, makeAttackEngine(clauses), new Map());

/** The same asked by another engine. */
export const askedBy = (attack: AttackGraph, engine: AttackEngine<StepLabel>): AttackGraph =>
  withEngine(attack, engine, attack.written);

/** Without looking at the parts of the input. */
function withEngine(input: AttackInput, engine: AttackEngine<StepLabel>, written: AttackGraph['written']): AttackGraph {
  const own = { engine, written, derive: deriveOn(engine) };
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(input), ...Object.getOwnPropertyDescriptors(own) },
  ) as AttackInput & typeof own;
}

/** `AttackGraph.derive` by an engine. */
const deriveOn =
  ({ clauses, derive }: AttackEngine<StepLabel>): AttackGraph['derive'] =>
  (keys) =>
    derive(keys.map((key) => clauses.factId(key)).filter((id) => id !== undefined));
