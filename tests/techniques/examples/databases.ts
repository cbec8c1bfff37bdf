import type { JsonObject } from '../../../src/model/index.js';
import { arn, keyArn, type Miniature, type MiniatureKey, type Says } from '../miniature.js';
import { DATABASE, databaseIn } from '../miniature-database.js';
import { ANN, annMay, type ExampleFamily, fromOffice, withMfa } from './example.js';

const CLUSTER = arn('rds', 'cluster:shop');
const SECRET = arn('secretsmanager', 'secret:rds-orders-a1B2c3');
const KEY = keyArn('k-1');
const HOST = arn('ec2', 'instance/i-app');

const cluster = (more: JsonObject): Readonly<Record<string, JsonObject>> => ({
  'rds/DescribeDBClusters': {
    DBClusters: [{ DBClusterIdentifier: 'shop', DBClusterArn: CLUSTER, Engine: 'aurora-mysql', ...more }],
  },
});

/** A host under control beside the database. */
const host = (group: string, says: readonly Says[] = [], missing: readonly string[] = []): Miniature => ({
  roles: { app: { profile: true, says } },
  instances: { 'i-app': { role: 'app' } },
  answers: databaseIn(group),
  ...(missing.length > 0 && { missing }),
});
const ACLS = ['ec2/DescribeNetworkAcls'];
const lacksAcls = 'The network ACLs of the subnets were not collected.';

const exposed = (
  isPublic: boolean,
  missing: readonly string[] = [],
  group: 'sg-open-5432' | 'sg-office' = 'sg-open-5432',
): Miniature => ({
  answers: databaseIn(group, { PubliclyAccessible: isPublic }),
  ...(missing.length > 0 && { missing }),
});

const RESET = `rds:ModifyDBInstance on ${DATABASE}`;
const ofMaster = (says: Says, more?: JsonObject): Miniature =>
  annMay([says], { answers: databaseIn('sg-closed', more) });

const READ = `secretsmanager:GetSecretValue on ${SECRET}`;
const secret = (key?: string): Readonly<Record<string, JsonObject>> => ({
  'secrets-manager/ListSecrets': {
    SecretList: [{ ARN: SECRET, Name: 'rds-orders', ...(key !== undefined && { KmsKeyId: key }) }],
  },
});
const withSecret = (says: readonly Says[], key?: string): Miniature =>
  annMay(says, {
    answers: { ...databaseIn('sg-closed', { MasterUserSecret: { SecretArn: SECRET } }), ...secret(key) },
  });

const CONNECT = `rds-db:connect on ${arn('rds-db', 'dbuser:db-ABC/app')}`;
const withTokens = (says: Says, isOn = true): Miniature =>
  annMay([says], {
    answers: databaseIn('sg-closed', { DbiResourceId: 'db-ABC', IAMDatabaseAuthenticationEnabled: isOn }),
  });

const tokenHost = (group: string, missing: readonly string[] = []): Miniature => ({
  ...host(group, [CONNECT], missing),
  answers: databaseIn(group, { DbiResourceId: 'db-ABC', IAMDatabaseAuthenticationEnabled: true }),
});

const QUERY = `rds-data:ExecuteStatement on ${CLUSTER}`;
const withDataApi = (
  says: readonly Says[],
  isOn = true,
  key?: string,
  keys?: Readonly<Record<string, MiniatureKey>>,
): Miniature =>
  annMay(says, {
    ...(keys && { keys }),
    answers: {
      ...cluster({ HttpEndpointEnabled: isOn, MasterUserSecret: { SecretArn: SECRET } }),
      ...secret(key),
    },
  });

const fromHost = { from: HOST, reaches: DATABASE } as const;
const annLogsIn = { from: ANN, reaches: DATABASE, access: 'login' } as const;

