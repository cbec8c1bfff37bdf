import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, type Says, userArn } from './miniature.js';
import { templateOfGroup } from './miniature-template.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const HOST = arn('ec2', 'instance/i-own');
const OTHER = arn('ec2', 'instance/i-other');
const SSM_ROLE = { trust: 'ec2.amazonaws.com', profile: true, says: ['ssm:UpdateInstanceInformation'] } as const;

describe('giving an instance another profile', () => {
  const world = (says: readonly string[], profile = true, trust = 'ec2.amazonaws.com'): Miniature => ({
    roles: {
      own: { trust: 'ec2.amazonaws.com', profile: true, says },
      strong: { trust, profile },
    },
    instances: { 'i-own': { role: 'own' } },
  });

  test('who may pass a role and replace the profile of its host gets the role', () => {
    const { assets, steps } = reachedFrom(world(['iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation']), HOST);
    expect(assets.get(roleArn('strong'))).toBe('control confirmed');
    expect(steps.get(roleArn('strong'))).toEqual(['imds-credential-theft', 'ec2-profile-swap']);
    const inTwoCalls = ['iam:PassRole', 'ec2:DisassociateIamInstanceProfile', 'ec2:AssociateIamInstanceProfile'];
    expect(reachedFrom(world(inTwoCalls), HOST).assets.get(roleArn('strong'))).toBe('control confirmed');
  });

  test.each([
    ['associating is for hosts without a profile', world(['iam:PassRole', 'ec2:AssociateIamInstanceProfile'])],
    ['the role may not be passed', world(['ec2:ReplaceIamInstanceProfileAssociation'])],
    ['the profile may be taken away alone', world(['iam:PassRole', 'ec2:DisassociateIamInstanceProfile'])],
    [
      'the profile of another host alone may be taken away',
      {
        ...world(['iam:PassRole', 'ec2:AssociateIamInstanceProfile', `ec2:DisassociateIamInstanceProfile on ${OTHER}`]),
        instances: { 'i-own': { role: 'own' }, 'i-other': { role: 'own' } },
      },
    ],
    ['no profile holds the role', world(['iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation'], false)],
    [
      'the role does not trust EC2',
      world(['iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation'], true, 'lambda.amazonaws.com'),
    ],
    [
      'the profile of another host alone may be replaced',
      world(['iam:PassRole', `ec2:ReplaceIamInstanceProfileAssociation on ${OTHER}`]),
    ],
  ])('not: %s', (_, mini) => {
    expect([...reachedFrom(mini, HOST).assets.keys()]).not.toContain(roleArn('strong'));
  });
});

/** Ways to another role in which what is called comes of a change: of the policies of the caller, or of tags. */
describe('permissions that a principal has once something was changed', () => {
  const STRONG = roleArn('strong');
  const WEB = roleArn('web');
  const PASS = `iam:PassRole on ${STRONG}`;
  const FUNCTION = arn('lambda', 'function:shop');
  const attach = (policy: string): Says => ({
    Effect: 'Allow',
    Action: 'iam:AttachRolePolicy',
    Resource: WEB,
    Condition: { ArnEquals: { 'iam:PolicyARN': arn('iam', `policy/${policy}`) } },
  });
  const tagged = (Action: string): Says => ({
    Effect: 'Allow',
    Action,
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/stage': 'dev' } },
  });
  const had = (service: string, call: string, web: readonly Says[], bob: readonly Says[] = []) => {
    const world: Miniature = {
      users: { bob: { says: bob } },
      roles: {
        web: { trust: 'ec2.amazonaws.com', profile: true, says: web },
        strong: { trust: service, profile: true },
      },
      policies: { calls: [[call]], passes: [[PASS]], lists: [['s3:ListAllMyBuckets']] },
      instances: { 'i-own': { role: 'web' } },
      answers: {
        'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION }] },
        'lambda/ListTags': { [FUNCTION]: { Tags: {} } },
      },
    };
    const from = (asset: string) => reachedFrom(world, asset).assets.get(STRONG);
    return {
      alone: from(HOST),
      bob: from(userArn('bob')),
      together: reachedFromBoth(world, [HOST, userArn('bob')]).get(STRONG),
    };
  };
  const reachedFromBoth = (world: Miniature, assets: readonly string[]): ReadonlyMap<string, string> =>
    new Map(
      openAnalysis(miniature(world), { toolVersion: '0' })
        .blastRadius(assets)
        .reaches.map(({ asset, access, confidence }) => [asset, `${access} ${confidence}`]),
    );

  describe.each([
    ['ec2.amazonaws.com', 'ec2:ReplaceIamInstanceProfileAssociation', 'ec2:CreateTags'],
    ['lambda.amazonaws.com', 'lambda:UpdateFunctionConfiguration', 'lambda:TagResource'],
  ])('passing a role to %s by %s', (service, call, tag) => {
    const found = (web: readonly Says[], bob: readonly Says[] = []) => had(service, call, web, bob);

    test('is had with a policy that may be attached', () => {
      expect(found([PASS, attach('calls')]).alone).toBe('control confirmed');
      expect(found([call, attach('passes')]).alone).toBe('control confirmed');
      expect(found([PASS, attach('lists')]).alone).toBeUndefined();
    });

    test('takes whoever attaches that policy', () => {
      const { alone, bob, together } = found([PASS], [attach('calls')]);
      expect([alone, bob, together]).toEqual([undefined, undefined, 'control confirmed']);
    });

    test('takes whoever sets the tag that is asked for', () => {
      expect(found([PASS, tagged(call), tag]).alone).toBe('control confirmed');
      const { alone, bob, together } = found([PASS, tagged(call)], [tag]);
      expect([alone, bob, together]).toEqual([undefined, undefined, 'control confirmed']);
    });
  });
});

