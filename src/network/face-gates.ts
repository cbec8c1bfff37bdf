import { unknown } from '../model/index.js';
import type { FlowSet } from './flow-set.js';
import { doubtfulGate, type Gate, shutGate } from './gate.js';
import type { Interface } from './interfaces.js';
import type { Subnet } from './vpcs.js';
import type { World } from './world.js';

/** What stands for everything about an interface whose subnet was not collected. */
export const missingSubnet = (world: World, face: Interface, flows: FlowSet): Gate | undefined =>
  world.subnets.has(face.subnet)
    ? undefined
    : doubtfulGate(
        flows,
        unknown(`subnet ${face.subnet || 'of ' + face.arn}`, `subnet ${face.subnet} was not collected`),
      );

/** VPC Block Public Access, and the doubt where its settings were refused. */
export function publicAccessGates(world: World, subnet: Subnet, flows: FlowSet): Gate[] {
  const block = world.publicAccessBlock(subnet);
  const { account, region } = subnet;
  const isRefused = world.snapshot.coverage(account, region, 'ec2', 'DescribeVpcBlockPublicAccessOptions') === 'gap';
  return [
    ...(block === undefined ? [] : [shutGate({ asset: subnet.arn, fact: block.fact })]),
    ...(isRefused ? [doubtfulGate(flows, unknown('VPC Block Public Access', 'its settings could not be read'))] : []),
  ];
}

/** Opens no connections, whatever lets it. */
export const silence = (face: Interface): Gate[] => (face.isSilent === undefined ? [] : [shutGate(face.isSilent)]);
/** Takes no connections, whatever lets them through. */
export const refusal = (face: Interface): Gate[] => (face.refuses === undefined ? [] : [shutGate(face.refuses)]);
