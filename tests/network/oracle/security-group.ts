import { field, type JsonObject, number, objects, text } from '../../../src/model/index.js';
import { type Address, contained, contains, parseCidr } from './addresses.js';
import { ICMP, ICMPV6, type Packet, protocolNumber, TCP, UDP } from './packet.js';
import type { Records } from './records.js';

/**
 * Whether some rule of some of the groups allows the packet; rules only ever allow, and all groups of an interface are taken
 * together. The remote end is known by its address and by the groups that a rule may name.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function groupsAllow(
  records: Records,
  groups: readonly string[],
  direction: 'in' | 'out',
  packet: Packet,
  remoteGroups: readonly string[],
): 'yes' | 'no' | 'undetermined' {
  const remote = direction === 'in' ? packet.source : packet.destination;
  let doubt = false;
  for (const groupId of groups) {
    const group = records.securityGroups.get(groupId)?.record;
    if (!group) {
      doubt = true;
      continue;
    }
    for (const rule of objects(field(group, direction === 'in' ? 'IpPermissions' : 'IpPermissionsEgress'))) {
      if (!serviceMatches(rule, packet)) continue;
      const verdict = peerMatches(records, rule, remote, remoteGroups);
      if (verdict === 'yes') return 'yes';
      if (verdict === 'undetermined') doubt = true;
    }
  }
  return doubt ? 'undetermined' : 'no';
}

function serviceMatches(rule: JsonObject, packet: Packet): boolean {
  const protocol = protocolNumber(text(field(rule, 'IpProtocol')) ?? '');
  if (protocol === -1) return true;
  if (protocol !== packet.protocol) return false;
  const from = number(field(rule, 'FromPort'));
  const to = number(field(rule, 'ToPort'));
  if (protocol === TCP || protocol === UDP) {
    return (from ?? 0) <= packet.destinationPort && packet.destinationPort <= (to ?? 65535);
  }
  if (protocol === ICMP || protocol === ICMPV6) {
    const typeFits = from === undefined || from === -1 || from === packet.destinationPort;
    const codeFits = to === undefined || to === -1 || to === packet.sourcePort;
    return typeFits && codeFits;
  }
  return true;
}

function peerMatches(
  records: Records,
  rule: JsonObject,
  remote: Address,
  remoteGroups: readonly string[],
): 'yes' | 'no' | 'undetermined' {
  const ranges = [
    ...objects(field(rule, 'IpRanges')).map((range) => text(field(range, 'CidrIp')) ?? ''),
    ...objects(field(rule, 'Ipv6Ranges')).map((range) => text(field(range, 'CidrIpv6')) ?? ''),
  ];
  for (const range of ranges) {
    const cidr = parseCidr(range);
    if (cidr && contains(cidr, remote)) return 'yes';
  }
  for (const pair of objects(field(rule, 'UserIdGroupPairs'))) {
    if (remoteGroups.includes(text(field(pair, 'GroupId')) ?? '')) return 'yes';
  }
  let doubt = false;
  for (const reference of objects(field(rule, 'PrefixListIds'))) {
    const entries = records.prefixLists.get(text(field(reference, 'PrefixListId')) ?? '');
    if (!entries) doubt = true;
    else if (contained(entries, remote)) return 'yes';
  }
  return doubt ? 'undetermined' : 'no';
}
