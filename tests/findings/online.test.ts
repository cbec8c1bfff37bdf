import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import { arn, type Miniature, miniature, type Says, userArn } from '../techniques/miniature.js';
import { DATABASE, databaseIn } from '../techniques/miniature-database.js';

/** A database that has a password and takes tokens, and that the internet reaches where it is public. */
const world = (says: readonly Says[], isPublic = true): Miniature => ({
  users: { ann: { says }, bob: {} },
  answers: databaseIn('sg-open-5432', {
    PubliclyAccessible: isPublic,
    DbiResourceId: 'db-ABC',
    IAMDatabaseAuthenticationEnabled: true,
  }),
});
const open = (...of: Parameters<typeof world>) => openAnalysis(miniature(world(...of)), { toolVersion: '0.0.0' });
const RESET = `rds:ModifyDBInstance on ${DATABASE}`;
const CONNECT = `rds-db:connect on ${arn('rds-db', 'dbuser:db-ABC/app')}`;

describe('whoever has credentials is on the internet too', () => {
  const reached = (...of: Parameters<typeof world>) =>
    open(...of)
      .blastRadius([userArn('ann')])
      .reaches.filter(({ asset }) => asset === DATABASE)
      .map(({ access, confidence, steps }) => `${access} ${confidence}: ${steps.map((s) => s.technique).join(' ')}`);

  test('a public database is read by who may set its password, or make tokens for it', () => {
    expect(reached([RESET])).toEqual(['read confirmed: rds-master-password exposed-database rds-login']);
    expect(reached([CONNECT])).toEqual(['read confirmed: rds-iam-authentication exposed-database rds-login']);
  });

  test('one that is not public is not read by tokens alone', () => {
    expect(reached([CONNECT], false)).toEqual([]);
  });

  test('what the internet offers to everybody is not told of who has nothing more', () => {
    expect(reached([])).toEqual([]);
    expect(reached(['rds:DescribeDBInstances'])).toEqual([]);
  });

  test('nor are they told to be among those who can reach it', () => {
    const from = open([RESET])
      .whoCanReach([DATABASE])
      .reachedFrom.map(({ asset, confidence }) => `${asset} ${confidence}`);
    expect(from).toEqual([`${userArn('ann')} confirmed`]);
  });
});
