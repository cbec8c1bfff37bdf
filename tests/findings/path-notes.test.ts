import { describe, expect, it } from 'vitest';
import { analyzeSnapshot } from '../../src/main/analyze.js';
import { arn, type Miniature, miniature, type Says } from '../techniques/miniature.js';

/** Notes of the worst path. */
const notesOf = (world: Miniature) => analyzeSnapshot(miniature(world), { toolVersion: '0.0.0' }).paths[0]?.notes;

const host = (says: readonly Says[], boundary?: readonly Says[]): Miniature => ({
  roles: {
    web: {
      trust: 'ec2.amazonaws.com',
      profile: true,
      says: ['dynamodb:GetItem', ...says],
      ...(boundary && { boundary }),
    },
  },
  instances: { 'i-web': { role: 'web', open: true } },
  answers: {
    'dynamodb/ListTables': { TableNames: ['rates'] },
    'dynamodb/DescribeTable': {
      rates: { Table: { TableName: 'rates', TableArn: arn('dynamodb', 'table/rates') } },
    },
  },
});

describe('what the principals of a path could hide behind', () => {
  it('is noted, by the calls that do it', () => {
    expect(notesOf(host(['cloudtrail:StopLogging', 'cloudtrail:DescribeTrails']))).toMatchObject([
      {
        id: 'cloudtrail-stopped',
        principal: 'arn:aws:iam::111122223333:role/web',
        actions: ['cloudtrail:StopLogging'],
        confidence: 'confirmed',
        conditions: [],
      },
    ]);
  });

  it('is not, where it is denied, or reading of it is allowed alone', () => {
    const denied = { Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' };
    expect(notesOf(host(['cloudtrail:*', denied]))).toEqual([]);
    expect(notesOf(host(['guardduty:GetDetector', 'logs:DescribeLogGroups']))).toEqual([]);
  });

  it('is not, where a boundary keeps it off', () => {
    expect(notesOf(host(['guardduty:*'], ['dynamodb:*']))).toEqual([]);
    expect(notesOf(host(['guardduty:*'], ['dynamodb:*', 'guardduty:*']))?.map(({ id }) => id)).toEqual([
      'guardduty-blinded',
    ]);
  });

  it('has a condition where it hangs on what nobody knows', () => {
    const guarded = {
      Effect: 'Allow',
      Action: 'logs:DeleteLogGroup',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    };
    expect(notesOf(host([guarded]))).toMatchObject([
      { id: 'network-logs-deleted', confidence: 'conditional', conditions: [{ key: 'aws:PrincipalOrgID' }] },
    ]);
  });

  it('counts what an administrator in the making gives itself', () => {
    const ids = notesOf(host(['iam:PutRolePolicy']))?.map(({ id }) => id);
    expect(ids).toContain('cloudtrail-stopped');
    expect(ids).toContain('guards-taken-away');
  });

  it('names whoever may for certain, before whoever may under a condition', () => {
    const table = 'dynamodb:GetItem';
    const perhaps = {
      Effect: 'Allow',
      Action: 'cloudtrail:StopLogging',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    };
    const world = host([]);
    const notes = notesOf({
      ...world,
      roles: {
        web: { trust: 'ec2.amazonaws.com', profile: true, says: ['sts:AssumeRole', perhaps] },
        reader: { trust: 'role/web', says: [table, 'cloudtrail:DeleteTrail'] },
      },
    });
    expect(notes).toMatchObject([
      {
        principal: 'arn:aws:iam::111122223333:role/reader',
        actions: ['cloudtrail:DeleteTrail'],
        confidence: 'confirmed',
      },
    ]);
  });
});
