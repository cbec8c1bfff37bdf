import { type Miniature, roleArn, type Says } from '../miniature.js';
import { ADMIN, ANN, annMay, type ExampleFamily, fromOffice, ROBOT } from './example.js';

const DEPLOY = roleArn('deploy');
const PARTNER = '999988887777';

const trusting = (trust: string, says: readonly Says[] = []): Miniature =>
  annMay(says, { roles: { deploy: { trust } } });

/** A role of this account that lets another account in, where the intruder administers that other one. */
const partner = (trust: Miniature['roles'] & object): Miniature => ({
  roles: trust,
  accounts: { [PARTNER]: { roles: { boss: { says: ['*'] } } } },
});
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

const tagged = (says: readonly Says[], tags: Readonly<Record<string, string>> = {}): Miniature =>
  annMay(says, { users: { robot: { tags } } });
const IF_TAGGED: Says = {
  Effect: 'Allow',
  Action: 'iam:CreateAccessKey',
  Resource: ROBOT,
  Condition: { StringEquals: { 'iam:ResourceTag/open': 'yes' } },
};

/** Becoming other principals by trust, by rights, by tags. */
export const ROLE_EXAMPLES: ExampleFamily = {
  'assume-role': {
    from: ANN,
    reaches: DEPLOY,
    access: 'control',
    works: { why: 'The trust policy names Ann, which is enough within an account.', world: trusting('user/ann') },
    fails: {
      why: 'The trust policy names the account, and no policy of Ann’s allows her to assume the role.',
      world: trusting('root'),
    },
    unknown: {
      why: 'The trust policy asks for a session with MFA, and whether the intruder has the device is not known.',
      world: {
        users: { ann: { says: [] } },
        roles: {
          deploy: {
            trust: {
              Effect: 'Allow',
              Principal: { AWS: ANN },
              Action: 'sts:AssumeRole',
              Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
            },
          },
        },
      },
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'account-to-account': {
    from: roleArn('boss', PARTNER),
    reaches: DEPLOY,
    access: 'control',
    works: {
      why: 'A role trusts another account, and the intruder administers that one.',
      world: partner({ deploy: { trust: root(PARTNER) } }),
    },
    fails: {
      why: 'The role trusts a third account.',
      world: partner({ deploy: { trust: root('444455556666') } }),
    },
    unknown: {
      why: 'The trust policy asks for an external id, which the intruder may or may not know.',
      world: partner({
        deploy: {
          trust: {
            Effect: 'Allow',
            Principal: root(PARTNER),
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } },
          },
        },
      }),
      because: 'sts:ExternalId',
    },
  },
  'account-administrator': {
    from: ANN,
    reaches: ADMIN,
    access: 'admin',
    works: { why: 'Ann may do everything.', world: annMay(['*']) },
    fails: {
      why: 'Ann may do everything but IAM, so she cannot give herself the rest.',
      world: annMay([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
    },
    unknown: {
      why: 'Ann may do everything from the addresses of one office alone.',
      world: annMay([fromOffice('*')]),
      because: 'aws:SourceIp',
    },
  },
  'retag-resource': {
    from: ANN,
    reaches: ROBOT,
    access: 'control',
    works: {
      why: 'Ann may make keys for users with a tag, and may tag users.',
      world: tagged([IF_TAGGED, 'iam:TagUser']),
    },
    fails: { why: 'Ann may not tag the user.', world: tagged([IF_TAGGED]) },
    unknown: {
      why: 'Ann may tag from the addresses of one office alone.',
      world: tagged([IF_TAGGED, fromOffice('iam:TagUser')]),
      because: 'aws:SourceIp',
    },
  },
};
