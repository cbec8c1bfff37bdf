import {
  at,
  field,
  flag,
  groupBy,
  type JsonObject,
  makeArn,
  number,
  objects,
  text,
  texts,
  unknown,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { groupsOf, type Managed, requesterMarks, subnetsNamed, tcp } from './managed-thing.js';
import { type Found, recordsOf } from './snapshot-records.js';
import type { Subnet } from './vpcs.js';

const subnetGroup = (record: JsonObject): string[] =>
  objects(at(record, 'DBSubnetGroup', 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []);

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.IP_addressing */
const families = (record: JsonObject): Pick<Managed, 'isDual' | 'keepsIpv6Private'> => ({
  isDual: text(field(record, 'NetworkType')) === 'DUAL',
  keepsIpv6Private: true,
});

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html */
export function databases(snapshot: Snapshot, subnets: ReadonlyMap<string, Subnet>): Managed[] {
  return recordsOf(snapshot, 'rds', 'DescribeDBInstances', 'DBInstances').map(({ record, answer }) => {
    const name = text(field(record, 'DBInstanceIdentifier')) ?? '';
    const zones = [text(field(record, 'AvailabilityZone')), text(field(record, 'SecondaryAvailabilityZone'))].filter(
      (z) => z !== undefined,
    );
    const listed = subnetGroup(record);
    const inZone = listed.filter((id) => zones.includes(subnets.get(id)?.zoneName ?? ''));
    const groups = groupsOf(record);
    return {
      asset: text(field(record, 'DBInstanceArn')) ?? makeArn('rds', answer.region, answer.account, `db:${name}`),
      type: 'rds:db-instance',
      subnets: inZone.length > 0 ? inZone : listed,
      spansAll: false,
      vpc: text(at(record, 'DBSubnetGroup', 'VpcId')),
      groups,
      isPublic: flag(field(record, 'PubliclyAccessible')) ?? false,
      ...families(record),
      ports: tcp(number(at(record, 'Endpoint', 'Port')) ?? number(field(record, 'DbInstancePort'))),
      state: text(field(record, 'DBInstanceStatus')) ?? 'available',
      marks: requesterMarks('RDSNetworkInterface', listed, groups),
      source: answer.source,
    };
  });
}

/** A cluster is reached at its instances; it is judged over the same subnets and groups. */
export function clusters(snapshot: Snapshot): Managed[] {
  const groupSubnets = new Map<string, string[]>();
  for (const { record, answer } of recordsOf(snapshot, 'rds', 'DescribeDBSubnetGroups', 'DBSubnetGroups'))
    groupSubnets.set(
      `${answer.account}/${answer.region}/${text(field(record, 'DBSubnetGroupName')) ?? ''}`,
      objects(field(record, 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []),
    );
  const membersOf = readMembers(snapshot);
  return recordsOf(snapshot, 'rds', 'DescribeDBClusters', 'DBClusters').map(({ record, answer }) => {
    const name = text(field(record, 'DBClusterIdentifier')) ?? '';
    const group = text(field(record, 'DBSubnetGroup')) ?? '';
    const members = membersOf({ record, answer });
    const named = groupSubnets.get(`${answer.account}/${answer.region}/${group}`);
    const subnets = subnetsNamed(group, named ?? members[0]?.subnets);
    const groups = groupsOf(record);
    const asset =
      text(field(record, 'DBClusterArn')) ?? makeArn('rds', answer.region, answer.account, `cluster:${name}`);
    return {
      asset,
      type: 'rds:db-cluster',
      subnets,
      spansAll: false,
      groups,
      ...publicityOf(snapshot, { record, answer }, asset, members),
      ...families(record),
      ports: tcp(number(field(record, 'Port'))),
      state: text(field(record, 'Status')) ?? 'available',
      marks: requesterMarks('RDSNetworkInterface', subnets, groups),
      source: answer.source,
    };
  });
}

/** What an instance of a cluster says of itself. */
interface Member {
  readonly name: string;
  readonly isPublic: boolean;
  readonly subnets: readonly string[];
}

/** The instances of clusters that were collected. */
function readMembers(snapshot: Snapshot): (cluster: Found) => readonly Member[] {
  const keyOf = ({ record, answer }: Found): string =>
    `${answer.account}/${answer.region}/${text(field(record, 'DBClusterIdentifier')) ?? ''}`;
  const instances = recordsOf(snapshot, 'rds', 'DescribeDBInstances', 'DBInstances');
  const byCluster = groupBy(
    instances.filter(({ record }) => text(field(record, 'DBClusterIdentifier')) !== undefined),
    keyOf,
  );
  return (cluster) =>
    (byCluster.get(keyOf(cluster)) ?? []).map(({ record }) => ({
      name: text(field(record, 'DBInstanceIdentifier')) ?? '',
      isPublic: flag(field(record, 'PubliclyAccessible')) === true,
      subnets: subnetGroup(record),
    }));
}

/**
 * A Multi-AZ cluster says itself whether it is public, an Aurora cluster by its instances, each of which has a setting of its own.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Connecting.html
 */
function publicityOf(
  snapshot: Snapshot,
  { record, answer }: Found,
  asset: string,
  members: readonly Member[],
): Pick<Managed, 'isPublic' | 'isMixed' | 'publicIf'> {
  const stated = flag(field(record, 'PubliclyAccessible'));
  if (stated !== undefined) return { isPublic: stated };
  const seen = new Set(members.map(({ name }) => name));
  const unseen = objects(field(record, 'DBClusterMembers'))
    .flatMap((member) => text(field(member, 'DBInstanceIdentifier')) ?? [])
    .filter((name) => !seen.has(name));
  if (members.some(({ isPublic }) => isPublic))
    return { isPublic: true, isMixed: unseen.length > 0 || members.some(({ isPublic }) => !isPublic) };
  const isAnswered = snapshot.coverage(answer.account, answer.region, 'rds', 'DescribeDBInstances') === 'answered';
  if (isAnswered && unseen.length === 0) return { isPublic: false };
  const missing = unseen.length > 0 ? `instances ${unseen.join(', ')} of it were` : 'its instances were';
  const why = `whether an instance of it is public is not known: ${missing} not collected (rds/DescribeDBInstances)`;
  return { isPublic: false, publicIf: unknown(`the public address of ${asset}`, why) };
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-network-prereqs.html */
export function proxies(snapshot: Snapshot): Managed[] {
  const ports = new Map([
    ['MYSQL', 3306],
    ['POSTGRESQL', 5432],
    ['SQLSERVER', 1433],
  ]);
  return recordsOf(snapshot, 'rds', 'DescribeDBProxies', 'DBProxies').map(({ record, answer }) => ({
    asset:
      text(field(record, 'DBProxyArn')) ??
      makeArn('rds', answer.region, answer.account, `db-proxy:${text(field(record, 'DBProxyName')) ?? ''}`),
    type: 'rds:db-proxy',
    subnets: texts(field(record, 'VpcSubnetIds')),
    spansAll: true,
    groups: texts(field(record, 'VpcSecurityGroupIds')),
    isPublic: false,
    ports: tcp(ports.get(text(field(record, 'EngineFamily')) ?? '')),
    state: text(field(record, 'Status')) ?? 'available',
    marks: [],
    source: answer.source,
  }));
}
