import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateDBInstanceCommand, CreateDBSubnetGroupCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from './emulator.js';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** Texts that were given to AWS as secrets; none may be found in a snapshot. */
export const SECRETS = {
  userData: 'hunter2-of-user-data',
  environment: 'hunter2-of-environment',
  database: 'hunter2-of-the-database',
  secretsManager: 'hunter2-of-secrets-manager',
} as const;

/** An entry and a target, by ARN. */
export type Pair = readonly [entry: string, target: string];

export interface Estate {
  /** ARNs by the names that the estate's description uses. */
  readonly arns: Readonly<Record<InstanceName | VolumeName | DatabaseName | 'publicSnapshot' | 'fleetGroup', string>>;
  readonly fleetInstances: readonly string[];
  /** Paths that exist and must be found. An entry of the Auto Scaling group is one of its instances. */
  readonly expected: readonly Pair[];
  /** Paths that exist too, by what the same permissions or premises give beside: the public snapshot, and an instance's own disk. */
  readonly possible: readonly Pair[];
  /** Paths that look as if they existed. */
  readonly forbidden: readonly Pair[];
  /** Instances that nothing from the internet reaches: no path may enter there. */
  readonly unexposed: readonly string[];
  readonly ids: {
    readonly webGroup: string;
    readonly publicRouteTable: string;
    readonly internetGateway: string;
    readonly publicNacl: string;
  };
  /** Ends one instance of the Auto Scaling group; another takes its place. Returns the ended one and all of them afterwards. */
  replaceFleetInstance(): Promise<{ readonly ended: string; readonly now: readonly string[] }>;
}

export type InstanceName = 'web' | 'hop' | 'denied' | 'bounded' | 'hidden' | 'closed' | 'blocked';
export type VolumeName = 'archive' | 'sealed';
export type DatabaseName = 'orders' | 'ledger';

const everyone = { CidrIp: '0.0.0.0/0', Description: 'the internet' };
const instanceArn = (id: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${id}`;
const volumeArn = (id: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/${id}`;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const databaseArn = (name: string): string => `arn:aws:rds:${REGION}:${ACCOUNT}:db:${name}`;

const allow = (Action: string | string[], Resource: string | string[]): object => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Action: string | string[], Resource: string | string[]): object => ({ Effect: 'Deny', Action, Resource });
const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = (principal: object): string =>
  policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal });
const EC2_TRUST = trust({ Service: 'ec2.amazonaws.com' });

