import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, roleArn, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const PARTNER = '999988887777';
const LEDGER = 'arn:aws:s3:::ledger';

/** An account that Ann administers. */
const administered = (more: Miniature): Miniature => ({ ...more, users: { ann: { says: ['*'] } } });
const had = (world: Miniature, asset: string): string | undefined => reachedFrom(world, ANN).assets.get(asset);

describe('what an administrator has', () => {
  it('is every role, but for those that only their service can change', () => {
    const world = administered({
      roles: {
        deploy: { trust: 'ec2.amazonaws.com' },
        linked: { trust: 'ecs.amazonaws.com', path: '/aws-service-role/ecs.amazonaws.com/' },
      },
    });
    expect(had(world, roleArn('deploy'))).toBe('control confirmed');
    expect(had(world, roleArn('aws-service-role/ecs.amazonaws.com/linked'))).toBeUndefined();
  });

  it('is every host that is still there', () => {
    const world = administered({ instances: { 'i-here': {}, 'i-gone': { state: 'terminated' } } });
    expect(had(world, arn('ec2', 'instance/i-here'))).toBe('control confirmed');
    expect(had(world, arn('ec2', 'instance/i-gone'))).toBeUndefined();
  });

  it('is not what a bucket lets administrators of another account have', () => {
    const statement = (Effect: string, by: JsonObject): JsonObject => ({
      Effect,
      Principal: '*',
      Action: 's3:*',
      Resource: [LEDGER, `${LEDGER}/*`],
      Condition: by,
    });
    const world = administered({
      accounts: { [PARTNER]: { roles: { head: { trust: 'ec2.amazonaws.com', says: ['*'] } } } },
      answers: {
        'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] },
        's3/GetBucketLocation': { ledger: {} },
        's3/GetBucketPolicy': {
          ledger: {
            Policy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                statement('Allow', { StringEquals: { 'aws:PrincipalAccount': PARTNER } }),
                statement('Deny', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }),
              ],
            }),
          },
        },
      },
    });
    expect(reachedFrom(world, roleArn('head', PARTNER)).assets.get(LEDGER)).toBe('read confirmed, write confirmed');
    expect(had(world, LEDGER)).toBeUndefined();
  });
});
