import { allowsEverything, type NamedPolicy, type PolicyChange } from '../iam/index.js';
import { at, groupBy, inlinePolicyId, type Json, objects, sortedUnique, text } from '../model/index.js';
import { administratorAccess } from './attachable-policies.js';
import { emitChangedAdministrators } from './changed-worlds.js';
import { type Choice, lookAtHolders, MOST_APART, type Ordinary, togetherOf } from './chosen-together.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { ASSUMPTIONS, type Call, HOLDS, type PolicyGain, ROW } from './gain-calls.js';
import { gainsWithTags } from './gains-with-tags.js';
import type { ChangedWorld, Holder, PermissionFacts } from './permissions.js';
import { holdersOf, isGroupOfAdministrators, membersOf, isServiceLinked, JOIN, joinersOf } from './policy-rewrite.js';
import { isCustomerManaged, versionsOf } from './policy-text.js';
import { type Removal, SEVERAL, severalChanges } from './several-changes.js';
import { selfMadeAdministrators } from './self-made-administrators.js';
import { taggings, TAG_PRINCIPAL, untaggings, UNTAG_PRINCIPAL } from './principal-tagging.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const JOIN_GROUP: TechniqueInfo = {
  ...ROW,
  id: 'join-group',
  title: 'Put a user in a group that may do more',
  references: [
    'pathfinding.cloud:iam-013',
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html',
  ],
  premises: [
    'A principal may call iam:AddUserToGroup on a group.',
    'The group has policies; where one allows everything, `add-user-to-group` says so.',
    HOLDS,
  ],
  assumptions: ASSUMPTIONS,
  detection: [eventOf(JOIN)],
  remediation: `Take ${JOIN} away, or limit it to groups that give nothing away.`,
};

const ANOTHER_VERSION: TechniqueInfo = {
  ...ROW,
  id: 'put-version-in-force',
  title: 'Put another version of an attached policy in force',
  references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html'],
  premises: [
    'A principal may call iam:SetDefaultPolicyVersion on a policy of the account.',
    'A version that is not in force allows something; where it allows everything, `set-default-policy-version` says so.',
    HOLDS,
  ],
  assumptions: ASSUMPTIONS,
  detection: [eventOf('iam:SetDefaultPolicyVersion')],
  remediation: 'Take iam:SetDefaultPolicyVersion away, and delete versions that are not in use.',
};

const ATTACH_ALLOWED: TechniqueInfo = {
  ...ROW,
  id: 'attach-allowed-policy',
  title: 'Attach a managed policy that may be attached',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_controlling.html#access_controlling-policies',
    'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html',
  ],
  premises: [
    'A principal may call iam:AttachUserPolicy, iam:AttachRolePolicy or iam:AttachGroupPolicy, but only for some policies (iam:PolicyARN).',
    'One of them is in the account; where AdministratorAccess is among them, `attach-user-policy` and its like say so.',
    HOLDS,
  ],
  assumptions: ASSUMPTIONS,
  detection: ['User', 'Role', 'Group'].map((kind) => eventOf(`iam:Attach${kind}Policy`)),
  remediation: 'Limit iam:PolicyARN to policies that give nothing away.',
};

/** What a person reads about coming under further policies. */
export const POLICY_GAINS: readonly TechniqueInfo[] = [
  JOIN_GROUP,
  ANOTHER_VERSION,
  ATTACH_ALLOWED,
  TAG_PRINCIPAL,
  UNTAG_PRINCIPAL,
];

/**
 * `freed … ← permission`, for every way in which a principal can come under policies that do not allow everything, by somebody who neither administers the
 * account nor makes itself an administrator.
 */
export function emitPolicyGains(world: World, emit: Emit, administrators: ReadonlySet<string>): readonly PolicyGain[] {
  const selfMade = selfMadeAdministrators(world);
  const ordinary = (holders: readonly Holder[]): readonly Holder[] =>
    holders.filter(({ principal }) => !administrators.has(principal) && !selfMade.has(principal));
  const canGain = (principal: string): boolean => !administrators.has(principal);
  const calls = [
    ...joins(world, ordinary),
    ...versions(world, ordinary),
    ...attachments(world, ordinary),
    ...taggings(world, ordinary),
    ...untaggings(world, ordinary),
  ];
  return calls.flatMap(({ info, action, on, body, does, gainers, change, brings, fact: so, world: shared }) => {
    const able = gainers.filter(canGain);
    if (able.length === 0) return [];
    const names = brings ?? [...(change.added ?? []).map(({ name }) => name), ...(change.missing ?? [])];
    const head = fact('freed', `${info.id} ${on} ${names.join(' ')}`);
    emit({
      head,
      body,
      label: {
        technique: info,
        to: on,
        detail: () => ({
          text: `${does}.`,
          evidence: [
            stated(world, on, so ?? `brings ${brings ? 'the tag' : 'the policies'} ${names.join(', ')} into force`),
          ],
          fix: `Take ${action} on ${nameOf(world, on)} away.`,
        }),
      },
    });
    return able.map((principal) => ({
      principal,
      kind: info.id,
      change,
      fact: head,
      ...(shared !== undefined && { world: shared }),
    }));
  });
}