/** Settings of an SDK client that talks to the emulator. */
export const clientOf = (
  emulator: Emulator,
): { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } } => ({
  endpoint: emulator.url,
  region: REGION,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/**
 * Builds an estate over the emulator's API: nothing of it is written as a snapshot.
 *
 * - `web`, in a public subnet with 443 open to the world: its role may snapshot the volume `archive` and share snapshots, and set the master
 *   password of the database `orders`, which lets `web` in. It may do the snapshot part for `sealed` too, whose key it cannot use.
 * - `hop`, exposed: its role may only become `operator`, which may snapshot `archive` and share.
 * - the group `fleet` of two, exposed: its role may snapshot `archive` and share.
 * - `denied`, exposed: the same permissions, and an explicit deny. `bounded`, exposed: the same, under a boundary that leaves nothing of it.
 * - `hidden` (no route from the internet), `closed` (no open port), `blocked` (a network ACL that denies): web's role, and no way in.
 * - `ledger`, a database that nobody may change and that lets nobody in; a snapshot shared with everybody.
 */
export async function seedEstate(emulator: Emulator): Promise<Estate> {
  const settings = clientOf(emulator);
  const network = await seedNetwork(new ec2.EC2Client(settings));
  const storage = await seedStorage(new ec2.EC2Client(settings), new KMSClient(settings));
  await seedRoles(new iam.IAMClient(settings), storage);
  const instances = await seedInstances(new ec2.EC2Client(settings), network);
  const fleet = await seedFleet(new AutoScalingClient(settings), new ec2.EC2Client(settings), network);
  await seedDatabases(new RDSClient(settings), network);
  await seedSecretHolders(settings);
  const arns = {
    ...instances,
    archive: volumeArn(storage.archive),
    sealed: volumeArn(storage.sealed),
    orders: databaseArn('orders'),
    ledger: databaseArn('ledger'),
    publicSnapshot: `arn:aws:ec2:${REGION}::snapshot/${storage.publicSnapshot}`,
    fleetGroup: fleet.arn,
  };
  const fleetEntry = fleet.instances[0] ?? '';
  const { Volumes = [] } = await new ec2.EC2Client(settings).send(new ec2.DescribeVolumesCommand({}));
  return {
    arns,
    fleetInstances: fleet.instances,
    expected: [
      [arns.web, arns.archive],
      [arns.web, arns.orders],
      [arns.hop, arns.archive],
      [fleetEntry, arns.archive],
      [arns.publicSnapshot, arns.publicSnapshot],
    ],
    possible: [
      ...[arns.web, arns.hop, ...fleet.instances].map((entry): Pair => [entry, arns.publicSnapshot]),
      ...Volumes.flatMap((volume) =>
        (volume.Attachments ?? []).map(
          (to): Pair => [instanceArn(to.InstanceId ?? ''), volumeArn(volume.VolumeId ?? '')],
        ),
      ),
    ],
    forbidden: [
      [arns.web, arns.sealed],
      [arns.web, arns.ledger],
      [arns.hop, arns.orders],
      [fleetEntry, arns.orders],
      ...[arns.denied, arns.bounded, arns.hidden, arns.closed, arns.blocked].flatMap((entry): Pair[] =>
        [arns.archive, arns.orders, arns.sealed, arns.ledger].map((target) => [entry, target]),
      ),
    ],
    unexposed: [arns.hidden, arns.closed, arns.blocked],
    ids: {
      webGroup: network.openGroup,
      publicRouteTable: network.publicRoutes,
      internetGateway: network.gateway,
      publicNacl: network.publicNacl,
    },
    replaceFleetInstance: async () => {
      const client = new AutoScalingClient(settings);
      const ended = (await fleetInstances(client))[0] ?? '';
      await client.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: ended.split('/').at(-1),
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      return { ended, now: await fleetInstances(client) };
    },
  };
}

interface Network {
  readonly publicSubnet: string;
  readonly blockedSubnet: string;
  readonly privateSubnets: readonly [string, string];
  readonly openGroup: string;
  readonly otherOpenGroup: string;
  readonly closedGroup: string;
  readonly ordersGroup: string;
  readonly ledgerGroup: string;
  readonly publicRoutes: string;
  readonly gateway: string;
  readonly publicNacl: string;
}

async function seedNetwork(client: ec2.EC2Client): Promise<Network> {
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const gateway = InternetGateway?.InternetGatewayId ?? '';
  await client.send(new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId: gateway }));
  const subnet = async (CidrBlock: string, AvailabilityZone: string): Promise<string> => {
    const { Subnet } = await client.send(new ec2.CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
    return Subnet?.SubnetId ?? '';
  };
  const publicSubnet = await subnet('10.20.1.0/24', 'us-east-1a');
  const blockedSubnet = await subnet('10.20.9.0/24', 'us-east-1a');
  const privateSubnets = [
    await subnet('10.20.2.0/24', 'us-east-1a'),
    await subnet('10.20.3.0/24', 'us-east-1b'),
  ] as const;
  const { RouteTable } = await client.send(new ec2.CreateRouteTableCommand({ VpcId }));
  const publicRoutes = RouteTable?.RouteTableId ?? '';
  await client.send(
    new ec2.CreateRouteCommand({ RouteTableId: publicRoutes, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway }),
  );
  for (const SubnetId of [publicSubnet, blockedSubnet]) {
    await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: publicRoutes, SubnetId }));
    await client.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  }
  const group = async (GroupName: string, IpPermissions: ec2.IpPermission[]): Promise<string> => {
    const { GroupId = '' } = await client.send(
      new ec2.CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }),
    );
    if (IpPermissions.length > 0) {
      await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    }
    return GroupId;
  };
  const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
  const postgres = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 };
  const openGroup = await group('web', [{ ...https, IpRanges: [everyone] }]);
  const otherOpenGroup = await group('web-other', [{ ...https, IpRanges: [everyone] }]);
  const closedGroup = await group('closed', [{ ...https, IpRanges: [{ CidrIp: '10.20.0.0/16' }] }]);
  const ordersGroup = await group('orders', [{ ...postgres, UserIdGroupPairs: [{ GroupId: openGroup }] }]);
  const ledgerGroup = await group('ledger', []);
  await denyInbound(client, VpcId, blockedSubnet);
  const { NetworkAcls = [] } = await client.send(new ec2.DescribeNetworkAclsCommand({}));
  const publicNacl = NetworkAcls.find((acl) => acl.Associations?.some(({ SubnetId }) => SubnetId === publicSubnet));
  return {
    publicSubnet,
    blockedSubnet,
    privateSubnets,
    openGroup,
    otherOpenGroup,
    closedGroup,
    ordersGroup,
    ledgerGroup,
    publicRoutes,
    gateway,
    publicNacl: publicNacl?.NetworkAclId ?? '',
  };
}

