import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from './emulator.js';
import { ACCOUNT, clientOf, type Pair, REGION } from './estate.js';

/** A story that was published elsewhere, told with names of our own, and the one fact with which it ends otherwise. */
export interface Scenario {
  readonly title: string;
  /** Where a story of this kind was published. */
  readonly see: string;
  /** Builds it over the API, and tells the path that it is about. */
  readonly seed: (cloud: Cloud) => Promise<Pair>;
  /** The technique without which there is no path. */
  readonly technique: string;
  /** The fact that is changed. */
  readonly without: string;
  readonly change: (cloud: Cloud) => Promise<unknown>;
}

/** Clients of the emulator, and a public subnet with a group that lets everybody in on tcp/443. */
export interface Cloud {
  readonly ec2: ec2.EC2Client;
  readonly iam: iam.IAMClient;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly subnet: string;
  readonly group: string;
}

const document = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*'): object => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const trustOf = (service: string): string =>
  document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } });
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const rdsArn = (resource: string): string => `arn:aws:rds:${REGION}:${ACCOUNT}:${resource}`;
const ADMIN = `aws:admin/${ACCOUNT}`;

export async function openCloud(emulator: Emulator): Promise<Cloud> {
  const settings = clientOf(emulator);
  const client = new ec2.EC2Client(settings);
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.70.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId ?? '';
  await client.send(new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const { Subnet } = await client.send(
    new ec2.CreateSubnetCommand({ VpcId, CidrBlock: '10.70.1.0/24', AvailabilityZone: `${REGION}a` }),
  );
  const SubnetId = Subnet?.SubnetId ?? '';
  const { RouteTable } = await client.send(new ec2.CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId ?? '';
  await client.send(new ec2.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  await client.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  const { GroupId = '' } = await client.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: 'open', Description: 'open', VpcId }),
  );
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return {
    ec2: client,
    iam: new iam.IAMClient(settings),
    rds: new RDSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secrets: new SecretsManagerClient(settings),
    subnet: SubnetId,
    group: GroupId,
  };
}

async function makeRole(cloud: Cloud, name: string, service: string): Promise<void> {
  await cloud.iam.send(new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustOf(service) }));
}

const putPolicy = (cloud: Cloud, role: string, ...statements: readonly object[]) =>
  cloud.iam.send(
    new iam.PutRolePolicyCommand({ RoleName: role, PolicyName: 'own', PolicyDocument: document(...statements) }),
  );

