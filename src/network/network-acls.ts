import { field, flag, type JsonObject, makeEc2Arn, number, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { ALL_ADDRESSES, containsIps, type IpSet, NO_ADDRESSES, parseIpSet } from './ip-set.js';
import {
  ALL_PORTS,
  ICMP,
  ICMPV6,
  icmp,
  type PortSet,
  portRange,
  protocolNumber,
  subtractPorts,
  TCP,
  UDP,
  wholeProtocol,
} from './port-set.js';
import { recordsOf } from './snapshot-records.js';

export interface AclRule {
  readonly number: number;
  readonly allow: boolean;
  readonly ips: IpSet;
  readonly ports: PortSet;
  /** e.g. `rule 100 allows tcp/22 from 0.0.0.0/0`. */
  readonly words: string;
  readonly unclear?: string;
}

export interface NetworkAcl {
  readonly id: string;
  readonly arn: string;
  /** In the order of their numbers. */
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
  readonly source: string;
}

export interface NetworkAcls {
  readonly bySubnet: ReadonlyMap<string, NetworkAcl>;
  readonly defaultByVpc: ReadonlyMap<string, NetworkAcl>;
}

/** Whether a rule lets everything through that comes from, or goes to, some addresses. */
export const letsThrough = ({ allow, unclear, ips, ports }: AclRule, addresses: IpSet): boolean =>
  allow && unclear === undefined && subtractPorts(ALL_PORTS, ports).length === 0 && containsIps(ips, addresses);

/** Whether a network ACL stops nothing of a family of addresses, in either direction: the first rule about them leaves nothing to the others. */
export const letsAllThrough = ({ ingress, egress }: NetworkAcl, family: 4 | 6): boolean =>
  [ingress, egress].every((rules) => {
    const first = rules.find(({ ips, unclear }) => unclear !== undefined || ips[`v${family}`].length > 0);
    return first !== undefined && letsThrough(first, ALL_OF[family]);
  });

const ALL_OF: { readonly [family in 4 | 6]: IpSet } = {
  4: { ...NO_ADDRESSES, v4: ALL_ADDRESSES.v4 },
  6: { ...NO_ADDRESSES, v6: ALL_ADDRESSES.v6 },
};

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html */
export function readNetworkAcls(snapshot: Snapshot): NetworkAcls {
  const bySubnet = new Map<string, NetworkAcl>();
  const defaultByVpc = new Map<string, NetworkAcl>();
  for (const { record, answer } of recordsOf(snapshot, 'ec2', 'DescribeNetworkAcls', 'NetworkAcls')) {
    const id = text(field(record, 'NetworkAclId'));
    if (id === undefined) continue;
    const entries = objects(field(record, 'Entries'));
    const acl: NetworkAcl = {
      id,
      arn: makeEc2Arn(answer.region, text(field(record, 'OwnerId')) ?? answer.account, 'network-acl', id),
      ingress: readRules(entries, false),
      egress: readRules(entries, true),
      source: answer.source,
    };
    for (const association of objects(field(record, 'Associations'))) {
      const subnet = text(field(association, 'SubnetId'));
      if (subnet !== undefined) bySubnet.set(subnet, acl);
    }
    const vpc = text(field(record, 'VpcId'));
    if (vpc !== undefined && flag(field(record, 'IsDefault')) === true) defaultByVpc.set(vpc, acl);
  }
  return { bySubnet, defaultByVpc };
}

function readRules(entries: readonly JsonObject[], egress: boolean): AclRule[] {
  return entries
    .filter((entry) => (flag(field(entry, 'Egress')) ?? false) === egress)
    .map((entry) => readRule(entry, egress))
    .sort((a, b) => a.number - b.number);
}

function readRule(entry: JsonObject, egress: boolean): AclRule {
  const ruleNumber = number(field(entry, 'RuleNumber')) ?? 32767;
  const action = text(field(entry, 'RuleAction'))?.toLowerCase();
  const cidr = text(field(entry, 'CidrBlock')) ?? text(field(entry, 'Ipv6CidrBlock'));
  const ips = cidr === undefined ? undefined : parseIpSet(cidr);
  const { ports, words, unclear } = entryPorts(entry);
  const why =
    unclear ??
    (ips === undefined ? `its CIDR ${cidr ?? '(missing)'} cannot be read` : undefined) ??
    (action !== 'allow' && action !== 'deny' ? 'its action cannot be read' : undefined);
  const name = ruleNumber >= 32767 ? 'the final rule *' : `rule ${ruleNumber}`;
  return {
    number: ruleNumber,
    allow: action === 'allow',
    ips: ips ?? NO_ADDRESSES,
    ports,
    words: `${egress ? 'outbound' : 'inbound'} ${name} ${action === 'allow' ? 'allows' : 'denies'} ${words} ${egress ? 'to' : 'from'} ${cidr ?? '?'}`,
    ...(why !== undefined && { unclear: why }),
  };
}

function entryPorts(entry: JsonObject): { ports: PortSet; words: string; unclear?: string } {
  const name = text(field(entry, 'Protocol')) ?? String(number(field(entry, 'Protocol')) ?? '');
  const protocol = protocolNumber(name);
  if (protocol === undefined)
    return { ports: ALL_PORTS, words: name, unclear: `its protocol "${name}" cannot be read` };
  if (protocol === -1) return { ports: ALL_PORTS, words: 'all traffic' };
  const label =
    protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : protocol === ICMP ? 'icmp' : `protocol ${protocol}`;
  if (protocol === ICMP || protocol === ICMPV6) {
    const typeCode = field(entry, 'IcmpTypeCode');
    const type = number(field(typeCode, 'Type'));
    const code = number(field(typeCode, 'Code'));
    const any = type === undefined || type < 0;
    if (!any && (type > 255 || (code ?? 0) > 255))
      return { ports: wholeProtocol(protocol), words: label, unclear: 'its ICMP type cannot be read' };
    const ports = icmp(protocol, any ? undefined : type, code === undefined || code < 0 ? undefined : code);
    return { ports, words: any ? label : `${label} type ${type}` };
  }
  if (protocol !== TCP && protocol !== UDP) return { ports: wholeProtocol(protocol), words: label };
  const from = number(at2(entry, 'From'));
  const to = number(at2(entry, 'To'));
  if (from === undefined && to === undefined) return { ports: wholeProtocol(protocol), words: label };
  if (from === undefined || to === undefined || from < 0 || to > 65535 || from > to)
    return {
      ports: wholeProtocol(protocol),
      words: label,
      unclear: `its port range ${from ?? '?'}-${to ?? '?'} cannot be read`,
    };
  return { ports: portRange(protocol, from, to), words: from === to ? `${label}/${from}` : `${label}/${from}-${to}` };
}

const at2 = (entry: JsonObject, key: string): ReturnType<typeof field> => field(field(entry, 'PortRange'), key);
