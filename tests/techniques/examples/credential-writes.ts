import { roleArn } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, fromOffice, ROBOT } from './example.js';

const onRobot = { from: ANN, reaches: ROBOT, access: 'control' } as const;
const robot = (more = {}) => ({ users: { robot: more } });

/** Making a credential for another principal. */
export const CREDENTIAL_WRITE_EXAMPLES: ExampleFamily = {
  'create-access-key': {
    ...onRobot,
    works: {
      why: 'Ann may make access keys for a user that has one.',
      world: annMay([`iam:CreateAccessKey on ${ROBOT}`], robot({ keys: ['AKIAROBOT00000000001'] })),
    },
    fails: {
      why: 'The user has two keys, which is the most, and Ann may not delete one.',
      world: annMay(
        [`iam:CreateAccessKey on ${ROBOT}`],
        robot({ keys: ['AKIAROBOT00000000001', 'AKIAROBOT00000000002'] }),
      ),
    },
    unknown: {
      why: 'Ann may make keys from the addresses of one office alone.',
      world: annMay([fromOffice(`iam:CreateAccessKey on ${ROBOT}`)], robot({ keys: ['AKIAROBOT00000000001'] })),
      because: 'aws:SourceIp',
    },
  },
  'create-login-profile': {
    ...onRobot,
    works: {
      why: 'Ann may set a first password, and the user has none.',
      world: annMay([`iam:CreateLoginProfile on ${ROBOT}`], robot()),
    },
    fails: {
      why: 'The user has a password: the call makes a first one only, and Ann may not delete that one.',
      world: annMay([`iam:CreateLoginProfile on ${ROBOT}`], robot({ password: true })),
    },
    unknown: {
      why: 'Whether the user has a password was not collected.',
      world: {
        ...annMay([`iam:CreateLoginProfile on ${ROBOT}`], robot()),
        missing: ['global/iam/GetLoginProfile'],
      },
      because: 'console password',
    },
  },
  'update-login-profile': {
    ...onRobot,
    works: {
      why: 'Ann may reset the password of a user that has one.',
      world: annMay([`iam:UpdateLoginProfile on ${ROBOT}`], robot({ password: true })),
    },
    fails: {
      why: 'The user has no password to reset.',
      world: annMay([`iam:UpdateLoginProfile on ${ROBOT}`], robot()),
    },
    unknown: {
      why: 'Whether the user has a password was not collected.',
      world: {
        ...annMay([`iam:UpdateLoginProfile on ${ROBOT}`], robot({ password: true })),
        missing: ['global/iam/GetLoginProfile'],
      },
      because: 'console password',
    },
  },
  'update-assume-role-policy': {
    from: ANN,
    reaches: roleArn('deploy'),
    access: 'control',
    works: {
      why: 'Ann may rewrite the trust policy of a role.',
      world: annMay(['iam:UpdateAssumeRolePolicy'], { roles: { deploy: {} } }),
    },
    fails: {
      why: 'The role that Ann may rewrite is another one.',
      world: annMay([`iam:UpdateAssumeRolePolicy on ${roleArn('other')}`], { roles: { deploy: {} } }),
    },
    unknown: {
      why: 'Ann may rewrite trust policies from the addresses of one office alone.',
      world: annMay([fromOffice('iam:UpdateAssumeRolePolicy')], { roles: { deploy: {} } }),
      because: 'aws:SourceIp',
    },
  },
};