describe('putting another role into the profile of a host', () => {
  const PROFILE = arn('iam', 'instance-profile/managed');
  const SWAP = ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'].map(
    (call) => `${call} on ${PROFILE}`,
  );
  /** What Ann has of the role, who runs commands on the host and need not be the host’s own role. */
  const had = (metadata: 'enabled' | 'disabled', commanded = 'i-other') =>
    reachedFrom(
      {
        users: {
          ann: {
            says: [
              `iam:PassRole on ${roleArn('strong')}`,
              ...SWAP,
              `ssm:SendCommand on ${arn('ec2', `instance/${commanded}`)}`,
              'ssm:SendCommand on arn:aws:ssm:us-east-1::document/*',
            ],
          },
        },
        roles: { managed: SSM_ROLE, other: { ...SSM_ROLE }, strong: { trust: 'ec2.amazonaws.com' } },
        instances: { 'i-other': { role: 'managed', metadata }, 'i-own': { role: 'other' } },
      },
      ANN,
    ).assets.get(roleArn('strong'));

  test('gives it to who runs code there, where the host gives out credentials', () => {
    expect(had('enabled')).toBe('control conditional');
    expect(had('disabled')).toBeUndefined();
  });

  test('does not on a host with another profile', () => {
    expect(had('enabled', 'i-own')).toBeUndefined();
  });
});

describe('running code through Systems Manager', () => {
  const world = (says: readonly string[], role?: string): Miniature => ({
    users: { ann: { says } },
    roles: { managed: SSM_ROLE },
    instances: { 'i-other': role === undefined ? {} : { role } },
  });

  test('an association runs a document; the agent is presumed where nothing was collected', () => {
    const { assets, steps } = reachedFrom(world(['ssm:CreateAssociation'], 'managed'), ANN);
    expect(assets.get(OTHER)).toBe('control conditional');
    expect(steps.get(OTHER)).toEqual(['ssm-association']);
  });

  const SETTING = '/ssm/managed-instance/default-ec2-instance-management-role';
  const withSetting = (setting: JsonObject | undefined): Miniature => ({
    ...world(['ssm:CreateAssociation']),
    ...(setting ? { answers: { 'ssm/GetServiceSetting': setting } } : { missing: ['ssm/GetServiceSetting'] }),
  });
  const valued = (SettingValue: string): JsonObject => ({ [SETTING]: { ServiceSetting: { SettingValue } } });

  test.each([
    ['is on', valued('service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole')],
    ['was not collected', undefined],
    ['was asked for and not answered', {}],
  ])('perhaps on a host without a role where Default Host Management %s', (_, setting) => {
    expect(reachedFrom(withSetting(setting), ANN).assets.get(OTHER)).toBe('control conditional');
  });

  test('not on a host without a role where Default Host Management is off', () => {
    expect([...reachedFrom(withSetting(valued('$None')), ANN).assets.keys()]).not.toContain(OTHER);
  });

  test('not on a host whose role does not let the agent register', () => {
    expect([...reachedFrom(world(['ssm:CreateAssociation']), ANN).assets.keys()]).not.toContain(OTHER);
  });

  test('not without a document that runs commands', () => {
    const mini = world([`ssm:CreateAssociation on ${OTHER}`], 'managed');
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(OTHER);
  });

  test('a maintenance window needs a task and a target', () => {
    const all = [
      'ssm:RegisterTaskWithMaintenanceWindow',
      'ssm:RegisterTargetWithMaintenanceWindow',
      'ssm:CreateMaintenanceWindow',
    ];
    expect(reachedFrom(world(all, 'managed'), ANN).assets.get(OTHER)).toBe('control conditional');
    expect(reachedFrom(world(all.slice(1), 'managed'), ANN).assets.has(OTHER)).toBe(false);
  });
});

