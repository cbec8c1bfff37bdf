import type { JsonObject } from '../../src/model/index.js';
import type { EstateRoles } from './identity.js';
import { ACCOUNT, arn, type Ledger, REGION, tags, WHEN } from './ledger.js';
import type { EstateVpc } from './network.js';

const TEAMS = 40;

/** Databases of a VPC, each with a snapshot. */
export function addDatabases(ledger: Ledger, vpc: EstateVpc, count: number): void {
  const subnets = vpc.subnets.filter((s) => s.tier === 'data');
  const subnetGroup: JsonObject = {
    DBSubnetGroupArn: arn('rds', `subgrp:vpc-${vpc.number}`),
    DBSubnetGroupDescription: 'data tier',
    DBSubnetGroupName: `vpc-${vpc.number}`,
    SubnetGroupStatus: 'Complete',
    Subnets: subnets.map((s) => ({
      SubnetAvailabilityZone: { Name: s.zone },
      SubnetIdentifier: s.id,
      SubnetOutpost: {},
      SubnetStatus: 'Active',
    })),
    VpcId: vpc.id,
  };
  ledger.record('rds/DescribeDBSubnetGroups', 'DBSubnetGroups', subnetGroup);
  for (let i = 0; i < count; i++) addDatabase(ledger, vpc, subnetGroup, `${vpc.services[i % 18]}-${vpc.number}-${i}`);
}

function addDatabase(ledger: Ledger, vpc: EstateVpc, subnetGroup: JsonObject, name: string): void {
  const common: JsonObject = {
    AllocatedStorage: 100,
    AvailabilityZone: 'us-east-1a',
    DBInstanceIdentifier: name,
    Encrypted: true,
    Engine: 'postgres',
    EngineVersion: '15.5',
    IAMDatabaseAuthenticationEnabled: ledger.random.next() < 0.2,
    InstanceCreateTime: WHEN,
    KmsKeyId: arn('kms', `key/${vpc.number}`),
    LicenseModel: 'postgresql-license',
    MasterUsername: 'app',
    StorageType: 'gp3',
  };
  ledger.record('rds/DescribeDBInstances', 'DBInstances', {
    ...common,
    AutoMinorVersionUpgrade: true,
    BackupRetentionPeriod: 7,
    BackupTarget: 'region',
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    CopyTagsToSnapshot: true,
    DBInstanceArn: arn('rds', `db:${name}`),
    DBInstanceClass: 'db.r6g.large',
    DBInstanceStatus: 'available',
    DBName: 'app',
    DBParameterGroups: [{ DBParameterGroupName: 'default.postgres15', ParameterApplyStatus: 'in-sync' }],
    DBSecurityGroups: [],
    DBSubnetGroup: subnetGroup,
    DbInstancePort: 0,
    DbiResourceId: `db-${ledger.random.hex(26).toUpperCase()}`,
    DeletionProtection: true,
    Endpoint: {
      Address: `${name}.abcdefghijkl.${REGION}.rds.amazonaws.com`,
      HostedZoneId: 'Z2R2ITUGPM61AM',
      Port: 5432,
    },
    MonitoringInterval: 60,
    MultiAZ: true,
    NetworkType: 'IPV4',
    PerformanceInsightsEnabled: true,
    PreferredBackupWindow: '03:00-03:30',
    PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    PubliclyAccessible: ledger.random.next() < 0.02,
    StorageEncrypted: true,
    TagList: tags({ DataClassification: ledger.random.next() < 0.2 ? 'confidential' : 'internal' }),
    VpcSecurityGroups: [{ Status: 'active', VpcSecurityGroupId: vpc.groups.get('database')! }],
  });
  const snapshot = `rds:${name}-2025-03-14-03-05`;
  ledger.record('rds/DescribeDBSnapshots', 'DBSnapshots', {
    ...common,
    DBSnapshotArn: arn('rds', `snapshot:${snapshot}`),
    DBSnapshotIdentifier: snapshot,
    PercentProgress: 100,
    Port: 5432,
    SnapshotCreateTime: WHEN,
    SnapshotType: 'automated',
    Status: 'available',
    TagList: [],
    VpcId: vpc.id,
  });
  ledger.keyed('rds/DescribeDBSnapshotAttributes', snapshot, {
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: snapshot,
      DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [] }],
    },
  });
}

