import { type Condition, field, text, unknown } from '../model/index.js';
import { hasIps, intersectIps, type IpSet, parseIpSet } from './ip-set.js';
import type { Blocker } from './network.js';
import { recordsOf } from './snapshot-records.js';
import type { World } from './world.js';

/** Who takes what is sent to addresses that no interface of the snapshot holds: nobody, or whoever it is. */
export function unseenHolder(world: World, ips: IpSet): Blocker | Condition | undefined {
  const isAsked = (own: IpSet | undefined): boolean => own !== undefined && hasIps(intersectIps(own, ips));
  for (const { id, arn, publicIps } of world.gateways.nat.values())
    if (isAsked(publicIps))
      return {
        asset: arn,
        fact: `${id} has the address, and a NAT gateway takes no connections: it only carries answers`,
      };
  for (const { record } of recordsOf(world.snapshot, 'ec2', 'DescribeAddresses', 'Addresses')) {
    const face = text(field(record, 'NetworkInterfaceId'));
    const address = text(field(record, 'PublicIp')) ?? '';
    if (face !== undefined && !world.interfaces.has(face) && isAsked(parseIpSet(address)))
      return unknown(`who holds ${address}`, `its interface ${face} was not collected`);
  }
  return undefined;
}
