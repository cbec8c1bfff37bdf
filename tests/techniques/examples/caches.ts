import type { JsonObject } from '../../../src/model/index.js';
import { arn, type Miniature } from '../miniature.js';
import type { ExampleFamily } from './example.js';

const HOST = arn('ec2', 'instance/i-app');
const CACHE = arn('elasticache', 'cluster:sessions-001');
const FROM_HOSTS = 'sg-from-hosts';

/** A host under control beside a cache. */
const beside = (cache: JsonObject, group: string, replicationGroup?: JsonObject): Miniature => ({
  instances: { 'i-app': {} },
  answers: {
    'elasticache/DescribeCacheClusters': {
      CacheClusters: [
        {
          CacheClusterId: 'sessions-001',
          CacheClusterStatus: 'available',
          ARN: CACHE,
          CacheSubnetGroupName: 'data',
          SecurityGroups: [{ SecurityGroupId: group, Status: 'active' }],
          CacheNodes: [{ CacheNodeId: '0001', Endpoint: { Port: 6379 } }],
          ...cache,
        },
      ],
    },
    'elasticache/DescribeCacheSubnetGroups': {
      CacheSubnetGroups: [
        { CacheSubnetGroupName: 'data', VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
      ],
    },
    ...(replicationGroup && {
      'elasticache/DescribeReplicationGroups': {
        ReplicationGroups: [
          {
            ReplicationGroupId: 'sessions',
            Status: 'available',
            ARN: arn('elasticache', 'replicationgroup:sessions'),
            MemberClusters: ['sessions-001'],
            ...replicationGroup,
          },
        ],
      },
    }),
  },
});

const OPEN = { AuthTokenEnabled: false };
const MEMBER = { ...OPEN, ReplicationGroupId: 'sessions' };

export const CACHE_EXAMPLES: ExampleFamily = {
  'elasticache-login': {
    from: HOST,
    reaches: CACHE,
    access: 'read',
    works: {
      why: 'The host reaches the cache, which asks for no token and is in a group without users.',
      world: beside(MEMBER, FROM_HOSTS, OPEN),
    },
    fails: { why: 'The group of the cache lets nobody in.', world: beside(MEMBER, 'sg-closed', OPEN) },
    unknown: {
      why: 'The users of its group may have passwords, which were not collected.',
      world: beside(MEMBER, FROM_HOSTS, { ...OPEN, UserGroupIds: ['app-users'] }),
      because: 'cache credential',
    },
  },
};