/** Databases: connections, logins, and the Data API. */
export const DATABASE_EXAMPLES: ExampleFamily = {
  'exposed-database': {
    from: 'internet',
    reaches: DATABASE,
    access: 'connection',
    works: {
      why: 'The database is publicly accessible, its subnet leads to the internet, and its group lets everybody in.',
      world: exposed(true),
    },
    fails: { why: 'The database is not publicly accessible, whatever its group lets in.', world: exposed(false) },
    alsoFails: [
      {
        why: 'The group of the database lets one office in, which is not the internet.',
        world: exposed(true, [], 'sg-office'),
      },
    ],
    unknown: { why: lacksAcls, world: exposed(true, ACLS), because: 'network ACL' },
  },
  'network-connection': {
    ...fromHost,
    access: 'connection',
    works: { why: 'The group of the database lets the group of the host in.', world: host('sg-from-hosts') },
    fails: { why: 'The group of the database lets nobody in.', world: host('sg-closed') },
    unknown: {
      why: 'The security groups were not collected.',
      world: host('sg-from-hosts', [], ['ec2/DescribeSecurityGroups']),
      because: 'security group',
    },
  },
  'rds-login': {
    ...fromHost,
    access: 'read',
    works: {
      why: 'The host reaches the database, and its role may log in by IAM.',
      world: tokenHost('sg-from-hosts'),
    },
    fails: {
      why: 'The host does not reach the database, and a token alone is of no use.',
      world: tokenHost('sg-closed'),
    },
    unknown: {
      why: 'The security groups were not collected.',
      world: tokenHost('sg-from-hosts', ['ec2/DescribeSecurityGroups']),
      because: 'security group',
    },
  },
  'rds-found-credential': {
    ...fromHost,
    access: 'read',
    works: {
      why: 'The host reaches the database; a credential has to be found on it, or guessed.',
      world: host('sg-from-hosts'),
      depends: 'database credential',
    },
    fails: { why: 'The host does not reach the database.', world: host('sg-closed') },
    unknown: {
      why: 'The security groups were not collected.',
      world: host('sg-from-hosts', [], ['ec2/DescribeSecurityGroups']),
      because: 'security group',
    },
  },
  'rds-master-password': {
    ...annLogsIn,
    works: { why: 'Ann may modify the database.', world: ofMaster(RESET) },
    fails: {
      why: 'The database is a read replica, which has the password of its source.',
      world: ofMaster(RESET, { ReadReplicaSourceDBInstanceIdentifier: 'main' }),
    },
    alsoFails: [
      { why: 'The database that Ann may modify is another one.', world: ofMaster(`${RESET}-2`) },
      {
        why: 'The database is a member of a cluster, which has the password.',
        world: ofMaster(RESET, { DBClusterIdentifier: 'shop' }),
      },
    ],
    unknown: {
      why: 'Ann may modify databases from the addresses of one office alone.',
      world: ofMaster(fromOffice(RESET)),
      because: 'aws:SourceIp',
    },
  },
  'rds-managed-secret': {
    ...annLogsIn,
    works: {
      why: 'Secrets Manager keeps the master password, and Ann may read that secret.',
      world: withSecret([READ]),
    },
    fails: { why: 'The secret that Ann may read is another one.', world: withSecret([`${READ}-2`]) },
    unknown: {
      why: 'The secret is encrypted with a key that was not collected.',
      world: withSecret([READ], KEY),
      because: 'key policy',
    },
  },
  'rds-iam-authentication': {
    ...annLogsIn,
    works: {
      why: 'IAM authentication is on, and Ann may connect as a user of the database.',
      world: withTokens(CONNECT),
    },
    fails: { why: 'IAM authentication is off.', world: withTokens(CONNECT, false) },
    alsoFails: [
      {
        why: 'What Ann may connect to is named by the database’s name, where its resource id is asked for.',
        world: withTokens(`rds-db:connect on ${arn('rds-db', 'dbuser:orders/app')}`),
      },
    ],
    unknown: {
      why: 'Ann may connect with MFA alone.',
      world: withTokens(withMfa(CONNECT)),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'rds-data-api': {
    from: ANN,
    reaches: CLUSTER,
    access: 'read',
    works: {
      why: 'The Data API is on, and Ann may call it and read the secret with the password.',
      world: withDataApi([QUERY, READ]),
    },
    fails: { why: 'The Data API is off.', world: withDataApi([QUERY, READ], false) },
    alsoFails: [
      {
        why: 'The secret is encrypted with a customer-managed key, with which Ann may not decrypt.',
        world: withDataApi([QUERY, READ], true, KEY, { 'k-1': {} }),
      },
    ],
    unknown: {
      why: 'The secret is encrypted with a key that was not collected.',
      world: withDataApi([QUERY, READ], true, KEY),
      because: 'key policy',
    },
  },
};
