import { unknown } from '../model/index.js';
import { type Box, type FlowSet, intersectFlows } from './flow-set.js';
import { doubtfulGate, type Gate, openGate, type Pass } from './gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, hasIps } from './ip-set.js';
import type { GroupSharing } from './leg.js';
import { formatPorts } from './port-set.js';
import type { World } from './world.js';

/** Interfaces that have no security groups by their nature. */
const WITHOUT_GROUPS = new Set([
  'network_load_balancer',
  'gateway_load_balancer',
  'nat_gateway',
  'natGateway',
  'transit_gateway',
]);

/** What a security group is asked about. */
export interface Guarded {
  readonly arn: string;
  readonly kind: string;
  readonly groups: readonly string[] | undefined;
}

/** Whether gates say nothing of an interface itself: all that is asked about (its subnet, its groups) was collected, and it refuses nothing. */
export const isNameless = (world: World, face: Interface): boolean =>
  face.refuses === undefined &&
  face.isSilent === undefined &&
  face.unclear === undefined &&
  world.subnets.has(face.subnet) &&
  face.groups !== undefined &&
  face.groups.length > 0 &&
  face.groups.every((id) => world.groups.has(id));

/**
 * The security groups of an interface, for connections opened to it (`ingress`) or by it (`egress`). Answers pass by themselves.
 * @param peerGroups groups of the other end that rules can name: those of an interface that is seen by its private address in
 *   the same VPC, a peered one of the same region, or by a transit gateway that shares groups
 * @param sharing whether rules can name them on the way
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 */
export function groupGate(
  world: World,
  guarded: Guarded,
  direction: 'ingress' | 'egress',
  flows: FlowSet,
  peerGroups: readonly string[],
  sharing: GroupSharing = true,
): Gate {
  if (guarded.groups === undefined)
    return doubtfulGate(flows, unknown(`security groups of ${guarded.arn}`, 'its security groups were not collected'));
  if (guarded.groups.length === 0) {
    return WITHOUT_GROUPS.has(guarded.kind)
      ? openGate(flows)
      : doubtfulGate(flows, unknown(`security groups of ${guarded.arn}`, 'no security group is stated for it'));
  }
  const passes: Pass[] = [];
  for (const id of guarded.groups) {
    const group = world.groups.get(id);
    if (group === undefined) {
      passes.push({ flows, conditions: [unknown(`security group ${id}`, `${id} was not collected`)], evidence: [] });
      continue;
    }
    for (const rule of group[direction]) {
      const named = sharing !== false && rule.group !== undefined && peerGroups.includes(rule.group);
      const ips = named || rule.unclear !== undefined ? ALL_ADDRESSES : rule.ips;
      if (!hasIps(ips)) continue;
      const box: Box = {
        src: direction === 'ingress' ? ips : ALL_ADDRESSES,
        dst: direction === 'egress' ? ips : ALL_ADDRESSES,
        ports: rule.ports,
      };
      const passed = intersectFlows(flows, [box]);
      if (passed.length === 0) continue;
      const fact = `${id} allows ${formatPorts(rule.ports).join(', ')} ${direction === 'ingress' ? 'from' : 'to'} ${rule.peer}`;
      passes.push(
        rule.unclear === undefined
          ? {
              flows: passed,
              conditions: named && sharing !== true ? [sharing] : [],
              evidence: [
                {
                  asset: group.arn,
                  fact,
                  source: group.source,
                  stated: { kind: 'group-rule', direction, permission: rule.permission },
                },
              ],
            }
          : { flows: passed, conditions: [unknown(`security group ${id}`, rule.unclear)], evidence: [] },
      );
    }
  }
  const names = guarded.groups.join(', ');
  const fact = `no ${direction === 'ingress' ? 'inbound' : 'outbound'} rule of ${guarded.groups.length > 1 ? 'groups' : 'group'} ${names} lets it ${direction === 'ingress' ? 'in' : 'out'}`;
  return { passes, blockers: [{ asset: world.groups.get(guarded.groups[0] as string)?.arn ?? guarded.arn, fact }] };
}
