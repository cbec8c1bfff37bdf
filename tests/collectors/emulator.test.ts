import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { collectSnapshot } from '../../src/collectors/index.js';
import { at, field, objects, text } from '../../src/model/index.js';
import { findSecrets, readSnapshot, type WholeSnapshot, writeSnapshot } from '../../src/snapshot/index.js';
import { startEmulator } from '../emulator/emulator.js';
import { ACCOUNT, clientOf, type Estate, REGION, SECRETS, seedEstate } from '../emulator/estate.js';

const emulator = await startEmulator();
afterAll(() => emulator?.stop());

/** What the emulator does not implement of what belongs to no region, and the rest; a newer one that does turns these lists red. */
const NOT_THERE_GLOBALLY = [
  'cloudfront/GetVpcOrigin',
  'cloudfront/ListCloudFrontOriginAccessIdentities',
  'cloudfront/ListVpcOrigins',
  'global-accelerator/ListAccelerators',
  'global-accelerator/ListEndpointGroups',
  'global-accelerator/ListListeners',
];
const NOT_THERE = [
  'apprunner/DescribeService',
  'apprunner/ListServices',
  'bedrock-agentcore-control/GetBrowser',
  'bedrock-agentcore-control/GetCodeInterpreter',
  'bedrock-agentcore-control/ListBrowsers',
  'bedrock-agentcore-control/ListCodeInterpreters',
  'ec2/DescribeInstanceConnectEndpoints',
  'ec2/DescribeSecurityGroupVpcAssociations',
  'ec2/DescribeVpcBlockPublicAccessExclusions',
  'ec2/DescribeVpcBlockPublicAccessOptions',
  'ec2/GetEbsDefaultKmsKeyId',
  'ec2/GetImageBlockPublicAccessState',
  'ec2/GetInstanceMetadataDefaults',
  'ec2/GetSerialConsoleAccessStatus',
  'ec2/GetSnapshotBlockPublicAccessState',
  'lambda/ListFunctionUrlConfigs',
  'macie2/GetFindings',
  'macie2/ListFindings',
  'rds/DescribeDBProxyEndpoints',
  'ssm/DescribeInstanceInformation',
  'ssm/GetServiceSetting',
];

