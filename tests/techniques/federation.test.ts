import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const COGNITO = 'cognito-identity.amazonaws.com';
const GITHUB = 'token.actions.githubusercontent.com';
const POOL = 'us-east-1:0f0e0d0c-0000-4000-8000-000000000001';
const ROLE = roleArn('visitor');

/** How the role is reached from the internet: `confidence` of the path to the data that it may read. */
const reached = (mini: Miniature): string | undefined =>
  openAnalysis(
    miniature({ ...mini, answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] }, ...mini.answers } }),
    { toolVersion: '0.0.0' },
  )
    .report()
    .paths.find(({ entry, target }) => entry.id === ROLE && target.id === 'arn:aws:s3:::orders')?.confidence;

const trusting = (provider: string, Condition: JsonObject): NonNullable<Miniature['roles']> => ({
  visitor: {
    says: ['s3:GetObject'],
    trust: { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity', Condition },
  },
});

describe('roles of identity pools', () => {
  const roles = (amr: string, aud = POOL) =>
    trusting(COGNITO, {
      StringEquals: { [`${COGNITO}:aud`]: aud },
      'ForAnyValue:StringLike': { [`${COGNITO}:amr`]: amr },
    });
  const pool = (more: JsonObject, given: JsonObject): Readonly<Record<string, JsonObject>> => ({
    'cognito-identity/DescribeIdentityPool': { [POOL]: { IdentityPoolId: POOL, IdentityPoolName: 'shop', ...more } },
    'cognito-identity/GetIdentityPoolRoles': { [POOL]: { IdentityPoolId: POOL, Roles: given } },
  });
  const open = { AllowUnauthenticatedIdentities: true };
  const withProvider = {
    AllowUnauthenticatedIdentities: false,
    CognitoIdentityProviders: [{ ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_0', ClientId: 'c' }],
  };

  test.each([
    ['everybody is given it', roles('unauthenticated'), pool(open, { unauthenticated: ROLE }), 'confirmed'],
    ['whoever signs up may be', roles('authenticated'), pool(withProvider, { authenticated: ROLE }), 'conditional'],
    [
      'any role that trusts the pool can be had by the classic flow',
      roles('unauthenticated'),
      pool({ ...open, AllowClassicFlow: true }, {}),
      'confirmed',
    ],
  ])('%s', (_, own, answers, confidence) => {
    expect(reached({ roles: own, answers })).toBe(confidence);
  });

  test.each([
    ['nobody has to sign in nowhere', roles('authenticated'), pool(open, { authenticated: ROLE })],
    ['the pool gives another role', roles('unauthenticated'), pool(open, { unauthenticated: roleArn('other') })],
    [
      'the role trusts another pool',
      roles('unauthenticated', 'us-east-1:other'),
      pool(open, { unauthenticated: ROLE }),
    ],
    ['visitors have to have signed in', roles('authenticated'), pool(open, { unauthenticated: ROLE })],
    ['there is no pool', roles('unauthenticated'), {}],
  ])('not where %s', (_, own, answers) => {
    expect(reached({ roles: own, answers })).toBeUndefined();
  });
});

describe('roles of identity providers that everybody can have tokens of', () => {
  const roles = (Condition: JsonObject) => trusting(`arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}`, Condition);
  const audience = { [`${GITHUB}:aud`]: 'sts.amazonaws.com' };

  test.each([
    ['only an audience is asked for', { StringEquals: audience }],
    ['an audience of one’s own is asked for', { StringEquals: { [`${GITHUB}:aud`]: 'shop' } }],
    ['the pattern of the subject takes every repository', { StringLike: { [`${GITHUB}:sub`]: 'repo:*' } }],
    ['every repository’s main branch will do', { StringLike: { [`${GITHUB}:sub`]: 'repo:*:ref:refs/heads/main' } }],
    ['owners of one form will do', { StringLike: { [`${GITHUB}:sub`]: 'repo:shop*' } }],
    ['owners whose name is one letter longer will do', { StringLike: { [`${GITHUB}:sub`]: 'repo:shop?/app:*' } }],
    ['a repository of that name will do, whose ever', { StringLike: { [`${GITHUB}:sub`]: 'repo:*/infra:*' } }],
    ['an environment of that name will do', { StringLike: { [`${GITHUB}:sub`]: '*:environment:live' } }],
    [
      'owners of one form will do, in repositories of theirs',
      {
        StringLike: {
          [`${GITHUB}:sub`]: 'repo:shop-*/*:ref:refs/heads/main',
          [`${GITHUB}:repository_owner`]: 'shop-*',
        },
      },
    ],
  ])('open where %s', (_, condition) => {
    expect(reached({ roles: roles(condition) })).toBe('confirmed');
  });

  test.each([
    ['the subject is of an organization', { StringLike: { ...audience, [`${GITHUB}:sub`]: 'repo:shop/*' } }],
    ['the subject is of repositories of one form', { StringLike: { [`${GITHUB}:sub`]: 'repo:shop/app*' } }],
    ['the name of the repository alone leaves a letter open', { StringLike: { [`${GITHUB}:sub`]: 'repo:shop/ap?:*' } }],
    ['what looks like a pattern is none', { StringEquals: { [`${GITHUB}:sub`]: 'repo:shop*' } }],
    [
      'the owner is named beside a pattern',
      { StringLike: { [`${GITHUB}:sub`]: 'repo:shop*' }, StringEquals: { [`${GITHUB}:repository_owner`]: 'shop' } },
    ],
    ['the owner of the repository is named', { StringEquals: { [`${GITHUB}:repository_owner`]: 'shop' } }],
    ['one address is named', { StringEquals: audience, IpAddress: { 'aws:SourceIp': '203.0.113.10/32' } }],
  ])('not where %s', (_, condition) => {
    expect(reached({ roles: roles(condition) })).toBeUndefined();
  });
});

describe('roles of other issuers', () => {
  const asked = (host: string, sub: string): string | undefined =>
    reached({
      roles: trusting(`arn:aws:iam::${ACCOUNT}:oidc-provider/${host}`, { StringLike: { [`${host}:sub`]: sub } }),
    });

  test.each([
    ['app.terraform.io', 'organization:*:project:live:*'],
    ['app.terraform.io', 'organization:shop*'],
    ['gitlab.com', 'project_path:*/infra:ref_type:branch:ref:main'],
    ['agent.buildkite.com', 'organization:*:pipeline:deploy:*'],
  ])('%s: strangers may have %s', (host, sub) => {
    expect(asked(host, sub)).toBe('confirmed');
  });

  test.each([
    ['app.terraform.io', 'organization:shop:*'],
    ['gitlab.com', 'project_path:shop/*'],
    ['agent.buildkite.com', 'organization:shop:pipeline:*'],
    ['issuer.example.com', '*'],
  ])('%s: not %s', (host, sub) => {
    expect(asked(host, sub)).toBeUndefined();
  });
});

describe('the SAML provider that a role trusts', () => {
  const PROVIDER = arn('iam', 'saml-provider/corporate');
  const LISTING = 'global/iam/ListSAMLProviders';
  const staff = (
    says: readonly string[],
    isThere: boolean,
    unseen: Pick<Miniature, 'missing' | 'refused'> = {},
  ): string | undefined =>
    reachedFrom(
      {
        ...unseen,
        users: { ann: { says: says.map((call) => `iam:${call}SAMLProvider on ${PROVIDER}`) } },
        roles: {
          staff: {
            trust: { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithSAML' },
          },
        },
        answers: { [LISTING]: { SAMLProviderList: isThere ? [{ Arn: PROVIDER }] : [] } },
      },
      userArn('ann'),
    ).assets.get(roleArn('staff'));

  test('is replaced, deleted and made anew, or made where it is missing', () => {
    expect(staff(['Update'], true)).toBe('control confirmed');
    expect(staff(['Delete', 'Create'], true)).toBe('control confirmed');
    expect(staff(['Create'], false)).toBe('control confirmed');
  });

  test('is not made twice, nor changed where it is missing', () => {
    expect(staff(['Create'], true)).toBeUndefined();
    expect(staff(['Delete'], true)).toBeUndefined();
    expect(staff(['Update'], false)).toBeUndefined();
  });

  test.each([{ missing: [LISTING] }, { refused: [LISTING] }])(
    'may be there where providers were not listed: %j',
    (unseen) => {
      expect(staff(['Update'], true, unseen)).toBe('control conditional');
      expect(staff(['Create'], true, unseen)).toBe('control conditional');
      expect(staff(['Delete', 'Create'], true, unseen)).toBe('control confirmed');
      expect(staff(['Create', 'Update'], true, unseen)).toBe('control confirmed');
      expect(staff(['Delete'], true, unseen)).toBeUndefined();
    },
  );
});
