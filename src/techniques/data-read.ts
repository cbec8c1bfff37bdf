import { type Condition, sortedUnique, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { encryptedAlike, type KeyedGroup, keyedGroups, type KeyWay, keyWays } from './keys.js';
import { namedAlone } from './named-stores.js';
import { READABLE_STORES, type ReadableStore } from './readable-stores.js';
import { namesOf } from './resource-steps.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** Reading and writing stores by the API: `data-read store ← permission (and its key's)`. */
export const DATA_TECHNIQUES: readonly Technique[] = READABLE_STORES.map(makeTechnique);

function makeTechnique(store: ReadableStore): Technique {
  const { info, on, actions, deletion, gives, keyAction } = store;
  const technique: Technique = {
    ...info,
    tactic: gives === 'data-read' ? 'Collection' : 'Exfiltration',
    premises: [
      `One of ${[...actions, ...(deletion?.actions ?? [])].join(', ')} is allowed on it, by identity or resource policy.`,
      ...(keyAction
        ? [
            `Where a customer-managed key encrypts it, the same principal may call ${keyAction} on the key${deletion ? ', but for deleting' : ''}${store.ownEncryption ? ', and where another encryption may be asked for' : ''}; or somebody grants it that (kms:CreateGrant), or writes it into the key’s policy (kms:PutKeyPolicy).`,
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
      for (const group of [...keyedGroups(world, on), ...namedAlone(world, store)])
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
                    group.key
                      ? `is encrypted with ${group.key}`
                      : group.conditions.length > 0
                        ? 'is under a key that was not to be seen, if any'
                        : 'is not behind a customer-managed key',
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

/** One array for each group, so that equal questions are seen to be equal. */
const resourcesOf = ({ resource }: ReadableStore, group: KeyedGroup): readonly string[] =>
  resource ? namesOf(group, resource) : group.ids;

function byActions(world: World, store: ReadableStore, group: KeyedGroup): readonly StoreWay[] {
  const { actions, resource, ownEncryption, does } = store;
  const accounts = isForItsAccount(store, group) ? { accounts: [group.account] } : {};
  const keyed = keysFor(world, store, group);
  return actions.flatMap((action) => {
    // Objects of a bucket have the encryption that is asked for, and that of the bucket where none is.
    const besides =
      ownEncryption && (group.encryption === 'customer' || group.conditions.length > 0)
        ? world.permissions.may({ action, resources: resourcesOf(store, group), ...accounts, context: ownEncryption })
        : undefined;
    const others = group.ids.flatMap((id): readonly StoreWay[] => {
      const other = besides?.of(resource?.(id) ?? id);
      return other === undefined ? [] : [{ id, action, does, body: [other], conditions: [] }];
    });
    const names = namesFor(store, action);
    const own = keyed.flatMap(({ ids, ways }) => {
      const some = ids === group.ids ? group : { ...group, ids };
      const resources = names === undefined ? resourcesOf(store, some) : sortedUnique(ids.flatMap(names));
      return ways.flatMap(({ also, body }) => {
        const facts = world.permissions.may({ action, resources, ...accounts }, ...also);
        return ids.flatMap((id): readonly StoreWay[] =>
          sortedUnique((names?.(id) ?? [resource?.(id) ?? id]).flatMap((name) => facts.of(name) ?? [])).map((may) => ({
            id,
            action,
            does,
            body: [may, ...body],
            conditions: group.conditions,
          })),
        );
      });
    });
    return [...own, ...others];
  });
}

/** What an action on a store is checked on, where that is not the store. */
const namesFor = ({ checkedOn }: ReadableStore, action: string): ((store: string) => readonly string[]) | undefined =>
  checkedOn?.action === action ? checkedOn.names : undefined;

/** Stores whose key is asked for with contexts that no policy tells apart, and the ways to have it used for them. */
function keysFor(
  world: World,
  { service, keyAction, encryptionContext }: ReadableStore,
  group: KeyedGroup,
): readonly { readonly ids: readonly string[]; readonly ways: readonly KeyWay[] }[] {
  if (keyAction === undefined) return [{ ids: group.ids, ways: [{ also: [], body: [] }] }];
  const { key = '', value = () => undefined } = encryptionContext ?? {};
  return encryptedAlike(world, group, key, value).map(({ ids, context }) => ({
    ids,
    ways: keyWays(world, group, `${service}.${group.region}.amazonaws.com`, [keyAction], context),
  }));
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