/** An instance that the internet reaches, with a role of its name where it has one. */
async function makeHost(
  cloud: Cloud,
  name: string,
  options: { role?: boolean; userData?: string } = {},
): Promise<string> {
  const { role = true, userData } = options;
  if (role) {
    await makeRole(cloud, name, 'ec2.amazonaws.com');
    await cloud.iam.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: name }));
    await cloud.iam.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
  }
  const { Instances = [] } = await cloud.ec2.send(
    new ec2.RunInstancesCommand({
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: cloud.subnet,
      SecurityGroupIds: [cloud.group],
      ...(role && { IamInstanceProfile: { Name: name } }),
      ...(userData !== undefined && { UserData: Buffer.from(userData).toString('base64') }),
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
    }),
  );
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${Instances[0]?.InstanceId ?? ''}`;
}

const BUCKET = 'statements-of-the-teller';
const RESTORE = [
  allow('rds:CreateDBSnapshot', [rdsArn('db:accounts'), rdsArn('snapshot:copy-*')]),
  allow(
    'rds:RestoreDBInstanceFromDBSnapshot',
    ['snapshot:copy-*', 'db:copy-*', 'og:*', 'pg:*', 'subgrp:*'].map((form) => rdsArn(form)),
  ),
];

/** They stand side by side in one account: each has a host, a role and a target of its own. */
export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'a forged request to the metadata service of a web server, and a bucket that its role reads',
    see: 'https://hackingthe.cloud/aws/exploitation/ec2-metadata-ssrf/',
    seed: async (cloud) => {
      const host = await makeHost(cloud, 'teller');
      await cloud.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
      await putPolicy(cloud, 'teller', allow('s3:GetObject', `arn:aws:s3:::${BUCKET}/*`));
      return [host, `arn:aws:s3:::${BUCKET}`];
    },
    technique: 's3-read',
    without: 'the bucket’s policy denies the role what its own allows',
    change: (cloud) =>
      cloud.s3.send(
        new PutBucketPolicyCommand({
          Bucket: BUCKET,
          Policy: document({
            Effect: 'Deny',
            Principal: { AWS: roleArn('teller') },
            Action: 's3:*',
            Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
          }),
        }),
      ),
  },
  {
    title: 'a policy with an older version that allows everything, which its holder may put in force again',
    see: 'https://github.com/RhinoSecurityLabs/cloudgoat/tree/master/cloudgoat/scenarios/aws/iam_privesc_by_rollback',
    seed: async (cloud) => {
      const host = await makeHost(cloud, 'clerk');
      const { Policy } = await cloud.iam.send(
        new iam.CreatePolicyCommand({ PolicyName: 'desk', PolicyDocument: document(allow('*')) }),
      );
      const PolicyArn = Policy?.Arn ?? '';
      await cloud.iam.send(
        new iam.CreatePolicyVersionCommand({
          PolicyArn,
          PolicyDocument: document(allow(['iam:SetDefaultPolicyVersion', 'iam:ListPolicyVersions'], PolicyArn)),
          SetAsDefault: true,
        }),
      );
      await cloud.iam.send(new iam.AttachRolePolicyCommand({ RoleName: 'clerk', PolicyArn }));
      return [host, ADMIN];
    },
    technique: 'set-default-policy-version',
    without: 'the older version was deleted',
    change: (cloud) =>
      cloud.iam.send(
        new iam.DeletePolicyVersionCommand({ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/desk`, VersionId: 'v1' }),
      ),
  },
  {
    title: 'a database that is snapshotted, restored beside itself and given another password',
    see: 'https://github.com/RhinoSecurityLabs/cloudgoat/tree/master/cloudgoat/scenarios/aws/rds_snapshot',
    seed: async (cloud) => {
      const host = await makeHost(cloud, 'bookkeeper');
      await cloud.rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: 'accounts',
          DBInstanceClass: 'db.t3.micro',
          Engine: 'postgres',
          MasterUsername: 'keeper',
          MasterUserPassword: 'not-to-be-guessed',
          AllocatedStorage: 20,
        }),
      );
      await putPolicy(cloud, 'bookkeeper', ...RESTORE, allow('rds:ModifyDBInstance', rdsArn('db:copy-*')));
      return [host, rdsArn('db:accounts')];
    },
    technique: 'rds-snapshot-restore',
    without: 'the copy cannot be given another password',
    change: (cloud) => putPolicy(cloud, 'bookkeeper', ...RESTORE),
  },
  {
    title: 'a role of an operator that is passed to a new function',
    see: 'https://pathfinding.cloud/paths/lambda-001',
    seed: async (cloud) => {
      const host = await makeHost(cloud, 'printer');
      await makeRole(cloud, 'press-operator', 'lambda.amazonaws.com');
      await putPolicy(cloud, 'press-operator', allow('*'));
      await putPolicy(
        cloud,
        'printer',
        allow('iam:PassRole', roleArn('press-operator')),
        allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      );
      return [host, ADMIN];
    },
    technique: 'pass-role-lambda-function',
    without: 'the role trusts another service',
    change: (cloud) =>
      cloud.iam.send(
        new iam.UpdateAssumeRolePolicyCommand({
          RoleName: 'press-operator',
          PolicyDocument: trustOf('ecs.amazonaws.com'),
        }),
      ),
  },
  {
    title: 'an access key in the user data of an instance, and a secret that its user reads',
    see: 'https://hackingthe.cloud/aws/general-knowledge/introduction_user_data/',
    seed: async (cloud) => {
      await cloud.iam.send(new iam.CreateUserCommand({ UserName: 'driver' }));
      const { AccessKey } = await cloud.iam.send(new iam.CreateAccessKeyCommand({ UserName: 'driver' }));
      const keys = `AWS_ACCESS_KEY_ID=${AccessKey?.AccessKeyId}\nAWS_SECRET_ACCESS_KEY=${AccessKey?.SecretAccessKey}\n`;
      const host = await makeHost(cloud, 'courier', { role: false, userData: `#!/bin/sh\nexport ${keys}` });
      const { ARN = '' } = await cloud.secrets.send(
        new CreateSecretCommand({ Name: 'routes', SecretString: 'by the mill' }),
      );
      await cloud.iam.send(
        new iam.PutUserPolicyCommand({
          UserName: 'driver',
          PolicyName: 'own',
          PolicyDocument: document(allow('secretsmanager:GetSecretValue', ARN)),
        }),
      );
      return [host, ARN];
    },
    technique: 'user-data-secrets',
    without: 'the key is inactive',
    change: async (cloud) => {
      const { AccessKeyMetadata = [] } = await cloud.iam.send(new iam.ListAccessKeysCommand({ UserName: 'driver' }));
      for (const { AccessKeyId } of AccessKeyMetadata) {
        await cloud.iam.send(new iam.UpdateAccessKeyCommand({ UserName: 'driver', AccessKeyId, Status: 'Inactive' }));
      }
    },
  },
];
