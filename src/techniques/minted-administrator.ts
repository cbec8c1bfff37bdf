import type { Condition } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { adminId, EACH, fact } from './fact.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import { conditionsOf, isPossible } from './account-administrator.js';
import { divideByConditions, permittedTogether } from './alike.js';
import { attachablePolicies } from './attachable-policies.js';
import { boundaryCalls, newBoundaries } from './new-boundaries.js';
import { freeNames, type NewNames } from './new-names.js';
import { JOIN } from './policy-rewrite.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { groupsOf, type World } from './world.js';

/** A principal that is made, made an administrator, and used. */
interface Mint {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'attack' | 'references' | 'assumptions'>;
  readonly kind: 'user' | 'role' | 'group';
  /** Ways to have it administer the account, and to sign in as it: each list in order, alternatives of the whole. */
  readonly ways: readonly (readonly string[])[];
  readonly does: string;
}

const USER_SIGN_IN = ['iam:CreateAccessKey', 'iam:CreateLoginProfile'];

const MINTS: readonly Mint[] = [
  {
    info: {
      id: 'create-administrator-role',
      title: 'Make a role that administers the account and trusts the intruder',
      attack: ['T1136.003', 'T1098.003'],
      references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create.html'],
      assumptions: ['Organization policies limit the new role as they limit every other principal of the account.'],
    },
    kind: 'role',
    ways: [
      ['iam:CreateRole', 'iam:AttachRolePolicy'],
      ['iam:CreateRole', 'iam:PutRolePolicy'],
    ],
    does: 'Make a role that trusts the intruder, and let it do everything in account',
  },
  {
    info: {
      id: 'create-administrator-user',
      title: 'Make a user that administers the account',
      attack: ['T1136.003', 'T1098.001'],
      references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_create.html'],
      assumptions: ['Organization policies limit the new user as they limit every other principal of the account.'],
    },
    kind: 'user',
    ways: ['iam:AttachUserPolicy', 'iam:PutUserPolicy'].flatMap((grant) =>
      USER_SIGN_IN.map((key) => ['iam:CreateUser', grant, key]),
    ),
    does: 'Make a user with a credential, and let it do everything in account',
  },
  {
    info: {
      id: 'create-administrator-group',
      title: 'Make a group of administrators and put a user in it',
      attack: ['T1136.003', 'T1098.003'],
      references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups_create.html'],
      assumptions: [],
    },
    kind: 'group',
    ways: ['iam:AttachGroupPolicy', 'iam:PutGroupPolicy'].map((grant) => ['iam:CreateGroup', grant, JOIN]),
    does: 'Make a group that may do everything, and put the user in it, in account',
  },
];

/** Calls that are made on it once it may do everything, or that know of no boundary. */
const SIGNS_IN = new Set([...USER_SIGN_IN, JOIN]);

/** `admin account ← may create ∧ may grant it everything ∧ may sign in as it`, each by whoever may. */
export const MINTED_ADMINISTRATORS: readonly Technique[] = MINTS.map(({ info, kind, ways, does }) => {
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    premises: [
      `Principals under the intruder's control may call, on one new ${kind}: ${ways.map((w) => w.join(', ')).join('; or ')}.`,
      ...(kind === 'group'
        ? ['The intruder has a user of the account that may do everything once such a policy applies to it.']
        : [
            `It is made without a permissions boundary; or under one that allows everything, or that they may take away or replace on it (${boundaryCalls(kind).join(', ')}), or write anew (iam:CreatePolicyVersion), or make (iam:CreatePolicy).`,
          ]),
      'What is attached is AdministratorAccess; or where iam:PolicyARN keeps that out, IAMFullAccess or a policy that they may make.',
    ],
    difficulty: { cost: 2, reason: 'a few API calls' },
    detection: [...new Set(ways.flat())].map(eventOf),
    remediation: `Limit the making of ${kind}s to a path and to a permissions boundary.`,
    steps: (world, emit) => {
      for (const { account, partition } of accountsOf(world)) {
        const calls = [...new Set([...ways.flat(), ...(kind === 'group' ? [] : boundaryCalls(kind))])];
        const choices = freeNames(world, `arn:${partition}:iam::${account}:${kind}/*`, calls);
        const attachable = attachablePolicies(world, account, partition);
        const boundaries = newBoundaries(world, account, partition, kind);
        let member: string | undefined;
        const memberOf = (): string => (member ??= aMember(world, emit, account, technique));
        const waysOn = (
          { names, conditions }: NewNames,
          way: readonly string[],
          context: Requirement['context'],
        ): readonly { readonly body: readonly string[]; readonly unsure: readonly Condition[] }[] => {
          const mayOn = (action: string, said: Requirement['context']): PermissionFacts =>
            world.permissions.may({ action, resources: names, ...(said && { context: said }) });
          return boundaries.flatMap(({ created, granted, besides, body, conditions: ofBoundary = [] }) => {
            const contextOf = (action: string): Requirement['context'] => {
              if (SIGNS_IN.has(action)) return undefined;
              if (action.startsWith('iam:Create')) return created;
              return attaches(action) ? { ...context, ...granted } : granted;
            };
            const held = [
              ...way.map((action) => mayOn(action, contextOf(action))),
              ...(besides ? [mayOn(besides.action, besides.context)] : []),
            ];
            return permittedTogether(names, held).map((made) => ({
              body: [...made.body, ...body],
              unsure: [...conditions, ...ofBoundary],
            }));
          });
        };
        for (const way of ways) {
          const isAttached = way.some(attaches);
          for (const { context, body: policy, conditions } of isAttached ? attachable : NOTHING_ATTACHED) {
            for (const { body, unsure } of choices.flatMap((choice) => waysOn(choice, way, context))) {
              emit({
                head: fact('admin', adminId(account)),
                body: [...body, ...policy, ...(kind === 'group' ? [memberOf()] : [])],
                conditions: [...conditions, ...unsure],
                label: {
                  technique,
                  detail: () => ({ text: `${does} ${account}.`, evidence: [], fix: technique.remediation }),
                },
              });
            }
          }
        }
      }
    },
  };
  return technique;
});

const NOTHING_ATTACHED = [{ context: undefined, body: [], conditions: [] }];

/**
 * The fact of having a user of the account who is an administrator once a policy that allows everything applies to it: a boundary, or a denial, may
 * stand against that.
 */
function aMember(world: World, emit: Emit, account: string, technique: Technique): string {
  const member = fact('may', `have a user whom a group would make an administrator (${account})`);
  const users = world.iam.principals.filter((p) => p.kind === 'user' && p.account === account).map(({ id }) => id);
  const answers = new Map(users.map((user) => [user, world.iam.isAdministrator(user, { elevated: true })]));
  const elevated = divideByConditions(users, (user) => {
    const answer = answers.get(user);
    return answer === undefined || !isPossible(answer) ? undefined : conditionsOf(answer);
  });
  for (const { ids, conditions } of elevated)
    emit({
      head: member,
      body: [fact('creds', EACH)],
      each: ids,
      cost: 0,
      conditions,
      label: { technique, inner: true, detail: () => ({ text: '', evidence: [], fix: '' }) },
    });
  return member;
}

const attaches = (action: string): boolean => action.startsWith('iam:Attach');

const accountsOf = (world: World) => [
  ...new Map([...groupsOf(world, 'iam:user'), ...groupsOf(world, 'iam:role')].map((g) => [g.account, g])).values(),
];
