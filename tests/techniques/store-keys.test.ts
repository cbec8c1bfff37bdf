import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { keyArn, type Miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const KEY = keyArn('k-1');
const BUCKET = 'arn:aws:s3:::orders';

/** A bucket under a customer-managed key. */
const world = (says: readonly Says[], answers: Readonly<Record<string, JsonObject>> = {}): Miniature => ({
  users: { ann: { says } },
  keys: { 'k-1': {} },
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
    's3/GetBucketLocation': { orders: {} },
    's3/GetBucketEncryption': {
      orders: {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }],
        },
      },
    },
    ...answers,
  },
});
const bucket = (says: readonly Says[], answers?: Readonly<Record<string, JsonObject>>): string | undefined =>
  reachedFrom(world(says, answers), ANN).assets.get(BUCKET);

describe('a key that is not usable as it is', () => {
  const inState = (KeyState: string) => ({
    'kms/DescribeKey': { 'k-1': { KeyMetadata: { KeyId: 'k-1', Arn: KEY, KeyManager: 'CUSTOMER', KeyState } } },
  });
  const READ = ['s3:GetObject', 'kms:Decrypt'];

  test.each([
    ['Enabled', READ],
    ['Disabled', [...READ, 'kms:EnableKey']],
    ['PendingDeletion', [...READ, 'kms:CancelKeyDeletion', 'kms:EnableKey']],
  ])('%s: the data is read by whoever may make it so', (state, says) => {
    expect(bucket(says, inState(state))).toBe('read confirmed');
  });

  test.each([
    ['Disabled', READ],
    ['PendingDeletion', [...READ, 'kms:EnableKey']],
  ])('%s: the data is not read otherwise', (state, says) => {
    expect(bucket(says, inState(state))).toBeUndefined();
  });
});

describe('writing into a bucket under a key', () => {
  const denyUnder = (Condition: JsonObject) => ({
    's3/GetBucketPolicy': {
      orders: {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `${BUCKET}/*`, Condition }],
        }),
      },
    },
  });

  test('takes no permission on the key where another encryption may be asked for', () => {
    expect(bucket(['s3:PutObject'])).toBe('write confirmed');
  });

  test.each([
    ['all but that of a key', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }],
    ['that of S3', { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } }],
    ['what names no key', { Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' } }],
  ])('takes one where the bucket denies %s', (_, condition) => {
    expect(bucket(['s3:PutObject'], denyUnder(condition))).toBeUndefined();
    expect(bucket(['s3:PutObject', 'kms:GenerateDataKey'], denyUnder(condition))).toBe('write confirmed');
  });
});