describe('an instance that is stopped', () => {
  const START = 'ec2:StartInstances';
  const world = (says: readonly Says[], more: Miniature = {}, state = 'stopped'): Miniature => ({
    ...more,
    users: { ann: { says } },
    roles: { managed: SSM_ROLE, plain: { trust: 'ec2.amazonaws.com', profile: true }, ...more.roles },
    instances: more.instances ?? { 'i-other': { role: 'managed', state } },
  });
  const known = (InstanceId: string): Miniature => ({
    answers: {
      'ssm/DescribeInstanceInformation': { InstanceInformationList: [{ InstanceId, PingStatus: 'ConnectionLost' }] },
    },
  });
  const plain = { instances: { 'i-other': { role: 'plain', state: 'stopped' } } };
  const reached = (mini: Miniature): string | undefined => reachedFrom(mini, ANN).assets.get(OTHER);

  test.each<[string, string, Miniature]>([
    ['control confirmed', 'a command', world(['ssm:SendCommand', START], known('i-other'))],
    ['control confirmed', 'a session', world(['ssm:StartSession', START], known('i-other'))],
    ['control confirmed', 'an association', world(['ssm:CreateAssociation', START], known('i-other'))],
    ['control confirmed', 'another root volume', world(['ec2:CreateReplaceRootVolumeTask', START])],
    [
      'control confirmed',
      'a command, where somebody else starts it',
      world(['ssm:SendCommand'], { ...known('i-other'), roles: { starter: { trust: 'user/ann', says: [START] } } }),
    ],
    ['control conditional', 'a command, where its agent may register', world(['ssm:SendCommand', START], known('i-x'))],
    [
      'control conditional',
      'a command, where it was not asked which are registered',
      world(['ssm:SendCommand', START]),
    ],
  ])('is had, %s, by starting it and %s', (expected, _, mini) => {
    expect(reached(mini)).toBe(expected);
  });

  test.each<[string, Miniature]>([
    [
      'nobody may start it',
      world(['ssm:SendCommand', 'ssm:CreateAssociation', 'ec2:CreateReplaceRootVolumeTask'], known('i-other')),
    ],
    ['another one may be started', world(['ssm:SendCommand', `${START} on ${HOST}`], known('i-other'))],
    ['it may be started, and nothing more', world([START], known('i-other'))],
    ['its agent cannot register', world(['ssm:SendCommand', START], { ...plain, ...known('i-x') })],
    ['it is gone', world(['ssm:SendCommand', START], known('i-other'), 'terminated')],
  ])('is not had where %s', (_, mini) => {
    expect(reached(mini)).toBeUndefined();
  });

  test('is started first, in words; one that runs is not, and need not be startable', () => {
    const textOf = (mini: Miniature) =>
      openAnalysis(miniature(mini), { toolVersion: '0.0.0' })
        .blastRadius([ANN])
        .reaches.find(({ asset }) => asset === OTHER)
        ?.steps.at(-1)?.text;
    expect(textOf(world(['ssm:SendCommand', START], known('i-other')))).toMatch(/^Start it, and run a command/);
    const online = {
      answers: {
        'ssm/DescribeInstanceInformation': {
          InstanceInformationList: [{ InstanceId: 'i-other', PingStatus: 'Online' }],
        },
      },
    };
    expect(textOf(world(['ssm:SendCommand'], online, 'running'))).toMatch(/^Run a command/);
  });
});

describe('other user data', () => {
  const CHANGE = 'ec2:ModifyInstanceAttribute';
  const world = (state: string, ...says: readonly string[]): Miniature => ({
    users: { ann: { says } },
    roles: { worker: { trust: 'ec2.amazonaws.com', profile: true } },
    instances: { 'i-other': { state, role: 'worker' }, 'i-own': { role: 'worker' } },
  });
  const reached = (mini: Miniature): readonly (string | undefined)[] => {
    const { assets } = reachedFrom(mini, ANN);
    return [assets.get(OTHER), assets.get(HOST), assets.get(roleArn('worker'))];
  };
  const HAD = 'control confirmed';

  test.each<[string, Miniature, readonly (string | undefined)[]]>([
    [
      'an instance that is stopped need not be stopped',
      world('stopped', CHANGE, 'ec2:StartInstances'),
      [HAD, undefined, HAD],
    ],
    ['one that runs has to be', world('running', CHANGE, 'ec2:StartInstances'), [undefined, undefined, undefined]],
    ['both are had', world('stopped', CHANGE, 'ec2:StartInstances', 'ec2:StopInstances'), [HAD, HAD, HAD]],
    ['one that is stopped is not started', world('stopped', CHANGE), [undefined, undefined, undefined]],
    [
      'one that is gone is not started',
      world('terminated', CHANGE, 'ec2:StartInstances'),
      [undefined, undefined, undefined],
    ],
  ])('%s', (_, mini, expected) => {
    expect(reached(mini)).toEqual(expected);
  });
});

describe('the serial console', () => {
  const TURN_ON = 'ec2:EnableSerialConsoleAccess';
  const world = (enabled: boolean, ...says: readonly Says[]): Miniature => ({
    users: { ann: { says: ['ec2-instance-connect:SendSerialConsoleSSHPublicKey', ...says] } },
    instances: { 'i-other': {} },
    answers: { 'ec2/GetSerialConsoleAccessStatus': { SerialConsoleAccessEnabled: enabled } },
  });

  test('depends on a password', () => {
    expect(reachedFrom(world(true), ANN).assets.get(OTHER)).toBe('control conditional');
  });

  test('is closed where the account has it off', () => {
    expect(reachedFrom(world(false), ANN).assets.has(OTHER)).toBe(false);
  });

  test('is opened by whoever may turn it on there', () => {
    expect(reachedFrom(world(false, TURN_ON), ANN).assets.get(OTHER)).toBe('control conditional');
  });

  test('is not opened by who may turn it on elsewhere', () => {
    const elsewhere: Says = {
      Effect: 'Allow',
      Action: TURN_ON,
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    };
    expect(reachedFrom(world(false, elsewhere), ANN).assets.has(OTHER)).toBe(false);
  });
});

