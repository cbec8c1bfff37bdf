import { field, type JsonObject, objects, text } from '../../model/index.js';
import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

/** Permissions of automated snapshots cannot be set, and asking for them is an error. */
const manual = (listName: string, idName: string, typeName: string) => (answer: JsonObject) =>
  objects(field(answer, listName))
    .filter((item) => text(field(item, typeName)) !== 'automated')
    .flatMap((item) => text(field(item, idName)) ?? []);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
export const rds: ServiceCollector = {
  service: 'rds',
  prefix: 'rds',
  load: () => import('@aws-sdk/client-rds'),
  client: 'RDSClient',
  scope: 'region',
  operations: [
    ...plain(
      'DescribeDBInstances',
      'DescribeDBClusters',
      'DescribeDBSubnetGroups',
      'DescribeDBSnapshots',
      'DescribeDBClusterSnapshots',
      'DescribeDBProxies',
      'DescribeDBProxyEndpoints',
      'DescribeGlobalClusters',
      'DescribeExportTasks',
    ),
    perResource(
      'DescribeDBSnapshotAttributes',
      'DBSnapshotIdentifier',
      'DescribeDBSnapshots',
      manual('DBSnapshots', 'DBSnapshotIdentifier', 'SnapshotType'),
      { absent: ['DBSnapshotNotFound', 'DBSnapshotNotFoundFault'] },
    ),
    perResource(
      'DescribeDBClusterSnapshotAttributes',
      'DBClusterSnapshotIdentifier',
      'DescribeDBClusterSnapshots',
      manual('DBClusterSnapshots', 'DBClusterSnapshotIdentifier', 'SnapshotType'),
      { absent: ['DBClusterSnapshotNotFoundFault'] },
    ),
    perResource('DescribeDBProxyTargets', 'DBProxyName', 'DescribeDBProxies', idsIn('DBProxies', 'DBProxyName')),
  ],
};
