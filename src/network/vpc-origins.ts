import {
  at,
  type Condition,
  field,
  groupKeyed,
  isObject,
  type JsonObject,
  objects,
  onceFor,
  onceForBoth,
  text,
  unknown,
} from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import { type Distribution, least, type Origin, portsAsked, readDistribution } from './distributions.js';
import { ORIGIN_PORTS } from './grade.js';
import { type PortSet, portRange, subtractPorts, TCP, unitePorts } from './port-set.js';
import { indexById, keyedRecords } from './snapshot-records.js';

/** A distribution and where it was listed. */
export interface FoundDistribution {
  readonly distribution: Distribution;
  readonly account: string;
  readonly source: string;
}

/** A load balancer or instance in a VPC that requests come to by a VPC origin of CloudFront. */
export interface PrivateOrigin {
  /** `undefined`: one that was not listed may send there. */
  readonly distribution: FoundDistribution | undefined;
  readonly vpcOrigin: string;
  readonly name: string;
  /** The ARN of the balancer or instance. */
  readonly endpoint: string;
  /** It is asked at its IPv6 addresses too. */
  readonly isDual: boolean;
  readonly ports: PortSet;
  readonly conditions: readonly Condition[];
  readonly source: string;
}

const SERVICE = 'cloudfront';

/** What CloudFront lists, each with the answer that lists it. */
const listed = (snapshot: Snapshot, operation: string, name: string): { record: JsonObject; answer: Answer }[] =>
  snapshot
    .answers(SERVICE, operation)
    .flatMap((answer) => objects(at(answer.body, name, 'Items')).map((record) => ({ record, answer })));

/** All distributions that take requests. */
export const readDistributions = onceFor((snapshot: Snapshot): readonly FoundDistribution[] =>
  listed(snapshot, 'ListDistributions', 'DistributionList').flatMap(({ record, answer: { account, source } }) => {
    const distribution = readDistribution(record);
    return distribution ? [{ distribution, account, source }] : [];
  }),
);

/** VPC origins of an account that its distributions, or others, name where they were not listed. */
export const unlistedOrigins = onceForBoth(
  (snapshot: Snapshot, account: string): readonly Pick<PrivateOrigin, 'vpcOrigin' | 'name' | 'source'>[] =>
    snapshot.coverage(account, 'global', SERVICE, 'ListVpcOrigins') === 'answered'
      ? []
      : readDistributions(snapshot).flatMap(({ distribution: { arn, origins }, account: own, source }) =>
          origins.flatMap(({ record }) => {
            const named = field(record, 'VpcOriginConfig');
            if (!isObject(named) || (text(field(named, 'OwnerAccountId')) ?? own) !== account) return [];
            const id = text(field(named, 'VpcOriginId')) ?? '';
            return [{ vpcOrigin: `${arn.split('::')[0]}::${account}:vpcorigin/${id}`, name: id, source }];
          }),
        ),
);

/** Whether an account may have VPC origins that were not listed: not where none of its distributions names one. */
export const mayServeUnseen = (snapshot: Snapshot, account: string): boolean =>
  snapshot.coverage(account, 'global', SERVICE, 'ListVpcOrigins') !== 'answered' &&
  (snapshot.coverage(account, 'global', SERVICE, 'ListDistributions') !== 'answered' ||
    unlistedOrigins(snapshot, account).length > 0);

/**
 * What VPC origins lead to. One that no distribution names is of use to other accounts alone: with whom it is shared is not collected.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
export function readPrivateOrigins(snapshot: Snapshot): readonly PrivateOrigin[] {
  const configs = new Map(
    [...keyedRecords(snapshot, SERVICE, 'GetVpcOrigin')].map(([id, { record }]) => [
      id,
      at(record, 'VpcOrigin', 'VpcOriginEndpointConfig'),
    ]),
  );
  const vpcOrigins = indexById(
    listed(snapshot, 'ListVpcOrigins', 'VpcOriginList'),
    'Id',
    (id, { record, answer }) => ({ id, record, answer, config: configs.get(id) }),
    'AccountId',
  );
  const distributions = vpcOrigins.size === 0 ? [] : readDistributions(snapshot);
  const users = groupKeyed(
    distributions.flatMap((by) => by.distribution.origins.map((origin) => ({ by, origin }))),
    ({ origin: { record, behaviors } }) =>
      behaviors.length === 0 ? undefined : text(at(record, 'VpcOriginConfig', 'VpcOriginId')),
  );
  return [...vpcOrigins.values()].flatMap(({ id, record, answer, config }): readonly PrivateOrigin[] => {
    const arn = text(field(record, 'Arn')) ?? '';
    const owner = text(field(record, 'AccountId')) ?? answer.account;
    const common = {
      vpcOrigin: arn,
      name: text(field(record, 'Name')) ?? id,
      endpoint: text(field(record, 'OriginEndpointArn')) ?? '',
      isDual: text(field(record, 'IpAddressType')) === 'dualstack',
      source: answer.source,
    };
    const state = text(field(record, 'Status')) ?? '';
    const own: readonly Condition[] = [
      ...(state === 'Deployed' ? [] : [{ key: `state of ${arn}`, operator: 'Is', values: ['Deployed'] }]),
      ...(config === undefined ? [unknown(`ports of ${arn}`, 'on which ones it asks was not collected')] : []),
    ];
    const asked = (behaviors: Origin['behaviors']): readonly Pick<PrivateOrigin, 'ports' | 'conditions'>[] =>
      config === undefined
        ? [{ ports: ORIGIN_PORTS, conditions: least(behaviors) }]
        : portsAsked(config, behaviors).map(({ ports, conditions }) => ({ ports: tcpPorts(ports), conditions }));
    const found = users.get(id) ?? [];
    if (found.length > 0)
      return freest(
        found.flatMap(({ by, origin: { behaviors } }) =>
          asked(behaviors).map(({ ports, conditions }) => ({
            ...common,
            distribution: by,
            ports,
            conditions: [...own, ...by.distribution.conditions, ...conditions],
          })),
        ),
      );
    const unseen =
      snapshot.coverage(owner, 'global', SERVICE, 'ListDistributions') === 'answered'
        ? 'whether one of another account, with which it is shared, sends there was not collected'
        : 'whether one sends there was not collected';
    const conditions = [...own, unknown(`distributions that ask ${arn}`, unseen)];
    return asked(ANY_VIEWER).map(({ ports }) => ({ ...common, distribution: undefined, ports, conditions }));
  });
}

const tcpPorts = (ports: readonly number[]): PortSet =>
  ports.reduce<PortSet>((sum, port) => unitePorts(sum, portRange(TCP, port, port)), []);

/** Of ways to one endpoint, on each port those without conditions where there are any. */
function freest(ways: readonly PrivateOrigin[]): readonly PrivateOrigin[] {
  const isFree = ({ conditions }: PrivateOrigin): boolean => conditions.length === 0;
  const free = ways.filter(isFree).reduce<PortSet>((sum, { ports }) => unitePorts(sum, ports), []);
  return ways
    .map((way) => (isFree(way) ? way : { ...way, ports: subtractPorts(way.ports, free) }))
    .filter(({ ports }) => ports.length > 0);
}

const ANY_VIEWER: Origin['behaviors'] = [
  { pattern: '*', isSigned: false, takesPlainHttp: true, methods: [], conditions: [] },
];
