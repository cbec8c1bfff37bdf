import { at, field, flag, type JsonObject, makeArn, number, objects, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Interface } from './interfaces.js';
import { type PortSet, portRange, TCP } from './port-set.js';
import { groupIds } from './security-groups.js';
import { type Found, recordsOf } from './snapshot-records.js';
import type { Subnet } from './vpcs.js';

/** Something that an AWS service runs inside a VPC, on interfaces that are mostly not in the customer's API. */
export interface Managed {
  readonly asset: string;
  readonly type: string;
  /** Subnets it may be in; it is in one of them, unless `spansAll`. */
  readonly subnets: readonly string[];
  readonly spansAll: boolean;
  readonly groups: readonly string[] | undefined;
  /** It has a public address of its own. */
  readonly isPublic: boolean;
  /** Ports it listens on; `undefined` for any. */
  readonly ports: PortSet | undefined;
  /** It accepts no connections (a function). */
  readonly refuses?: string;
  readonly state: string;
  /** Marks of its own interfaces: those that {@link marksOf} finds on them. */
  readonly marks: readonly string[];
  readonly source: string;
}

const tcp = (port: number | undefined): PortSet | undefined =>
  port === undefined ? undefined : portRange(TCP, port, port);

/** Reads everything managed that stands in a VPC. */
export function readManaged(snapshot: Snapshot, subnets: ReadonlyMap<string, Subnet>): Managed[] {
  return [
    ...databases(snapshot, subnets),
    ...clusters(snapshot),
    ...proxies(snapshot),
    ...functions(snapshot),
    ...searchDomains(snapshot),
    ...warehouses(snapshot),
    ...mountTargets(snapshot),
    ...caches(snapshot),
  ];
}

const groupsOf = (record: JsonObject, key = 'VpcSecurityGroups'): string[] | undefined => {
  const value = field(record, key);
  return value === undefined ? undefined : groupIds(value);
};

const subnetGroup = (record: JsonObject): string[] =>
  objects(at(record, 'DBSubnetGroup', 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []);

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html */
function databases(snapshot: Snapshot, subnets: ReadonlyMap<string, Subnet>): Managed[] {
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
      groups,
      isPublic: flag(field(record, 'PubliclyAccessible')) ?? false,
      ports: tcp(number(at(record, 'Endpoint', 'Port')) ?? number(field(record, 'DbInstancePort'))),
      state: text(field(record, 'DBInstanceStatus')) ?? 'available',
      marks: requesterMarks('RDSNetworkInterface', listed, groups),
      source: answer.source,
    };
  });
}

/** Interfaces of RDS carry no name of their database: those with its description, subnets and groups may be its own. */
const requesterMarks = (
  description: string,
  subnets: readonly string[],
  groups: readonly string[] | undefined,
): readonly string[] => subnets.map((subnet) => `${description} ${subnet} ${[...(groups ?? [])].sort().join()}`);

/** The part of a description after which a function's interfaces differ. */
const UNIQUE_TAIL = /-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an interface can be recognized by as one of a managed thing: its id, its description, or where it stands. */
export function marksOf(face: Interface): readonly string[] {
  const { id, account, region, description, subnet } = face;
  const named = `${account} ${region} ${description.replace(UNIQUE_TAIL, '')}`;
  const placed = ['RDSNetworkInterface', 'RedshiftNetworkInterface']
    .filter((start) => face.isRequesterManaged && description.startsWith(start))
    .map((start) => `${start} ${subnet} ${[...(face.groups ?? [])].sort().join()}`);
  return [id, named, ...placed];
}

