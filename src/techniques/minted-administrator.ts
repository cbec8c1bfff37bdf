import { eventOf } from './cloudtrail.js';
import { adminId, fact } from './fact.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import { permittedTogether } from './alike.js';
import { attachablePolicies } from './attachable-policies.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { groupsOf, type World } from './world.js';

/** A principal that is made, made an administrator, and used. */
interface Mint {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'attack' | 'references' | 'assumptions'>;
  readonly kind: 'user' | 'role';
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
];

/** No boundary is put on what is made; a policy that asks for one stops it. */
const UNBOUNDED = { 'iam:PermissionsBoundary': [] } as const;

const SIGNS_IN = new Set(USER_SIGN_IN);

/** `admin account ← may create ∧ may grant it everything ∧ may sign in as it`, each by whoever may. */
export const MINTED_ADMINISTRATORS: readonly Technique[] = MINTS.map(({ info, kind, ways, does }) => {
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    premises: [
      `Principals under the intruder's control may call, on one new ${kind}: ${ways.map((w) => w.join(', ')).join('; or ')}.`,
      'What is attached is AdministratorAccess; or where iam:PolicyARN keeps that out, IAMFullAccess or a policy that they may make.',
    ],
    difficulty: { cost: 2, reason: 'a few API calls' },
    detection: [...new Set(ways.flat())].map(eventOf),
    remediation: `Limit the making of ${kind}s to a path and to a permissions boundary.`,
    steps: (world, emit) => {
      for (const { account, partition } of accountsOf(world)) {
        const names = namesOfNew(world, `arn:${partition}:iam::${account}:${kind}/*`, [...new Set(ways.flat())]);
        const attachable = attachablePolicies(world, account, partition);
        const mayOn = (action: string, context: Requirement['context']): PermissionFacts =>
          world.permissions.may({ action, resources: names, ...(context && { context }) });
        for (const way of ways) {
          const isAttached = way.some(attaches);
          for (const { context, body: policy, conditions } of isAttached ? attachable : NOTHING_ATTACHED) {
            const held = way.map((action) =>
              mayOn(
                action,
                SIGNS_IN.has(action) ? undefined : attaches(action) ? { ...context, ...UNBOUNDED } : UNBOUNDED,
              ),
            );
            for (const { body } of permittedTogether(names, held)) {
              emit({
                head: fact('admin', adminId(account)),
                body: [...body, ...policy],
                conditions,
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

const attaches = (action: string): boolean => action.startsWith('iam:Attach');

/** Names of the new principal, on which every call is made: those that policies tell apart, as far as those are not too many. */
function namesOfNew(world: World, form: string, actions: readonly string[]): readonly string[] {
  const names = (world.iam.namesOf(form, actions) ?? []).filter((name) => !world.graph.asset(name));
  return names.length === 0 ? [form] : names;
}

const accountsOf = (world: World) => [
  ...new Map([...groupsOf(world, 'iam:user'), ...groupsOf(world, 'iam:role')].map((g) => [g.account, g])).values(),
];
