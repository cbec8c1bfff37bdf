import { describe, expect, it, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import { makeCrowds } from '../../src/techniques/crowds.js';
import { EACH } from '../../src/techniques/fact.js';
import { ACCOUNT, miniature, userArn } from './miniature.js';

/** Parts lists, and says who is in what the parts stand for by following the clauses that were emitted. */
function crowds() {
  const members = new Map<string, readonly string[]>();
  let clauses = 0;
  const part = makeCrowds(({ head, body, each = [] }) => {
    clauses += each.length;
    members.set(
      head,
      each.map((one) => (body[0] as string).replace(EACH, one)),
    );
  });
  const within = (fact: string): readonly string[] =>
    members.get(fact)?.flatMap(within) ?? [fact.slice('creds '.length)];
  return {
    part,
    written: () => clauses,
    listed: ({ whole, single }: ReturnType<typeof part>): readonly string[] =>
      [...whole.flatMap((name) => within(`may ${name}`)), ...single].sort(),
  };
}

const named = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `p${10_000 + i}`);

describe('crowds of principals', () => {
  it.each([0, 1, 7, 63, 64, 65, 100, 511, 512, 1000])('stand for exactly the %i principals of a list', (count) => {
    const { part, listed } = crowds();
    expect(listed(part(named(count)))).toEqual(named(count));
  });

  it('stand for exactly those of later lists, which leave some out and have others', () => {
    const { part, listed } = crowds();
    const all = named(1200);
    part(all.slice(0, 1000));
    for (const step of [2, 3, 9, 70, 700]) {
      const list = all.filter((_, i) => i % step !== 1);
      expect(listed(part(list))).toEqual(list);
    }
  });

  it('are few for lists that leave few out, and none for short lists', () => {
    const { part, written } = crowds();
    const all = named(4096);
    part(all);
    expect(written()).toBeLessThan(all.length * 1.15);
    const before = written();
    const { whole, single } = part(all.filter((_, i) => i !== 77 && i !== 3000));
    expect(whole.length + single.length).toBeLessThan(60);
    expect(written()).toBe(before);
    expect(part(all.slice(0, 63))).toEqual({ whole: [], single: all.slice(0, 63) });
  });
});

describe('what lets in nearly everybody', () => {
  const users = Object.fromEntries(
    Array.from({ length: 90 }, (_, i) => [
      `user-${i}`,
      i % 30 === 7 ? { says: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] } : { says: ['ec2:DescribeRegions'] },
    ]),
  );
  const open = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::orders/*' };
  const analysis = openAnalysis(
    miniature({
      users,
      answers: {
        'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
        's3/GetBucketLocation': { orders: {} },
        's3/GetBucketPolicy': { orders: { Policy: JSON.stringify({ Statement: [open] }) } },
      },
    }),
    { toolVersion: '0.0.0' },
  );
  const readBy = (user: string) =>
    analysis.blastRadius([userArn(user)]).reaches.find(({ asset }) => asset === 'arn:aws:s3:::orders');

  it('is had by each of them, with the statement that says so', () => {
    for (const user of ['user-0', 'user-40', 'user-89']) {
      const [step] = readBy(user)?.steps ?? [];
      expect([user, step?.technique]).toEqual([user, 's3-read']);
      expect(step?.evidence.map(({ asset }) => asset)).toContain('arn:aws:s3:::orders');
      expect(step?.requires).toEqual([userArn(user)]);
    }
  });

  it('is not had by those whom a policy of their own denies it', () => {
    for (const user of ['user-7', 'user-37', 'user-67']) expect([user, readBy(user)]).toEqual([user, undefined]);
    expect(analysis.iam.principals.filter(({ account }) => account === ACCOUNT)).toHaveLength(90);
  });
});

test('what many have by policies of their own is shown by the policy of the one who is asked about', () => {
  const says = ['s3:GetObject on arn:aws:s3:::orders/*'];
  const analysis = openAnalysis(
    miniature({
      users: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`user-${i}`, { says }])),
      answers: {
        'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
        's3/GetBucketLocation': { orders: {} },
      },
    }),
    { toolVersion: '0.0.0' },
  );
  for (const user of ['user-0', 'user-40', 'user-89']) {
    const [reached] = analysis.blastRadius([userArn(user)]).reaches;
    const evidence = JSON.stringify(reached?.steps[0]?.evidence);
    expect(evidence).toContain(userArn(user));
    expect(evidence.match(/user\/user-\d+/g)?.every((name) => name === `user/${user}`)).toBe(true);
  }
});
