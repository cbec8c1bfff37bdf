import { describe, expect, it } from 'vitest';
import { eventsOfAction } from '../../src/findings/call-events.js';
import { KEY_CALLS, STORE_CALLS } from '../../src/findings/store-calls.js';

describe('events of CloudTrail', () => {
  it('are called after the action, but where S3 has names of its own', () => {
    expect(eventsOfAction('rds:DeleteDBInstance')).toEqual([
      { service: 'rds', event: 'DeleteDBInstance', isData: false },
    ]);
    expect(eventsOfAction('s3:DeleteObjectVersion').map(({ event }) => event)).toEqual([
      'DeleteObject',
      'DeleteObjects',
    ]);
    expect(eventsOfAction('s3:PutLifecycleConfiguration')).toEqual([
      { service: 's3', event: 'PutBucketLifecycle', isData: false },
    ]);
  });

  it('of data are known as such', () => {
    for (const action of ['s3:PutObject', 'dynamodb:DeleteItem', 'sqs:SendMessage', 'sns:Publish'])
      expect(eventsOfAction(action).every(({ isData }) => isData)).toBe(true);
    for (const action of ['dynamodb:DeleteTable', 'sqs:PurgeQueue', 'kms:ScheduleKeyDeletion'])
      expect(eventsOfAction(action).some(({ isData }) => isData)).toBe(false);
  });

  it('are none for what is no call', () => {
    for (const how of ['rds-login', 'held', 'account-administrator', 'mysql: DROP'])
      expect(eventsOfAction(how)).toEqual([]);
  });

  it('are left by every call that changes or destroys what a store holds', () => {
    const calls = [...[...STORE_CALLS.values()].flat(), ...KEY_CALLS];
    for (const { actions } of calls) expect(eventsOfAction(actions[0])).not.toEqual([]);
  });
});
