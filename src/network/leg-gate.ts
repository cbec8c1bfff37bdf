import { type Condition, unknown } from '../model/index.js';
import { toward } from './crossings.js';
import { type FlowSet, intersectFlows } from './flow-set.js';
import type { Gate, Pass } from './gate.js';
import type { Leg } from './leg.js';
import type { Blocker } from './network.js';

/** Turns legs into a gate: those that `judge` accepts let their part of the flows through, on their own conditions and on its. */
export function legGate(
  legs: readonly Leg[],
  side: 'src' | 'dst',
  flows: FlowSet,
  judge: (leg: Leg) => 'yes' | Blocker | Condition,
  prefix = '',
): Gate {
  const passes: Pass[] = [];
  const blockers: Blocker[] = [];
  for (const leg of legs) {
    const { condition, doubt, evidence, via } = leg;
    const here = intersectFlows(flows, toward(leg.ips, side));
    if (here.length === 0) continue;
    const stated = [condition, doubt].filter((one) => one !== undefined);
    const pass = (conditions: readonly Condition[], known = evidence) =>
      passes.push({ flows: here, conditions, evidence: known, via });
    if (leg.end === 'unknown' && condition !== undefined) pass(stated, []);
    else if (leg.blocker !== undefined) blockers.push({ ...leg.blocker, fact: prefix + leg.blocker.fact });
    else {
      const verdict = judge(leg);
      if (verdict === 'yes') pass(stated);
      else if ('operator' in verdict) pass([...stated, verdict]);
      else if (doubt) pass(stated, []);
      else blockers.push({ ...verdict, fact: prefix + verdict.fact });
    }
  }
  return { passes, blockers };
}

export const lastFact = (leg: Leg): string => leg.evidence[0]?.fact ?? 'the route leads elsewhere';
export const lastAsset = (leg: Leg): string => leg.evidence[0]?.asset ?? leg.via[0] ?? '';

/** IPv6 addresses are the same inside and on the internet, so an answer may take the other way; whether it arrives is not followed. */
export const otherWayBack = (leg: Leg): Condition =>
  unknown('the way back', `${lastFact(leg)}: the answer takes another way than the question`);
