import {
  at,
  type Condition,
  field,
  type JsonObject,
  list,
  makeArn,
  number,
  objects,
  text,
  unknown,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { ALL_ADDRESSES, hasIps, type IpSet, subtractIps } from './ip-set.js';
import { type PortSet, portRange, TCP, UDP, unitePorts } from './port-set.js';
import { type Found, keyedRecords, recordsOf } from './snapshot-records.js';
import { readCidrs } from './vpcs.js';

export interface BalancerTarget {
  /** An instance id, an address, a function's or another balancer's ARN. */
  readonly id: string;
  readonly port: number | undefined;
  /** e.g. `unhealthy`: noted, not a block. */
  readonly health: string;
}

export interface TargetGroup {
  readonly id: string;
  /** `instance`, `ip`, `lambda`, `alb`. */
  readonly kind: string;
  /** Targets see the client's own address. */
  readonly keepsClient: boolean;
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
  readonly kind: 'application' | 'network' | 'gateway' | 'classic';
  readonly isInternetFacing: boolean;
  readonly vpc: string;
  readonly groups: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly zones: readonly {
    readonly subnet: string;
    readonly publicIps: readonly string[];
    readonly privateIps: readonly string[];
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
const V1 = 'elastic-load-balancing';

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

const attributesOf = (snapshot: Snapshot, operation: string): Map<string, Map<string, string>> =>
  new Map(
    [...keyedRecords(snapshot, V2, operation)].map(([id, { record }]) => [
      id,
      new Map(
        objects(field(record, 'Attributes')).map((a) => [text(field(a, 'Key')) ?? '', text(field(a, 'Value')) ?? '']),
      ),
    ]),
  );

function readModern(snapshot: Snapshot, groups: Map<string, TargetGroup>): Balancer[] {
  const listeners = perResource(snapshot, 'DescribeListeners', 'Listeners', 'LoadBalancerArn');
  const rules = perResource(snapshot, 'DescribeRules', 'Rules', 'ListenerArn');
  const attributes = attributesOf(snapshot, 'DescribeLoadBalancerAttributes');
  const crossing = new Map<string, boolean | undefined>();
  const groupsBehind = readGroupsBehind(snapshot);
  const balancers = recordsOf(snapshot, V2, 'DescribeLoadBalancers', 'LoadBalancers').map(
    ({ record, answer }): Balancer => {
      const arn = text(field(record, 'LoadBalancerArn')) ?? '';
      const kind = (['network', 'gateway'] as const).find((k) => k === text(field(record, 'Type'))) ?? 'application';
      const stated = attributes.get(arn)?.get('load_balancing.cross_zone.enabled');
      const crosses = kind === 'application' ? true : stated === undefined ? undefined : stated === 'true';
      const mine = listeners.get(arn) ?? [];
      for (const id of mine.flatMap((l) => forwardedGroups(l.record, rules))) crossing.set(id, crosses);
      const whyUnclear =
        mine.length > 0 || snapshot.coverage(answer.account, answer.region, V2, 'DescribeListeners') === 'answered'
          ? undefined
          : unknown(`listeners of ${arn}`, 'its listeners were not collected');
      const behind = groupsBehind.get(arn) ?? [];
      return {
        arn,
        name: text(field(record, 'LoadBalancerName')) ?? '',
        kind,
        isInternetFacing: text(field(record, 'Scheme')) === 'internet-facing',
        vpc: text(field(record, 'VpcId')) ?? '',
        groups: list(field(record, 'SecurityGroups')).flatMap((g) => text(g) ?? []),
        account: answer.account,
        region: answer.region,
        zones: objects(field(record, 'AvailabilityZones')).map((zone) => ({
          subnet: text(field(zone, 'SubnetId')) ?? '',
          publicIps: objects(field(zone, 'LoadBalancerAddresses')).flatMap((a) => text(field(a, 'IpAddress')) ?? []),
          privateIps: objects(field(zone, 'LoadBalancerAddresses')).flatMap(
            (a) => text(field(a, 'PrivateIPv4Address')) ?? [],
          ),
        })),
        description: `ELB ${arn.split(':loadbalancer/').at(1) ?? ''}`,
        listeners: whyUnclear
          ? [unseenListener(kind, behind, whyUnclear, answer.source)]
          : mine.flatMap((l) => readListener(l, kind, rules, behind)),
        unclear: whyUnclear,
        source: answer.source,
      };
    },
  );
  readTargetGroups(snapshot, groups, crossing);
  for (const balancer of balancers)
    for (const { group } of balancer.listeners.flatMap((listener) => listener.forwards))
      if (!groups.has(group)) groups.set(group, unseenGroup(group, balancer));
  return balancers;
}

/** The target groups that say of themselves that a balancer forwards to them. */
function readGroupsBehind(snapshot: Snapshot): Map<string, string[]> {
  const behind = new Map<string, string[]>();
  for (const { record } of recordsOf(snapshot, V2, 'DescribeTargetGroups', 'TargetGroups')) {
    const id = text(field(record, 'TargetGroupArn'));
    if (id === undefined) continue;
    for (const arn of list(field(record, 'LoadBalancerArns')).flatMap((item) => text(item) ?? []))
      behind.set(arn, [...(behind.get(arn) ?? []), id]);
  }
  return behind;
}

const ANY_TCP = portRange(TCP, 0, 65_535);
const ANY_TCP_OR_UDP = unitePorts(ANY_TCP, portRange(UDP, 0, 65_535));

/** In place of listeners that were not collected: on some port, to any group behind the balancer. */
const unseenListener = (
  kind: Balancer['kind'],
  behind: readonly string[],
  why: Condition,
  source: string,
): Listener => ({
  label: '(not collected)',
  ports: kind === 'application' ? ANY_TCP : ANY_TCP_OR_UDP,
  answersItself: false,
  forwards: behind.map((group) => ({ group, clients: ALL_ADDRESSES, conditions: [why] })),
  source,
});

/** In place of a group that a listener names and that was not collected. */
const unseenGroup = (id: string, { kind, source }: Balancer): TargetGroup => ({
  id,
  kind: 'instance',
  keepsClient: kind === 'network',
  crossesZones: true,
  targets: undefined,
  port: undefined,
  unclear: unknown(`targets of ${id}`, 'the target group was not collected'),
  source,
});

const forwardArns = (action: JsonObject): string[] => {
  const weighted = objects(at(action, 'ForwardConfig', 'TargetGroups')).filter((g) => field(g, 'Weight') !== 0);
  const arns = weighted.flatMap((g) => text(field(g, 'TargetGroupArn')) ?? []);
  return arns.length > 0 ? arns : [text(field(action, 'TargetGroupArn'))].filter((arn) => arn !== undefined);
};

function forwardedGroups(listener: JsonObject, rules: ReadonlyMap<string, Found[]>): string[] {
  const more = rules.get(text(field(listener, 'ListenerArn')) ?? '') ?? [];
  return [
    ...objects(field(listener, 'DefaultActions')),
    ...more.flatMap((r) => objects(field(r.record, 'Actions'))),
  ].flatMap(forwardArns);
}

function readListener(
  { record, answer }: Found,
  kind: Balancer['kind'],
  rules: ReadonlyMap<string, Found[]>,
  behind: readonly string[],
): Listener[] {
  const port = number(field(record, 'Port'));
  if (port === undefined || port < 0 || port > 65535) return [];
  const protocol = text(field(record, 'Protocol')) ?? 'TCP';
  const ports =
    protocol === 'UDP' || protocol === 'QUIC'
      ? portRange(UDP, port, port)
      : protocol.startsWith('TCP_')
        ? unitePorts(portRange(TCP, port, port), portRange(UDP, port, port))
        : portRange(TCP, port, port);
  const certificate: Condition[] =
    text(at(record, 'MutualAuthentication', 'Mode')) === 'verify'
      ? [{ key: 'client certificate', operator: 'Is', values: ['trusted by the listener'] }]
      : [];
  const arn = text(field(record, 'ListenerArn')) ?? '';
  const mine = rules.get(arn);
  const forwards = readRules(mine?.map((r) => r.record) ?? [], objects(field(record, 'DefaultActions')));
  // An application balancer's listener has at least its default rule: without an answer there may be others.
  if (kind === 'application' && mine === undefined) {
    const why = unknown(`rules of ${arn}`, 'the rules of the listener were not collected');
    for (const group of behind)
      if (!forwards.some((forward) => forward.group === group))
        forwards.push({ group, clients: ALL_ADDRESSES, conditions: [why] });
  }
  return [
    {
      label: `${port}`,
      ports,
      answersItself: kind === 'application' || protocol === 'TLS',
      forwards: forwards.map((f) => ({ ...f, conditions: [...f.conditions, ...certificate] })),
      source: answer.source,
    },
  ];
}

/**
 * Rules in the order of their priority; the default actions last. A rule that takes every request hides what follows. What a client
 * chooses freely (host, path, header) is no obstacle.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
function readRules(rules: readonly JsonObject[], defaults: readonly JsonObject[]): Forward[] {
  const priority = (rule: JsonObject): number => Number(text(field(rule, 'Priority')) ?? 'NaN');
  const ordered = rules.filter((r) => Number.isFinite(priority(r))).sort((a, b) => priority(a) - priority(b));
  const ruleDefault = rules.find((r) => text(field(r, 'Priority')) === 'default');
  const last = ruleDefault === undefined ? defaults : objects(field(ruleDefault, 'Actions'));
  const forwards: Forward[] = [];
  let clients: IpSet = ALL_ADDRESSES;
  for (const { actions, conditions } of [
    ...ordered.map((r) => ({ actions: objects(field(r, 'Actions')), conditions: objects(field(r, 'Conditions')) })),
    { actions: last, conditions: [] },
  ]) {
    if (!hasIps(clients)) break;
    const addresses = conditions.filter((c) => text(field(c, 'Field')) === 'source-ip');
    const others = conditions.filter((c) => text(field(c, 'Field')) !== 'source-ip' && !takesAll(c));
    const from =
      addresses.length === 0
        ? ALL_ADDRESSES
        : readCidrs(addresses.flatMap((c) => list(at(c, 'SourceIpConfig', 'Values') ?? field(c, 'Values')).map(text)));
    forwards.push(...readActions(actions, from, clients));
    if (others.length === 0) clients = subtractIps(clients, from);
  }
  return forwards;
}

const takesAll = (condition: JsonObject): boolean => {
  const values = ['PathPatternConfig', 'HostHeaderConfig'].flatMap((key) => list(at(condition, key, 'Values')));
  return [...values, ...list(field(condition, 'Values'))].some(
    (v) => v === '*' || (v === '/*' && text(field(condition, 'Field')) === 'path-pattern'),
  );
};

function readActions(actions: readonly JsonObject[], from: IpSet, left: IpSet): Forward[] {
  const clients = subtractIps(from, subtractIps(ALL_ADDRESSES, left));
  const login = actions
    .map((a) => text(field(a, 'Type')) ?? '')
    .filter((type) => type.startsWith('authenticate-') || type === 'jwt-validation');
  const conditions: Condition[] = login.map((type) => ({
    key: 'authentication at the load balancer',
    operator: 'Is',
    values: [type],
  }));
  return actions
    .filter((a) => text(field(a, 'Type')) === 'forward')
    .flatMap((a) => forwardArns(a).map((group) => ({ group, clients, conditions })));
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation */
function readTargetGroups(
  snapshot: Snapshot,
  groups: Map<string, TargetGroup>,
  crossing: ReadonlyMap<string, boolean | undefined>,
): void {
  const attributes = attributesOf(snapshot, 'DescribeTargetGroupAttributes');
  const health = new Map(keyedRecords(snapshot, V2, 'DescribeTargetHealth'));
  for (const { record, answer } of recordsOf(snapshot, V2, 'DescribeTargetGroups', 'TargetGroups')) {
    const id = text(field(record, 'TargetGroupArn')) ?? '';
    const kind = text(field(record, 'TargetType')) ?? 'instance';
    const protocol = text(field(record, 'Protocol')) ?? '';
    const stated = attributes.get(id)?.get('preserve_client_ip.enabled');
    const byNature =
      ['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC', 'GENEVE'].includes(protocol) ||
      kind === 'alb' ||
      (kind === 'instance' && ['TCP', 'TLS'].includes(protocol));
    const zones = attributes.get(id)?.get('load_balancing.cross_zone.enabled');
    const port = number(field(record, 'Port'));
    const seen = health.get(id);
    groups.set(id, {
      id,
      kind,
      keepsClient: stated === undefined ? byNature : stated === 'true',
      crossesZones: zones === 'true' ? true : zones === 'false' ? false : crossing.get(id),
      targets:
        seen === undefined
          ? undefined
          : objects(field(seen.record, 'TargetHealthDescriptions')).flatMap((item) => {
              const target = text(at(item, 'Target', 'Id'));
              if (target === undefined) return [];
              return [
                {
                  id: target,
                  port: number(at(item, 'Target', 'Port')) ?? port,
                  health: text(at(item, 'TargetHealth', 'State')) ?? 'unknown',
                },
              ];
            }),
      port,
      unclear: unknown(`targets of ${id}`, 'its registered targets were not collected'),
      source: seen?.answer.source ?? answer.source,
    });
  }
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html */
function readClassic(snapshot: Snapshot, groups: Map<string, TargetGroup>): Balancer[] {
  const attributes = new Map(keyedRecords(snapshot, V1, 'DescribeLoadBalancerAttributes'));
  const states = new Map(keyedRecords(snapshot, V1, 'DescribeInstanceHealth'));
  return recordsOf(snapshot, V1, 'DescribeLoadBalancers', 'LoadBalancerDescriptions').map(
    ({ record, answer }): Balancer => {
      const name = text(field(record, 'LoadBalancerName')) ?? '';
      const arn = makeArn('elasticloadbalancing', answer.region, answer.account, `loadbalancer/${name}`);
      const crosses = at(attributes.get(name)?.record, 'LoadBalancerAttributes', 'CrossZoneLoadBalancing', 'Enabled');
      const healthOf = new Map(
        objects(field(states.get(name)?.record, 'InstanceStates')).map((s) => [
          text(field(s, 'InstanceId')) ?? '',
          text(field(s, 'State')) ?? '',
        ]),
      );
      const listeners = objects(field(record, 'ListenerDescriptions')).flatMap((d): Listener[] => {
        const port = number(at(d, 'Listener', 'LoadBalancerPort'));
        const inside = number(at(d, 'Listener', 'InstancePort'));
        if (port === undefined) return [];
        const group = `${arn}#${port}`;
        groups.set(group, {
          id: group,
          kind: 'instance',
          keepsClient: false,
          crossesZones: typeof crosses === 'boolean' ? crosses : undefined,
          targets: objects(field(record, 'Instances')).flatMap((i) => {
            const id = text(field(i, 'InstanceId'));
            return id === undefined
              ? []
              : [{ id, port: inside, health: healthOf.get(id) === 'OutOfService' ? 'unhealthy' : 'healthy' }];
          }),
          port: inside,
          unclear: unknown(`targets of ${name}`, 'its registered instances were not collected'),
          source: answer.source,
        });
        return [
          {
            label: `${port}`,
            ports: portRange(TCP, port, port),
            answersItself: true,
            forwards: [{ group, clients: ALL_ADDRESSES, conditions: [] }],
            source: answer.source,
          },
        ];
      });
      return {
        arn,
        name,
        kind: 'classic',
        isInternetFacing: text(field(record, 'Scheme')) === 'internet-facing',
        vpc: text(field(record, 'VPCId')) ?? '',
        groups: list(field(record, 'SecurityGroups')).flatMap((g) => text(g) ?? []),
        account: answer.account,
        region: answer.region,
        zones: list(field(record, 'Subnets')).map((s) => ({ subnet: text(s) ?? '', publicIps: [], privateIps: [] })),
        description: `ELB ${name}`,
        listeners,
        unclear: undefined,
        source: answer.source,
      };
    },
  );
}
