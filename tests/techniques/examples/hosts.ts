import type { JsonObject } from '../../../src/model/index.js';
import { arn, keyArn, type Miniature, type MiniatureInstance, roleArn, type Says } from '../miniature.js';
import { templateOfGroup } from '../miniature-template.js';
import { ANN, annMay, type ExampleFamily, fromOffice, withMfa } from './example.js';

const OTHER = arn('ec2', 'instance/i-other');
const onOther = { from: ANN, reaches: OTHER, access: 'control' } as const;

const besideHost =
  (instance: MiniatureInstance = {}, more: Miniature = {}) =>
  (...says: readonly Says[]): Miniature =>
    annMay(says, { ...more, instances: { 'i-other': instance } });

const RESTART = ['ec2:StopInstances', 'ec2:StartInstances'];
const EDIT = ['ec2:StopInstances', 'ec2:DetachVolume', 'ec2:AttachVolume', 'ec2:StartInstances'];

const OWN = arn('ec2', 'instance/i-own');

/** Ann's own instance, another one that starts from a volume, and what her role may do. */
const twoHosts = (says: readonly Says[], zone = 'us-east-1a', key?: string): Miniature => ({
  roles: { own: { profile: true, says } },
  instances: { 'i-own': { role: 'own', zone }, 'i-other': {} },
  volumes: { 'vol-1': { on: 'i-other', ...(key !== undefined && { key }) } },
});

const OWN_PROFILE = arn('iam', 'instance-profile/own');
const PUT_IN = 'iam:AddRoleToInstanceProfile';
const TAKE_OUT = 'iam:RemoveRoleFromInstanceProfile';

/** The console, where the account may have it on. */
const serialConsole = (enabled: boolean | undefined) =>
  besideHost(
    {},
    {
      answers:
        enabled === undefined ? {} : { 'ec2/GetSerialConsoleAccessStatus': { SerialConsoleAccessEnabled: enabled } },
    },
  );
const SERIAL = `ec2-instance-connect:SendSerialConsoleSSHPublicKey on ${OTHER}`;
const PUSH = `ec2-instance-connect:SendSSHPublicKey on ${OTHER}`;

const ENDPOINT = arn('ec2', 'instance-connect-endpoint/eice-1');
const TUNNEL = `ec2-instance-connect:OpenTunnel on ${ENDPOINT}`;
/** An endpoint in the VPC of an instance; `interfaces` empty where its own was not collected. */
const withEndpoint = (group: string, { isCollected = true, vpc = 'vpc-1', state = 'running' } = {}) =>
  besideHost(
    { group, ...(state !== 'running' && { state }) },
    {
      interfaces: isCollected ? { 'eni-eice': 'sg-closed' } : {},
      answers: {
        'ec2/DescribeInstanceConnectEndpoints': {
          InstanceConnectEndpoints: [
            {
              InstanceConnectEndpointId: 'eice-1',
              InstanceConnectEndpointArn: ENDPOINT,
              State: 'create-complete',
              VpcId: vpc,
              NetworkInterfaceIds: ['eni-eice'],
            } satisfies JsonObject,
          ],
        },
      },
    },
  );

const DEPLOY = [
  'codedeploy:CreateDeployment',
  'codedeploy:RegisterApplicationRevision',
  'codedeploy:GetDeploymentConfig',
];
/** An instance with a role, and a role that a service may have deployments made with. */
const deployedTo = (says: readonly Says[], service = 'codedeploy.amazonaws.com'): Miniature =>
  besideHost({ role: 'worker' }, { roles: { worker: { profile: true }, deployer: { trust: service } } })(...says);

