import type { Condition, Evidence } from '../model/index.js';
import { type FlowSet, intersectFlows, NO_FLOWS, subtractFlows, uniteFlows } from './flow-set.js';
import type { Blocker } from './network.js';

/** Flows that a gate lets through, with what says so. */
export interface Pass {
  readonly flows: FlowSet;
  /** They pass only if these hold; none: they pass. */
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly via?: readonly string[];
}

/** One thing on the way that lets flows through or stops them, asked about the whole question, whatever other gates say. */
export interface Gate {
  readonly passes: readonly Pass[];
  /** What stops the rest. */
  readonly blockers: readonly Blocker[];
}

/** What all gates together let through. */
export interface Outcome {
  readonly sure: FlowSet;
  /** Flows that pass if the conditions hold; disjoint from `sure`. */
  readonly maybe: FlowSet;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly via: readonly string[];
  /** Where nothing passes: all that stops it. */
  readonly blockers: readonly Blocker[];
}

export const openGate = (flows: FlowSet, evidence: readonly Evidence[] = [], via: readonly string[] = []): Gate => ({
  passes: [{ flows, conditions: [], evidence, via }],
  blockers: [],
});
export const shutGate = (...blockers: readonly Blocker[]): Gate => ({ passes: [], blockers });
export const doubtfulGate = (flows: FlowSet, ...conditions: readonly Condition[]): Gate => ({
  passes: [{ flows, conditions, evidence: [] }],
  blockers: [],
});

/** A gate that some flows pass by. */
export const besides = ({ passes, blockers }: Gate, others: FlowSet): Gate => ({
  passes: others.length === 0 ? passes : [...passes, ...openGate(others).passes],
  blockers,
});

/** A gate in whose place another one is asked about some flows. */
export function apartFrom(gate: Gate, flows: FlowSet, other: Gate): Gate {
  if (flows.length === 0) return gate;
  const own = gate.passes.map((pass) => ({ ...pass, flows: subtractFlows(pass.flows, flows) }));
  return {
    passes: [...own, ...other.passes].filter((pass) => pass.flows.length > 0),
    blockers: [...gate.blockers, ...other.blockers],
  };
}

const all = (passes: readonly Pass[]): FlowSet =>
  passes.reduce<FlowSet>((sum, p) => uniteFlows(sum, p.flows), NO_FLOWS);

/** What passes every gate. Every gate is asked, so that `blockers` names all that would have to change. */
export function combineGates(question: FlowSet, gates: readonly Gate[]): Outcome {
  let possible = question;
  let sure = question;
  const shut: Blocker[] = [];
  const partly: Blocker[] = [];
  for (const gate of gates) {
    const here = all(gate.passes);
    if (here.length === 0) shut.push(...gate.blockers);
    else partly.push(...gate.blockers);
    const isSure = gate.passes.every((p) => p.conditions.length === 0);
    const isAsPossible = isSure && sure === possible;
    possible = intersectFlows(possible, here);
    if (isAsPossible) sure = possible;
    else sure = intersectFlows(sure, isSure ? here : all(gate.passes.filter((p) => p.conditions.length === 0)));
  }
  if (possible.length === 0) {
    return {
      sure: NO_FLOWS,
      maybe: NO_FLOWS,
      conditions: [],
      evidence: [],
      via: [],
      blockers: shut.length > 0 ? shut : partly,
    };
  }
  const maybe = sure === possible ? NO_FLOWS : subtractFlows(possible, sure);
  // What is possible lies in what each gate lets through, so a gate's only pass was used.
  const used = gates.map(({ passes }) =>
    passes.length === 1 ? passes : passes.filter((p) => intersectFlows(p.flows, possible).length > 0),
  );
  return {
    sure,
    maybe,
    conditions:
      maybe.length === 0
        ? []
        : used.flatMap((passes) =>
            passes
              .filter((p) => p.conditions.length > 0 && intersectFlows(p.flows, maybe).length > 0)
              .flatMap((p) => p.conditions),
          ),
    evidence: used.flatMap((passes) => passes.flatMap((p) => p.evidence)),
    via: [...new Set(used.flatMap((passes) => passes.flatMap((p) => p.via ?? [])))],
    blockers: [],
  };
}
