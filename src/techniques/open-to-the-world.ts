import type { PolicyOpening } from '../iam/index.js';
import { at, type Condition, text, unknown } from '../model/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { ifKeyUnseen, isAwsManaged, keyedGroups, keyOfAssetTurnedOn } from './keys.js';
import { finerAccess, isInVpc, SEARCH_READS } from './network-stores.js';
import { isForSome, opensAction } from './public-opening.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { ifSharingUnseen } from './unseen-sharing.js';
import { nameOf, stated, type World } from './world.js';

const PUBLIC = {
  tactic: 'Initial Access',
  assumptions: [],
  difficulty: { cost: 1, reason: 'anybody with an AWS account, or nobody in particular, may' },
} as const;

const SNAPSHOTS = ['ec2:snapshot', 'ec2:image', 'rds:db-snapshot', 'rds:db-cluster-snapshot'] as const;

const publicSnapshot: Technique = {
  ...PUBLIC,
  id: 'public-snapshot',
  title: 'Copy a snapshot or image that is shared with everybody',
  attack: ['T1530', 'T1578.002'],
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
  ],
  premises: [
    'The snapshot or image is shared with all accounts (on condition where AWS refused to say with whom a snapshot is). AWS lets only unencrypted ones be.',
    'Of EBS snapshots: the region does not block all public sharing, which overrides what a snapshot says.',
  ],
  detection: ['ec2:SharedSnapshotCopyInitiated', 'ec2:SharedSnapshotVolumeCreated'],
  remediation: 'Take back the public permission, and block public sharing in the account.',
  steps: (world, emit) => {
    for (const type of SNAPSHOTS) {
      for (const { encryption, ids, account, region } of keyedGroups(world, type)) {
        const conditions = type === 'ec2:snapshot' ? unlessBlocked(world, account, region) : [];
        if (encryption !== 'none' || conditions === undefined) continue;
        for (const id of ids) {
          const shares = world.graph.outgoing(id, 'shared-with').filter((r) => r.to === 'internet');
          const perhaps = shares.length === 0 ? ifSharingUnseen(world, id) : undefined;
          if (shares.length === 0 && perhaps === undefined) continue;
          emit({
            head: fact('data-read', id),
            body: [INTERNET_FACT],
            conditions: perhaps ? [...conditions, perhaps] : conditions,
            label: {
              technique: publicSnapshot,
              detail: () => ({
                text: `Copy ${nameOf(world, id)} from any AWS account.`,
                evidence: perhaps
                  ? [stated(world, id, 'may be shared with all accounts')]
                  : shares.map((r) => ({ asset: id, fact: 'is shared with all accounts', source: r.source })),
                fix: `Take back the public permission of ${nameOf(world, id)}.`,
              }),
            },
          });
        }
      }
    }
  },
};

/** What has to hold for the public snapshots of a region to be public; `undefined` where none are. */
function unlessBlocked(world: World, account: string, region: string): readonly Condition[] | undefined {
  const answer = world.observed.answer('ec2/GetSnapshotBlockPublicAccessState', account, region);
  if (answer === undefined)
    return [unknown('public access to snapshots', `whether ${account} blocks it in ${region} was not collected`)];
  return text(at(answer, 'State')) === 'block-all-sharing' ? undefined : [];
}

/** What a resource policy that is open to the public gives. */
interface OpenPolicy {
  readonly info: Pick<
    TechniqueInfo,
    'id' | 'title' | 'attack' | 'references' | 'premises' | 'detection' | 'remediation'
  >;
  readonly on: string;
  /** What has to hold besides; `undefined`: it cannot work on this one. */
  readonly when?: (world: World, id: string) => readonly Condition[] | undefined;
  /** The calls of KMS that an outsider needs on the key that encrypts it, by what they give; none has them on a key of AWS's. */
  readonly key?: {
    readonly calls: Readonly<Partial<Record<'data-read' | 'data-write' | 'creds', string>>>;
    /** Encrypted with a key of AWS's where no key is stated. */
    readonly always?: boolean;
  };
  /** What each of the actions gives. */
  readonly gives: readonly {
    readonly actions: readonly string[];
    readonly head: 'data-read' | 'data-write' | 'creds';
  }[];
}

