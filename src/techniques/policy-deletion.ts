import { deniesSomething } from '../iam/index.js';
import { at } from '../model/index.js';
import type { FactKind } from './fact.js';
import { type ApiCall, makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique, TechniqueInfo } from './technique.js';
import type { World } from './world.js';

const INFO: TechniqueInfo = {
  id: 'store-policy-delete',
  title: 'Delete the policy of a store, which denies what other policies allow',
  tactic: 'Collection',
  attack: ['T1530', 'T1098'],
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html',
    'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteResourcePolicy.html',
    'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html',
  ],
  premises: [
    'The policy of a bucket, a secret or a table denies something.',
    'A principal under the intruder’s control may delete it (s3:DeleteBucketPolicy, secretsmanager:DeleteResourcePolicy, dynamodb:DeleteResourcePolicy).',
    'Without it, one may read or write there (s3:GetObject, s3:PutObject, s3:DeleteObject, secretsmanager:GetSecretValue, dynamodb:GetItem, dynamodb:PutItem and the like); where a customer-managed key encrypts it, with that key too.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'a policy is deleted, which is seen, before the data is read' },
  detection: ['s3:DeleteBucketPolicy', 'secretsmanager:DeleteResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
  remediation: 'Deny deleting the policy in the policy itself, to all but those who administer the store.',
};

interface DeletablePolicy {
  readonly on: string;
  readonly deletes: string;
  /** The operation that says the policy, and where its answer holds it. */
  readonly said: readonly [operation: string, key: string];
  readonly as?: (id: string) => string;
  readonly service: string;
  readonly reads: readonly string[];
  readonly writes?: readonly string[];
}

const POLICIES: readonly DeletablePolicy[] = [
  {
    on: 's3:bucket',
    deletes: 's3:DeleteBucketPolicy',
    said: ['s3/GetBucketPolicy', 'Policy'],
    as: (bucket) => `${bucket}/*`,
    service: 's3',
    reads: ['s3:GetObject', 's3:GetObjectVersion'],
    writes: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
  },
  {
    on: 'secretsmanager:secret',
    deletes: 'secretsmanager:DeleteResourcePolicy',
    said: ['secrets-manager/GetResourcePolicy', 'ResourcePolicy'],
    service: 'secretsmanager',
    reads: ['secretsmanager:GetSecretValue'],
  },
  {
    on: 'dynamodb:table',
    deletes: 'dynamodb:DeleteResourcePolicy',
    said: ['dynamodb/GetResourcePolicy', 'Policy'],
    service: 'dynamodb',
    reads: ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PartiQLSelect'],
    writes: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
  },
];

const isDenying = (world: World, id: string, [operation, key]: DeletablePolicy['said']): boolean =>
  deniesSomething(at(world.observed.detail(operation, id), key));

function stepsOf({ on, deletes, said, as, service, reads, writes }: DeletablePolicy): readonly ResourceStep[] {
  const step = (anyOf: readonly string[], gives: FactKind, does: string, key?: ApiCall['key']): ResourceStep => ({
    info: INFO,
    on,
    calls: [{ anyOf: [deletes] }, { anyOf, unguarded: true, ...(as && { as }), ...(key && { key }) }],
    when: (world, id) => (isDenying(world, id, said) ? [] : undefined),
    gives: [gives],
    does: `Delete the policy of, and ${does},`,
    evidence: 'has a policy that denies something',
  });
  const decrypt = { service, actions: ['kms:Decrypt'] };
  // What is written into a bucket may be under a key of S3.
  const forWriting = service === 's3' ? undefined : decrypt;
  return [
    step(reads, 'data-read', 'read', decrypt),
    ...(writes ? [step(writes, 'data-write', 'write to', forWriting)] : []),
  ];
}

const STEPS = POLICIES.flatMap(stepsOf).map(makeResourceStep);

/** `data-read store ← may delete its policy ∧ may read it without`. */
export const storePolicyDelete: Technique = {
  ...INFO,
  steps: (world, emit) => {
    for (const { steps } of STEPS) steps(world, emit);
  },
};
