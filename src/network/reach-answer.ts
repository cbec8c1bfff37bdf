import { type Condition, groupBy, unknown } from '../model/index.js';
import type { Attempt } from './attempts.js';
import type { Endpoint } from './endpoints.js';
import { bySources, type FlowSet, intersectFlows, subtractFlows, uniteFlows } from './flow-set.js';
import { gradeOf } from './grade.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, countAddresses, describeIps, toCidrs, toSourceCidrs } from './ip-set.js';
import type { AllowedFlow, Blocker, ReachAnswer, ReachQuestion } from './network.js';
import { formatPorts } from './port-set.js';
import type { World } from './world.js';

/** All ways to a target, as one answer. */
export function answerOf(
  world: World,
  question: ReachQuestion,
  attempts: readonly Attempt[],
  target: Endpoint | undefined,
  fromInternet: boolean,
): ReachAnswer {
  const merged = target?.isOneOf === true ? agreeOnPlace(attempts, target) : attempts;
  const flows: { readonly flow: AllowedFlow; readonly isSure: boolean }[] = [];
  const conditions: Condition[] = [];
  const namedOnly: Blocker[] = [];
  let best: 'no' | 'maybe' | 'yes' = 'no';
  for (const { outcome, destination, evidence } of merged) {
    for (const [open, isSure] of [
      [outcome.sure, true],
      [outcome.maybe, false],
    ] as const) {
      for (const group of bySources(open)) {
        const grade = fromInternet
          ? gradeOf(world, group.sources, target?.ports === undefined ? group.ports : [])
          : undefined;
        const flow = {
          sources: fromInternet ? toSourceCidrs(group.sources, world.ownRanges) : toCidrs(group.sources),
          ...(grade && { grade }),
          addresses: countAddresses(group.sources),
          destination,
          ports: formatPorts(group.ports),
          via: outcome.via,
          evidence: [...evidence, ...outcome.evidence],
        };
        flows.push({ flow, isSure });
        if (grade === 'named' || grade === 'cloudfront') {
          const whom =
            grade === 'named' ? 'named addresses only' : 'CloudFront, which sends on HTTP requests of anybody,';
          namedOnly.push({
            asset: target?.asset ?? destination,
            fact: `${formatPorts(group.ports).join(', ')} is open to ${whom} (${describeIps(group.sources)}), not to the internet at large`,
          });
        } else if (isSure) best = 'yes';
        else if (best === 'no') best = 'maybe';
      }
      if (!isSure && open.length > 0) conditions.push(...outcome.conditions);
    }
  }
  const verdict =
    best === 'yes'
      ? 'yes'
      : best === 'no'
        ? 'no'
        : conditions.some((c) => c.operator === 'Known')
          ? 'unknown'
          : 'depends';
  return {
    from: question.from,
    to: question.to,
    verdict,
    // A clear answer lists what is sure; of what only may get through it tells the conditions.
    allowed: flows
      .filter(({ isSure }) => isSure || verdict === 'depends' || verdict === 'unknown')
      .map(({ flow }) => flow),
    blockedBy: verdict === 'no' ? dedupe([...namedOnly, ...merged.flatMap((a) => a.outcome.blockers)]) : [],
    conditions: dedupe(conditions),
  };
}

export function dedupe<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** The target is behind one interface of several, or one of each set of them: sure is what all of one set let through. */
export function agreeOnPlace(attempts: readonly Attempt[], target: Endpoint): Attempt[] {
  const places = groupBy(attempts, ({ face }) => face);
  const anywhere = (flows: FlowSet): FlowSet => flows.map((f) => ({ ...f, dst: ALL_ADDRESSES }));
  const sureAt = ({ id }: Interface): FlowSet =>
    (places.get(id) ?? []).reduce<FlowSet>((sum, a) => uniteFlows(sum, anywhere(a.outcome.sure)), []);
  const agreed = [...groupBy(target.interfaces, ({ among }) => among).values()]
    .map((faces) => faces.map(sureAt).reduce(intersectFlows))
    .reduce(uniteFlows);
  const which = unknown(
    `the subnet of ${target.asset}`,
    `it is in one of ${target.interfaces.map((f) => f.subnet).join(', ')}`,
  );
  return attempts.map((a) => {
    const sure = intersectFlows(a.outcome.sure, agreed);
    const maybe = subtractFlows(uniteFlows(a.outcome.sure, a.outcome.maybe), sure);
    return { ...a, outcome: { ...a.outcome, sure, maybe, conditions: [...a.outcome.conditions, which] } };
  });
}
