import { type Condition, type Evidence, unknown } from '../model/index.js';
import type { FaceClass } from './face-classes.js';
import { hasIps, intersectIps } from './ip-set.js';
import type { GroupSharing } from './leg.js';
import { ALL_PORTS, formatPorts, type PortSet, unitePorts } from './port-set.js';
import type { World } from './world.js';

/** Ports that pass surely, and ports that pass under conditions. */
export interface PortVerdict {
  readonly sure: PortSet;
  readonly maybe: PortSet;
  readonly conditions: readonly Condition[];
  readonly evidence?: readonly Evidence[];
}

const OPEN: PortVerdict = { sure: ALL_PORTS, maybe: [], conditions: [] };

/** What the groups of one class let through from (`ingress`) or to (`egress`) another: `groupGate` for a pair of single addresses. */
export function groupPorts(
  world: World,
  of: FaceClass,
  direction: 'ingress' | 'egress',
  peer: FaceClass,
  sharing: GroupSharing,
): PortVerdict {
  const { groups } = of.face;
  if (groups === undefined || groups.length === 0) {
    if (['network_load_balancer', 'gateway_load_balancer'].includes(of.face.kind)) return OPEN;
    return {
      sure: [],
      maybe: ALL_PORTS,
      conditions: [unknown(`security groups of ${of.face.arn}`, 'no security group is stated for it')],
    };
  }
  let sure: PortSet = [];
  let maybe: PortSet = [];
  const conditions: Condition[] = [];
  const evidence: Evidence[] = [];
  const peerGroups = sharing === false ? [] : (peer.face.groups ?? []);
  for (const id of groups) {
    const group = world.groups.get(id);
    if (group === undefined) {
      maybe = ALL_PORTS;
      conditions.push(unknown(`security group ${id}`, `${id} was not collected`));
      continue;
    }
    for (const rule of group[direction]) {
      const isNamed = rule.group !== undefined && peerGroups.includes(rule.group);
      if (rule.unclear !== undefined) {
        maybe = unitePorts(maybe, rule.ports);
        conditions.push(unknown(`security group ${id}`, rule.unclear));
      } else if (isNamed && typeof sharing === 'object') {
        maybe = unitePorts(maybe, rule.ports);
        conditions.push(sharing);
      } else if (isNamed || (hasIps(rule.ips) && hasIps(intersectIps(rule.ips, peer.address.ips)))) {
        if (direction === 'egress' && sure.length === 0 && rule.ports === ALL_PORTS) return OPEN;
        sure = unitePorts(sure, rule.ports);
        if (direction === 'ingress')
          evidence.push({
            asset: group.arn,
            fact: `${id} allows ${formatPorts(rule.ports).join(', ')} from ${rule.peer}`,
            source: group.source,
          });
      }
    }
  }
  return { sure, maybe, conditions, evidence };
}
