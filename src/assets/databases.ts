import { type AssetFamily, regional } from './declaration.js';

/** Data stores in a VPC besides RDS. */
export const databases: AssetFamily = {
  types: [
    {
      type: 'redshift:cluster',
      answer: 'redshift/DescribeClusters',
      list: 'Clusters[]',
      identity: regional('redshift', 'cluster:', 'ClusterIdentifier'),
      name: 'ClusterIdentifier',
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['has-security-group', 'ec2:security-group', 'VpcSecurityGroups[].VpcSecurityGroupId'],
        ['encrypted-with', 'kms:key', 'KmsKeyId'],
        ['uses-role', 'iam:role', 'IamRoles[].IamRoleArn'],
      ],
    },
    {
      type: 'elasticache:cluster',
      answer: 'elasticache/DescribeCacheClusters',
      list: 'CacheClusters[]',
      identity: regional('elasticache', 'cluster:', 'CacheClusterId', 'ARN'),
      name: 'CacheClusterId',
      links: [
        ['member-of', 'elasticache:replication-group', 'ReplicationGroupId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[].SecurityGroupId'],
      ],
    },
    {
      type: 'elasticache:replication-group',
      answer: 'elasticache/DescribeReplicationGroups',
      list: 'ReplicationGroups[]',
      identity: regional('elasticache', 'replicationgroup:', 'ReplicationGroupId', 'ARN'),
      name: 'ReplicationGroupId',
      links: [['encrypted-with', 'kms:key', 'KmsKeyId']],
    },
    ...['opensearch/DescribeDomains', 'elasticsearch-service/DescribeElasticsearchDomains'].map((answer) => ({
      type: 'opensearch:domain',
      answer,
      list: 'DomainStatusList[]',
      identity: regional('es', 'domain/', 'DomainName', 'ARN'),
      name: 'DomainName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VPCOptions.VPCId'],
        ['in-subnet', 'ec2:subnet', 'VPCOptions.SubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'VPCOptions.SecurityGroupIds[]'],
        ['encrypted-with', 'kms:key', 'EncryptionAtRestOptions.KmsKeyId'],
      ] as const,
    })),
  ],
};