/** A network ACL of its own for a subnet: 443 is denied before all is allowed. */
async function denyInbound(client: ec2.EC2Client, VpcId: string, subnet: string): Promise<void> {
  const { NetworkAcl } = await client.send(new ec2.CreateNetworkAclCommand({ VpcId }));
  const NetworkAclId = NetworkAcl?.NetworkAclId ?? '';
  const entry = async (
    RuleNumber: number,
    RuleAction: 'allow' | 'deny',
    Egress: boolean,
    more: object,
  ): Promise<void> => {
    await client.send(
      new ec2.CreateNetworkAclEntryCommand({
        NetworkAclId,
        RuleNumber,
        RuleAction,
        Egress,
        CidrBlock: '0.0.0.0/0',
        Protocol: '-1',
        ...more,
      }),
    );
  };
  await entry(90, 'deny', false, { Protocol: '6', PortRange: { From: 443, To: 443 } });
  await entry(100, 'allow', false, {});
  await entry(100, 'allow', true, {});
  const { NetworkAcls = [] } = await client.send(new ec2.DescribeNetworkAclsCommand({}));
  const association = NetworkAcls.flatMap((acl) => acl.Associations ?? []).find(({ SubnetId }) => SubnetId === subnet);
  await client.send(
    new ec2.ReplaceNetworkAclAssociationCommand({
      AssociationId: association?.NetworkAclAssociationId ?? '',
      NetworkAclId,
    }),
  );
}

interface Storage {
  readonly archive: string;
  readonly sealed: string;
  readonly publicSnapshot: string;
}

async function seedStorage(client: ec2.EC2Client, kms: KMSClient): Promise<Storage> {
  const keyPolicy = policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: roleArn('keeper') } });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: keyPolicy }));
  const volume = async (name: string, more: object): Promise<string> => {
    const { VolumeId = '' } = await client.send(
      new ec2.CreateVolumeCommand({
        AvailabilityZone: 'us-east-1a',
        Size: 8,
        TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'Name', Value: name }] }],
        ...more,
      }),
    );
    return VolumeId;
  };
  const archive = await volume('archive', {});
  const sealed = await volume('sealed', { Encrypted: true, KmsKeyId: KeyMetadata?.Arn });
  const { SnapshotId = '' } = await client.send(new ec2.CreateSnapshotCommand({ VolumeId: archive }));
  await client.send(
    new ec2.ModifySnapshotAttributeCommand({
      SnapshotId,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      GroupNames: ['all'],
    }),
  );
  return { archive, sealed, publicSnapshot: SnapshotId };
}

const ROLES: readonly (InstanceName | 'fleet')[] = ['web', 'hop', 'fleet', 'denied', 'bounded'];

async function seedRoles(client: iam.IAMClient, storage: Storage): Promise<void> {
  const copyArchive = [
    allow('ec2:CreateSnapshot', [volumeArn(storage.archive), `arn:aws:ec2:${REGION}::snapshot/*`]),
    allow('ec2:ModifySnapshotAttribute', `arn:aws:ec2:${REGION}::snapshot/*`),
  ];
  const copySealed = allow('ec2:CreateSnapshot', volumeArn(storage.sealed));
  const setPassword = allow('rds:ModifyDBInstance', databaseArn('orders'));
  const documents = new Map<string, string>([
    ['web', policy(...copyArchive, copySealed, setPassword)],
    ['hop', policy(allow('sts:AssumeRole', roleArn('operator')))],
    ['fleet', policy(...copyArchive)],
    ['denied', policy(...copyArchive, setPassword, deny(['ec2:*', 'rds:*', 'ebs:*'], '*'))],
    ['bounded', policy(...copyArchive, setPassword)],
    ['operator', policy(...copyArchive)],
    ['keeper', policy(allow('kms:*', '*'))],
  ]);
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({
      PolicyName: 'lists-buckets',
      PolicyDocument: policy(allow('s3:ListAllMyBuckets', '*')),
    }),
  );
  for (const [RoleName, PolicyDocument] of documents) {
    const trusted = RoleName === 'operator' ? trust({ AWS: roleArn('hop') }) : EC2_TRUST;
    await client.send(
      new iam.CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: RoleName === 'keeper' ? trust({ Service: 'lambda.amazonaws.com' }) : trusted,
        ...(RoleName === 'bounded' && { PermissionsBoundary: Policy?.Arn }),
      }),
    );
    await client.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  }
  for (const RoleName of ROLES) {
    await client.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: RoleName }));
    await client.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: RoleName, RoleName }));
  }
}

