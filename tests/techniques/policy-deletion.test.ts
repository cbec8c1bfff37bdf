import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { type ReachedFrom, reachedFrom } from './reached.js';

const ANN = userArn('ann');
const BUCKET = 'arn:aws:s3:::orders';
const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
const TABLE = arn('dynamodb', 'table/orders');

const policy = (Effect: string, Action: string, Resource: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Principal: { AWS: ANN }, Action, Resource }] });

const stores = (effect: string): Readonly<Record<string, JsonObject>> => ({
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  's3/GetBucketLocation': { orders: {} },
  's3/GetBucketPolicy': { orders: { Policy: policy(effect, 's3:*Object', `${BUCKET}/*`) } },
  'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login' }] },
  'secrets-manager/GetResourcePolicy': {
    [SECRET]: { ResourcePolicy: policy(effect, 'secretsmanager:GetSecretValue', '*') },
  },
  'dynamodb/DescribeTable': { orders: { Table: { TableName: 'orders', TableArn: TABLE } } },
  'dynamodb/GetResourcePolicy': { [TABLE]: { Policy: policy(effect, 'dynamodb:*Item', TABLE) } },
});

const reach = (says: readonly Says[], effect = 'Deny', more: Miniature = {}): ReachedFrom =>
  reachedFrom({ users: { ann: { says } }, answers: stores(effect), ...more }, ANN);

const DELETES = ['s3:DeleteBucketPolicy', 'secretsmanager:DeleteResourcePolicy', 'dynamodb:DeleteResourcePolicy'];

describe('a store whose policy denies what Ann is allowed elsewhere', () => {
  test.each([
    [BUCKET, 's3:GetObject', 'read confirmed'],
    [BUCKET, 's3:PutObject', 'write confirmed'],
    [BUCKET, 's3:DeleteObject', 'write confirmed'],
    [SECRET, 'secretsmanager:GetSecretValue', 'read confirmed'],
    [TABLE, 'dynamodb:GetItem', 'read confirmed'],
    [TABLE, 'dynamodb:PutItem', 'write confirmed'],
  ])('%s: %s is had by deleting the policy', (store, action, had) => {
    const { assets, steps } = reach([action, ...DELETES]);
    expect(assets.get(store)).toBe(had);
    expect(steps.get(store)).toEqual(['store-policy-delete']);
    expect(reach([action]).assets.get(store)).toBeUndefined();
    expect(reach(DELETES).assets.get(store)).toBeUndefined();
  });

  test('is had by another than who deletes the policy', () => {
    const keeper = { roles: { keeper: { trust: 'user/ann', says: ['s3:DeleteBucketPolicy'] } } };
    const become = `sts:AssumeRole on ${roleArn('keeper')}`;
    expect(reach(['s3:GetObject', become], 'Deny', keeper).assets.get(BUCKET)).toBe('read confirmed');
    expect(reach([become], 'Deny', keeper).assets.get(BUCKET)).toBeUndefined();
  });

  test('is not had where the policy of another store may be deleted', () => {
    expect(reach(['s3:GetObject', 's3:DeleteBucketPolicy on arn:aws:s3:::other']).assets.get(BUCKET)).toBeUndefined();
  });
});

test('what the policy itself allows is gone with it', () => {
  const { steps } = reach(DELETES, 'Allow');
  expect(steps.get(BUCKET)).toEqual(['s3-read']);
  expect(steps.get(SECRET)).toEqual(['secret-read']);
});