function joins(world: World, ordinary: Ordinary): readonly Call[] {
  const look = lookAtHolders(ordinary);
  return groupsOf(world, 'iam:group').flatMap(({ ids }) => {
    const facts = world.permissions.may({ action: JOIN, resources: ids });
    const given = facts.resources.flatMap((group): readonly Choice[] => {
      const people = look(facts.holders(group));
      if (people.ordinary().length === 0 || isGroupOfAdministrators(world, group)) return [];
      const change = policiesOfGroup(world, group);
      return [change.added, change.missing].every((list) => (list ?? []).length === 0)
        ? []
        : [{ on: group, change, fact: facts.of(group) ?? '', people }];
    });
    return togetherOf(given, MOST_APART).map(
      ({ same, body }): Call => ({
        info: JOIN_GROUP,
        action: JOIN,
        on: same[0]?.on ?? '',
        body,
        does: `Put a user in ${same.map(({ on }) => nameOf(world, on)).join(', ')}`,
        gainers: sortedUnique(same.flatMap(({ on }) => joinersOf(world, on, ordinary(facts.holders(on))))),
        change: {
          added: same.flatMap(({ change }) => change.added ?? []),
          missing: same.flatMap(({ change }) => change.missing ?? []),
        },
      }),
    );
  });
}

function policiesOfGroup(world: World, group: string): PolicyChange {
  const record = world.graph.asset(group)?.record;
  const inline = objects(at(record, 'GroupPolicyList')).map((policy, index) => ({
    name: inlinePolicyId(group, text(policy['PolicyName']) ?? String(index)),
    document: policy['PolicyDocument'] ?? null,
  }));
  const attached = objects(at(record, 'AttachedManagedPolicies')).flatMap((policy) => text(policy['PolicyArn']) ?? []);
  const known = attached.map((arn) => ({ arn, document: versionsOf(world, arn).inForce }));
  return {
    added: [...inline, ...known.flatMap(({ arn, document }) => named(arn, document))],
    missing: known.filter(({ document }) => document === undefined).map(({ arn }) => arn),
  };
}

const named = (name: string, document: Json | undefined): readonly NamedPolicy[] =>
  document === undefined ? [] : [{ name, document }];

function versions(world: World, ordinary: Ordinary): readonly Call[] {
  const action = 'iam:SetDefaultPolicyVersion';
  return groupsOf(world, 'iam:policy').flatMap(({ ids }) => {
    const several = ids.filter((id) => isCustomerManaged(id) && versionsOf(world, id).others.length > 0);
    if (several.length === 0) return [];
    const facts = world.permissions.may({ action, resources: several });
    return facts.resources.flatMap((policy): readonly Call[] => {
      if (ordinary(facts.holders(policy)).length === 0) return [];
      const others = versionsOf(world, policy).others.map((document, index) => ({ document, index }));
      return others
        .filter(({ document }) => document !== null && !allowsEverything(document))
        .map(({ document, index }) => ({
          info: ANOTHER_VERSION,
          action,
          on: policy,
          body: [facts.of(policy) ?? ''],
          does: `Put another version of policy ${nameOf(world, policy)} in force`,
          gainers: holdersOf(world, policy),
          change: { policies: [policy], added: [{ name: `${policy}#other-version-${index}`, document }] },
        }));
    });
  });
}

const KINDS = [
  ['iam:user', 'iam:AttachUserPolicy'],
  ['iam:role', 'iam:AttachRolePolicy'],
  ['iam:group', 'iam:AttachGroupPolicy'],
] as const;

/** Managed policies that allow something, but not everything, with what they say. */
const attachableTexts = (world: World): readonly NamedPolicy[] =>
  world.graph.assetsOfType('iam:policy').flatMap(({ id }) => {
    const document = versionsOf(world, id).inForce;
    return document === undefined || allowsEverything(document) ? [] : [{ name: id, document }];
  });

