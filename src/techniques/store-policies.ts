import { at, objects, text, unknown } from '../model/index.js';
import type { FactKind } from './fact.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

const INFO = {
  tactic: 'Exfiltration',
  difficulty: { cost: 2, reason: 'a policy is rewritten, then the data is read' },
} as const;

const read: readonly FactKind[] = ['data-read'];
const objectsIn = (bucket: string): string => `${bucket}/*`;
const streamsOf = (table: string): string => `${table}/stream/*`;

/**
 * Whether a bucket's access control lists have an effect. A bucket without ownership controls is from before they were off by default.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
function aclsOf(world: World, bucket: string) {
  const controls = world.observed.detail('s3/GetBucketOwnershipControls', bucket);
  if (controls === undefined) return [unknown('object ownership', `whether ${bucket} obeys ACLs was not collected`)];
  const rules = objects(at(controls, 'OwnershipControls', 'Rules'));
  return rules.some((rule) => text(rule['ObjectOwnership']) === 'BucketOwnerEnforced') ? undefined : [];
}

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      ...INFO,
      id: 'secret-policy',
      title: "Rewrite a secret's policy to read it",
      attack: ['T1555.006', 'T1098'],
      references: [
        'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html',
      ],
    },
    on: 'secretsmanager:secret',
    calls: [
      {
        anyOf: ['secretsmanager:PutResourcePolicy'],
        key: { service: 'secretsmanager', actions: ['kms:Decrypt'] },
      },
    ],
    gives: read,
    does: 'Rewrite the policy to read secret',
    evidence: 'is a secret whose policy can be rewritten',
  },
  {
    info: {
      ...INFO,
      id: 'table-policy',
      title: "Rewrite a table's policy to read it",
      attack: ['T1530', 'T1098'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html',
      ],
    },
    on: 'dynamodb:table',
    calls: [{ anyOf: ['dynamodb:PutResourcePolicy'], key: { service: 'dynamodb', actions: ['kms:Decrypt'] } }],
    gives: read,
    does: 'Rewrite the policy to read table',
    evidence: 'is a table whose policy can be rewritten',
  },
  {
    info: {
      ...INFO,
      id: 'table-stream',
      title: "Read a table's changes from its stream",
      attack: ['T1530'],
      tactic: 'Collection',
      references: ['https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html'],
      premises: ['The table has a stream.'],
      assumptions: ['What changes while the intruder reads, and in the day before, is worth reading.'],
      difficulty: { cost: 2, reason: 'API calls; only what changes is seen' },
    },
    on: 'dynamodb:table',
    calls: [
      { anyOf: ['dynamodb:GetShardIterator'], as: streamsOf },
      { anyOf: ['dynamodb:GetRecords'], as: streamsOf, key: { service: 'dynamodb', actions: ['kms:Decrypt'] } },
    ],
    when: (world, id) =>
      at(world.graph.asset(id)?.record, 'StreamSpecification', 'StreamEnabled') === true ? [] : undefined,
    gives: read,
    does: 'Read, from its stream, table',
    evidence: 'has a stream',
  },
  {
    info: {
      ...INFO,
      id: 'queue-policy',
      title: "Rewrite a queue's policy to take its messages",
      attack: ['T1530', 'T1098'],
      references: [
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html',
      ],
    },
    on: 'sqs:queue',
    calls: [
      {
        anyOf: ['sqs:SetQueueAttributes', 'sqs:AddPermission'],
        key: { service: 'sqs', actions: ['kms:Decrypt'] },
      },
    ],
    gives: read,
    does: 'Rewrite the policy to read queue',
    evidence: 'is a queue whose policy can be rewritten',
  },
  {
    info: {
      ...INFO,
      id: 'topic-policy',
      title: "Rewrite a topic's policy to subscribe to it",
      attack: ['T1530', 'T1098'],
      references: ['https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html'],
    },
    on: 'sns:topic',
    calls: [{ anyOf: ['sns:SetTopicAttributes', 'sns:AddPermission'] }],
    gives: read,
    does: 'Rewrite the policy to subscribe to topic',
    evidence: 'is a topic whose policy can be rewritten',
  },
  {
    info: {
      ...INFO,
      id: 'bucket-acl',
      title: "Grant the intruder's account access by an ACL",
      attack: ['T1530', 'T1098', 'T1222'],
      references: [
        'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
        'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
      ],
      premises: [
        'ACLs have an effect: the ownership of objects is not enforced to be the bucket owner’s.',
        'The objects are not encrypted with a key that the other account cannot use.',
      ],
    },
    on: 's3:bucket',
    only: ({ encryption }) => encryption === 'none',
    calls: [{ anyOf: ['s3:PutObjectAcl'], as: objectsIn }],
    when: aclsOf,
    gives: read,
    does: 'Grant, by an ACL, another account the objects of bucket',
    evidence: 'obeys access control lists',
  },
  {
    info: {
      ...INFO,
      id: 'redshift-share-snapshot',
      title: 'Snapshot a Redshift cluster and share the snapshot',
      attack: ['T1537'],
      references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshot-share-snapshot.html'],
      premises: ['The cluster is not encrypted with a key of a customer that other accounts cannot use.'],
    },
    on: 'redshift:cluster',
    only: ({ encryption }) => encryption === 'none',
    calls: [
      { anyOf: ['redshift:CreateClusterSnapshot'], as: (id) => `${id.replace(':cluster:', ':snapshot:')}/*` },
      { anyOf: ['redshift:AuthorizeSnapshotAccess'], as: (id) => `${id.replace(':cluster:', ':snapshot:')}/*` },
    ],
    gives: read,
    does: 'Make a snapshot, and share it, of warehouse',
    evidence: 'is not encrypted',
  },
];

/** Policies, access control lists and shares of stores that the intruder writes. */
export const STORE_POLICIES: readonly Technique[] = STEPS.map(makeResourceStep);
