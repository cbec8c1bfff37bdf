import { describe, expect, it } from 'vitest';
import { buildAuthorizer } from '../../src/iam/index.js';
import { makeAskers } from '../../src/techniques/askers.js';
import { ACCOUNT, miniature, roleArn, userArn } from './miniature.js';

const PARTNER = '999988887777';
const ANN = userArn('ann');
const BOSS = userArn('boss');
const HEAD = roleArn('head', PARTNER);

describe('who is asked about a permission', () => {
  const iam = buildAuthorizer(
    miniature({
      users: { ann: { says: ['s3:GetObject'] }, boss: { says: ['*'] } },
      accounts: { [PARTNER]: { roles: { head: { says: ['*'] } } } },
    }),
  );
  const owners: Readonly<Record<string, string>> = { 'arn:aws:s3:::ledger': ACCOUNT };
  const askers = makeAskers(iam, (asset) => owners[asset]);
  const askedAbout = (resources: readonly string[], administrators?: true): readonly string[] => {
    const requirement = { action: 's3:GetObject', resources, ...(administrators && { administrators }) };
    const owner = askers.ownerOf([requirement]);
    const principals = askers.principals(undefined, undefined, owner) ?? iam.principals.map(({ id }) => id);
    const grant = {
      principals,
      resources,
      verdict: 'allowed',
      conditions: [],
      basis: '',
      isByOthers: false,
      decidedBy: () => [],
    } as const;
    return askers.ordinary([grant], owner).flatMap((left) => left.principals);
  };

  it('leaves out who administers the account of the resource, and not who administers another', () => {
    expect(askedAbout(['arn:aws:s3:::ledger/*'])).toEqual([ANN, HEAD]);
    expect(askedAbout([`arn:aws:iam::${PARTNER}:role/deploy`])).toEqual([ANN, BOSS]);
  });

  it('leaves out all administrators where everybody asks about their own', () => {
    expect(askedAbout(['*'])).toEqual([ANN]);
    expect(askedAbout(['arn:aws:ec2:us-east-1::image/*'])).toEqual([ANN]);
  });

  it('leaves out nobody where resources are of several accounts, of none that is known, or administrators are meant', () => {
    const everybody = [ANN, BOSS, HEAD];
    expect(askedAbout(['arn:aws:s3:::ledger', `arn:aws:iam::${PARTNER}:role/deploy`])).toEqual(everybody);
    expect(askedAbout(['arn:aws:s3:::elsewhere'])).toEqual(everybody);
    expect(askedAbout(['*'], true)).toEqual(everybody);
  });
});
