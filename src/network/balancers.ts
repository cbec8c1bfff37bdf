import { type Condition, field, list, objects, text, unknown } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { readClassic } from './classic-balancers.js';
import type { IpSet } from './ip-set.js';
import { forwardedGroups, readListener, unseenListener } from './listener-rules.js';
import type { PortSet } from './port-set.js';
import { type Found, isAnswered, keyedRecords, recordsOf, wasRefused } from './snapshot-records.js';
import { attributesOf, readGroupsBehind, readTargetGroups, unseenGroup } from './target-groups.js';
import { unlistedBalancers } from './unlisted-balancers.js';

export interface BalancerTarget {
  /** An instance id, an address, a function's or another balancer's ARN. */
  readonly id: string;
  readonly port: number | undefined;
  /** e.g. `unhealthy`: noted, not a block. */
  readonly health: string;
}

export interface TargetGroup {
  readonly id: string;
  /** `instance`, `ip`, `lambda`, `alb`; `undefined` where it was not collected. */
  readonly kind: string | undefined;
  /** Targets see the client's own address; a condition where that is not known. */
  readonly keepsClient: boolean | Condition;
  /** `undefined` where it is not known. */
  readonly crossesZones: boolean | undefined;
  /** `undefined` where they were not collected: see `unclear`. */
  readonly targets: readonly BalancerTarget[] | undefined;
  /** Where a target takes what is not said otherwise; `undefined`: any port. */
  readonly port: number | undefined;
  /** Why `targets` is not known. */
  readonly unclear: Condition;
  readonly source: string;
}

/** One way on from a listener. */
export interface Forward {
  readonly group: string;
  /** Clients that it is for. */
  readonly clients: IpSet;
  readonly conditions: readonly Condition[];
}

export interface Listener {
  readonly arn?: string;
  /** Its port, in words. */
  readonly label: string;
  readonly ports: PortSet;
  /** The balancer answers the connection itself (as opposed to passing packets on). */
  readonly answersItself: boolean;
  readonly forwards: readonly Forward[];
  readonly source: string;
}

export interface Balancer {
  readonly arn: string;
  readonly name: string;
  /** In lower case. */
  readonly dnsName: string;
  readonly kind: 'application' | 'network' | 'gateway' | 'classic';
  readonly isInternetFacing: boolean;
  /** Which addresses its nodes take connections at. */
  readonly families: 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';
  /** Nothing comes to its IPv6 addresses by an internet gateway; a condition where that is not known. */
  readonly keepsIpv6Private: boolean | Condition;
  readonly vpc: string;
  readonly groups: readonly string[];
  /** Its groups are asked about what comes by an endpoint service; a condition where that is not known. */
  readonly guardsPrivateLink: boolean | Condition;
  readonly account: string;
  readonly region: string;
  readonly zones: readonly {
    readonly subnet: string;
    readonly publicIps: readonly string[];
    readonly privateIps: readonly string[];
    readonly ipv6: readonly string[];
  }[];
  /** What its interfaces are described as. */
  readonly description: string;
  readonly listeners: readonly Listener[];
  /** Why listeners may be missing. */
  readonly unclear: Condition | undefined;
  readonly source: string;
}

export interface Balancers {
  readonly balancers: readonly Balancer[];
  /** Every group that a listener names, those that were not collected too. */
  readonly groups: ReadonlyMap<string, TargetGroup>;
}

const V2 = 'elastic-load-balancing-v2';

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html */
export function readBalancers(snapshot: Snapshot): Balancers {
  const groups = new Map<string, TargetGroup>();
  const modern = readModern(snapshot, groups);
  const classic = readClassic(snapshot, groups);
  return { balancers: [...modern, ...classic], groups };
}

/** Records of an operation that is called once a resource, whether the file is keyed by resource or holds one plain list. */
function perResource(snapshot: Snapshot, operation: string, key: string, ownerKey: string): Map<string, Found[]> {
  const byOwner = new Map<string, Found[]>();
  const push = (owner: string, found: Found): void => {
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), found]);
  };
  for (const answer of snapshot.answers(V2, operation)) {
    for (const record of objects(field(answer.body, key)))
      push(text(field(record, ownerKey)) ?? '', { record, answer });
  }
  for (const [owner, { record, answer }] of keyedRecords(snapshot, V2, operation))
    for (const item of objects(field(record, key))) push(owner, { record: item, answer });
  return byOwner;
}

