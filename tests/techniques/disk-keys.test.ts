import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, keyArn, type Miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const HOST = arn('ec2', 'instance/i-1');
const ROOT = arn('ec2', 'volume/vol-root');
const DATA = arn('ec2', 'volume/vol-data');
const KEY = keyArn('k-1');
const OTHER = keyArn('k-2');
const AWS_MANAGED = arn('kms', 'alias/aws/ebs');

/** Somebody has EC2 use a key, and may do nothing with it otherwise. */
const forEc2 = (Resource: string): JsonObject => ({
  Effect: 'Allow',
  Action: 'kms:CreateGrant',
  Resource,
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
});

interface Disks {
  readonly root?: string;
  readonly data?: string;
  readonly state?: string;
}

const world = (says: readonly Says[], { root, data, state }: Disks, more: Miniature = {}): Miniature => ({
  users: { ann: { says } },
  instances: { 'i-1': { ...(state !== undefined && { state }) } },
  volumes: {
    'vol-root': { on: 'i-1', ...(root !== undefined && { key: root }) },
    ...(data !== undefined && { 'vol-data': { on: 'i-1', device: '/dev/xvdf', ...(data !== '' && { key: data }) } }),
  },
  keys: { 'k-1': {}, 'k-2': {} },
  answers: {
    'ssm/DescribeInstanceInformation': { InstanceInformationList: [{ InstanceId: 'i-1', PingStatus: 'Online' }] },
  },
  ...more,
});

describe('starting an instance', () => {
  const SWAP = ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'];
  const had = (...of: Parameters<typeof world>): string | undefined => reachedFrom(world(...of), ANN).assets.get(HOST);

  test.each([
    ['of which no volume is encrypted', {}],
    ['under the key that AWS manages', { root: AWS_MANAGED }],
  ])('%s takes no permission on a key', (_, disks: Disks) => {
    expect(had(SWAP, disks)).toBe('control confirmed');
  });

  test('is of one that is still there', () => {
    expect(had(SWAP, { state: 'stopped' })).toBe('control confirmed');
    expect(had(SWAP, { state: 'terminated' })).toBeUndefined();
  });

  test('takes a grant of each customer-managed key of its volumes', () => {
    expect(had(SWAP, { root: KEY })).toBeUndefined();
    expect(had([...SWAP, 'kms:Decrypt'], { root: KEY })).toBeUndefined();
    expect(had([...SWAP, forEc2(KEY)], { root: KEY })).toBe('control confirmed');
    expect(had([...SWAP, forEc2(KEY)], { root: AWS_MANAGED, data: KEY })).toBe('control confirmed');
    expect(had([...SWAP, forEc2(KEY)], { root: KEY, data: OTHER })).toBeUndefined();
    expect(had([...SWAP, forEc2(KEY), forEc2(OTHER)], { root: KEY, data: OTHER })).toBe('control confirmed');
  });

  test('may follow on what opens the key', () => {
    expect(had([...SWAP, 'kms:PutKeyPolicy'], { root: KEY })).toBe('control confirmed');
    const denied = { Effect: 'Deny', Action: 'kms:CreateGrant', Resource: '*' };
    expect(had([...SWAP, 'kms:PutKeyPolicy', denied], { root: KEY })).toBeUndefined();
  });

  test('hangs on the policy of a key that was not collected', () => {
    expect(had(SWAP, { root: KEY }, { keys: {} })).toBe('control conditional');
  });

  test('may be by another than whoever changes it', () => {
    const keeper = (says: readonly Says[]): Miniature => ({
      roles: { keeper: { trust: 'user/ann', says } },
    });
    const change = ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'sts:AssumeRole'];
    expect(had(change, { root: KEY }, keeper(['ec2:StartInstances', forEc2(KEY)]))).toBe('control confirmed');
    expect(had([...change, forEc2(KEY)], { root: KEY }, keeper(['ec2:StartInstances']))).toBeUndefined();
  });

  test('that is stopped comes before what is done on it', () => {
    const command = ['ssm:SendCommand', 'ec2:StartInstances'];
    const stopped = { root: KEY, state: 'stopped' };
    expect(had(command, stopped)).toBeUndefined();
    expect(had([...command, forEc2(KEY)], stopped)).toBe(had(command, { state: 'stopped' }));
    expect(had(command, { state: 'stopped' })).toBeDefined();
    expect(had(['ssm:SendCommand'], { root: KEY })).toBe('control confirmed');
  });

  test('with more keys than are tried is open', () => {
    const keys = ['k-1', 'k-2', 'k-3', 'k-4'];
    const volumes = Object.fromEntries(
      keys.map((key, at) => [`vol-${key}`, { on: 'i-1', device: `/dev/xvd${'abcd'[at]}`, key: keyArn(key) }]),
    );
    const more = { volumes, keys: Object.fromEntries(keys.map((key) => [key, {}])) };
    expect(had(SWAP, {}, more)).toBe('control conditional');
    expect(had(SWAP.slice(0, 2), {}, more)).toBeUndefined();
  });
});

