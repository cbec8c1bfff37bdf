import { at, field, flag, makeArn, number, objects, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { groupsOf, type Managed, requesterMarks, subnetsNamed, tcp } from './managed-thing.js';
import { type Found, keyedRecords, recordsOf } from './snapshot-records.js';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
export function functions(snapshot: Snapshot): Managed[] {
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
export function searchDomains(snapshot: Snapshot): Managed[] {
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
export function warehouses(snapshot: Snapshot): Managed[] {
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
    const group = text(field(record, 'ClusterSubnetGroupName')) ?? '';
    const subnets = subnetsNamed(group, groupSubnets.get(`${answer.account}/${answer.region}/${group}`));
    const groups = groupsOf(record);
    return {
      asset: makeArn('redshift', answer.region, answer.account, `cluster:${name}`),
      type: 'redshift:cluster',
      subnets,
      spansAll: false,
      groups,
      vpc: text(field(record, 'VpcId')),
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
export function mountTargets(snapshot: Snapshot): Managed[] {
  const byFileSystem = new Map<
    string,
    { subnets: string[]; faces: Set<string>; groups: (readonly string[] | undefined)[]; found: Found }
  >();
  const groups = new Map(
    [...keyedRecords(snapshot, 'efs', 'DescribeMountTargetSecurityGroups')].map(([id, { record }]) => [
      id,
      texts(field(record, 'SecurityGroups')),
    ]),
  );
  for (const answer of snapshot.answers('efs', 'DescribeMountTargets')) {
    const lists = [answer.body, ...Object.values(answer.body)];
    for (const record of lists.flatMap((b) => objects(field(b, 'MountTargets')))) {
      const id = text(field(record, 'FileSystemId')) ?? '';
      const item = byFileSystem.get(id) ?? {
        subnets: [],
        faces: new Set<string>(),
        groups: [],
        found: { record, answer },
      };
      item.subnets.push(text(field(record, 'SubnetId')) ?? '');
      item.groups.push(groups.get(text(field(record, 'MountTargetId')) ?? ''));
      item.faces.add(text(field(record, 'NetworkInterfaceId')) ?? '');
      byFileSystem.set(id, item);
    }
  }
  return [...byFileSystem].map(([id, { subnets, faces, groups: ofTargets, found }]) => ({
    asset: makeArn('elasticfilesystem', found.answer.region, found.answer.account, `file-system/${id}`),
    type: 'efs:file-system',
    subnets,
    spansAll: true,
    groups: sameGroups(ofTargets),
    isPublic: false,
    ports: tcp(2049),
    state: 'available',
    marks: [...faces],
    source: found.answer.source,
  }));
}

/** The groups of all mount targets where they have the same; which is not known where they differ or one’s were not collected. */
function sameGroups(ofTargets: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const [first] = ofTargets;
  const key = [...(first ?? [])].sort().join();
  return ofTargets.every((groups) => groups !== undefined && [...groups].sort().join() === key) ? first : undefined;
}

/**
 * Cache clusters, and replication groups at the clusters that are their members.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.html
 */
export function caches(snapshot: Snapshot): Managed[] {
  const groupSubnets = new Map<string, string[]>();
  for (const { record, answer } of recordsOf(snapshot, 'elasticache', 'DescribeCacheSubnetGroups', 'CacheSubnetGroups'))
    groupSubnets.set(
      `${answer.account}/${answer.region}/${text(field(record, 'CacheSubnetGroupName')) ?? ''}`,
      objects(field(record, 'Subnets')).flatMap((s) => text(field(s, 'SubnetIdentifier')) ?? []),
    );
  const clusters = recordsOf(snapshot, 'elasticache', 'DescribeCacheClusters', 'CacheClusters');
  const made = clusters.map(({ record, answer }): Managed => {
    const id = text(field(record, 'CacheClusterId')) ?? '';
    const group = text(field(record, 'CacheSubnetGroupName')) ?? '';
    const nodes = objects(field(record, 'CacheNodes'));
    const port =
      number(at(record, 'ConfigurationEndpoint', 'Port')) ??
      nodes.map((node) => number(at(node, 'Endpoint', 'Port'))).find((p) => p !== undefined);
    return {
      asset: text(field(record, 'ARN')) ?? makeArn('elasticache', answer.region, answer.account, `cluster:${id}`),
      type: 'elasticache:cluster',
      subnets: subnetsNamed(group, groupSubnets.get(`${answer.account}/${answer.region}/${group}`)),
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