function readModern(snapshot: Snapshot, groups: Map<string, TargetGroup>): Balancer[] {
  const listeners = perResource(snapshot, 'DescribeListeners', 'Listeners', 'LoadBalancerArn');
  const rules = perResource(snapshot, 'DescribeRules', 'Rules', 'ListenerArn');
  const attributes = attributesOf(snapshot, 'DescribeLoadBalancerAttributes');
  const crossing = new Map<string, boolean | undefined>();
  const groupsBehind = readGroupsBehind(snapshot);
  const listed = recordsOf(snapshot, V2, 'DescribeLoadBalancers', 'LoadBalancers');
  const unlisted = unlistedBalancers(snapshot);
  const isUnlisted = new Set(unlisted);
  const balancers = [...listed, ...unlisted].map((found): Balancer => {
    const { record, answer } = found;
    const arn = text(field(record, 'LoadBalancerArn')) ?? '';
    const kind = (['network', 'gateway'] as const).find((k) => k === text(field(record, 'Type'))) ?? 'application';
    const stated = attributes.get(arn)?.get('load_balancing.cross_zone.enabled');
    const crosses = kind === 'application' ? true : stated === undefined ? undefined : stated === 'true';
    const denied = attributes.get(arn)?.get('ipv6.deny_all_igw_traffic');
    const isInternetFacing = text(field(record, 'Scheme')) === 'internet-facing';
    const mine = listeners.get(arn) ?? [];
    for (const id of mine.flatMap((l) => forwardedGroups(l.record, rules))) crossing.set(id, crosses);
    const refusesRules = (listener: string): boolean => wasRefused(snapshot, answer, V2, 'DescribeRules', listener);
    const whyUnclear =
      mine.length > 0 || isAnswered(snapshot, answer, V2, 'DescribeListeners', arn)
        ? undefined
        : unknown(`listeners of ${arn}`, 'its listeners were not collected');
    const doubts = isUnlisted.has(found)
      ? [unknown(`load balancers (${answer.account} ${answer.region} ${V2})`, 'DescribeLoadBalancers was not answered')]
      : [];
    const areGroupsListed = snapshot.coverage(answer.account, answer.region, V2, 'DescribeTargetGroups') === 'answered';
    const behind = [...(groupsBehind.get(arn) ?? []), ...(areGroupsListed ? [] : [`target groups of ${arn}`])];
    return {
      arn,
      name: text(field(record, 'LoadBalancerName')) ?? '',
      dnsName: (text(field(record, 'DNSName')) ?? '').toLowerCase(),
      kind,
      isInternetFacing,
      keepsIpv6Private:
        denied !== undefined
          ? denied === 'true'
          : isInternetFacing || attributes.has(arn)
            ? !isInternetFacing
            : unknown(`ipv6.deny_all_igw_traffic of ${arn}`, 'its attributes were not collected'),
      families:
        (['dualstack', 'dualstack-without-public-ipv4'] as const).find(
          (f) => f === text(field(record, 'IpAddressType')),
        ) ?? 'ipv4',
      vpc: text(field(record, 'VpcId')) ?? '',
      groups: list(field(record, 'SecurityGroups')).flatMap((g) => text(g) ?? []),
      guardsPrivateLink: isUnlisted.has(found)
        ? unknown(
            `groups of ${arn}`,
            'whether they are asked about what comes by an endpoint service was not collected',
          )
        : text(field(record, 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic')) !== 'off',
      account: answer.account,
      region: answer.region,
      zones: objects(field(record, 'AvailabilityZones')).map((zone) => ({
        subnet: text(field(zone, 'SubnetId')) ?? '',
        publicIps: objects(field(zone, 'LoadBalancerAddresses')).flatMap((a) => text(field(a, 'IpAddress')) ?? []),
        privateIps: objects(field(zone, 'LoadBalancerAddresses')).flatMap(
          (a) => text(field(a, 'PrivateIPv4Address')) ?? [],
        ),
        ipv6: objects(field(zone, 'LoadBalancerAddresses')).flatMap((a) => text(field(a, 'IPv6Address')) ?? []),
      })),
      description: `ELB ${arn.split(':loadbalancer/').at(1) ?? ''}`,
      listeners: (whyUnclear
        ? [unseenListener(kind, behind, whyUnclear, answer.source)]
        : mine.flatMap((l) => readListener(l, kind, rules, behind, refusesRules))
      ).map((listener) => ({
        ...listener,
        forwards: listener.forwards.map((f) => ({ ...f, conditions: [...f.conditions, ...doubts] })),
      })),
      unclear: whyUnclear,
      source: answer.source,
    };
  });
  readTargetGroups(snapshot, groups, crossing);
  for (const balancer of balancers)
    for (const { group } of balancer.listeners.flatMap((listener) => listener.forwards))
      if (!groups.has(group)) groups.set(group, unseenGroup(group, balancer));
  return balancers;
}
