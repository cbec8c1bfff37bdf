import type { PolicyOpening } from '../iam/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { keyedGroups } from './keys.js';
import { isForSome } from './public-opening.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
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
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
  ],
  premises: ['The snapshot or image is shared with all accounts. AWS lets only unencrypted ones be.'],
  detection: ['ec2:SharedSnapshotCopyInitiated', 'ec2:SharedSnapshotVolumeCreated'],
  remediation: 'Take back the public permission, and block public sharing in the account.',
  steps: (world, emit) => {
    for (const type of SNAPSHOTS) {
      for (const { encryption, ids } of keyedGroups(world, type)) {
        if (encryption !== 'none') continue;
        for (const id of ids) {
          if (!world.graph.outgoing(id, 'shared-with').some((r) => r.to === 'internet')) continue;
          emit({
            head: fact('data-read', id),
            body: [INTERNET_FACT],
            label: {
              technique: publicSnapshot,
              detail: () => ({
                text: `Copy ${nameOf(world, id)} from any AWS account.`,
                evidence: world.graph
                  .outgoing(id, 'shared-with')
                  .map((r) => ({ asset: id, fact: 'is shared with all accounts', source: r.source })),
                fix: `Take back the public permission of ${nameOf(world, id)}.`,
              }),
            },
          });
        }
      }
    }
  },
};

/** What a resource policy that is open to the public gives. */
interface OpenPolicy {
  readonly info: Pick<
    TechniqueInfo,
    'id' | 'title' | 'attack' | 'references' | 'premises' | 'detection' | 'remediation'
  >;
  readonly on: string;
  readonly gives: readonly { readonly action: RegExp; readonly head: 'data-read' | 'data-write' | 'creds' }[];
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
      ],
      detection: ['s3:GetObject (data event) by anonymous callers'],
      remediation: 'Turn on Block Public Access for the bucket and the account.',
    },
    on: 's3:bucket',
    gives: [
      { action: /^(\*|s3:(\*|get\*|getobject.*))$/i, head: 'data-read' },
      { action: /^(\*|s3:(\*|put\*|putobject|delete\*|deleteobject.*))$/i, head: 'data-write' },
    ],
  },
  {
    info: {
      id: 'public-secret',
      title: 'Read a secret whose policy is open to everybody',
      attack: ['T1555.006'],
      references: ['TECHNIQUES:exposure-secret-policy-open'],
      premises: ['The secret’s policy lets every AWS account in, and a customer-managed key lets it decrypt.'],
      detection: ['secretsmanager:GetSecretValue by another account'],
      remediation: 'Name the accounts in the secret’s policy.',
    },
    on: 'secretsmanager:secret',
    gives: [{ action: /^(\*|secretsmanager:(\*|get\*|getsecretvalue))$/i, head: 'data-read' }],
  },
  {
    info: {
      id: 'public-queue',
      title: 'Take messages off a queue that is open to everybody',
      attack: ['T1530'],
      references: ['TECHNIQUES:exposure-sqs-sns-open'],
      premises: ['The queue’s policy lets everybody receive messages.'],
      detection: ['sqs:ReceiveMessage (data event) by another account'],
      remediation: 'Name the accounts in the queue’s policy.',
    },
    on: 'sqs:queue',
    gives: [{ action: /^(\*|sqs:(\*|receive.*))$/i, head: 'data-read' }],
  },
  {
    info: {
      id: 'open-role-trust',
      title: 'Assume a role that trusts every AWS account, or every user of an identity provider',
      attack: ['T1199', 'T1078.004'],
      references: ['pathfinding.cloud:sts-003', 'TECHNIQUES:trust-oidc-no-tenant-claim'],
      premises: [
        'The trust policy admits anybody: any principal, or a shared OIDC provider without a condition on the subject.',
      ],
      detection: ['sts:AssumeRole or sts:AssumeRoleWithWebIdentity from an unknown account or subject'],
      remediation: 'Name the principals, or the subject, in the trust policy.',
    },
    on: 'iam:role',
    gives: [{ action: /^(\*|sts:(\*|assumerole.*))$/i, head: 'creds' }],
  },
];

export const WORLD_OPENINGS: readonly Technique[] = [publicSnapshot, ...OPEN_POLICIES.map(makeTechnique)];

function makeTechnique({ info, on, gives }: OpenPolicy): Technique {
  const technique: Technique = {
    ...PUBLIC,
    ...info,
    steps: (world, emit) => {
      for (const { id } of world.graph.assetsOfType(on)) {
        for (const opening of world.iam.openings(id)) {
          if (opening.to === 'public' && !isForSome(opening)) emitOpening(world, emit, technique, id, opening, gives);
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
  gives: OpenPolicy['gives'],
): void {
  for (const { action, head } of gives) {
    const open = opening.actions.filter((a) => action.test(a));
    if (open.length === 0) continue;
    emit({
      head: fact(head, id),
      body: [INTERNET_FACT],
      conditions: opening.conditions,
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
