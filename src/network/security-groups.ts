import {
  field,
  isObject,
  type Json,
  type JsonObject,
  list,
  makeEc2Arn,
  number,
  objects,
  text,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { type IpSet, NO_ADDRESSES, parseIpSet } from './ip-set.js';
import {
  ALL_PORTS,
  ICMP,
  ICMPV6,
  icmp,
  type PortSet,
  portRange,
  protocolNumber,
  TCP,
  UDP,
  wholeProtocol,
} from './port-set.js';
import type { PrefixLists } from './prefix-lists.js';
import { indexById, recordsOf } from './snapshot-records.js';
import { readCidrs } from './vpcs.js';

/** One peer of one permission. */
export interface GroupRule {
  readonly ports: PortSet;
  /** Addresses it names; none for a reference to a group. */
  readonly ips: IpSet;
  /** The group it refers to. */
  readonly group?: string;
  /** As a person writes the peer: a CIDR, a prefix list, a group. */
  readonly peer: string;
  /** The rule alone, as AWS states and takes it. */
  readonly permission: JsonObject;
  /** Why it cannot be read or resolved; then it may let anything through within `ports`. */
  readonly unclear?: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly arn: string;
  readonly vpc: string;
  readonly name: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
  readonly source: string;
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
export function readSecurityGroups(snapshot: Snapshot, prefixLists: PrefixLists): Map<string, SecurityGroup> {
  return indexById(
    recordsOf(snapshot, 'ec2', 'DescribeSecurityGroups', 'SecurityGroups'),
    'GroupId',
    (id, { record, answer }) => {
      const account = text(field(record, 'OwnerId')) ?? answer.account;
      const read = (key: string): GroupRule[] =>
        objects(field(record, key)).flatMap((p) => readPermission(p, prefixLists));
      return {
        id,
        arn: makeEc2Arn(answer.region, account, 'security-group', id),
        vpc: text(field(record, 'VpcId')) ?? '',
        name: text(field(record, 'GroupName')) ?? '',
        ingress: read('IpPermissions'),
        egress: read('IpPermissionsEgress'),
        source: answer.source,
      };
    },
  );
}

function readPermission(permission: JsonObject, prefixLists: PrefixLists): GroupRule[] {
  const { ports, unclear } = permissionPorts(permission);
  const because = (why: string | undefined): { unclear?: string } =>
    unclear !== undefined ? { unclear } : why === undefined ? {} : { unclear: why };
  const rules: GroupRule[] = [];
  const alone = (key: string, peer: JsonObject): JsonObject => ({ ...withoutPeers(permission), [key]: [peer] });
  const addCidr = (cidr: string | undefined, permission: JsonObject): void => {
    const ips = cidr === undefined ? undefined : parseIpSet(cidr);
    const why = ips === undefined ? `the CIDR ${cidr ?? '(missing)'} cannot be read` : undefined;
    rules.push({
      ports,
      ips: ips ?? NO_ADDRESSES,
      peer: cidr ?? 'an unreadable CIDR',
      permission,
      ...because(why),
    });
  };
  for (const range of objects(field(permission, 'IpRanges')))
    addCidr(text(field(range, 'CidrIp')), alone('IpRanges', pick(range, 'CidrIp')));
  for (const range of objects(field(permission, 'Ipv6Ranges')))
    addCidr(text(field(range, 'CidrIpv6')), alone('Ipv6Ranges', pick(range, 'CidrIpv6')));
  for (const item of objects(field(permission, 'PrefixListIds'))) {
    const id = text(field(item, 'PrefixListId')) ?? '(missing)';
    const cidrs = prefixLists.get(id);
    const ips = cidrs === undefined ? undefined : readCidrs(cidrs);
    const why = ips === undefined ? `the entries of prefix list ${id} were not collected` : undefined;
    const only = alone('PrefixListIds', pick(item, 'PrefixListId'));
    rules.push({ ports, ips: ips ?? NO_ADDRESSES, peer: `prefix list ${id}`, permission: only, ...because(why) });
  }
  for (const pair of objects(field(permission, 'UserIdGroupPairs'))) {
    const group = text(field(pair, 'GroupId'));
    const why = group === undefined ? 'a reference to a group lacks its id' : undefined;
    rules.push({
      ports,
      ips: NO_ADDRESSES,
      peer: group ?? 'a group',
      permission: alone('UserIdGroupPairs', pick(pair, 'GroupId')),
      ...(group !== undefined && { group }),
      ...because(why),
    });
  }
  return rules;
}

const pick = (record: JsonObject, key: string): JsonObject => ({ [key]: field(record, key) });

const withoutPeers = (permission: JsonObject): JsonObject => ({
  ...pick(permission, 'IpProtocol'),
  ...(field(permission, 'FromPort') !== undefined && pick(permission, 'FromPort')),
  ...(field(permission, 'ToPort') !== undefined && pick(permission, 'ToPort')),
});

/** The ports of a permission; where they cannot be read, all that they might be, and why. */
function permissionPorts(permission: JsonObject): { ports: PortSet; unclear?: string } {
  const name = text(field(permission, 'IpProtocol')) ?? String(number(field(permission, 'IpProtocol')) ?? '');
  const protocol = protocolNumber(name);
  if (protocol === undefined) return { ports: ALL_PORTS, unclear: `the protocol "${name}" cannot be read` };
  if (protocol === -1) return { ports: ALL_PORTS };
  const from = number(field(permission, 'FromPort'));
  const to = number(field(permission, 'ToPort'));
  if (protocol === ICMP || protocol === ICMPV6) {
    if (from === undefined || from === -1) return { ports: wholeProtocol(protocol) };
    if (from < 0 || from > 255 || (to ?? -1) > 255)
      return { ports: wholeProtocol(protocol), unclear: `the ICMP type ${from} cannot be read` };
    return { ports: icmp(protocol, from, to === undefined || to < 0 ? undefined : to) };
  }
  if (protocol !== TCP && protocol !== UDP) return { ports: wholeProtocol(protocol) };
  if (from === -1 && to === -1) return { ports: wholeProtocol(protocol) };
  if (from === undefined || to === undefined || from < 0 || to > 65535 || from > to)
    return { ports: wholeProtocol(protocol), unclear: `the port range ${from ?? '?'}-${to ?? '?'} cannot be read` };
  return { ports: portRange(protocol, from, to) };
}

/** Ids in `[{GroupId}]`, or a plain list of ids. */
export function groupIds(value: Json | undefined): string[] {
  const ids: string[] = [];
  for (const item of list(value)) {
    const id = text(item) ?? (isObject(item) ? groupIdOf(item) : undefined);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

// No object inherits properties of these names.
const groupIdOf = ({ GroupId, VpcSecurityGroupId, SecurityGroupId }: JsonObject): string | undefined =>
  text(GroupId) ?? text(VpcSecurityGroupId) ?? text(SecurityGroupId);