/** Ways onto instances by the API. */
export const HOST_EXAMPLES: ExampleFamily = {
  'ec2-user-data-swap': {
    ...onOther,
    works: {
      why: 'Ann may change the user data of an instance, and stop and start it.',
      world: besideHost()(`ec2:ModifyInstanceAttribute on ${OTHER}`, ...RESTART),
    },
    fails: {
      why: 'The root device is in the instance store: the instance cannot be stopped.',
      world: besideHost({ rootDevice: 'instance-store' })(`ec2:ModifyInstanceAttribute on ${OTHER}`, ...RESTART),
    },
    unknown: {
      why: 'Ann may change instances with MFA alone.',
      world: besideHost()(withMfa(`ec2:ModifyInstanceAttribute on ${OTHER}`), ...RESTART),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'ec2-replace-root-volume': {
    ...onOther,
    works: {
      why: 'Ann may replace the root volume of a running instance.',
      world: besideHost()('ec2:CreateReplaceRootVolumeTask'),
    },
    fails: {
      why: 'The instance is stopped: the call is for running ones.',
      world: besideHost({ state: 'stopped' })('ec2:CreateReplaceRootVolumeTask'),
    },
    alsoFails: [
      {
        why: 'The call is allowed on the instance, and not on the volume that it makes.',
        world: besideHost()(`ec2:CreateReplaceRootVolumeTask on ${arn('ec2', 'instance/*')}`),
      },
    ],
    unknown: {
      why: 'Ann may replace root volumes from the addresses of one office alone.',
      world: besideHost()(fromOffice('ec2:CreateReplaceRootVolumeTask')),
      because: 'aws:SourceIp',
    },
  },
  'ec2-edit-root-volume': {
    from: OWN,
    reaches: OTHER,
    access: 'control',
    works: {
      why: 'The role of the intruder’s host may stop an instance, and attach its root volume to that host.',
      world: twoHosts(EDIT),
    },
    fails: {
      why: 'The intruder’s host is in another availability zone: a volume does not leave its own.',
      world: twoHosts(EDIT, 'us-east-1b'),
    },
    alsoFails: [
      {
        why: 'The volume may be attached to the intruder’s host, and not to its own instance again.',
        world: twoHosts([
          ...EDIT.filter((call) => call !== 'ec2:AttachVolume'),
          `ec2:AttachVolume on ${arn('ec2', 'volume/*')}`,
          `ec2:AttachVolume on ${OWN}`,
        ]),
      },
      {
        why: 'The volume is under a key whose use the role is not allowed: it cannot be attached.',
        world: { ...twoHosts(EDIT, 'us-east-1a', keyArn('k-1')), keys: { 'k-1': {} } },
      },
    ],
    unknown: {
      why: 'The volume is encrypted, with a key that was not collected.',
      world: twoHosts(EDIT, 'us-east-1a', ''),
      because: 'key',
    },
  },
  'ec2-serial-console': {
    ...onOther,
    works: {
      why: 'Ann may push a key to the console, which the account has on; she has to know a password of the system.',
      world: serialConsole(true)(SERIAL),
      depends: 'operating system password',
    },
    fails: { why: 'The account has the console off.', world: serialConsole(false)(SERIAL) },
    unknown: {
      why: 'Whether the account has the console on was not collected.',
      world: serialConsole(undefined)(SERIAL),
      because: 'serial console',
    },
  },
  'codedeploy-revision': {
    ...onOther,
    works: {
      why: 'Ann may register a revision and deploy it, in an account with a role for CodeDeploy.',
      world: deployedTo(DEPLOY),
      depends: 'deployment group',
    },
    fails: {
      why: 'No role of the account trusts CodeDeploy: there is no deployment group.',
      world: deployedTo(DEPLOY, 'codebuild.amazonaws.com'),
    },
    alsoFails: [
      { why: 'Ann may deploy, and register no revision.', world: deployedTo([DEPLOY[0] ?? '', DEPLOY[2] ?? '']) },
    ],
    unknown: {
      why: 'Ann may deploy with MFA alone.',
      world: deployedTo([withMfa(DEPLOY[0] ?? ''), ...DEPLOY.slice(1)]),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'ec2-instance-connect': {
    ...onOther,
    works: {
      why: 'Ann may push a key to an instance of which the internet reaches the SSH port; its package has to be there.',
      world: besideHost({ open: 22 })(PUSH),
      depends: 'EC2 Instance Connect',
    },
    fails: { why: 'The internet reaches another port of the instance.', world: besideHost({ open: 443 })(PUSH) },
    unknown: {
      why: 'Ann may push keys with MFA alone.',
      world: besideHost({ open: 22 })(withMfa(PUSH)),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'ec2-instance-connect-endpoint': {
    ...onOther,
    works: {
      why: 'Ann may open tunnels and push keys, and the group of the instance lets the endpoint in.',
      world: withEndpoint('sg-from-hosts')(TUNNEL, PUSH),
      depends: 'EC2 Instance Connect',
    },
    fails: {
      why: 'The group of the instance lets nobody in.',
      world: withEndpoint('sg-closed')(TUNNEL, PUSH),
    },
    alsoFails: [
      { why: 'Ann may open no tunnel.', world: withEndpoint('sg-from-hosts')(PUSH) },
      {
        why: 'The instance is stopped.',
        world: withEndpoint('sg-from-hosts', { state: 'stopped' })(TUNNEL, PUSH),
      },
      { why: 'The endpoint is in another VPC.', world: withEndpoint('sg-from-hosts', { vpc: 'vpc-2' })(TUNNEL, PUSH) },
    ],
    unknown: {
      why: 'The network interface of the endpoint was not collected, so what it reaches is not known.',
      world: withEndpoint('sg-from-hosts', { isCollected: false })(TUNNEL, PUSH),
      because: 'its interface was not collected',
    },
  },
  'ec2-profile-swap': {
    from: OWN,
    reaches: roleArn('strong'),
    access: 'control',
    works: {
      why: 'The role of the intruder’s host may pass a stronger one to EC2, and replace the profile of the host.',
      world: swap('iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation'),
    },
    fails: {
      why: 'The call that is allowed is for instances without a profile, and this one has one.',
      world: swap('iam:PassRole', 'ec2:AssociateIamInstanceProfile'),
    },
    unknown: {
      why: 'The role may replace profiles from the addresses of one office alone.',
      world: swap('iam:PassRole', fromOffice('ec2:ReplaceIamInstanceProfileAssociation')),
      because: 'aws:SourceIp',
    },
  },
  'ec2-profile-role-swap': {
    from: OWN,
    reaches: roleArn('strong'),
    access: 'control',
    works: {
      why: 'The role of the intruder’s host may pass a stronger one to EC2, and put it into the profile of the host in place of itself.',
      world: swap(
        `iam:PassRole on ${roleArn('strong')}`,
        `${PUT_IN} on ${OWN_PROFILE}`,
        `${TAKE_OUT} on ${OWN_PROFILE}`,
      ),
    },
    fails: {
      why: 'The profile holds a role already, which the role of the host may not take out.',
      world: swap(`iam:PassRole on ${roleArn('strong')}`, `${PUT_IN} on ${OWN_PROFILE}`),
    },
    alsoFails: [
      {
        why: 'The role may be taken out of the profile of no instance that the intruder is on.',
        world: swap(
          `iam:PassRole on ${roleArn('strong')}`,
          `${PUT_IN} on ${OWN_PROFILE}`,
          `${TAKE_OUT} on ${arn('iam', 'instance-profile/strong')}`,
        ),
      },
      {
        why: 'The metadata service of the host is off.',
        world: {
          ...swap(
            `iam:PassRole on ${roleArn('strong')}`,
            `${PUT_IN} on ${OWN_PROFILE}`,
            `${TAKE_OUT} on ${OWN_PROFILE}`,
          ),
          instances: { 'i-own': { role: 'own', metadata: 'disabled' } },
        },
      },
      {
        why: 'The stronger role trusts containers.',
        world: {
          ...swap(
            `iam:PassRole on ${roleArn('strong')}`,
            `${PUT_IN} on ${OWN_PROFILE}`,
            `${TAKE_OUT} on ${OWN_PROFILE}`,
          ),
          roles: {
            own: {
              profile: true,
              says: [
                `iam:PassRole on ${roleArn('strong')}`,
                `${PUT_IN} on ${OWN_PROFILE}`,
                `${TAKE_OUT} on ${OWN_PROFILE}`,
              ],
            },
            strong: { profile: true, trust: 'ecs-tasks.amazonaws.com' },
          },
        },
      },
    ],
    unknown: {
      why: 'The role may put roles into the profile from the addresses of one office alone.',
      world: swap(
        `iam:PassRole on ${roleArn('strong')}`,
        fromOffice(`${PUT_IN} on ${OWN_PROFILE}`),
        `${TAKE_OUT} on ${OWN_PROFILE}`,
      ),
      because: 'aws:SourceIp',
    },
  },
  'launch-template-poisoning': {
    from: ANN,
    reaches: roleArn('worker'),
    access: 'control',
    works: {
      why: 'A group launches from the latest version of a template, and Ann may make versions.',
      world: template('$Latest', 'ec2:CreateLaunchTemplateVersion'),
    },
    fails: {
      why: 'The group launches from a version that is pinned.',
      world: template('1', 'ec2:CreateLaunchTemplateVersion'),
    },
    unknown: {
      why: 'Ann may make versions from the addresses of one office alone.',
      world: template('$Latest', fromOffice('ec2:CreateLaunchTemplateVersion')),
      because: 'aws:SourceIp',
    },
  },
};

function swap(...says: readonly Says[]): Miniature {
  return {
    roles: { own: { profile: true, says }, strong: { profile: true } },
    instances: { 'i-own': { role: 'own' } },
  };
}

function template(Version: string, says: Says): Miniature {
  return annMay([says], {
    roles: { worker: { profile: true } },
    answers: templateOfGroup(Version),
  });
}