/** A cluster is reached at its instances; it is judged over the same subnets and groups. */
function clusters(snapshot: Snapshot): Managed[] {
  const groupSubnets = new Map<string, string[]>();
  for (const { record, answer } of recordsOf(snapshot, 'rds', 'DescribeDBSubnetGroups', 'DBSubnetGroups'))
    groupSubnets.set(
      `${answer.account}/${answer.region}/${text(field(record, 'DBSubnetGroupName')) ?? ''}`,
      objects(field(record, 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []),
    );
  const members = new Map<string, { isPublic: boolean; subnets: string[] }>();
  for (const { record } of recordsOf(snapshot, 'rds', 'DescribeDBInstances', 'DBInstances')) {
    const cluster = text(field(record, 'DBClusterIdentifier'));
    if (cluster === undefined) continue;
    const before = members.get(cluster);
    members.set(cluster, {
      isPublic: (before?.isPublic ?? false) || flag(field(record, 'PubliclyAccessible')) === true,
      subnets: subnetGroup(record),
    });
  }
  return recordsOf(snapshot, 'rds', 'DescribeDBClusters', 'DBClusters').map(({ record, answer }) => {
    const name = text(field(record, 'DBClusterIdentifier')) ?? '';
    const named = groupSubnets.get(`${answer.account}/${answer.region}/${text(field(record, 'DBSubnetGroup')) ?? ''}`);
    const subnets = named ?? members.get(name)?.subnets ?? [];
    const groups = groupsOf(record);
    return {
      asset: text(field(record, 'DBClusterArn')) ?? makeArn('rds', answer.region, answer.account, `cluster:${name}`),
      type: 'rds:db-cluster',
      subnets,
      spansAll: false,
      groups,
      isPublic: flag(field(record, 'PubliclyAccessible')) ?? members.get(name)?.isPublic ?? false,
      ports: tcp(number(field(record, 'Port'))),
      state: text(field(record, 'Status')) ?? 'available',
      marks: requesterMarks('RDSNetworkInterface', subnets, groups),
      source: answer.source,
    };
  });
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-network-prereqs.html */
function proxies(snapshot: Snapshot): Managed[] {
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

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function functions(snapshot: Snapshot): Managed[] {
  return recordsOf(snapshot, 'lambda', 'ListFunctions', 'Functions').flatMap(({ record, answer }) => {
    const subnets = texts(at(record, 'VpcConfig', 'SubnetIds'));
    if (subnets.length === 0) return [];
    const name = text(field(record, 'FunctionName')) ?? '';
    const groups = texts(at(record, 'VpcConfig', 'SecurityGroupIds'));
    return [
      {
        asset:
          text(field(record, 'FunctionArn')) ?? makeArn('lambda', answer.region, answer.account, `function:${name}`),
        type: 'lambda:function',
        subnets,
        spansAll: true,
        groups,
        isPublic: false,
        ports: undefined,
        refuses: 'a function accepts no network connections: it is invoked by API',
        state: 'available',
        marks: [`${answer.account} ${answer.region} AWS Lambda VPC ENI-${name}`],
        source: answer.source,
      },
    ];
  });
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html */
function searchDomains(snapshot: Snapshot): Managed[] {
  const found: Found[] = ['DescribeElasticsearchDomains', 'DescribeDomains'].flatMap((operation) => [
    ...recordsOf(snapshot, 'elasticsearch-service', operation, 'DomainStatusList'),
    ...recordsOf(snapshot, 'opensearch', operation, 'DomainStatusList'),
  ]);
  const seen = new Set<string>();
  return found.flatMap(({ record, answer }) => {
    const name = text(field(record, 'DomainName')) ?? '';
    const asset = text(field(record, 'ARN')) ?? makeArn('es', answer.region, answer.account, `domain/${name}`);
    const options = field(record, 'VPCOptions');
    const subnets = texts(field(options, 'SubnetIds'));
    if (seen.has(asset) || subnets.length === 0) return [];
    seen.add(asset);
    return [
      {
        asset,
        type: 'opensearch:domain',
        subnets,
        spansAll: true,
        groups: texts(field(options, 'SecurityGroupIds')),
        isPublic: false,
        ports: [...(tcp(80) as number[]), ...(tcp(443) as number[])],
        state: 'available',
        marks: [`${answer.account} ${answer.region} ES ${name}`],
        source: answer.source,
      },
    ];
  });
}

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html */
function warehouses(snapshot: Snapshot): Managed[] {
  const groupSubnets = new Map<string, string[]>();
  for (const { record, answer } of recordsOf(
    snapshot,
    'redshift',
    'DescribeClusterSubnetGroups',
    'ClusterSubnetGroups',
  ))
    groupSubnets.set(
      `${answer.account}/${answer.region}/${text(field(record, 'ClusterSubnetGroupName')) ?? ''}`,
      objects(field(record, 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []),
    );
  return recordsOf(snapshot, 'redshift', 'DescribeClusters', 'Clusters').map(({ record, answer }) => {
    const name = text(field(record, 'ClusterIdentifier')) ?? '';
    const subnets =
      groupSubnets.get(`${answer.account}/${answer.region}/${text(field(record, 'ClusterSubnetGroupName')) ?? ''}`) ??
      [];
    const groups = groupsOf(record);
    return {
      asset: makeArn('redshift', answer.region, answer.account, `cluster:${name}`),
      type: 'redshift:cluster',
      subnets,
      spansAll: false,
      groups,
      isPublic: flag(field(record, 'PubliclyAccessible')) ?? false,
      ports: tcp(number(at(record, 'Endpoint', 'Port'))),
      state: text(field(record, 'ClusterStatus')) ?? 'available',
      marks: requesterMarks('RedshiftNetworkInterface', subnets, groups),
      source: answer.source,
    };
  });
}

/**
 * A file system is reached at its mount targets, whose interfaces are in the API.
 * @see https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
 */
function mountTargets(snapshot: Snapshot): Managed[] {
  const byFileSystem = new Map<string, { subnets: string[]; faces: Set<string>; found: Found }>();
  for (const answer of snapshot.answers('efs', 'DescribeMountTargets')) {
    const lists = [answer.body, ...Object.values(answer.body)];
    for (const record of lists.flatMap((b) => objects(field(b, 'MountTargets')))) {
      const id = text(field(record, 'FileSystemId')) ?? '';
      const item = byFileSystem.get(id) ?? { subnets: [], faces: new Set<string>(), found: { record, answer } };
      item.subnets.push(text(field(record, 'SubnetId')) ?? '');
      item.faces.add(text(field(record, 'NetworkInterfaceId')) ?? '');
      byFileSystem.set(id, item);
    }
  }
  return [...byFileSystem].map(([id, { subnets, faces, found }]) => ({
    asset: makeArn('elasticfilesystem', found.answer.region, found.answer.account, `file-system/${id}`),
    type: 'efs:file-system',
    subnets,
    spansAll: true,
    groups: undefined,
    isPublic: false,
    ports: tcp(2049),
    state: 'available',
    marks: [...faces],
    source: found.answer.source,
  }));
}

/**
 * Cache clusters, and replication groups at the clusters that are their members.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.html
 */
function caches(snapshot: Snapshot): Managed[] {
  const groupSubnets = new Map<string, string[]>();
  for (const { record, answer } of recordsOf(snapshot, 'elasticache', 'DescribeCacheSubnetGroups', 'CacheSubnetGroups'))
    groupSubnets.set(
      `${answer.account}/${answer.region}/${text(field(record, 'CacheSubnetGroupName')) ?? ''}`,
      objects(field(record, 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []),
    );
  const clusters = recordsOf(snapshot, 'elasticache', 'DescribeCacheClusters', 'CacheClusters');
  const made = clusters.map(({ record, answer }): Managed => {
    const id = text(field(record, 'CacheClusterId')) ?? '';
    const named = `${answer.account}/${answer.region}/${text(field(record, 'CacheSubnetGroupName')) ?? ''}`;
    const nodes = objects(field(record, 'CacheNodes'));
    const port =
      number(at(record, 'ConfigurationEndpoint', 'Port')) ??
      nodes.map((node) => number(at(node, 'Endpoint', 'Port'))).find((p) => p !== undefined);
    return {
      asset: text(field(record, 'ARN')) ?? makeArn('elasticache', answer.region, answer.account, `cluster:${id}`),
      type: 'elasticache:cluster',
      subnets: groupSubnets.get(named) ?? [],
      spansAll: false,
      groups: groupsOf(record, 'SecurityGroups'),
      isPublic: false,
      ports: tcp(port),
      state: text(field(record, 'CacheClusterStatus')) ?? 'available',
      marks: [`${answer.account} ${answer.region} ElastiCache ${id}`],
      source: answer.source,
    };
  });
  const byId = new Map(clusters.map(({ record }, index) => [text(field(record, 'CacheClusterId')) ?? '', made[index]]));
  const groups = recordsOf(snapshot, 'elasticache', 'DescribeReplicationGroups', 'ReplicationGroups').flatMap(
    ({ record, answer }): Managed[] => {
      const members = texts(field(record, 'MemberClusters')).flatMap((id) => byId.get(id) ?? []);
      const [first] = members;
      const id = text(field(record, 'ReplicationGroupId')) ?? '';
      if (first === undefined) return [];
      const port = objects(field(record, 'NodeGroups'))
        .map((group) => number(at(group, 'PrimaryEndpoint', 'Port')))
        .find((p) => p !== undefined);
      return [
        {
          ...first,
          asset:
            text(field(record, 'ARN')) ??
            makeArn('elasticache', answer.region, answer.account, `replicationgroup:${id}`),
          type: 'elasticache:replication-group',
          ports: tcp(number(at(record, 'ConfigurationEndpoint', 'Port')) ?? port) ?? first.ports,
          state: text(field(record, 'Status')) ?? 'available',
          marks: [],
          source: answer.source,
        },
      ];
    },
  );
  return [...made, ...groups];
}
