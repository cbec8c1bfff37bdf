import { describe, expect, it } from 'vitest';
import type { Traces } from '../../src/findings/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { type Miniature, miniature, roleArn, type Says } from '../techniques/miniature.js';
import { database } from '../techniques/miniature-database.js';

const BUCKET = {
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  's3/GetBucketLocation': { orders: {} },
  's3/GetBucketVersioning': { orders: {} },
};

const role = (says: readonly Says[], answers: Miniature['answers'] = BUCKET): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', says } },
  ...(answers && { answers }),
});

const tracesOf = (world: Miniature): Traces | undefined =>
  openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([roleArn('web')]).traces;

describe('what an intruder may have left behind', () => {
  it('is of every call that changes or destroys the data, not of the one that is told alone', () => {
    const events = tracesOf(role(['s3:DeleteObject', 's3:PutLifecycleConfiguration']))?.events;
    expect(events).toEqual(expect.arrayContaining(['s3:DeleteObject', 's3:DeleteObjects', 's3:PutBucketLifecycle']));
    expect(tracesOf(role(['s3:PutLifecycleConfiguration']))?.events).toEqual(['s3:PutBucketLifecycle']);
  });

  it('is of each call that one right takes', () => {
    const both = role(['rds:DeleteDBInstance', 'rds:ModifyDBInstance'], database({ DeletionProtection: true }));
    expect(tracesOf(both)?.events).toEqual(expect.arrayContaining(['rds:DeleteDBInstance', 'rds:ModifyDBInstance']));
    expect(tracesOf(role(['rds:DeleteDBInstance'], database({ DeletionProtection: true })))).toBeUndefined();
    expect(tracesOf(role(['rds:DeleteDBInstance'], database({ DeletionProtection: false })))?.events).toEqual([
      'rds:DeleteDBInstance',
    ]);
  });

  it('is of reading what is written too', () => {
    const events = tracesOf(role(['s3:GetObject', 's3:PutObject']))?.events;
    expect(events).toEqual(expect.arrayContaining(['s3:GetObject', 's3:PutObject']));
    expect(events).not.toContain('s3:DeleteObject');
  });

  it('is of every way to what is had, not of the easiest alone', () => {
    const users = { ann: { keys: ['AKIAIOSFODNN7EXAMPLE'], password: true } };
    const says = ['iam:CreateAccessKey', 'iam:UpdateLoginProfile'];
    const events = tracesOf({ ...role(says), users })?.events;
    expect(events).toEqual(expect.arrayContaining(['iam:CreateAccessKey', 'iam:UpdateLoginProfile']));
    expect(tracesOf({ ...role(says.slice(0, 1)), users })?.events).not.toContain('iam:UpdateLoginProfile');
  });

  it('is asked of all principals where the intruder may be more than a query names', () => {
    const roles = (count: number): Miniature => ({
      ...role(['sts:AssumeRole', 's3:GetObject']),
      roles: {
        web: { trust: 'ec2.amazonaws.com', says: ['sts:AssumeRole', 's3:GetObject'] },
        ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`job-${at}`, { trust: 'role/web' }])),
      },
    });
    const few = tracesOf(roles(3));
    expect(few?.athena).toContain(roleArn('job-2'));
    expect(few?.insights).toContain(roleArn('web'));
    const many = tracesOf(roles(60));
    for (const [query, mark] of [
      [many?.athena, '--'],
      [many?.insights, '#'],
    ]) {
      expect(query?.startsWith(`${mark} by whomever: the intruder may have been any of 61 users and roles`)).toBe(true);
      expect(query).not.toContain(roleArn('web'));
      expect(query).toContain('AssumeRole');
    }
    expect(many?.insights.length).toBeLessThan(10_000);
  });
});