describe('the role of a host', () => {
  const world = (trust: string): Miniature => ({
    roles: { own: { trust, profile: true, says: ['s3:*'] } },
    instances: { 'i-own': { role: 'own' } },
  });

  test('gives its credentials as long as it lets EC2 in', () => {
    expect(reachedFrom(world('ec2.amazonaws.com'), HOST).assets.get(roleArn('own'))).toBe('control confirmed');
    expect(reachedFrom(world('lambda.amazonaws.com'), HOST).assets.size).toBe(0);
  });
});

describe('launch templates that groups launch from', () => {
  const world = (says: readonly string[], version: string, trust = 'ec2.amazonaws.com'): Miniature => ({
    users: { ann: { says } },
    roles: { worker: { trust, profile: true } },
    answers: templateOfGroup(version),
  });
  const create = 'ec2:CreateLaunchTemplateVersion';

  test.each([
    ['the latest version', world([create], '$Latest')],
    ['the default version, which may be set', world([create, 'ec2:ModifyLaunchTemplate'], '$Default')],
  ])('%s is poisoned', (_, mini) => {
    const { assets, steps } = reachedFrom(mini, ANN);
    expect(assets.get(roleArn('worker'))).toBe('control confirmed');
    expect(steps.get(roleArn('worker'))).toEqual(['launch-template-poisoning']);
  });

  test.each([
    ['a pinned version', world([create, 'ec2:ModifyLaunchTemplate'], '1')],
    ['the default version, which may not be set', world([create], '$Default')],
    ['no new version', world(['ec2:ModifyLaunchTemplate'], '$Latest')],
    ['a role that lets EC2 in no longer', world([create], '$Latest', 'ecs-tasks.amazonaws.com')],
  ])('not: %s', (_, mini) => {
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(roleArn('worker'));
  });

  const strong = (trust: string, profile: boolean) => ({
    worker: { trust: 'ec2.amazonaws.com', profile: true },
    strong: { trust, profile },
  });
  const withStrong = (mini: Miniature, trust = 'ec2.amazonaws.com', profile = true): Miniature => ({
    ...mini,
    roles: strong(trust, profile),
  });
  const both = [create, 'ec2:ModifyLaunchTemplate'];

  test.each([
    ['the latest version', withStrong(world([create], '$Latest')), 'confirmed'],
    ['the default version', withStrong(world(both, '$Default')), 'confirmed'],
    [
      'a version that nothing is known to launch from',
      { ...withStrong(world(both, '1')), missing: ['auto-scaling/DescribeAutoScalingGroups'] },
      'conditional',
    ],
  ])('%s is given another profile, for which no role is passed', (_, mini, confidence) => {
    const { assets, steps } = reachedFrom(mini, ANN);
    expect(assets.get(roleArn('strong'))).toBe(`control ${confidence}`);
    expect(steps.get(roleArn('strong'))).toEqual(['launch-template-profile']);
  });

  test.each([
    ['the role is in no profile', withStrong(world([create], '$Latest'), 'ec2.amazonaws.com', false)],
    ['the role does not trust EC2', withStrong(world([create], '$Latest'), 'lambda.amazonaws.com')],
    ['the version is pinned', withStrong(world(both, '1'))],
    ['the default may not be set', withStrong(world([create], '$Default'))],
  ])('not where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.has(roleArn('strong'))).toBe(false);
  });
});