test('editing a root volume elsewhere takes the use of a customer-managed key, and of none of AWS', () => {
  const EDIT = ['ec2:StopInstances', 'ec2:DetachVolume', 'ec2:AttachVolume', 'ec2:StartInstances'];
  const edited = (key: string, says: readonly Says[] = EDIT): string | undefined =>
    reachedFrom(
      {
        roles: { web: { profile: true, says } },
        instances: { 'i-1': {}, 'i-own': { role: 'web' } },
        volumes: { 'vol-root': { on: 'i-1', key } },
        keys: { 'k-1': {} },
      },
      arn('ec2', 'instance/i-own'),
    ).assets.get(HOST);
  expect(edited(AWS_MANAGED)).toBe('control confirmed');
  expect(edited(AWS_MANAGED, EDIT.slice(0, -1))).toBeUndefined();
  expect(edited(KEY, [...EDIT, forEc2(KEY)])).toBeUndefined();
  expect(edited(KEY, [...EDIT, forEc2(KEY), `kms:Decrypt on ${KEY}`])).toBe('control confirmed');
  expect(edited(KEY)).toBeUndefined();
});

describe('starting a copy of an instance', () => {
  const COPY = ['ec2:CreateImage', 'ec2:RunInstances'];
  const USE = (key: string): readonly Says[] => [
    `kms:Decrypt on ${key}`,
    `kms:GenerateDataKeyWithoutPlaintext on ${key}`,
    forEc2(key),
  ];
  const read = (says: readonly Says[], disks: Disks): readonly (string | undefined)[] => {
    const { assets } = reachedFrom(world(says, disks), ANN);
    return [ROOT, DATA].map((volume) => assets.get(volume));
  };
  const READ = 'read confirmed';

  test('takes the use of the keys of what is read and of what it starts from', () => {
    expect(read(COPY, { data: '' })).toEqual([READ, READ]);
    expect(read(COPY, { root: AWS_MANAGED, data: AWS_MANAGED })).toEqual([READ, READ]);
    expect(read([...COPY, ...USE(KEY)], { root: KEY, data: KEY })).toEqual([READ, READ]);
    expect(read([...COPY, ...USE(KEY)], { root: KEY, data: '' })).toEqual([READ, READ]);
    expect(read([...COPY, ...USE(KEY)], { root: KEY, data: OTHER })).toEqual([READ, undefined]);
    expect(read([...COPY, ...USE(OTHER)], { root: KEY, data: OTHER })).toEqual([undefined, undefined]);
  });

  test('is kept from what is not encrypted by the key of what it starts from', () => {
    expect(read(COPY, { root: KEY, data: '' })).toEqual([undefined, undefined]);
    expect(read(COPY, { data: KEY })).toEqual([READ, undefined]);
  });

  test('may follow on what opens the key', () => {
    expect(read([...COPY, 'kms:PutKeyPolicy'], { root: KEY })).toEqual([READ, undefined]);
    expect(read([...COPY, forEc2(KEY)], { root: KEY })).toEqual([undefined, undefined]);
  });
});