const OPEN_POLICIES: readonly OpenPolicy[] = [
  {
    info: {
      id: 'public-bucket',
      title: 'Read or write a bucket that is open to everybody',
      attack: ['T1530'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html'],
      premises: [
        'The bucket’s policy or ACL lets everybody in, and no public access block of the bucket or the account overrides it.',
        'Where a key encrypts it, that key’s policy lets everybody in too.',
      ],
      detection: ['s3:GetObject (data event)', 'Callers without credentials, or of other accounts'],
      remediation: 'Turn on Block Public Access for the bucket and the account.',
    },
    on: 's3:bucket',
    key: { calls: { 'data-read': 'kms:Decrypt', 'data-write': 'kms:GenerateDataKey' } },
    gives: [
      { actions: ['s3:GetObject', 's3:GetObjectVersion'], head: 'data-read' },
      { actions: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'], head: 'data-write' },
    ],
  },
  {
    info: {
      id: 'public-secret',
      title: 'Read a secret whose policy is open to everybody',
      attack: ['T1555.006'],
      references: ['https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html'],
      premises: ['The secret’s policy lets every AWS account in, and a customer-managed key lets it decrypt.'],
      detection: ['secretsmanager:GetSecretValue', 'Callers of other accounts'],
      remediation: 'Name the accounts in the secret’s policy.',
    },
    on: 'secretsmanager:secret',
    key: { calls: { 'data-read': 'kms:Decrypt' }, always: true },
    gives: [{ actions: ['secretsmanager:GetSecretValue'], head: 'data-read' }],
  },
  {
    info: {
      id: 'public-queue',
      title: 'Take messages off a queue that is open to everybody',
      attack: ['T1530'],
      references: [
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html',
      ],
      premises: [
        'The queue’s policy lets everybody receive messages.',
        'Where a key encrypts them, that key’s policy lets everybody in too.',
      ],
      detection: ['sqs:ReceiveMessage (data event)', 'Callers of other accounts'],
      remediation: 'Name the accounts in the queue’s policy.',
    },
    on: 'sqs:queue',
    key: { calls: { 'data-read': 'kms:Decrypt' } },
    gives: [{ actions: ['sqs:ReceiveMessage'], head: 'data-read' }],
  },
  {
    info: {
      id: 'public-search-domain',
      title: 'Query a search domain that is open to everybody',
      attack: ['T1530', 'T1190'],
      references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html'],
      premises: ['The domain is in no VPC, and its access policy lets everybody in.'],
      detection: ['Audit log of the domain', 'Requests without a signature'],
      remediation: 'Name who may query the domain in its access policy, and turn fine-grained access control on.',
    },
    on: 'opensearch:domain',
    when: (world, id) => (isInVpc(world, id) ? undefined : finerAccess(world, id)),
    gives: [
      { actions: SEARCH_READS, head: 'data-read' },
      { actions: ['es:ESHttpPost', 'es:ESHttpPut', 'es:ESHttpDelete'], head: 'data-write' },
    ],
  },
  {
    info: {
      id: 'public-topic',
      title: 'Subscribe to a topic that is open to everybody',
      attack: ['T1530'],
      references: ['https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html'],
      premises: ['The topic’s policy lets everybody subscribe; SNS decrypts what it delivers.'],
      detection: ['sns:Subscribe', 'Callers of other accounts'],
      remediation: 'Name the accounts in the topic’s policy.',
    },
    on: 'sns:topic',
    gives: [{ actions: ['sns:Subscribe'], head: 'data-read' }],
  },
  {
    info: {
      id: 'open-role-trust',
      title: 'Assume a role that trusts every AWS account, or every user of an identity provider',
      attack: ['T1199', 'T1078.004'],
      references: [
        'pathfinding.cloud:sts-003',
        'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
        'https://hackingthe.cloud/aws/exploitation/misconfigured_iam_role_trust_policy_wildcard_principal/',
      ],
      premises: [
        'The trust policy admits anybody: any principal, or a shared OIDC provider without a condition on the subject.',
      ],
      detection: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'Callers of unknown accounts or subjects'],
      remediation: 'Name the principals, or the subject, in the trust policy.',
    },
    on: 'iam:role',
    gives: [{ actions: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'], head: 'creds' }],
  },
];

export const WORLD_OPENINGS: readonly Technique[] = [publicSnapshot, ...OPEN_POLICIES.map(makeTechnique)];

function makeTechnique({ info, on, when, key, gives }: OpenPolicy): Technique {
  const technique: Technique = {
    ...PUBLIC,
    ...info,
    steps: (world, emit) => {
      for (const { id } of world.graph.assetsOfType(on)) {
        const besides = when ? when(world, id) : [];
        if (besides === undefined) continue;
        for (const opening of publicOpenings(world, id)) {
          const conditions = [...opening.conditions, ...besides];
          emitOpening(world, emit, technique, id, { ...opening, conditions }, { on, gives, key });
        }
      }
    },
  };
  return technique;
}

function emitOpening(
  world: World,
  emit: Emit,
  technique: Technique,
  id: string,
  opening: PolicyOpening,
  { on, gives, key }: Pick<OpenPolicy, 'on' | 'gives'> & { readonly key: OpenPolicy['key'] | undefined },
): void {
  for (const { actions, head } of gives) {
    const open = actions.filter((action) => opensAction(opening, action));
    const call = open.some((a) => /delete/i.test(a)) ? undefined : key?.calls[head];
    const keyed = call === undefined ? [] : outsidersMayUseKey(world, id, call, key?.always === true);
    const turnedOn = call === undefined ? [] : keyOfAssetTurnedOn(world, on, id);
    if (open.length === 0 || keyed === undefined || turnedOn.includes(undefined)) continue;
    emit({
      head: fact(head, id),
      body: [INTERNET_FACT, ...turnedOn.filter((one) => one !== undefined)],
      conditions: [...opening.conditions, ...keyed],
      label: {
        technique,
        detail: () => ({
          text: `Use ${open.join(', ')} on ${nameOf(world, id)}, which is open to everybody.`,
          evidence: opening.decidedBy.map(
            (d) => d.evidence ?? stated(world, id, `statement ${d.statement} lets everybody in`),
          ),
          fix: technique.remediation,
        }),
      },
    });
  }
}

const publicOpenings = (world: World, id: string): readonly PolicyOpening[] =>
  world.iam.openings(id).filter((opening) => opening.to === 'public' && !isForSome(opening));

/**
 * What has to hold for everybody to use the key that encrypts a resource; `undefined` where it cannot be: keys of AWS's are for their own
 * account, and other keys for whom their policy names.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
function outsidersMayUseKey(
  world: World,
  id: string,
  call: string,
  isAlwaysEncrypted: boolean,
): readonly Condition[] | undefined {
  const key = world.graph.outgoing(id, 'encrypted-with')[0]?.to;
  if (key === undefined) return isAlwaysEncrypted ? undefined : ifKeyUnseen(world, id);
  if (isAwsManaged(world, key)) return undefined;
  // Every key has a policy, so that none means that it was not seen.
  const policy = world.observed.detail('kms/GetKeyPolicy', key);
  if (policy === undefined || policy === null) return [unknown('key policy', `that of ${key} was not collected`)];
  const open = publicOpenings(world, key).find((opening) => opensAction(opening, call));
  return open?.conditions;
}
