import { arn, type Miniature, type Says, userArn } from '../miniature.js';
import { ANN, type ExampleFamily, fromOffice, policyArn } from './example.js';

const LEDGER = 'arn:aws:s3:::ledger';
const READ = `s3:GetObject on ${LEDGER}/*`;
const reads = { from: ANN, reaches: LEDGER, access: 'read' } as const;

const answers = {
  'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] },
  's3/GetBucketLocation': { ledger: {} },
};

const READERS = arn('iam', 'group/readers');
const OWN = policyArn('own');

/** A bucket, user Ann, and a group that she is not in. */
const besideGroup = (says: readonly Says[], group: readonly Says[]): Miniature => ({
  users: { ann: { says } },
  groups: { readers: { says: group } },
  answers,
});

/** A bucket, and user Ann with a policy of two versions. */
const withVersions = (says: readonly Says[], older: string): Miniature => ({
  users: { ann: { says, attached: ['own'] } },
  policies: { own: [['s3:ListAllMyBuckets'], [older]] },
  answers,
});

/** A bucket, user Ann, and a policy that is attached to nobody. */
const besidePolicy = (says: Says): Miniature => ({
  users: { ann: { says: [says] } },
  policies: { readers: [[READ]] },
  answers,
});

const onlyPolicy = (policy: string, more: Record<string, Record<string, string>> = {}): Says => ({
  Effect: 'Allow',
  Action: 'iam:AttachUserPolicy',
  Resource: ANN,
  Condition: { ArnEquals: { 'iam:PolicyARN': policy }, ...more },
});

const forTeam: Says = {
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: `${LEDGER}/*`,
  Condition: { StringEquals: { 'aws:PrincipalTag/team': 'ledger' } },
};

/** Whoever has the tag, with whatever value, reads nothing of the bucket. */
const notForNewcomers: Says = {
  Effect: 'Deny',
  Action: 's3:GetObject',
  Resource: `${LEDGER}/*`,
  Condition: { Null: { 'aws:PrincipalTag/newcomer': 'false' } },
};
const tags = { newcomer: 'yes' };

/** Coming under further policies, which do not allow everything. */
export const POLICY_GAIN_EXAMPLES: ExampleFamily = {
  'join-group': {
    ...reads,
    works: {
      why: 'Ann may put users in a group whose members read the bucket.',
      world: besideGroup([`iam:AddUserToGroup on ${READERS}`], [READ]),
    },
    fails: {
      why: 'The members of the group list buckets alone.',
      world: besideGroup([`iam:AddUserToGroup on ${READERS}`], ['s3:ListAllMyBuckets']),
    },
    alsoFails: [
      {
        why: 'Ann may put users in another group.',
        world: besideGroup([`iam:AddUserToGroup on ${arn('iam', 'group/guests')}`], [READ]),
      },
    ],
    unknown: {
      why: 'Ann may put users in the group from the addresses of one office alone.',
      world: besideGroup([fromOffice(`iam:AddUserToGroup on ${READERS}`)], [READ]),
      because: 'aws:SourceIp',
    },
  },
  'tag-principal': {
    ...reads,
    works: {
      why: 'Ann may tag herself, and users with a tag read the bucket.',
      world: { users: { ann: { says: [`iam:TagUser on ${ANN}`, forTeam] } }, answers },
    },
    fails: {
      why: 'Ann may tag another user.',
      world: { users: { ann: { says: [`iam:TagUser on ${userArn('bob')}`, forTeam] } }, answers },
    },
    unknown: {
      why: 'Ann may tag herself from the addresses of one office alone.',
      world: { users: { ann: { says: [fromOffice(`iam:TagUser on ${ANN}`), forTeam] } }, answers },
      because: 'aws:SourceIp',
    },
  },
  'untag-principal': {
    ...reads,
    works: {
      why: 'Users with a tag are denied the bucket, and Ann may take it off herself.',
      world: { users: { ann: { says: [READ, notForNewcomers, `iam:UntagUser on ${ANN}`], tags } }, answers },
    },
    fails: {
      why: 'Ann may take tags off another user.',
      world: {
        users: { ann: { says: [READ, notForNewcomers, `iam:UntagUser on ${userArn('bob')}`], tags } },
        answers,
      },
    },
    unknown: {
      why: 'Ann may do so from the addresses of one office alone.',
      world: {
        users: { ann: { says: [READ, notForNewcomers, fromOffice(`iam:UntagUser on ${ANN}`)], tags } },
        answers,
      },
      because: 'aws:SourceIp',
    },
  },
  'put-version-in-force': {
    ...reads,
    works: {
      why: 'An older version of a policy of Ann’s reads the bucket, and she may put it in force.',
      world: withVersions([`iam:SetDefaultPolicyVersion on ${OWN}`], READ),
    },
    fails: {
      why: 'The older version writes to the bucket, and does not read it.',
      world: withVersions([`iam:SetDefaultPolicyVersion on ${OWN}`], `s3:PutObject on ${LEDGER}/*`),
    },
    unknown: {
      why: 'Ann may put versions in force from the addresses of one office alone.',
      world: withVersions([fromOffice(`iam:SetDefaultPolicyVersion on ${OWN}`)], READ),
      because: 'aws:SourceIp',
    },
  },
  'attach-allowed-policy': {
    ...reads,
    works: {
      why: 'The one policy that Ann may attach to herself reads the bucket.',
      world: besidePolicy(onlyPolicy(policyArn('readers'))),
    },
    fails: {
      why: 'The one policy that Ann may attach is another one.',
      world: besidePolicy(onlyPolicy(policyArn('guests'))),
    },
    unknown: {
      why: 'Ann may attach it from the addresses of one office alone.',
      world: besidePolicy(onlyPolicy(policyArn('readers'), { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
      because: 'aws:SourceIp',
    },
  },
};