async function seedInstances(client: ec2.EC2Client, network: Network): Promise<Record<InstanceName, string>> {
  const run = async (name: InstanceName, profile: string, SubnetId: string, group: string): Promise<string> => {
    const userData = name === 'closed' ? `#!/bin/sh\nexport DB_PASSWORD=${SECRETS.userData}\n` : '#!/bin/sh\nnginx\n';
    const { Instances = [] } = await client.send(
      new ec2.RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        SecurityGroupIds: [group],
        IamInstanceProfile: { Name: profile },
        UserData: Buffer.from(userData).toString('base64'),
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
      }),
    );
    return instanceArn(Instances[0]?.InstanceId ?? '');
  };
  const { publicSubnet, privateSubnets, blockedSubnet, openGroup, otherOpenGroup, closedGroup } = network;
  return {
    web: await run('web', 'web', publicSubnet, openGroup),
    hop: await run('hop', 'hop', publicSubnet, otherOpenGroup),
    denied: await run('denied', 'denied', publicSubnet, otherOpenGroup),
    bounded: await run('bounded', 'bounded', publicSubnet, otherOpenGroup),
    hidden: await run('hidden', 'web', privateSubnets[0], openGroup),
    closed: await run('closed', 'web', publicSubnet, closedGroup),
    blocked: await run('blocked', 'web', blockedSubnet, openGroup),
  };
}

async function seedFleet(
  client: AutoScalingClient,
  compute: ec2.EC2Client,
  network: Network,
): Promise<{ arn: string; instances: string[] }> {
  const { LaunchTemplate } = await compute.send(
    new ec2.CreateLaunchTemplateCommand({
      LaunchTemplateName: 'fleet',
      LaunchTemplateData: {
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 't3.micro',
        SecurityGroupIds: [network.otherOpenGroup],
        IamInstanceProfile: { Name: 'fleet' },
      },
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'fleet',
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '1' },
      MinSize: 2,
      MaxSize: 2,
      DesiredCapacity: 2,
      VPCZoneIdentifier: network.publicSubnet,
    }),
  );
  const { AutoScalingGroups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
  return { arn: AutoScalingGroups[0]?.AutoScalingGroupARN ?? '', instances: await fleetInstances(client) };
}

async function fleetInstances(client: AutoScalingClient): Promise<string[]> {
  const { AutoScalingGroups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({}));
  return (AutoScalingGroups[0]?.Instances ?? []).map(({ InstanceId }) => instanceArn(InstanceId ?? '')).sort();
}

async function seedDatabases(client: RDSClient, network: Network): Promise<void> {
  await client.send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: 'private',
      DBSubnetGroupDescription: 'private',
      SubnetIds: [...network.privateSubnets],
    }),
  );
  for (const [name, group] of [
    ['orders', network.ordersGroup],
    ['ledger', network.ledgerGroup],
  ] as const) {
    await client.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'owner',
        MasterUserPassword: SECRETS.database,
        DBSubnetGroupName: 'private',
        VpcSecurityGroupIds: [group],
        PubliclyAccessible: false,
      }),
    );
  }
}

/** Things that hold secrets, for the snapshot to be free of. */
async function seedSecretHolders(settings: ReturnType<typeof clientOf>): Promise<void> {
  await new SecretsManagerClient(settings).send(
    new CreateSecretCommand({ Name: 'payment', SecretString: SECRETS.secretsManager }),
  );
  await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName: 'report',
      Runtime: 'nodejs22.x',
      Role: roleArn('keeper'),
      Handler: 'index.handler',
      Code: { ZipFile: emptyZip() },
      Environment: { Variables: { API_TOKEN: SECRETS.environment, STAGE: 'production' } },
    }),
  );
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'reports-of-the-estate' }));
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'archive-of-the-estate',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    }),
  );
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: 'reports-of-the-estate',
      Policy: policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::reports-of-the-estate/*',
      }),
    }),
  );
}

/** The end record of a zip archive without files. */
const emptyZip = (): Buffer => Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)]);
