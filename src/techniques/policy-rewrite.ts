import { allowsEverything } from '../iam/index.js';
import { at, objects, text } from '../model/index.js';
import { type AskedBefore, type AttachablePolicy, attachablePolicies, isFurther } from './attachable-policies.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { beforeNewVersion, isCustomerManaged, versionsOf } from './policy-text.js';
import type { Holder, PermissionFacts } from './permissions.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** One IAM write action that changes what principals may do. */
interface PolicyRewrite {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references'> & { readonly event: string };
  /** Asset type of what the action is called on. */
  readonly on: 'iam:user' | 'iam:role' | 'iam:group' | 'iam:policy';
  readonly action: string;
  /** It attaches a policy that allows everything, which a policy may forbid. */
  readonly attaches?: true;
  /** Actions that are needed too, on the same resource; another principal may call them. */
  readonly also?: (world: World, resource: string) => readonly string[];
  /** Which principals gain by it. */
  readonly gainers: (world: World, resource: string) => readonly string[];
  /** A premise beside the call. */
  readonly premise?: string;
  readonly does: string;
}

const itself = (_world: World, resource: string): readonly string[] => [resource];

const unlessServiceLinked = (_world: World, role: string): readonly string[] => (isServiceLinked(role) ? [] : [role]);

/** Service-linked roles, and those that Identity Center makes, can only be changed by their service. */
export const isServiceLinked = (role: string): boolean => /:role\/(?:aws-service-role|aws-reserved)\//.test(role);

export const membersOf = (world: World, group: string): readonly string[] =>
  world.graph.incoming(group, 'member-of').map((r) => r.from);

/** Users who are in no group yet that somebody may put them in: those who may themselves, all of the account where a role may. */
export function joinersOf(world: World, group: string, holders: readonly Holder[]): readonly string[] {
  const account = world.graph.asset(group)?.account;
  const members = new Set(membersOf(world, group));
  const users = world.iam.principals.filter((p) => p.kind === 'user' && p.account === account && !members.has(p.id));
  const own = new Set(holders.map(({ principal }) => principal));
  const isByRole = holders.some(({ principal }) => world.graph.asset(principal)?.type !== 'iam:user');
  return users.filter(({ id }) => isByRole || own.has(id)).map(({ id }) => id);
}

/** Users and roles to which a policy of the account is attached, themselves or through a group; nobody changes AWS's own. */
export function holdersOf(world: World, policy: string): readonly string[] {
  if (!isCustomerManaged(policy)) return [];
  return world.graph
    .incoming(policy, 'has-policy')
    .flatMap(({ from }) => (world.graph.asset(from)?.type === 'iam:group' ? membersOf(world, from) : [from]));
}

/** The holders of a policy of which a version that is not in force allows everything. */
function holdersOfStrongerVersion(world: World, policy: string): readonly string[] {
  return versionsOf(world, policy).others.some(allowsEverything) ? holdersOf(world, policy) : [];
}

/** Users of the account of a group that has an administrator policy: whoever may add members may make any of them an administrator. */
function usersWhomGroupWouldMakeAdministrator(world: World, group: string): readonly string[] {
  if (!isGroupOfAdministrators(world, group)) return [];
  const account = world.graph.asset(group)?.account;
  return world.iam.principals.filter((p) => p.kind === 'user' && p.account === account).map((p) => p.id);
}

/** Whether a policy of a group allows everything. */
export function isGroupOfAdministrators(world: World, group: string): boolean {
  const record = world.graph.asset(group)?.record;
  const attached = objects(at(record, 'AttachedManagedPolicies')).map((p) => text(p['PolicyArn']) ?? '');
  return (
    attached.some(
      (arn) => arn.endsWith(':aws:policy/AdministratorAccess') || allowsEverything(versionsOf(world, arn).inForce),
    ) || objects(at(record, 'GroupPolicyList')).some((p) => allowsEverything(p['PolicyDocument']))
  );
}

const MEMBERS = 'Who gains by it is a member of the group, or can be put in it (iam:AddUserToGroup).';