/** One key a VPC, named by its number, which the VPC's volumes and databases use. */
export function addKey(ledger: Ledger, number: number): void {
  const id = String(number);
  const key = arn('kms', `key/${id}`);
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  ledger.record('kms/ListKeys', 'Keys', { KeyArn: key, KeyId: id });
  ledger.record('kms/ListAliases', 'Aliases', {
    AliasArn: arn('kms', `alias/vpc-${id}`),
    AliasName: `alias/vpc-${id}`,
    TargetKeyId: id,
  });
  ledger.keyed('kms/DescribeKey', id, {
    KeyMetadata: {
      AWSAccountId: ACCOUNT,
      Arn: key,
      CreationDate: WHEN,
      Description: 'volumes and databases',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyId: id,
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    },
  });
  const statements = [{ Sid: 'IAM', Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' }];
  ledger.keyed('kms/GetKeyPolicy', id, { Policy: policy(statements), PolicyName: 'default' });
  ledger.keyed('kms/ListGrants', id, { Grants: [] });
}

const policy = (statements: readonly JsonObject[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** A bucket; one in five has a policy, one in a hundred lets anybody read. */
export function addBucket(ledger: Ledger, number: number): void {
  const { random } = ledger;
  const name = number % 3 === 0 ? `estate-data-${number % TEAMS}-${number}` : `estate-${number % TEAMS}-${number}`;
  const isPublic = random.next() < 0.01;
  ledger.record('s3/ListBuckets', 'Buckets', { BucketRegion: REGION, CreationDate: WHEN, Name: name }, 'global');
  ledger.keyed('s3/GetBucketLocation', name, {});
  ledger.keyed('s3/GetPublicAccessBlock', name, {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: !isPublic,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: !isPublic,
    },
  });
  ledger.keyed('s3/GetBucketEncryption', name, {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }],
    },
  });
  ledger.keyed('s3/GetBucketTagging', name, {
    TagSet: tags({ DataClassification: number % 7 === 0 ? 'pii' : 'internal' }),
  });
  ledger.keyed('s3/GetBucketVersioning', name, { Status: 'Enabled' });
  const owner: JsonObject = { ID: 'f'.repeat(64) };
  ledger.keyed('s3/GetBucketAcl', name, {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }],
  });
  const everything = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const isTls = { Bool: { 'aws:SecureTransport': 'false' } };
  const tlsOnly = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: everything, Condition: isTls };
  const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: everything[1]! };
  if (isPublic || random.next() < 0.2) {
    ledger.keyed('s3/GetBucketPolicy', name, { Policy: policy(isPublic ? [tlsOnly, open] : [tlsOnly]) });
  }
}

export function addSecret(ledger: Ledger, number: number): void {
  const name = `team-${number % TEAMS}/service-${number}`;
  const secret = arn('secretsmanager', `secret:${name}-AbCdEf`);
  ledger.record('secrets-manager/ListSecrets', 'SecretList', {
    ARN: secret,
    CreatedDate: WHEN,
    Description: 'credentials of a service',
    KmsKeyId: arn('kms', 'key/0'),
    LastAccessedDate: WHEN,
    LastChangedDate: WHEN,
    Name: name,
    SecretVersionsToStages: { [ledger.random.hex(32)]: ['AWSCURRENT'] },
    Tags: tags({ Team: `team-${number % TEAMS}` }),
  });
  ledger.keyed('secrets-manager/GetResourcePolicy', secret, { ARN: secret, Name: name });
  const parameter = `/team-${number % TEAMS}/service-${number}`;
  ledger.record('ssm/DescribeParameters', 'Parameters', {
    ARN: arn('ssm', `parameter${parameter}`),
    DataType: 'text',
    LastModifiedDate: WHEN,
    LastModifiedUser: `arn:aws:iam::${ACCOUNT}:user/user-1`,
    Name: parameter,
    Policies: [],
    Tier: 'Standard',
    Type: number % 3 === 0 ? 'SecureString' : 'String',
    Version: 1,
  });
}

export function addTable(ledger: Ledger, number: number): void {
  const name = `team-${number % TEAMS}-table-${number}`;
  ledger.record('dynamodb/ListTables', 'TableNames', name);
  ledger.keyed('dynamodb/DescribeTable', name, {
    Table: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      CreationDateTime: WHEN,
      DeletionProtectionEnabled: false,
      ItemCount: 1_000_000,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TableArn: arn('dynamodb', `table/${name}`),
      TableId: ledger.random.hex(32),
      TableName: name,
      TableSizeBytes: 100_000_000,
      TableStatus: 'ACTIVE',
    },
  });
}

export function addFunction(ledger: Ledger, vpc: EstateVpc, roles: EstateRoles, number: number): void {
  const name = `function-${number}`;
  const isInVpc = number % 2 === 0;
  ledger.record('lambda/ListFunctions', 'Functions', {
    Architectures: ['x86_64'],
    CodeSha256: ledger.random.hex(44),
    CodeSize: 1_048_576,
    Description: '',
    EphemeralStorage: { Size: 512 },
    FunctionArn: arn('lambda', `function:${name}`),
    FunctionName: name,
    Handler: 'index.handler',
    LastModified: WHEN,
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    MemorySize: 256,
    PackageType: 'Zip',
    RevisionId: ledger.random.hex(32),
    Role: arn('iam', `role/${ledger.random.pick(roles.lambda)}`, ''),
    Runtime: 'nodejs20.x',
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    Timeout: 30,
    TracingConfig: { Mode: 'PassThrough' },
    Version: '$LATEST',
    ...(isInVpc && {
      VpcConfig: {
        Ipv6AllowedForDualStack: false,
        SecurityGroupIds: [vpc.groups.get('jobs')!],
        SubnetIds: vpc.subnets.filter((s) => s.tier === 'private').map((s) => s.id),
        VpcId: vpc.id,
      },
    }),
  });
}