describe('deploying a revision', () => {
  const calls = [
    'codedeploy:CreateDeployment',
    'codedeploy:RegisterApplicationRevision',
    'codedeploy:GetDeploymentConfig',
  ];
  const world = (says: readonly Says[], trust = 'codedeploy.amazonaws.com', role?: string): Miniature => ({
    users: { ann: { says } },
    roles: { deployer: { trust }, worker: { trust: 'ec2.amazonaws.com', profile: true } },
    instances: { 'i-other': { role: role ?? 'worker' } },
  });

  test.each([
    ['anything', calls],
    [
      'one group of one application',
      [
        `codedeploy:CreateDeployment on ${arn('codedeploy', 'deploymentgroup:shop/blue')}`,
        `codedeploy:RegisterApplicationRevision on ${arn('codedeploy', 'application:shop')}`,
        'codedeploy:GetDeploymentConfig',
      ],
    ],
  ])('gets an instance, if it is deployed to: allowed on %s', (_, says) => {
    const { assets, steps } = reachedFrom(world(says), ANN);
    expect(assets.get(OTHER)).toBe('control conditional');
    expect(steps.get(OTHER)).toEqual(['codedeploy-revision']);
    expect(assets.get(roleArn('worker'))).toBe('control conditional');
  });

  test('what its role asks for of CodeDeploy has to hold', () => {
    const onCondition = (key: string, value: string): JsonObject => ({
      Effect: 'Allow',
      Principal: { Service: 'codedeploy.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { [key]: value } },
    });
    const conditions = (trust: string | JsonObject): readonly string[] => {
      const { reaches } = openAnalysis(
        miniature({ ...world(calls), roles: { ...world(calls).roles, deployer: { trust } } }),
        { toolVersion: '0.0.0' },
      ).blastRadius([ANN]);
      return (reaches.find(({ asset }) => asset === OTHER)?.conditions ?? []).map(({ key }) => key);
    };
    expect(conditions('codedeploy.amazonaws.com')).toEqual(['deployment group']);
    expect(conditions(onCondition('aws:SourceAccount', '111122223333'))).toEqual(['deployment group']);
    expect(conditions(onCondition('aws:PrincipalTag/stage', 'live'))).toEqual([]);
    expect(conditions(onCondition('aws:SourceOrgID', 'o-1234567890'))).toEqual(['aws:SourceOrgID', 'deployment group']);
  });

  test('a role that trusts the service of the region does', () => {
    expect(reachedFrom(world(calls, 'codedeploy.us-east-1.amazonaws.com'), ANN).assets.has(OTHER)).toBe(true);
  });

  test.each([
    ['no role trusts CodeDeploy', world(calls, 'codebuild.amazonaws.com')],
    ['no revision may be registered', world(calls.filter((call) => !call.includes('Register')))],
    ['deployments may be listed only', world(['codedeploy:ListDeployments', 'codedeploy:Get*'])],
    ['the instance has no role', { ...world(calls), instances: { 'i-other': {} } }],
    ['the instance is stopped', { ...world(calls), instances: { 'i-other': { role: 'worker', state: 'stopped' } } }],
  ] satisfies [string, Miniature][])('not where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.has(OTHER)).toBe(false);
  });
});

describe('volumes', () => {
  const volume = (more: JsonObject = {}): JsonObject => ({
    VolumeId: 'vol-1',
    AvailabilityZone: 'us-east-1a',
    Encrypted: false,
    State: 'available',
    Attachments: [],
    ...more,
  });
  const world = (says: readonly string[], record: JsonObject, zone = 'us-east-1a'): Miniature => {
    const own = {
      InstanceId: 'i-own',
      State: { Name: 'running' },
      Placement: { AvailabilityZone: zone },
      RootDeviceName: '/dev/xvda',
      NetworkInterfaces: [],
      IamInstanceProfile: { Arn: arn('iam', 'instance-profile/own') },
    };
    const holder = {
      InstanceId: 'i-holder',
      State: { Name: 'running' },
      Placement: { AvailabilityZone: 'us-east-1a' },
      RootDeviceName: '/dev/xvda',
      NetworkInterfaces: [],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1' } }],
    };
    return {
      roles: { own: { trust: 'ec2.amazonaws.com', profile: true, says } },
      answers: {
        'ec2/DescribeInstances': { Reservations: [{ Instances: [own, holder] }] },
        'ec2/DescribeVolumes': { Volumes: [record] },
      },
    };
  };
  const VOLUME = arn('ec2', 'volume/vol-1');
  const attached = (device: string): JsonObject =>
    volume({ State: 'in-use', Attachments: [{ InstanceId: 'i-holder', Device: device, State: 'attached' }] });

  test.each([
    ['ebs-attach-free-volume', ['ec2:AttachVolume'], volume(), 'read confirmed, write confirmed'],
    ['ebs-copy-volume', ['ec2:CopyVolumes', 'ec2:AttachVolume'], attached('/dev/xvda'), 'read confirmed'],
    [
      'ebs-move-volume',
      ['ec2:DetachVolume', 'ec2:AttachVolume'],
      attached('/dev/sdf'),
      'read confirmed, write confirmed',
    ],
  ] as const)('%s', (technique, says, record, access) => {
    const { assets, steps } = reachedFrom(world(says, record), HOST);
    expect(assets.get(VOLUME)).toBe(access);
    expect(steps.get(VOLUME)).toEqual(['imds-credential-theft', technique]);
  });

  test.each([
    ['the host is in another zone', ['ec2:AttachVolume'], volume(), 'us-east-1b'],
    [
      'an instance starts from the volume',
      ['ec2:DetachVolume', 'ec2:AttachVolume'],
      attached('/dev/xvda'),
      'us-east-1a',
    ],
    ['it cannot be taken off', ['ec2:AttachVolume'], attached('/dev/sdf'), 'us-east-1a'],
  ] as const)('not: %s', (_, says, record, zone) => {
    expect([...reachedFrom(world(says, record, zone), HOST).assets.keys()]).not.toContain(VOLUME);
  });

  describe('the call that attaches is checked on the volume and the host', () => {
    const OWN = arn('ec2', 'instance/i-own');
    const shared = (mine: readonly string[], others: readonly string[], more: readonly string[] = []): Miniature => ({
      ...world([...mine, 'sts:AssumeRole'], volume()),
      roles: {
        own: { trust: 'ec2.amazonaws.com', profile: true, says: [...mine, 'sts:AssumeRole', ...more] },
        other: { trust: 'role/own', says: others },
      },
    });
    const ON_VOLUME = `ec2:AttachVolume on ${VOLUME}`;
    const ON_HOST = `ec2:AttachVolume on ${OWN}`;
    const ON_NEW = `ec2:AttachVolume on ${arn('ec2', 'volume/*')}`;
    const ON_HOLDER = `ec2:AttachVolume on ${arn('ec2', 'instance/i-holder')}`;

    test.each([
      ['one principal may on both', shared([ON_VOLUME, ON_HOST], [])],
      ['another one may on both', shared([], [ON_VOLUME, ON_HOST])],
      ['one may copy, and another one attach the copy to the host', shared(['ec2:CopyVolumes'], [ON_NEW, ON_HOST])],
    ])('it works where %s', (_, mini) => {
      expect(reachedFrom(mini, HOST).assets.get(VOLUME)).toContain('read confirmed');
    });

    test.each([
      ['one may on the volume, and another one on the host', shared([ON_VOLUME], [ON_HOST])],
      ['both may, to a host that is not under control', shared([ON_VOLUME, ON_HOLDER], [ON_HOST])],
      [
        'one may attach new volumes, and another one may to the host',
        shared(['ec2:CopyVolumes', `ec2:AttachVolume on ${arn('ec2', 'volume/new-*')}`], [ON_HOST]),
      ],
    ])('it fails where %s', (_, mini) => {
      expect(reachedFrom(mini, HOST).assets.has(VOLUME)).toBe(false);
    });
  });

  test('an image is shared when a volume is not encrypted', () => {
    const says = ['ec2:CreateImage', 'ec2:ModifyImageAttribute'];
    expect(reachedFrom(world(says, attached('/dev/xvda')), HOST).steps.get(VOLUME)).toEqual([
      'imds-credential-theft',
      'ec2-image-share',
    ]);
    const encrypted = { ...attached('/dev/xvda'), Encrypted: true, KmsKeyId: arn('kms', 'key/1') };
    expect(reachedFrom(world(says, encrypted), HOST).assets.has(VOLUME)).toBe(false);
  });
});