/** Checked on the group. */
export const JOIN = 'iam:AddUserToGroup';

const REWRITES: readonly PolicyRewrite[] = [
  {
    info: {
      id: 'put-user-policy',
      title: 'Write an inline policy on a user',
      references: ['pathfinding.cloud:iam-007', 'pathfinding.cloud:iam-018'],
      event: 'iam:PutUserPolicy',
    },
    on: 'iam:user',
    action: 'iam:PutUserPolicy',
    gainers: itself,
    does: 'Write an inline policy that allows everything on user',
  },
  {
    info: {
      id: 'attach-user-policy',
      title: 'Attach an administrator policy to a user',
      references: ['pathfinding.cloud:iam-008', 'pathfinding.cloud:iam-015'],
      event: 'iam:AttachUserPolicy',
    },
    on: 'iam:user',
    action: 'iam:AttachUserPolicy',
    attaches: true,
    gainers: itself,
    does: 'to user',
  },
  {
    info: {
      id: 'put-role-policy',
      title: 'Write an inline policy on a role',
      references: ['pathfinding.cloud:iam-005', 'pathfinding.cloud:iam-017', 'pathfinding.cloud:iam-021'],
      event: 'iam:PutRolePolicy',
    },
    on: 'iam:role',
    action: 'iam:PutRolePolicy',
    gainers: unlessServiceLinked,
    does: 'Write an inline policy that allows everything on role',
  },
  {
    info: {
      id: 'attach-role-policy',
      title: 'Attach an administrator policy to a role',
      references: ['pathfinding.cloud:iam-009', 'pathfinding.cloud:iam-014', 'pathfinding.cloud:iam-019'],
      event: 'iam:AttachRolePolicy',
    },
    on: 'iam:role',
    action: 'iam:AttachRolePolicy',
    attaches: true,
    gainers: unlessServiceLinked,
    does: 'to role',
  },
  {
    info: {
      id: 'put-group-policy',
      title: 'Write an inline policy on a group of users',
      references: ['pathfinding.cloud:iam-011'],
      event: 'iam:PutGroupPolicy',
    },
    on: 'iam:group',
    action: 'iam:PutGroupPolicy',
    premise: MEMBERS,
    gainers: membersOf,
    does: 'Write an inline policy that allows everything on group',
  },
  {
    info: {
      id: 'attach-group-policy',
      title: 'Attach an administrator policy to a group of users',
      references: ['pathfinding.cloud:iam-010'],
      event: 'iam:AttachGroupPolicy',
    },
    on: 'iam:group',
    action: 'iam:AttachGroupPolicy',
    attaches: true,
    premise: MEMBERS,
    gainers: membersOf,
    does: 'to group',
  },
  {
    info: {
      id: 'add-user-to-group',
      title: 'Add a user to a group of administrators',
      references: ['pathfinding.cloud:iam-013'],
      event: 'iam:AddUserToGroup',
    },
    on: 'iam:group',
    action: JOIN,
    gainers: usersWhomGroupWouldMakeAdministrator,
    does: 'Add a user to group',
  },
  {
    info: {
      id: 'create-policy-version',
      title: 'Replace the contents of an attached policy',
      references: ['pathfinding.cloud:iam-001', 'pathfinding.cloud:iam-016', 'pathfinding.cloud:iam-020'],
      event: 'iam:CreatePolicyVersion',
    },
    on: 'iam:policy',
    action: 'iam:CreatePolicyVersion',
    also: beforeNewVersion,
    premise:
      'It is a policy of the account, not one of AWS’s. Where it has five versions, which is the most, iam:DeletePolicyVersion is allowed on it too.',
    gainers: holdersOf,
    does: 'Make a default version that allows everything of policy',
  },
  {
    info: {
      id: 'set-default-policy-version',
      title: 'Roll an attached policy back to a version that allows everything',
      references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html'],
      event: 'iam:SetDefaultPolicyVersion',
    },
    on: 'iam:policy',
    action: 'iam:SetDefaultPolicyVersion',
    gainers: holdersOfStrongerVersion,
    does: 'Put an older version that allows everything in force, of policy',
  },
];

