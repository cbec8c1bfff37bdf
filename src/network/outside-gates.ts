import { aclGate, answerGate } from './acl-gate.js';
import { crossingGates } from './crossings.js';
import { edgeGates } from './edge-gates.js';
import { missingSubnet, publicAccessGates, refusal } from './face-gates.js';
import { type FlowSet, flowSources } from './flow-set.js';
import type { Gate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES } from './ip-set.js';
import { lastAsset, lastFact, legGate, otherWayBack } from './leg-gate.js';
import type { Subnet } from './vpcs.js';
import { walk } from './walk.js';
import type { World } from './world.js';

/**
 * The gates between the internet and an interface's public address; `flows` go to its own address. The answer leaves by the route table of
 * the interface's own subnet, so one that leads elsewhere than to the internet gateway answers nobody.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
 * @param from whose packets they are, where they come from inside by way of the internet
 */
export function outsideGates(world: World, to: Interface, flows: FlowSet, family: 4 | 6, from?: Interface): Gate[] {
  const missing = missingSubnet(world, to, flows);
  if (missing !== undefined) return [...refusal(to), missing, groupGate(world, to, 'ingress', flows, [])];
  const subnet = world.subnets.get(to.subnet) as Subnet;
  const sources = flowSources(flows);
  const back = walk(world, { subnet, ips: sources, depth: 0 });
  return [
    ...refusal(to),
    ...publicAccessGates(world, subnet, flows),
    legGate(
      back,
      'src',
      flows,
      (leg) => {
        if (leg.end === 'internet') return 'yes';
        if (family === 6 && leg.end === 'vpc' && leg.vpc === from?.vpc) return otherWayBack(leg);
        const tail = 'the answer cannot go back the way the packet came; opening a group would change nothing';
        if (leg.end === 'nat')
          return { asset: lastAsset(leg), fact: `${lastFact(leg)}: a NAT gateway carries no connection in: ${tail}` };
        if (leg.end === 'outbound-only')
          return { asset: lastAsset(leg), fact: `${lastFact(leg)}: it lets nothing in: ${tail}` };
        return { asset: lastAsset(leg), fact: `${lastFact(leg)}: ${tail}` };
      },
      family === 4 ? '' : 'IPv6: ',
    ),
    ...edgeGates(world, back, 'dst', flows[0]?.dst ?? ALL_ADDRESSES, flows),
    aclGate(world, subnet.id, 'ingress', flows),
    groupGate(world, to, 'ingress', flows, []),
    answerGate(world, subnet.id, 'egress', flows, 'host'),
    // Answers may take a transit gateway and come back into the VPC before they leave it.
    ...crossingGates({ legs: back, side: 'src', end: subnet.id }, flows, (id, direction, some) =>
      answerGate(world, id, direction, some, 'host'),
    ),
  ];
}

/** The gates between a private address outside every collected network (behind a VPN, Direct Connect, an uncollected VPC) and an interface. */
export function privateOutsideGates(world: World, to: Interface, flows: FlowSet): Gate[] {
  const missing = missingSubnet(world, to, flows);
  if (missing !== undefined) return [...refusal(to), missing, groupGate(world, to, 'ingress', flows, [])];
  const subnet = world.subnets.get(to.subnet) as Subnet;
  const back = walk(world, { subnet, ips: flowSources(flows), depth: 0 });
  return [
    ...refusal(to),
    legGate(back, 'src', flows, (leg) =>
      leg.end === 'outside'
        ? 'yes'
        : { asset: lastAsset(leg), fact: `${lastFact(leg)}: no network outside has these addresses` },
    ),
    aclGate(world, subnet.id, 'ingress', flows),
    groupGate(world, to, 'ingress', flows, []),
    answerGate(world, subnet.id, 'egress', flows, 'host'),
  ];
}
