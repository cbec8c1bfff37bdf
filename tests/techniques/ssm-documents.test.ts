import { describe, expect, test } from 'vitest';
import { arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const OTHER = arn('ec2', 'instance/i-other');
const own = (name: string): string => arn('ssm', `document/${name}`);

const world = (...says: readonly Says[]): Miniature => ({
  users: { ann: { says } },
  instances: { 'i-other': {} },
  answers: {
    'ssm/DescribeInstanceInformation': {
      InstanceInformationList: [{ InstanceId: 'i-other', PingStatus: 'Online' }],
    },
  },
});
const reached = (...says: readonly Says[]): string | undefined => reachedFrom(world(...says), ANN).assets.get(OTHER);

const command = (document: string): readonly Says[] => [
  `ssm:SendCommand on ${OTHER}`,
  `ssm:SendCommand on ${document}`,
];

test.each([
  ['a script from anywhere', command('arn:aws:ssm:us-east-1::document/AWS-RunRemoteScript')],
  ['PowerShell', command('arn:aws:ssm:*::document/AWS-RunPowerShellScript')],
  ['a document that Ann makes', [...command(own('shop-*')), `ssm:CreateDocument on ${own('*')}`]],
  ['any document', ['ssm:SendCommand']],
])('a command is run by %s', (_, says) => {
  expect(reached(...says)).toBe('control confirmed');
});

test.each([
  ['patches', command('arn:aws:ssm:us-east-1::document/AWS-RunPatchBaseline')],
  ['updates, which have a name that no account can give', command('arn:aws:ssm:*:*:document/AWS-UpdateSSMAgent')],
  ['documents, but on no instance', [`ssm:SendCommand on ${own('*')}`, 'ssm:CreateDocument']],
])('none is run by who may only use %s', (_, says) => {
  expect(reached(...says)).toBeUndefined();
});

test.each([
  ['none may be made', command(own('shop-restart'))],
  ['others may be made alone', [...command(own('shop-restart')), `ssm:CreateDocument on ${own('test-*')}`]],
])('it hangs on what the account’s own documents run where %s', (_, says) => {
  expect(reached(...says)).toBe('control conditional');
});

describe.each(['ssm:SendCommand', 'ssm:CreateAssociation'])('%s', (action) => {
  const on = (document: string, ...more: readonly Says[]): readonly Says[] => [
    `${action} on ${arn('ec2', 'instance/*')}`,
    `${action} on ${document}`,
    ...more,
  ];
  const web = roleArn('web');
  const roleOfUnseen = (...says: readonly Says[]): string | undefined =>
    reachedFrom(
      { users: { ann: { says } }, roles: { web: { profile: true } }, missing: ['ec2/DescribeInstances'] },
      ANN,
    ).assets.get(web);
  const made = `ssm:CreateDocument on ${own('shop-*')}`;

  test('runs a document that the intruder makes, or one of the account that may run commands', () => {
    expect(reached(...on(own('shop-*'), made))).toBe('control confirmed');
    expect(reached(...on(own('shop-restart')))).toBe('control conditional');
    expect(reached(...on(own('other-*'), made))).toBe('control conditional');
    expect(reached(...on('arn:aws:ssm:us-east-1::document/AWS-RunPatchBaseline', made))).toBeUndefined();
    expect(reached(`${action} on ${own('shop-*')}`, made)).toBeUndefined();
  });

  test('does so on instances that were not collected', () => {
    expect(roleOfUnseen(...on('arn:aws:ssm:us-east-1::document/AWS-RunShellScript'))).toBe('control conditional');
    expect(roleOfUnseen(...on(own('shop-*'), made))).toBe('control conditional');
    expect(roleOfUnseen(...on('arn:aws:ssm:us-east-1::document/AWS-RunPatchBaseline', made))).toBeUndefined();
    expect(roleOfUnseen(`${action} on ${own('shop-*')}`, made)).toBeUndefined();
  });
});

const session = (...resources: readonly string[]): Says => ({
  Effect: 'Allow',
  Action: 'ssm:StartSession',
  Resource: resources,
  Condition: { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } },
});

test.each([
  ['the one that sessions have by default', session(OTHER, own('SSM-SessionManagerRunShell'))],
  ['commands in the terminal', session(OTHER, 'arn:aws:ssm:*::document/AWS-StartInteractiveCommand')],
])('where documents are checked, a session needs one that gives a shell: %s', (_, says) => {
  expect(reached(says)).toBe('control confirmed');
});

test.each([
  ['no document', session(OTHER)],
  ['forwarding of ports', session(OTHER, 'arn:aws:ssm:*::document/AWS-StartPortForwardingSession')],
  ['a shell, but on no instance', session(own('SSM-SessionManagerRunShell'))],
])('where documents are checked, there is no shell by %s', (_, says) => {
  expect(reached(says)).toBeUndefined();
});

test('a session needs no document where none is checked', () => {
  expect(reached(`ssm:StartSession on ${OTHER}`)).toBe('control confirmed');
});