const ATTACHABLE =
  'AdministratorAccess may be attached; or where iam:PolicyARN keeps that out, IAMFullAccess, or a policy that somebody under the intruder’s control may make (iam:CreatePolicy) or write anew (iam:CreatePolicyVersion).';

/** What is written is the intruder's, and nothing has to be there for it. */
const ANY_POLICY = { context: undefined, body: [], conditions: [], does: '' } as const;

/** A call that is asked about, with what was asked about before. */
interface AskedPolicy {
  readonly ids: readonly string[];
  readonly facts: PermissionFacts;
  readonly policy: Pick<AttachablePolicy, 'body' | 'conditions' | 'does'>;
  readonly before: readonly AskedBefore[];
}

/** Rewriting the policies that decide what a principal may do: `elevated principal ← permission on the thing that holds the policy`. */
export const POLICY_REWRITES: readonly Technique[] = REWRITES.map(makeTechnique);

function makeTechnique(rewrite: PolicyRewrite): Technique {
  const { info, on, action, attaches, also, gainers, premise, does } = rewrite;
  const technique: Technique = {
    id: info.id,
    title: info.title,
    tactic: 'Privilege Escalation',
    attack: ['T1098.003', 'T1548.005'],
    references: [...info.references, 'https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/'],
    premises: [
      `A principal may call ${info.event} on it.`,
      ...(attaches ? [ATTACHABLE] : []),
      ...(premise === undefined ? [] : [premise]),
      'The intruder holds credentials of a principal that gains by it.',
    ],
    assumptions: ['Boundaries, organization policies and explicit denies still limit what is gained; they are judged.'],
    difficulty: { cost: 1, reason: 'one API call' },
    detection: [eventOf(info.event)],
    remediation: `Take ${action} away, or limit it to resources that give nothing away.`,
    steps: (world, emit) => {
      for (const { ids, account, partition } of groupsOf(world, on)) {
        const before: AskedBefore[] = [];
        const policies = attaches ? attachablePolicies(world, account, partition) : [ANY_POLICY];
        for (const policy of policies) {
          const { context } = policy;
          const facts = world.permissions.may({ action, resources: ids, ...(context && { context }) });
          emitFor(world, emit, { ids, facts, policy, before });
          before.push({ facts, body: policy.body, conditions: policy.conditions });
        }
      }
    },
  };
  const emitFor = (world: World, emit: Emit, { ids, facts, policy, before }: AskedPolicy): void => {
    for (const resource of facts.resources) {
      if (before.length > 0 && !isFurther(resource, { facts, body: policy.body }, before)) continue;
      const may = facts.of(resource);
      const others = (also?.(world, resource) ?? []).map((other) =>
        world.permissions.may({ action: other, resources: ids }).of(resource),
      );
      if (may === undefined || others.includes(undefined)) continue;
      const body = [may, ...policy.body, ...others.filter((o) => o !== undefined)];
      const gains = gainers(world, resource).map((gainer) => ({ gainer, body }));
      if (gainers === membersOf) {
        const join = world.permissions.may({ action: JOIN, resources: ids });
        const joined = join.of(resource);
        if (joined !== undefined)
          for (const gainer of joinersOf(world, resource, join.holders(resource)))
            gains.push({ gainer, body: [...body, joined] });
      }
      for (const { gainer, body: needed } of gains) {
        emit({
          head: fact('elevated', gainer),
          body: needed,
          conditions: policy.conditions,
          label: {
            technique,
            to: resource,
            detail: () => ({
              text: `${policy.does}${policy.does && ' '}${does} ${nameOf(world, resource)}.`,
              evidence: [stated(world, resource, `decides what ${gainer} may do`)],
              fix: `Take ${action} on ${nameOf(world, resource)} away.`,
            }),
          },
        });
      }
    }
  };
  return technique;
}
