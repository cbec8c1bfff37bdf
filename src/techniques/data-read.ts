import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { keyedGroups, keyRequirements } from './keys.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { nameOf, stated } from './world.js';

/** A store whose data the API itself gives. */
interface ReadableStore {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'attack'>;
  /** Asset type. */
  readonly on: string;
  /** Any one of these actions is enough. */
  readonly actions: readonly string[];
  readonly gives: 'data-read' | 'data-write';
  /** The resource that the action is checked on, for a store. */
  readonly resource?: (store: string) => string;
  /** The service that uses the key on the caller's behalf, as in `secretsmanager`. */
  readonly service: string;
  readonly keyAction?: string;
  readonly does: string;
}

const objectsIn = (bucket: string): string => `${bucket}/*`;

const STORES: readonly ReadableStore[] = [
  {
    info: {
      id: 's3-read',
      title: 'Read the objects of a bucket',
      attack: ['T1530'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html'],
    },
    on: 's3:bucket',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resource: objectsIn,
    gives: 'data-read',
    service: 's3',
    keyAction: 'kms:Decrypt',
    does: 'Read objects of bucket',
  },
  {
    info: {
      id: 's3-write',
      title: 'Write objects into a bucket',
      attack: ['T1565.001', 'T1485'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutObject', 's3:DeleteObject'],
    resource: objectsIn,
    gives: 'data-write',
    service: 's3',
    keyAction: 'kms:GenerateDataKey',
    does: 'Write or delete objects of bucket',
  },
  {
    info: {
      id: 's3-bucket-policy',
      title: "Rewrite a bucket's policy to read it",
      attack: ['T1530', 'T1098'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutBucketPolicy'],
    gives: 'data-read',
    service: 's3',
    keyAction: 'kms:Decrypt',
    does: 'Rewrite the policy to read bucket',
  },
  {
    info: {
      id: 'secret-read',
      title: 'Read a secret',
      attack: ['T1555.006'],
      references: ['https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html'],
    },
    on: 'secretsmanager:secret',
    actions: ['secretsmanager:GetSecretValue'],
    gives: 'data-read',
    service: 'secretsmanager',
    keyAction: 'kms:Decrypt',
    does: 'Read secret',
  },
  {
    info: {
      id: 'parameter-read',
      title: 'Read a parameter',
      attack: ['T1552', 'T1555.006'],
      references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html'],
    },
    on: 'ssm:parameter',
    actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
    gives: 'data-read',
    service: 'ssm',
    keyAction: 'kms:Decrypt',
    does: 'Read parameter',
  },
  {
    info: {
      id: 'dynamodb-read',
      title: 'Read a DynamoDB table',
      attack: ['T1213.006', 'T1530'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html',
      ],
    },
    on: 'dynamodb:table',
    actions: ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PartiQLSelect'],
    gives: 'data-read',
    service: 'dynamodb',
    keyAction: 'kms:Decrypt',
    does: 'Read table',
  },
  {
    info: {
      id: 'dynamodb-write',
      title: 'Write to a DynamoDB table',
      attack: ['T1565.001'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html',
      ],
    },
    on: 'dynamodb:table',
    actions: [
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteTable',
    ],
    gives: 'data-write',
    service: 'dynamodb',
    keyAction: 'kms:Decrypt',
    does: 'Write to table',
  },
  {
    info: {
      id: 'queue-read',
      title: 'Take messages off a queue',
      attack: ['T1530'],
      references: [
        'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html',
      ],
    },
    on: 'sqs:queue',
    actions: ['sqs:ReceiveMessage'],
    gives: 'data-read',
    service: 'sqs',
    keyAction: 'kms:Decrypt',
    does: 'Read messages of queue',
  },
  {
    info: {
      id: 'topic-subscribe',
      title: 'Subscribe to a topic, to get what is published from then on',
      attack: ['T1530'],
      references: [
        'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html',
        'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
      ],
    },
    on: 'sns:topic',
    actions: ['sns:Subscribe'],
    gives: 'data-read',
    service: 'sns',
    does: 'Subscribe to topic',
  },
];

/** Reading and writing stores by the API: `data-read store ← permission (and its key's)`. */
export const DATA_TECHNIQUES: readonly Technique[] = STORES.map(makeTechnique);

function makeTechnique(store: ReadableStore): Technique {
  const { info, on, actions, gives, service, keyAction, does } = store;
  const resourceOf = store.resource ?? ((id: string) => id);
  const technique: Technique = {
    ...info,
    tactic: gives === 'data-read' ? 'Collection' : 'Exfiltration',
    premises: [
      `One of ${actions.join(', ')} is allowed on it, by identity or resource policy.`,
      ...(keyAction
        ? [`Where a customer-managed key encrypts it, the same principal may call ${keyAction} on the key.`]
        : []),
    ],
    assumptions: [],
    difficulty: { cost: 1, reason: 'API calls' },
    detection: [eventOf(actions[0] as string)],
    remediation: `Limit ${actions[0]} to the principals that need the data, and the key to them too.`,
    steps: (world, emit) => {
      for (const group of keyedGroups(world, on)) {
        const resources = store.resource ? group.ids.map(resourceOf) : group.ids;
        const via = `${service}.${group.region}.amazonaws.com`;
        const key = keyAction ? keyRequirements(group, via, [keyAction]) : [];
        for (const action of actions) {
          const facts = world.permissions.may({ action, resources }, ...key);
          for (const id of group.ids) {
            const may = facts.of(resourceOf(id));
            if (may === undefined) continue;
            emit({
              head: fact(gives, id),
              body: [may],
              conditions: group.conditions,
              label: {
                technique,
                detail: () => ({
                  text: `${does} ${nameOf(world, id)} (${action}).`,
                  evidence: [
                    stated(
                      world,
                      id,
                      group.key ? `is encrypted with ${group.key}` : 'is not behind a customer-managed key',
                    ),
                  ],
                  fix: `Take ${action} on ${nameOf(world, id)} away.`,
                }),
              },
            });
          }
        }
      }
    },
  };
  return technique;
}
