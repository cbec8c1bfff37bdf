import { unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import type { Attempt } from './attempts.js';
import { silence } from './face-gates.js';
import type { FlowSet } from './flow-set.js';
import { combineGates } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Address, Interface } from './interfaces.js';
import { describeIps, type IpSet, inNat64 } from './ip-set.js';
import { legGate } from './leg-gate.js';
import type { PortSet } from './port-set.js';
import { walk } from './walk.js';
import type { World } from './world.js';

/**
 * The way of an IPv6 address to IPv4 addresses by a NAT gateway that translates, where routes lead there: to whatever the gateway itself reaches, which is not
 * followed.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
 */
export function byNat64(
  world: World,
  from: Interface,
  source: Pick<Address, 'ips' | 'family'>,
  to: IpSet,
  ports: PortSet,
): readonly Attempt[] {
  const subnet = world.subnets.get(from.subnet);
  const dst = inNat64(to);
  if (subnet === undefined || source.family !== 6 || dst.v6.length === 0) return [];
  const legs = walk(world, { subnet, ips: dst, depth: 0 }).filter(({ end }) => end === 'nat');
  if (legs.length === 0) return [];
  const flows: FlowSet = [{ src: source.ips, dst, ports }];
  const outcome = combineGates(flows, [
    ...silence(from),
    groupGate(world, from, 'egress', flows, []),
    aclGate(world, subnet.id, 'egress', flows),
    legGate(legs, 'dst', flows, ({ nat }) =>
      unknown(
        `the way on from ${nat?.id}`,
        `what it reaches for ${describeIps(source.ips)}, which it translates, is not followed`,
      ),
    ),
    answerGate(world, subnet.id, 'ingress', flows, 'host'),
  ]);
  return [{ outcome, destination: describeIps(to), face: from.id, evidence: [] }];
}
