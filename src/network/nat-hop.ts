import { aclGate, answerGate, type ClientPorts } from './acl-gate.js';
import { type FlowSet, fromAnywhere, intersectFlows, subtractFlows } from './flow-set.js';
import { combineGates, type Gate } from './gate.js';
import type { NatGateway } from './gateways.js';
import type { Interface } from './interfaces.js';
import { countAddresses, toCidrs } from './ip-set.js';
import type { World } from './world.js';

/** The NAT gateway as who connects on: it is in no group. `undefined` where which address it sends as is not known. */
export const senderOf = (nat: NatGateway): Interface | undefined =>
  countAddresses(nat.privateIps) !== 1
    ? undefined
    : {
        id: nat.id,
        arn: nat.arn,
        asset: nat.arn,
        kind: 'nat_gateway',
        account: '',
        region: '',
        vpc: nat.vpc,
        subnet: nat.subnet,
        groups: [],
        addresses: [{ ips: nat.privateIps, family: 4, text: toCidrs(nat.privateIps).join() }],
        deviceIndex: 0,
        description: '',
        isRequesterManaged: true,
        source: nat.source,
      };

/**
 * What comes through a NAT gateway of the asker's VPC, of flows that go by it: to the gateway, past the network ACLs of both subnets, and on from it as
 * from a host of its own.
 * @param onward the gates from the gateway to the target, for flows that it sends
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html#private-nat-allowed-range
 */
export function natHop(
  world: World,
  from: Interface,
  nat: NatGateway,
  { flows, clients }: { readonly flows: FlowSet; readonly clients: ClientPorts },
  onward: (flows: FlowSet) => readonly Gate[],
): Gate {
  const sent = flows.map((flow) => ({ ...flow, src: nat.privateIps }));
  const second = combineGates(sent, onward(sent));
  const back = (some: FlowSet): FlowSet => intersectFlows(flows, fromAnywhere(some));
  const sure = back(second.sure);
  const hop: Gate = {
    passes: [
      { flows: sure, conditions: [], evidence: second.evidence, via: [nat.arn, ...second.via] },
      { flows: subtractFlows(back(second.maybe), sure), conditions: second.conditions, evidence: [], via: [] },
    ].filter((pass) => pass.flows.length > 0),
    blockers: second.blockers,
  };
  const to =
    from.subnet === nat.subnet
      ? []
      : [
          aclGate(world, nat.subnet, 'ingress', flows),
          answerGate(world, nat.subnet, 'egress', flows, clients),
          answerGate(world, from.subnet, 'ingress', flows, clients),
        ];
  const whole = combineGates(flows, [...to, hop]);
  return {
    passes: [
      { flows: whole.sure, conditions: [], evidence: whole.evidence, via: whole.via },
      { flows: whole.maybe, conditions: whole.conditions, evidence: whole.evidence, via: whole.via },
    ].filter((pass) => pass.flows.length > 0),
    blockers: whole.blockers,
  };
}