/** Whose a policy is, as its ARN begins. */
const ownerOf = (policy: string): string => policy.slice(0, policy.indexOf(':policy/'));

/** Asked only where some policy limits what may be attached. */
function attachments(world: World, ordinary: Ordinary): readonly Call[] {
  if (!world.iam.looksAt(['iam:PolicyARN'])) return [];
  const policies = groupBy(attachableTexts(world), ({ name }) => ownerOf(name));
  const look = lookAtHolders(ordinary);
  return KINDS.flatMap(([type, action]) =>
    groupsOf(world, type).flatMap(({ ids, account, partition }) => {
      const ask = (policy: string): PermissionFacts =>
        world.permissions.may({ action, resources: ids, context: { 'iam:PolicyARN': policy } });
      const anything = ask(administratorAccess(partition));
      // Those of the account, and AWS's own, which are in every account.
      const own = [account, 'aws'].flatMap((owner) => policies.get(`arn:${partition}:iam::${owner}`) ?? []);
      const alike = groupBy(own, ({ name }) => world.iam.likenessOf({ 'iam:PolicyARN': name }));
      const choices = [...alike.values()].flatMap((same) => {
        const facts = ask(same[0]?.name ?? '');
        return same.map((added) => ({ added, facts }));
      });
      return ids.flatMap((holder) => {
        if (isServiceLinked(holder)) return [];
        const masters = look(anything.holders(holder)).sure();
        const own = choices.flatMap(({ added, facts }): readonly Choice[] => {
          const people = look(facts.holders(holder));
          const isWanted = people.ordinary().some((principal) => !masters.has(principal));
          return isWanted ? [{ on: added.name, change: { added: [added] }, fact: facts.of(holder) ?? '', people }] : [];
        });
        const gainers = type === 'iam:group' ? membersOf(world, holder) : [holder];
        return togetherOf(own, 0).map(
          ({ same, body }): Call => ({
            info: ATTACH_ALLOWED,
            action,
            on: holder,
            body,
            does: `Attach ${same.map(({ on }) => nameOf(world, on)).join(', ')} to ${nameOf(world, holder)}`,
            gainers,
            change: { added: same.flatMap(({ change }) => change.added ?? []) },
          }),
        );
      });
    }),
  );
}

/** What can be changed of what applies to principals. */
export interface Changes {
  readonly gains: readonly PolicyGain[];
  readonly removals: readonly Removal[];
}

/**
 * The policy worlds that gains make. Whoever administers the account in such a world is said to; the others are asked about again.
 * @param done facts of gains that were made before with their principals, which are left out and added to
 */
export function makeGainedWorlds(
  world: World,
  emit: Emit,
  { gains, removals }: Changes,
  done: Set<string>,
): readonly ChangedWorld[] {
  const all = [
    ...gains.map((gain) => ({ ...gain, facts: [gain.fact] })),
    ...gainsWithTags(world, gains, emit),
    ...severalChanges(gains, removals, emit),
  ];
  const fresh = all.filter((gain) => {
    const key = `${gain.principal} ${gain.facts.join(' & ')}`;
    const isNew = !done.has(key);
    done.add(key);
    return isNew;
  });
  const round = done.size;
  return [...groupBy(fresh, (gain) => gain.world ?? gain.fact)].flatMap(([name, same]) => {
    const needs = new Map(
      [...groupBy(same, (gain) => gain.principal)].map(([id, [own]]) => [id, own ? own.facts : []]),
    );
    const made: ChangedWorld = {
      name: `${name} ${round}`,
      iam: world.iam.changed(new Map(same.map(({ principal, change }) => [principal, change]))),
      principals: sortedUnique(needs.keys()),
      needs: (principal) => needs.get(principal) ?? [],
    };
    const how = same[0]?.kind === SEVERAL ? 'With several changes' : howOf(same[0]?.change ?? {});
    const principals = emitChangedAdministrators(world, emit, made, how);
    return principals.length === 0 ? [] : [{ ...made, principals }];
  });
}

/** The beginning of a sentence. */
function howOf({ added, tags, openTags, untagged }: PolicyChange): string {
  const isTagged = tags !== undefined || openTags !== undefined || untagged !== undefined;
  if (added && isTagged)
    return untagged ? 'With further policies, without a tag' : 'With further policies and another tag';
  if (untagged) return 'Without a tag';
  return tags || openTags ? 'With another tag' : 'With further policies';
}
