import { field, groupBy, isObject, type JsonObject, makeArn, objects, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { type Found, recordsOf } from './snapshot-records.js';

const V2 = 'elastic-load-balancing-v2';

/** `app/web/50dc6c495c0c9188`, as interfaces of balancers and the ARNs of balancers end. */
const NAME = /^(app|net|gwy)\/([^/]+)\/[0-9a-f]+$/;

const TYPES = new Map([
  ['app', 'application'],
  ['net', 'network'],
  ['gwy', 'gateway'],
]);

/**
 * Balancers that interfaces name, in places where balancers were not listed, put together from these: they have the subnets, the groups and, where the
 * balancer faces the internet, public addresses.
 */
export function unlistedBalancers(snapshot: Snapshot): readonly Found[] {
  const isListed = new Set(
    recordsOf(snapshot, V2, 'DescribeLoadBalancers', 'LoadBalancers').map(({ record }) =>
      text(field(record, 'LoadBalancerArn')),
    ),
  );
  const faces = recordsOf(snapshot, 'ec2', 'DescribeNetworkInterfaces', 'NetworkInterfaces').flatMap((found) => {
    const [path, kind = '', name = ''] = NAME.exec((text(field(found.record, 'Description')) ?? '').slice(4)) ?? [];
    const { account, region } = found.answer;
    if (path === undefined || snapshot.coverage(account, region, V2, 'DescribeLoadBalancers') === 'answered') return [];
    const owner = text(field(found.record, 'OwnerId')) ?? account;
    return [{ arn: makeArn('elasticloadbalancing', region, owner, `loadbalancer/${path}`), kind, name, found }];
  });
  return [...groupBy(faces, ({ arn }) => arn)].flatMap(([arn, own]) => {
    const [first] = own;
    if (first === undefined || isListed.has(arn)) return [];
    const records = own.map(({ found }) => found.record);
    return [{ record: recordOf(arn, first.name, TYPES.get(first.kind) ?? '', records), answer: first.found.answer }];
  });
}

function recordOf(arn: string, name: string, type: string, faces: readonly JsonObject[]): JsonObject {
  const isPublic = faces.some((face) =>
    [face, ...objects(field(face, 'PrivateIpAddresses'))].some((one) => isObject(field(one, 'Association'))),
  );
  const isDual = faces.some((face) => objects(field(face, 'Ipv6Addresses')).length > 0);
  return {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    Type: type,
    Scheme: isPublic ? 'internet-facing' : 'internal',
    IpAddressType: isDual ? 'dualstack' : 'ipv4',
    VpcId: field(faces[0], 'VpcId') ?? '',
    SecurityGroups: objects(field(faces[0], 'Groups')).flatMap((group) => text(field(group, 'GroupId')) ?? []),
    AvailabilityZones: faces.map((face) => ({ SubnetId: field(face, 'SubnetId') ?? '' })),
  };
}