describe('Instance Connect endpoints', () => {
  const ENDPOINT = arn('ec2', 'instance-connect-endpoint/eice-1');
  /** An endpoint in the VPC of a host, which may or may not be let in by the group of the host. */
  const world = (says: readonly string[], open: boolean, state = 'create-complete'): Miniature => {
    const common = { VpcId: 'vpc-1', OwnerId: '111122223333' };
    const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], UserIdGroupPairs: [] };
    const ssh = {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [],
      UserIdGroupPairs: [{ GroupId: 'sg-eice' }],
    };
    const face = (id: string, address: string, group: string): JsonObject => ({
      NetworkInterfaceId: id,
      SubnetId: 'subnet-1',
      ...common,
      Status: 'in-use',
      InterfaceType: 'interface',
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
      Groups: [{ GroupId: group }],
    });
    const host = {
      ...face('eni-host', '10.0.0.10', 'sg-host'),
      Attachment: { AttachmentId: 'a', InstanceId: 'i-other', DeviceIndex: 0, Status: 'attached' },
    };
    return {
      users: { ann: { says } },
      answers: {
        'ec2/DescribeSecurityGroups': {
          SecurityGroups: [
            { ...common, GroupId: 'sg-eice', IpPermissions: [], IpPermissionsEgress: [all] },
            { ...common, GroupId: 'sg-host', IpPermissions: open ? [ssh] : [], IpPermissionsEgress: [all] },
          ],
        },
        'ec2/DescribeNetworkInterfaces': { NetworkInterfaces: [host, face('eni-eice', '10.0.0.11', 'sg-eice')] },
        'ec2/DescribeInstances': {
          Reservations: [
            {
              Instances: [
                {
                  InstanceId: 'i-other',
                  State: { Name: 'running' },
                  VpcId: 'vpc-1',
                  SubnetId: 'subnet-1',
                  NetworkInterfaces: [host],
                },
              ],
            },
          ],
        },
        'ec2/DescribeInstanceConnectEndpoints': {
          InstanceConnectEndpoints: [
            {
              InstanceConnectEndpointId: 'eice-1',
              InstanceConnectEndpointArn: ENDPOINT,
              State: state,
              VpcId: 'vpc-1',
              SubnetId: 'subnet-1',
              NetworkInterfaceIds: ['eni-eice'],
              SecurityGroupIds: ['sg-eice'],
            },
          ],
        },
      },
    };
  };
  const both = ['ec2-instance-connect:OpenTunnel', 'ec2-instance-connect:SendSSHPublicKey'];

  test('a tunnel and a key lead onto a host without a public address', () => {
    const { assets, steps } = reachedFrom(world(both, true), ANN);
    expect(assets.get(OTHER)).toBe('control conditional');
    expect(steps.get(OTHER)).toEqual(['ec2-instance-connect-endpoint']);
  });

  test.each([
    ['the group of the host does not let the endpoint in', world(both, false)],
    ['no tunnel may be opened', world(both.slice(1), true)],
    ['no key may be pushed', world(both.slice(0, 1), true)],
    ['the endpoint could not be made', world(both, true, 'create-failed')],
  ])('not: %s', (_, mini) => {
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(OTHER);
  });
});

