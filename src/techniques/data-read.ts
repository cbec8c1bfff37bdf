import { type Asset, type Condition, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { isTableProtected } from './deletion-protection.js';
import { fact } from './fact.js';
import { type KeyedGroup, keyedGroups, keyRequirements } from './keys.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** A store whose data the API itself gives. */
interface ReadableStore {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'attack'>;
  /** Asset type. */
  readonly on: string;
  /** Any one of these actions is enough. */
  readonly actions: readonly [string, ...string[]];
  readonly deletion?: Deletion;
  readonly gives: 'data-read' | 'data-write';
  /** The resource that the action is checked on, for a store. */
  readonly resource?: (store: string) => string;
  /** The service that uses the key on the caller's behalf, as in `secretsmanager`. */
  readonly service: string;
  readonly keyAction?: string;
  /** What names no key is under the key that AWS manages for the service, not under none. */
  readonly isManagedByDefault?: true;
  readonly does: string;
}

/** Actions that take data away: any one is enough, and no key is needed for it. */
interface Deletion {
  readonly actions: readonly [string, ...string[]];
  /** A setting that keeps a store from it (`undefined`: not collected), and the action that lifts it; another principal may call that. */
  readonly protection?: { readonly of: (store: Asset) => boolean | undefined; readonly liftedBy: string };
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
      title: 'Write or delete objects of a bucket',
      attack: ['T1565.001', 'T1485'],
      references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html'],
    },
    on: 's3:bucket',
    actions: ['s3:PutObject'],
    deletion: { actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], does: 'Delete objects of bucket' },
    resource: objectsIn,
    gives: 'data-write',
    service: 's3',
    keyAction: 'kms:GenerateDataKey',
    does: 'Write objects into bucket',
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
    isManagedByDefault: true,
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
      title: 'Write to a DynamoDB table, or delete it',
      attack: ['T1565.001', 'T1485'],
      references: [
        'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-identity-based-policies.html',
      ],
    },
    on: 'dynamodb:table',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
    deletion: {
      actions: ['dynamodb:DeleteTable'],
      protection: { of: isTableProtected, liftedBy: 'dynamodb:UpdateTable' },
      does: 'Delete table',
    },
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
  const { info, on, actions, deletion, gives, keyAction } = store;
  const technique: Technique = {
    ...info,
    tactic: gives === 'data-read' ? 'Collection' : 'Exfiltration',
    premises: [
      `One of ${[...actions, ...(deletion?.actions ?? [])].join(', ')} is allowed on it, by identity or resource policy.`,
      ...(keyAction
        ? [
            `Where a customer-managed key encrypts it, the same principal may call ${keyAction} on the key${deletion ? ', but for deleting' : ''}.`,
          ]
        : []),
      ...(keyAction === 'kms:Decrypt'
        ? ['Where the key is one that AWS manages, the principal is of the account: its policy lets in no others.']
        : []),
      ...(deletion?.protection
        ? [
            `What is protected from ${deletion.actions.join(', ')} has the protection lifted by ${deletion.protection.liftedBy} first.`,
          ]
        : []),
    ],
    assumptions: [],
    difficulty: { cost: 1, reason: 'API calls' },
    detection: [actions[0], ...(deletion?.actions.slice(0, 1) ?? [])].map(eventOf),
    remediation: `Limit ${actions[0]} to the principals that need the data, and the key to them too.`,
    steps: (world, emit) => {
      for (const group of keyedGroups(world, on))
        for (const { id, action, does, body, conditions } of [
          ...byActions(world, store, group),
          ...byDeletion(world, store, group),
        ])
          emit({
            head: fact(gives, id),
            body,
            conditions,
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
    },
  };
  return technique;
}

/** A way to the data of one store. */
interface StoreWay {
  readonly id: string;
  readonly action: string;
  readonly does: string;
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

const resourcesOf = ({ resource }: ReadableStore, { ids }: KeyedGroup): readonly string[] =>
  resource ? ids.map(resource) : ids;

function byActions(world: World, store: ReadableStore, group: KeyedGroup): readonly StoreWay[] {
  const { actions, resource, service, keyAction, does } = store;
  const resources = resourcesOf(store, group);
  const key = keyAction ? keyRequirements(group, `${service}.${group.region}.amazonaws.com`, [keyAction]) : [];
  const accounts = isForItsAccount(store, group) ? { accounts: [group.account] } : {};
  return actions.flatMap((action) => {
    const facts = world.permissions.may({ action, resources, ...accounts }, ...key);
    return group.ids.flatMap((id) => {
      const may = facts.of(resource?.(id) ?? id);
      return may === undefined ? [] : [{ id, action, does, body: [may], conditions: group.conditions }];
    });
  });
}

/**
 * Whether only principals of the owner's account can have it decrypted: the policies of AWS-managed keys let in those alone. What is written may name
 * another key.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
function isForItsAccount({ keyAction, isManagedByDefault }: ReadableStore, { encryption }: KeyedGroup): boolean {
  if (keyAction !== 'kms:Decrypt') return false;
  return encryption === 'aws' || (encryption === 'none' && isManagedByDefault === true);
}

function byDeletion(world: World, store: ReadableStore, group: KeyedGroup): readonly StoreWay[] {
  const { deletion, resource } = store;
  if (!deletion) return [];
  const { actions, protection, does } = deletion;
  const resources = resourcesOf(store, group);
  const lifting = protection && world.permissions.may({ action: protection.liftedBy, resources });
  return actions.flatMap((action) => {
    const facts = world.permissions.may({ action, resources });
    if (facts.resources.length === 0) return [];
    return group.ids.flatMap((id): readonly StoreWay[] => {
      const may = facts.of(resource?.(id) ?? id);
      const asset = world.graph.asset(id);
      if (may === undefined || !asset) return [];
      const isProtected = protection ? protection.of(asset) : false;
      const lift = isProtected === false ? undefined : lifting?.of(resource?.(id) ?? id);
      const way = { id, action, does };
      return [
        ...(isProtected === true ? [] : [{ ...way, body: [may], conditions: ifUnprotected(id, action, isProtected) }]),
        ...(lift === undefined ? [] : [{ ...way, body: [may, lift], conditions: [] }]),
      ];
    });
  });
}

const ifUnprotected = (id: string, action: string, isProtected: false | undefined): readonly Condition[] =>
  isProtected === undefined
    ? [unknown('deletion protection', `whether ${id} is protected from ${action} was not collected`)]
    : [];
