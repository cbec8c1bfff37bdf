import { field, type JsonObject, objects, text, texts } from '../model/index.js';
import { type AssetFamily, type FieldLink, type Link, regional } from './declaration.js';
import { sharedWith } from './principal-reference.js';

const GROUPS: FieldLink = ['has-security-group', 'ec2:security-group', 'VpcSecurityGroups[].VpcSecurityGroupId'];
const KEY: FieldLink = ['encrypted-with', 'kms:key', 'KmsKeyId'];
const MASTER_SECRET: FieldLink = ['master-password-in', 'secretsmanager:secret', 'MasterUserSecret.SecretArn'];
const ROLES: FieldLink = ['uses-role', 'iam:role', 'AssociatedRoles[].RoleArn'];

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html */
export const rds: AssetFamily = {
  types: [
    {
      type: 'rds:db-instance',
      answer: 'rds/DescribeDBInstances',
      list: 'DBInstances[]',
      identity: regional('rds', 'db:', 'DBInstanceIdentifier', 'DBInstanceArn'),
      name: 'DBInstanceIdentifier',
      links: [
        GROUPS,
        KEY,
        MASTER_SECRET,
        ROLES,
        ['in-subnet-group', 'rds:db-subnet-group', 'DBSubnetGroup.DBSubnetGroupName'],
        ['in-vpc', 'ec2:vpc', 'DBSubnetGroup.VpcId'],
        ['member-of', 'rds:db-cluster', 'DBClusterIdentifier'],
        ['replica-of', 'rds:db-instance', 'ReadReplicaSourceDBInstanceIdentifier'],
      ],
    },
    {
      type: 'rds:db-cluster',
      answer: 'rds/DescribeDBClusters',
      list: 'DBClusters[]',
      identity: regional('rds', 'cluster:', 'DBClusterIdentifier', 'DBClusterArn'),
      name: 'DBClusterIdentifier',
      links: [
        GROUPS,
        KEY,
        MASTER_SECRET,
        ROLES,
        ['in-subnet-group', 'rds:db-subnet-group', 'DBSubnetGroup'],
        ['replica-of', 'rds:db-cluster', 'ReplicationSourceIdentifier'],
      ],
    },
    {
      type: 'rds:db-snapshot',
      answer: 'rds/DescribeDBSnapshots',
      list: 'DBSnapshots[]',
      identity: regional('rds', 'snapshot:', 'DBSnapshotIdentifier', 'DBSnapshotArn'),
      name: 'DBSnapshotIdentifier',
      links: [
        ['snapshot-of', 'rds:db-instance', 'DBInstanceIdentifier'],
        ['copy-of', 'rds:db-snapshot', 'SourceDBSnapshotIdentifier'],
        KEY,
      ],
    },
    {
      type: 'rds:db-cluster-snapshot',
      answer: 'rds/DescribeDBClusterSnapshots',
      list: 'DBClusterSnapshots[]',
      identity: regional('rds', 'cluster-snapshot:', 'DBClusterSnapshotIdentifier', 'DBClusterSnapshotArn'),
      name: 'DBClusterSnapshotIdentifier',
      links: [
        ['snapshot-of', 'rds:db-cluster', 'DBClusterIdentifier'],
        ['copy-of', 'rds:db-cluster-snapshot', 'SourceDBClusterSnapshotArn'],
        KEY,
      ],
    },
    {
      type: 'rds:db-subnet-group',
      answer: 'rds/DescribeDBSubnetGroups',
      list: 'DBSubnetGroups[]',
      identity: regional('rds', 'subgrp:', 'DBSubnetGroupName', 'DBSubnetGroupArn'),
      name: 'DBSubnetGroupName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['contains-subnet', 'ec2:subnet', 'Subnets[].SubnetIdentifier'],
      ],
    },
    {
      type: 'rds:db-proxy',
      answer: 'rds/DescribeDBProxies',
      list: 'DBProxies[]',
      identity: { arn: 'DBProxyArn', bare: 'DBProxyName' },
      name: 'DBProxyName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['in-subnet', 'ec2:subnet', 'VpcSubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'VpcSecurityGroupIds[]'],
        ['uses-role', 'iam:role', 'RoleArn'],
        ['reads-secret', 'secretsmanager:secret', 'Auth[].SecretArn'],
      ],
    },
    {
      type: 'rds:db-proxy-endpoint',
      answer: 'rds/DescribeDBProxyEndpoints',
      list: 'DBProxyEndpoints[]',
      identity: { arn: 'DBProxyEndpointArn', bare: 'DBProxyEndpointName' },
      name: 'DBProxyEndpointName',
      links: [
        ['leads-to', 'rds:db-proxy', 'DBProxyName'],
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['in-subnet', 'ec2:subnet', 'VpcSubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'VpcSecurityGroupIds[]'],
      ],
    },
    {
      type: 'rds:global-cluster',
      answer: 'rds/DescribeGlobalClusters',
      list: 'GlobalClusters[]',
      identity: { arn: 'GlobalClusterArn', bare: 'GlobalClusterIdentifier' },
      name: 'GlobalClusterIdentifier',
      links: [['contains', 'rds:db-cluster', 'GlobalClusterMembers[].DBClusterArn']],
    },
  ],
  details: [
    {
      answer: 'rds/DescribeDBSnapshotAttributes',
      about: 'rds:db-snapshot',
      moreLinks: (answer) => restorers(answer, 'DBSnapshotAttributesResult', 'DBSnapshotAttributes'),
    },
    {
      answer: 'rds/DescribeDBClusterSnapshotAttributes',
      about: 'rds:db-cluster-snapshot',
      moreLinks: (answer) => restorers(answer, 'DBClusterSnapshotAttributesResult', 'DBClusterSnapshotAttributes'),
    },
    {
      answer: 'rds/DescribeDBProxyTargets',
      about: 'rds:db-proxy',
      moreLinks: (answer) =>
        objects(field(answer, 'Targets')).flatMap((target) => {
          const id = text(field(target, 'RdsResourceId'));
          const kind = field(target, 'Type') === 'TRACKED_CLUSTER' ? 'rds:db-cluster' : 'rds:db-instance';
          return id === undefined ? [] : [{ kind: 'forwards-to', to: { type: kind, id } }];
        }),
    },
  ],
};

/** Who may restore a manual snapshot: the attribute named `restore`. */
function restorers(answer: JsonObject, resultKey: string, listKey: string): Link[] {
  const result = field(answer, resultKey) ?? answer;
  return objects(field(result, listKey))
    .filter((attribute) => field(attribute, 'AttributeName') === 'restore')
    .flatMap((attribute) => texts(field(attribute, 'AttributeValues')))
    .flatMap(sharedWith);
}