describe('logging in by EC2 Instance Connect', () => {
  const rule = (port: number, source: JsonObject): JsonObject => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
    ...source,
  });
  const from = (CidrIp: string) => ({ IpRanges: [{ CidrIp }] });
  const fromGroup = { UserIdGroupPairs: [{ GroupId: 'sg-closed', UserId: ACCOUNT }] };
  const push = 'ec2-instance-connect:SendSSHPublicKey';
  const world = (says: readonly string[], rules: readonly JsonObject[], state = 'running'): Miniature => ({
    users: { ann: { says } },
    roles: {
      own: { trust: 'ec2.amazonaws.com', profile: true, says },
      other: { trust: 'ec2.amazonaws.com', profile: true },
    },
    instances: { 'i-own': { role: 'own' }, 'i-other': { role: 'other', open: true, state } },
    answers: {
      'ec2/DescribeSecurityGroups': {
        SecurityGroups: ['sg-open', 'sg-closed'].map((GroupId) => ({
          GroupId,
          GroupName: GroupId,
          VpcId: 'vpc-1',
          OwnerId: ACCOUNT,
          IpPermissions: GroupId === 'sg-open' ? rules : [],
          IpPermissionsEgress: [{ ...rule(0, from('0.0.0.0/0')), IpProtocol: '-1' }],
        })),
      },
    },
  });
  const conditionsOn = (mini: Miniature, start: string): string =>
    JSON.stringify(
      openAnalysis(miniature(mini), { toolVersion: '0.0.0' })
        .blastRadius([start])
        .reaches.find((r) => r.asset === OTHER)?.conditions ?? [],
    );

  test('from the internet; the package is not in the API', () => {
    const mini = world([push], [rule(22, from('0.0.0.0/0'))]);
    expect(reachedFrom(mini, ANN).steps.get(OTHER)).toEqual(['ec2-instance-connect']);
    expect(conditionsOn(mini, ANN)).not.toContain('whether the intruder comes from');
  });

  test('from one address, if it is the intruder’s', () => {
    const mini = world([push], [rule(22, from('203.0.113.10/32'))]);
    expect(reachedFrom(mini, ANN).steps.get(OTHER)).toEqual(['ec2-instance-connect']);
    expect(conditionsOn(mini, ANN)).toContain('whether the intruder comes from 203.0.113.10/32');
  });

  test('from a host under control that the group lets in', () => {
    const mini = world([push], [rule(22, fromGroup)]);
    expect(reachedFrom(mini, HOST).steps.get(OTHER)).toEqual(['imds-credential-theft', 'ec2-instance-connect']);
    expect(reachedFrom(mini, ANN).assets.has(OTHER)).toBe(false);
  });

  test.each([
    ['SSH is closed', world([push], [rule(443, from('0.0.0.0/0'))])],
    ['no key may be pushed', world(['ec2:DescribeInstances'], [rule(22, from('0.0.0.0/0'))])],
    ['the instance is stopped', world([push], [rule(22, from('0.0.0.0/0'))], 'stopped')],
    ['it may be started, but no key may be pushed', world(['ec2:StartInstances'], [rule(22, fromGroup)], 'stopped')],
    ['it is terminated', world([push, 'ec2:StartInstances'], [rule(22, fromGroup)], 'terminated')],
  ])('not where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.has(OTHER)).toBe(false);
    expect(reachedFrom(mini, HOST).assets.has(OTHER)).toBe(false);
  });
});

