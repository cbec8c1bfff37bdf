import { eventOf } from './cloudtrail.js';
import { adminId, fact } from './fact.js';
import type { Requirement } from './permissions.js';
import { administratorAccess } from './policy-rewrite.js';
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
function contextOf(action: string, partition: string): Requirement['context'] {
  if (action.startsWith('iam:Attach'))
    return { 'iam:PolicyARN': administratorAccess(partition), 'iam:PermissionsBoundary': [] };
  return action === 'iam:CreateAccessKey' || action === 'iam:CreateLoginProfile'
    ? {}
    : { 'iam:PermissionsBoundary': [] };
}

/** `admin account ← may create ∧ may grant it everything ∧ may sign in as it`, each by whoever may. */
export const MINTED_ADMINISTRATORS: readonly Technique[] = MINTS.map(({ info, kind, ways, does }) => {
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    premises: [
      `Principals under the intruder's control may call, on a new ${kind}: ${ways.map((w) => w.join(', ')).join('; or ')}.`,
    ],
    difficulty: { cost: 2, reason: 'a few API calls' },
    detection: [...new Set(ways.flat())].map(eventOf),
    remediation: `Limit the making of ${kind}s to a path and to a permissions boundary.`,
    steps: (world, emit) => {
      for (const { account, partition } of accountsOf(world)) {
        const pattern = `arn:${partition}:iam::${account}:${kind}/*`;
        const mayOn = (action: string): string | undefined => {
          const context = contextOf(action, partition);
          return world.permissions.may({ action, resources: [pattern], ...(context && { context }) }).of(pattern);
        };
        for (const way of ways) {
          const body = way.map(mayOn);
          if (body.includes(undefined)) continue;
          emit({
            head: fact('admin', adminId(account)),
            body: body.filter((b) => b !== undefined),
            label: {
              technique,
              detail: () => ({ text: `${does} ${account}.`, evidence: [], fix: technique.remediation }),
            },
          });
        }
      }
    },
  };
  return technique;
});

const accountsOf = (world: World) => [
  ...new Map([...groupsOf(world, 'iam:user'), ...groupsOf(world, 'iam:role')].map((g) => [g.account, g])).values(),
];
