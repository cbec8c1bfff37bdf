import type { JsonObject } from '../../src/model/index.js';
import { arn } from './miniature.js';

export const DATABASE = arn('rds', 'db:orders');

type DatabaseAnswer = Readonly<Record<'rds/DescribeDBInstances', JsonObject>>;

/** The answer about one PostgreSQL database, in no network. */
export const database = (more: JsonObject = {}): DatabaseAnswer => ({
  'rds/DescribeDBInstances': {
    DBInstances: [{ DBInstanceIdentifier: 'orders', DBInstanceArn: DATABASE, Engine: 'postgres', ...more }],
  },
});

/** The same in a group of the network. */
export const databaseIn = (
  group: string,
  more: JsonObject = {},
  { vpc = 'vpc-1', subnet = 'subnet-1' }: { readonly vpc?: string; readonly subnet?: string } = {},
): DatabaseAnswer =>
  database({
    Endpoint: { Port: 5432 },
    VpcSecurityGroups: [{ VpcSecurityGroupId: group }],
    DBSubnetGroup: { VpcId: vpc, Subnets: [{ SubnetIdentifier: subnet }] },
    ...more,
  });
