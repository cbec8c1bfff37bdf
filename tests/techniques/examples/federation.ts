import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, roleArn, type Says } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, withMfa } from './example.js';

const GITHUB = 'token.actions.githubusercontent.com';
const COGNITO = 'cognito-identity.amazonaws.com';
const POOL = 'us-east-1:0f0e0d0c-0000-4000-8000-000000000001';

const federated = (provider: string, Condition: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
});

const deploy = (more: JsonObject): Miniature => ({
  roles: {
    deploy: {
      trust: federated(`arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}`, {
        StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
        ...more,
      }),
    },
  },
});

const visitors = federated(COGNITO, {
  StringEquals: { [`${COGNITO}:aud`]: POOL },
  'ForAnyValue:StringLike': { [`${COGNITO}:amr`]: 'unauthenticated' },
});

const pool = (AllowUnauthenticatedIdentities: boolean, role: string): Readonly<Record<string, JsonObject>> => ({
  'cognito-identity/DescribeIdentityPool': {
    [POOL]: { IdentityPoolId: POOL, IdentityPoolName: 'shop', AllowUnauthenticatedIdentities },
  },
  'cognito-identity/GetIdentityPoolRoles': {
    [POOL]: { IdentityPoolId: POOL, Roles: { unauthenticated: roleArn(role) } },
  },
});

const handsOut = (unauthenticated: boolean): Miniature => ({
  roles: { visitor: { trust: visitors } },
  answers: pool(unauthenticated, 'visitor'),
});

const BIND = [`iam:PassRole on ${roleArn('strong')}`, 'cognito-identity:SetIdentityPoolRoles'];
/** The call is checked on no resource: this allows nothing. */
const ON_POOL = `cognito-identity:SetIdentityPoolRoles on ${arn('cognito-identity', `identitypool/${POOL}`)}`;
const binds = (says: readonly string[]): Miniature =>
  annMay(says, { roles: { strong: { trust: visitors } }, answers: pool(true, 'other') });

const guests = (Condition: JsonObject): Miniature => ({ roles: { visitor: { trust: federated(COGNITO, Condition) } } });
const AS_GUEST = { 'ForAnyValue:StringLike': { [`${COGNITO}:amr`]: 'unauthenticated' } };

const SAML = arn('iam', 'saml-provider/corporate');
const REPLACE = `iam:UpdateSAMLProvider on ${SAML}`;
const PROVIDER = { 'global/iam/ListSAMLProviders': { SAMLProviderList: [{ Arn: SAML }] } };
const signedIn = (says: Says | readonly Says[], provider = SAML, answers: Miniature['answers'] = PROVIDER): Miniature =>
  annMay([says].flat(), {
    answers,
    roles: {
      staff: {
        trust: {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithSAML',
          Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
        },
      },
    },
  });

const MAKE_PROVIDER = `iam:CreateSAMLProvider on ${SAML}`;
const NO_PROVIDER = { 'global/iam/ListSAMLProviders': { SAMLProviderList: [] } };

/** Roles that strangers have by an identity provider. */
export const FEDERATION_EXAMPLES: ExampleFamily = {
  'open-cognito-trust': {
    from: 'internet',
    reaches: roleArn('visitor'),
    access: 'control',
    works: { why: 'The role trusts guests of whichever identity pool.', world: guests(AS_GUEST) },
    fails: {
      why: 'The role names the identity pool.',
      world: guests({ ...AS_GUEST, StringEquals: { [`${COGNITO}:aud`]: POOL } }),
    },
    unknown: {
      why: 'The role is to be assumed before a date, and when it is asked for is not known.',
      world: guests({ ...AS_GUEST, DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }),
      because: 'aws:CurrentTime',
    },
  },
  'saml-provider-metadata': {
    from: ANN,
    reaches: roleArn('staff'),
    access: 'control',
    works: { why: 'Ann may replace the metadata of the provider that the role trusts.', world: signedIn(REPLACE) },
    fails: { why: 'The provider that Ann may change is another one.', world: signedIn(`${REPLACE}-2`) },
    alsoFails: [
      {
        why: 'The role trusts the provider of another account.',
        world: signedIn('iam:UpdateSAMLProvider', SAML.replace(ACCOUNT, '999988887777')),
      },
      { why: 'Ann may make the provider, which is there.', world: signedIn(MAKE_PROVIDER) },
      {
        why: 'Ann may delete and make providers, of different names.',
        world: signedIn([`iam:DeleteSAMLProvider on ${SAML}`, `${MAKE_PROVIDER}-2`]),
      },
      { why: 'Ann may change the provider, which is gone.', world: signedIn(REPLACE, SAML, NO_PROVIDER) },
    ],
    unknown: {
      why: 'Ann may replace it with MFA alone.',
      world: signedIn(withMfa(REPLACE)),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'open-oidc-trust': {
    from: 'internet',
    reaches: roleArn('deploy'),
    access: 'control',
    works: { why: 'The role trusts GitHub Actions, whose repository ever it is.', world: deploy({}) },
    fails: {
      why: 'The subject has to be of one organization.',
      world: deploy({ StringLike: { [`${GITHUB}:sub`]: 'repo:shop/*' } }),
    },
    unknown: {
      why: 'The role is to be assumed before a date, and when it is asked for is not known.',
      world: deploy({ DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }),
      because: 'aws:CurrentTime',
    },
  },
  'cognito-identity-pool': {
    from: 'internet',
    reaches: roleArn('visitor'),
    access: 'control',
    works: { why: 'The pool gives the role to visitors who have not signed in.', world: handsOut(true) },
    fails: { why: 'The pool admits nobody who has not signed in.', world: handsOut(false) },
    unknown: {
      why: 'Whom the pools of the account admit was not collected.',
      world: { ...handsOut(true), missing: ['cognito-identity/DescribeIdentityPool'] },
      because: 'cognito-identity/DescribeIdentityPool',
    },
  },
  'cognito-bind-role': {
    from: ANN,
    reaches: roleArn('strong'),
    access: 'control',
    works: { why: 'Ann may pass the role, and set the roles of a pool that admits everybody.', world: binds(BIND) },
    fails: { why: 'Ann may not set the roles of the pool.', world: binds(BIND.slice(0, 1)) },
    alsoFails: [
      {
        why: 'A policy names the pool for a call that is checked on no resource.',
        world: binds([...BIND.slice(0, 1), ON_POOL]),
      },
    ],
    unknown: {
      why: 'Whom the pools of the account admit was not collected.',
      world: { ...binds(BIND), missing: ['cognito-identity/DescribeIdentityPool'] },
      because: 'cognito-identity/DescribeIdentityPool',
    },
  },
};