describe.skipIf(!emulator)('collecting from the emulator', () => {
  let estate: Estate;
  let snapshot: WholeSnapshot;
  let folder: string;
  const lines: string[] = [];

  beforeAll(async () => {
    if (!emulator) return;
    for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, value);
    folder = await mkdtemp(join(tmpdir(), 'trespass-collect-'));
    estate = await seedEstate(emulator);
    snapshot = await collectSnapshot({ regions: [REGION] }, ({ line }) => line !== undefined && lines.push(line));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  const bodyOf = (service: string, operation: string, region = REGION) =>
    snapshot.answer(ACCOUNT, region, service, operation)?.body;
  const idsOf = (service: string, operation: string, listName: string, idName: string): string[] =>
    objects(field(bodyOf(service, operation), listName)).flatMap((item) => text(field(item, idName)) ?? []);

  it('holds everything that was seeded', () => {
    const instances = objects(field(bodyOf('ec2', 'DescribeInstances'), 'Reservations'))
      .flatMap((reservation) => objects(field(reservation, 'Instances')))
      .map((instance) => text(field(instance, 'InstanceId')));
    const { web, hop, denied, bounded, hidden, closed, blocked } = estate.arns;
    const seeded = [web, hop, denied, bounded, hidden, closed, blocked, ...estate.fleetInstances];
    expect(new Set(instances)).toEqual(new Set(seeded.map((arn) => arn.split('/')[1])));
    expect(instances).toHaveLength(seeded.length);
    expect(idsOf('rds', 'DescribeDBInstances', 'DBInstances', 'DBInstanceIdentifier').sort()).toEqual([
      'ledger',
      'orders',
    ]);
    expect(idsOf('auto-scaling', 'DescribeAutoScalingGroups', 'AutoScalingGroups', 'AutoScalingGroupName')).toEqual([
      'fleet',
    ]);
    expect(idsOf('ec2', 'DescribeSecurityGroups', 'SecurityGroups', 'GroupId')).toContain(estate.ids.webGroup);
    expect(idsOf('ec2', 'DescribeRouteTables', 'RouteTables', 'RouteTableId')).toContain(estate.ids.publicRouteTable);
    const roles = objects(field(bodyOf('iam', 'GetAccountAuthorizationDetails', 'global'), 'RoleDetailList'));
    expect(roles.map((role) => text(field(role, 'RoleName')))).toEqual(
      expect.arrayContaining(['web', 'hop', 'fleet', 'denied', 'bounded', 'operator', 'keeper']),
    );
  });

  it('asks for each resource', () => {
    const shared = estate.arns.publicSnapshot.split('/')[1] ?? '';
    expect(at(bodyOf('ec2', 'DescribeSnapshotAttribute'), shared, 'CreateVolumePermissions')).toEqual([
      { Group: 'all' },
    ]);
    const [key = ''] = idsOf('kms', 'ListKeys', 'Keys', 'KeyId');
    expect(text(at(bodyOf('kms', 'GetKeyPolicy'), key, 'Policy'))).toContain('role/keeper');
    expect(at(bodyOf('secrets-manager', 'GetResourcePolicy'), 'payment', 'Name')).toBe('payment');
  });

  it('stores a bucket in its own region, and the list of buckets and IAM in none', () => {
    expect(snapshot.answers('s3', 'ListBuckets').map((answer) => answer.region)).toEqual(['global']);
    expect(snapshot.answers('s3', 'GetBucketAcl').map((answer) => [answer.region, Object.keys(answer.body)])).toEqual([
      ['eu-central-1', ['archive-of-the-estate']],
      ['us-east-1', ['reports-of-the-estate']],
    ]);
    expect(at(bodyOf('s3', 'GetBucketPolicy'), 'reports-of-the-estate', 'Policy')).toContain('"Deny"');
    expect(snapshot.coverage(ACCOUNT, 'global', 's3-control', 'GetPublicAccessBlock')).toBe('answered');
  });

  it('tells nothing from not asked and not answered', () => {
    expect(bodyOf('rds', 'DescribeDBClusters')).toEqual({});
    expect(snapshot.coverage(ACCOUNT, REGION, 'rds', 'DescribeDBClusters')).toBe('answered');
    expect(snapshot.coverage(ACCOUNT, REGION, 'ssm', 'DescribeInstanceInformation')).toBe('gap');
    expect(snapshot.coverage(ACCOUNT, 'eu-west-1', 'ec2', 'DescribeInstances')).toBe('missing');
  });

  it('has a gap for what the emulator cannot answer, and for nothing else', () => {
    expect(snapshot.gaps.map(({ service, operation }) => `${service}/${operation}`)).toEqual([
      ...NOT_THERE_GLOBALLY,
      ...NOT_THERE,
    ]);
    for (const gap of snapshot.gaps)
      expect(gap.message).toMatch(/HTTP (?:404|500) with an answer that cannot be read|needs .*, which is a gap/);
  });

  it('says when a place has ended', () => {
    expect(lines.sort()).toEqual([
      `${ACCOUNT} global: collected, ${NOT_THERE_GLOBALLY.length} gaps`,
      `${ACCOUNT} ${REGION}: collected, ${NOT_THERE.length} gaps`,
    ]);
  });

  it('stores no secret, only what kind it was', async () => {
    const user = at(
      bodyOf('ec2', 'DescribeInstanceAttribute'),
      estate.arns.closed.split('/')[1] ?? '',
      'UserData',
      'Value',
    );
    expect(findSecrets(text(user) ?? '')).toEqual([{ kind: 'password' }]);
    const [report] = objects(field(bodyOf('lambda', 'ListFunctions'), 'Functions'));
    expect(at(report, 'Environment', 'Variables')).toEqual({ API_TOKEN: '[redacted: token]', STAGE: '[redacted]' });
    await writeSnapshot(folder, snapshot);
    const forms = Object.values(SECRETS).flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64').slice(4, -6),
    ]);
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.json')) continue;
      const stored = await readFile(join(folder, file), 'utf8');
      for (const form of forms) expect(stored, file).not.toContain(form);
    }
  });

  it('is the same once it is written and read again', async () => {
    await writeSnapshot(folder, snapshot);
    const again = await readSnapshot(folder);
    expect(again.everyAnswer).toEqual(snapshot.everyAnswer);
    expect(again.gaps).toEqual(snapshot.gaps);
    expect(again.accounts).toEqual(snapshot.accounts);
    expect(again.collectedAt).toBe(snapshot.collectedAt);
  });

  it('collects what a principal with few permissions may see, with a gap for each refusal', async () => {
    if (!emulator) return;
    const client = new IAMClient(clientOf(emulator));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['ec2:Describe*', 'sts:*', 's3:ListAllMyBuckets'], Resource: '*' }],
    });
    const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'few', PolicyDocument }));
    await client.send(new CreateUserCommand({ UserName: 'auditor' }));
    await client.send(new AttachUserPolicyCommand({ UserName: 'auditor', PolicyArn: Policy?.Arn ?? '' }));
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'auditor' }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', AccessKey?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', AccessKey?.SecretAccessKey ?? '');
    await emulator.enforceIam(true);
    try {
      const few = await collectSnapshot({ regions: [REGION], services: ['ec2', 'iam', 'rds', 'kms', 's3', 'lambda'] });
      expect(few.coverage(ACCOUNT, REGION, 'ec2', 'DescribeInstances')).toBe('answered');
      for (const [region, service, operation] of [
        ['global', 'iam', 'GetAccountAuthorizationDetails'],
        [REGION, 'rds', 'DescribeDBInstances'],
        [REGION, 'kms', 'ListKeys'],
        [REGION, 'lambda', 'ListFunctions'],
      ] as const) {
        expect(few.coverage(ACCOUNT, region, service, operation)).toBe('gap');
        expect(few.gaps).toContainEqual(expect.objectContaining({ service, operation, error: 'AccessDenied' }));
      }
      // What could not be listed was not asked about one by one.
      expect(few.gaps).toContainEqual(
        expect.objectContaining({
          operation: 'GetKeyPolicy',
          error: 'NotAsked',
          message: 'needs kms/ListKeys, which is a gap',
        }),
      );
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
      await expect(collectSnapshot({ regions: [REGION] })).rejects.toMatchObject({ name: 'UserError', exitCode: 5 });
    } finally {
      await emulator.enforceIam(false);
      for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, value);
    }
  });
});