describe('an instance that is stopped, and may be started', () => {
  const push = 'ec2-instance-connect:SendSSHPublicKey';
  const world = (
    says: readonly Says[],
    other: NonNullable<Miniature['instances']>[string],
    kept = false,
  ): Miniature => ({
    users: { ann: { says } },
    roles: { own: { trust: 'ec2.amazonaws.com', profile: true, says } },
    instances: { 'i-own': { role: 'own' }, 'i-other': { state: 'stopped', ...other } },
    ...(kept && {
      answers: {
        'ec2/DescribeAddresses': {
          Addresses: [
            {
              NetworkInterfaceId: 'eni-i-other',
              PrivateIpAddress: '10.0.0.11',
              PublicIp: '203.0.113.9',
              Domain: 'vpc',
            },
          ],
        },
      },
    }),
  });
  const START = 'ec2:StartInstances';
  const way = (mini: Miniature, from = ANN) => {
    const { assets, steps } = reachedFrom(mini, from);
    return assets.has(OTHER) ? [assets.get(OTHER), ...(steps.get(OTHER) ?? [])] : undefined;
  };

  test('is entered where its address was kept for it', () => {
    expect(way(world([START], { open: true }, true))).toEqual(['control confirmed', 'exposed-service']);
  });

  test('may be given an address, and entered', () => {
    expect(way(world([START], { open: true }))).toEqual(['control conditional', 'exposed-service']);
  });

  test('is logged in to from a host that it lets in', () => {
    const steps = ['imds-credential-theft', 'ec2-instance-connect'];
    const mini = world([START, push], { group: 'sg-from-hosts' });
    expect(way(mini, HOST)).toEqual(['control conditional', ...steps]);
    expect(way(mini)).toBeUndefined();
  });

  test.each<[string, Miniature]>([
    ['nobody may start it', world(['ec2:StopInstances'], { open: true }, true)],
    ['its group lets nobody in', world([START, push], {}, true)],
    ['it is terminated', world([START], { open: true, state: 'terminated' }, true)],
    ['another may be started alone', world([`${START} on ${HOST}`], { open: true }, true)],
  ])('is not entered where %s', (_, mini) => {
    expect(way(mini)).toBeUndefined();
    expect(way(mini, HOST)).toBeUndefined();
  });
});

describe('an instance that may be changed where it has a tag', () => {
  const CALLS = ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'];
  const ifTagged = {
    Effect: 'Allow',
    Action: CALLS,
    Resource: '*',
    Condition: { StringEquals: { 'ec2:ResourceTag/team': 'dev' } },
  };

  test('is tagged once for all calls', () => {
    const world: Miniature = {
      users: { ann: { says: [ifTagged, 'ec2:CreateTags'] } },
      instances: { 'i-other': {} },
    };
    const { steps } = reachedFrom(world, ANN);
    expect(steps.get(OTHER)).toEqual(['retag-resource', 'ec2-user-data-swap']);
  });

  const within = (boundary: readonly Says[]) => {
    const says = [`iam:PutUserPolicy on ${ANN}`];
    return reachedFrom(
      { users: { ann: { says, boundary: [...says, ...boundary] } }, instances: { 'i-other': {} } },
      ANN,
    );
  };

  test('is tagged by whoever gives itself what its boundary leaves it', () => {
    const { assets, steps } = within([ifTagged, 'ec2:CreateTags']);
    expect(assets.get(OTHER)).toBe('control confirmed');
    expect(steps.get(OTHER)).toEqual(
      expect.arrayContaining(['put-user-policy', 'retag-resource', 'ec2-user-data-swap']),
    );
  });

  test('is not where the boundary keeps it from tagging', () => {
    expect(within([ifTagged]).assets.get(OTHER)).toBeUndefined();
    expect(within(['ec2:CreateTags']).assets.get(OTHER)).toBeUndefined();
  });
});

describe('where instances were not collected', () => {
  const world = (says: readonly Says[], role: NonNullable<Miniature['roles']>[string]): Miniature => ({
    users: { ann: { says } },
    roles: { strong: role },
    missing: ['ec2/DescribeInstances'],
  });
  const held = { trust: 'ec2.amazonaws.com', profile: true } as const;

  test('a role in a profile may be that of one', () => {
    const { assets, steps } = reachedFrom(world(['ssm:SendCommand'], held), ANN);
    expect(assets.get(roleArn('strong'))).toBe('control conditional');
    expect(steps.get(roleArn('strong'))).toEqual(['ssm-send-command']);
  });

  test.each([
    ['without the permission', world(['ssm:StartAutomationExecution'], held)],
    ['without a profile', world(['ssm:SendCommand'], { trust: 'ec2.amazonaws.com' })],
    [
      'where the role trusts another service',
      world(['ssm:SendCommand'], { trust: 'lambda.amazonaws.com', profile: true }),
    ],
    ['where they were', { ...world(['ssm:SendCommand'], held), missing: [] }],
  ])('not %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.has(roleArn('strong'))).toBe(false);
  });
});

describe('user data that is set', () => {
  const key = 'ec2:Attribute/UserData';
  const entered = (...says: readonly Says[]): string | undefined =>
    reachedFrom(
      {
        users: { ann: { says: ['ec2:StopInstances', 'ec2:StartInstances', ...says] } },
        instances: { 'i-shop': { role: 'shop' } },
        roles: { shop: { profile: true } },
      },
      userArn('ann'),
    ).assets.get(arn('ec2', 'instance/i-shop'));
  const modify = (Effect: string, Condition?: JsonObject): Says => ({
    Effect,
    Action: 'ec2:ModifyInstanceAttribute',
    Resource: '*',
    ...(Condition && { Condition }),
  });

  test('is seen by policies as an attribute of the call', () => {
    expect(entered(modify('Allow'))).toBe('control confirmed');
    expect(entered(modify('Allow', { Null: { [key]: 'false' } }))).toBe('control confirmed');
    expect(entered(modify('Allow', { Null: { [key]: 'true' } }))).toBeUndefined();
    expect(entered(modify('Allow'), modify('Deny', { StringLike: { [key]: '*' } }))).toBeUndefined();
  });
});
