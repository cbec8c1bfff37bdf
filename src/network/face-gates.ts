import { unknown } from '../model/index.js';
import type { FlowSet } from './flow-set.js';
import { doubtfulGate, type Gate, shutGate } from './gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES } from './ip-set.js';
import { ALL_PORTS } from './port-set.js';
import { gatewayOf } from './surroundings.js';
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

/** VPC Block Public Access, as far as it stops what comes in. */
export function publicAccessGates(world: World, subnet: Subnet, flows: FlowSet): Gate[] {
  const says = world.publicAccessBlock(subnet)?.says;
  if (says === undefined) return [];
  return ['fact' in says ? shutGate(says) : doubtfulGate(flows, says)];
}

/**
 * That the VPC has an internet gateway, which says that it takes what comes from the internet, though nothing is routed by it.
 * @param without what does not happen where it has none
 */
export function gatewayGates(world: World, face: Interface, flows: FlowSet, without: string): readonly Gate[] {
  const { region, vpc } = face;
  if (gatewayOf(world, vpc) !== undefined) return [];
  // Who has an interface in a shared subnet does not see the gateway of its owner.
  const account = world.subnets.get(face.subnet)?.account ?? world.vpcs.get(vpc)?.account ?? face.account;
  if (world.snapshot.coverage(account, region, 'ec2', 'DescribeInternetGateways') === 'answered')
    return [
      shutGate({
        asset: world.vpcs.get(vpc)?.arn ?? vpc,
        fact: `it has no internet gateway, without which ${without}`,
      }),
    ];
  return [doubtfulGate(flows, unknown(`internet gateway of ${vpc}`, 'whether it has one was not collected'))];
}

/** Opens no connections, whatever lets it. */
export const silence = (face: Interface): Gate[] =>
  face.isSilent === undefined ? stateGates(face) : [shutGate(face.isSilent)];
/** Takes no connections, whatever lets them through. */
export const refusal = (face: Interface): Gate[] =>
  face.refuses === undefined ? stateGates(face) : [shutGate(face.refuses)];

const stateGates = ({ unclear }: Interface): Gate[] =>
  unclear ? [doubtfulGate([{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: ALL_PORTS }], unclear)] : [];
