import { expect, it } from 'vitest';
import { findOtherWays } from '../../src/findings/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { type Miniature, miniature, roleArn, type Says } from '../techniques/miniature.js';

const PROFILE = { trust: 'ec2.amazonaws.com', profile: true } as const;
const LEDGER = 'arn:aws:s3:::ledger';

/** A host that the internet enters, whose role may what is said, and one that reads a bucket and is had from it over two others. */
const account = (says: readonly Says[]): Miniature => ({
  roles: {
    web: { ...PROFILE, says },
    first: { trust: 'role/web' },
    second: { trust: 'role/first' },
    reader: { trust: 'role/second', says: ['s3:GetObject'] },
  },
  instances: { 'i-web': { role: 'web', open: true } },
  answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] }, 's3/GetBucketLocation': { ledger: {} } },
});

const open = (world: Miniature) => openAnalysis(miniature(world), { toolVersion: '0.0.0' });

it('knows the way to a store that is told with the administration of its account, as it is once nobody can administer it', () => {
  const { attack, data, report } = open(account(['iam:PutRolePolicy', 'sts:AssumeRole']));
  const { paths } = report();
  expect(paths.map(({ target }) => [target.id, target.members.includes(LEDGER)])).toEqual([
    ['aws:admin/111122223333', true],
  ]);
  const later = open(account(['sts:AssumeRole'])).report().paths;
  expect(later.map(({ target }) => target.id)).toEqual([LEDGER]);
  const ways = findOtherWays(attack, paths, data).map(({ id, behind }) => [id, behind]);
  expect(ways).toContainEqual([later[0]?.id, paths[0]?.id]);
});

it('knows the way to a store by an administrator of another account, as it is once that account cannot be administered', () => {
  const OTHER = '444455556666';
  const foreign = (says: readonly Says[]): Miniature => ({
    ...account(['sts:AssumeRole']),
    roles: {
      web: { ...PROFILE, says: ['sts:AssumeRole'] },
      reader: { trust: { AWS: roleArn('chief', OTHER) }, says: ['s3:GetObject'] },
    },
    accounts: { [OTHER]: { roles: { chief: { trust: { AWS: roleArn('web') }, says } } } },
  });
  const { attack, data, report } = open(foreign(['*']));
  const { paths } = report();
  expect(paths.map(({ target }) => [target.id, target.members.includes(LEDGER)])).toEqual([
    [`aws:admin/${OTHER}`, true],
  ]);
  const later = open(foreign(['sts:AssumeRole'])).report().paths;
  expect(later.map(({ target }) => target.id)).toEqual([LEDGER]);
  const ways = findOtherWays(attack, paths, data).map(({ id, behind }) => [id, behind]);
  expect(ways).toEqual([[later[0]?.id, paths[0]?.id]]);
  expect(findOtherWays(attack, later, data)).toEqual([]);
});

it('knows of none where nothing but administration leads to the store', () => {
  const { attack, data, report } = open({ ...account(['*']), roles: { web: { ...PROFILE, says: ['*'] } } });
  const { paths } = report();
  expect(paths.map(({ target }) => target.members.includes(LEDGER))).toEqual([true]);
  expect(findOtherWays(attack, paths, data)).toEqual([]);
});
