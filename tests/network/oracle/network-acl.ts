import { at, field, flag, number, objects, text } from '../../../src/model/index.js';
import { contains, parseCidr } from './addresses.js';
import { ICMP, ICMPV6, type Packet, protocolNumber, TCP, UDP } from './packet.js';
import { type Records, subnetVpc } from './records.js';

/**
 * Judges a packet that enters or leaves a subnet: rules in ascending order of number, the first that matches decides, and none
 * matching denies. The remote end is the packet's source on entering, its destination on leaving.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 * @returns the reason why it is denied, or `undefined` where it passes
 */
export function networkAclDenies(
  records: Records,
  subnetId: string,
  direction: 'in' | 'out',
  packet: Packet,
): string | undefined {
  const acl = networkAclOf(records, subnetId);
  if (!acl) return `${subnetId}: no network ACL is known`;
  const remote = direction === 'in' ? packet.source : packet.destination;
  const rules = objects(field(acl, 'Entries'))
    .filter((entry) => flag(field(entry, 'Egress')) === (direction === 'out'))
    .sort((a, b) => (number(field(a, 'RuleNumber')) ?? 0) - (number(field(b, 'RuleNumber')) ?? 0));
  for (const rule of rules) {
    const cidr = parseCidr(text(field(rule, 'CidrBlock')) ?? text(field(rule, 'Ipv6CidrBlock')) ?? '');
    if (!cidr || !contains(cidr, remote)) continue;
    const protocol = protocolNumber(text(field(rule, 'Protocol')) ?? '');
    if (protocol !== -1 && protocol !== packet.protocol) continue;
    if (protocol === TCP || protocol === UDP) {
      const from = number(at(rule, 'PortRange', 'From')) ?? 0;
      const to = number(at(rule, 'PortRange', 'To')) ?? 65535;
      if (packet.destinationPort < from || packet.destinationPort > to) continue;
    }
    if (protocol === ICMP || protocol === ICMPV6) {
      const type = number(at(rule, 'IcmpTypeCode', 'Type')) ?? -1;
      const code = number(at(rule, 'IcmpTypeCode', 'Code')) ?? -1;
      if (type !== -1 && type !== packet.destinationPort) continue;
      if (code !== -1 && code !== packet.sourcePort) continue;
    }
    if (text(field(rule, 'RuleAction')) === 'allow') return undefined;
    return `${text(field(acl, 'NetworkAclId'))} rule ${number(field(rule, 'RuleNumber'))} (${direction}) of ${subnetId}`;
  }
  return `${text(field(acl, 'NetworkAclId'))} (${direction}) of ${subnetId}: no rule matches`;
}

/** The subnet's associated ACL, otherwise the default one of its VPC. */
function networkAclOf(records: Records, subnetId: string): (typeof records.networkAcls)[number]['record'] | undefined {
  const associated = records.networkAcls.find(({ record }) =>
    objects(field(record, 'Associations')).some((a) => text(field(a, 'SubnetId')) === subnetId),
  );
  if (associated) return associated.record;
  const vpc = subnetVpc(records, subnetId);
  return records.networkAcls.find(
    ({ record }) => text(field(record, 'VpcId')) === vpc && flag(field(record, 'IsDefault')) === true,
  )?.record;
}
