import {
  type Asset,
  at,
  type Condition,
  groupBy,
  groupKeyed,
  onceFor,
  partitionOf,
  permissionSetOf,
  text,
  unknown,
} from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { adminId, EACH, fact } from './fact.js';
import type { PermissionFacts } from './permissions.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/singlesignon/latest';
const OWNER =
  'The principal is in the account that owns the instance of Identity Center. Accounts that it delegates to are not known.';

/** An instance of Identity Center with its permission sets. */
interface Instance {
  readonly id: string;
  /** The account that owns it. */
  readonly account: string;
  /** ARNs; with wildcards for all of an instance where they were not listed. */
  readonly sets: readonly string[];
}

const setsOfAny = (instance: string): string => `${instance.replace(':instance/', ':permissionSet/')}/*`;

const instancesMemo = new WeakMap<World['graph'], readonly Instance[]>();

/** One array of sets for each, so that equal questions are seen to be equal. */
function instancesOf({ graph, observed }: World): readonly Instance[] {
  const made =
    instancesMemo.get(graph) ??
    graph.assetsOfType('sso:instance').map(({ id, account }) => {
      const sets = graph.incoming(id, 'part-of').map(({ from }) => from);
      const isListed = sets.length > 0 || observed.detail('sso-admin/ListPermissionSets', id) !== undefined;
      return { id, account, sets: isListed ? sets : [setsOfAny(id)] };
    });
  instancesMemo.set(graph, made);
  return made;
}

interface ReservedRoles {
  /** By the name of their permission set. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Of names that no permission set is known to have. */
  readonly unclaimed: readonly string[];
}

const reservedRoles = onceFor((graph: World['graph']): ReservedRoles => {
  const roles = graph.assetsOfType('iam:role').map(({ id }) => id);
  const byName = groupKeyed(roles, permissionSetOf);
  const names = new Set(graph.assetsOfType('sso:permission-set').map((set) => nameIn(set)));
  const unclaimed = [...byName].flatMap(([name, own]) => (names.has(name) ? [] : own));
  return { byName, unclaimed };
});

/** What was collected of a permission set: the instance alone where sets were not listed. */
const seen = ({ graph }: World, instance: Instance, set: string): string => (graph.asset(set) ? set : instance.id);

const nameIn = (set: Asset | undefined): string | undefined => text(at(set?.record, 'Name'));

/** The roles in one account by which a permission set gives what it gives, or may for all that was collected. */
interface RolesOfSet {
  readonly account: string;
  readonly roles: readonly string[];
  readonly conditions: readonly Condition[];
}

/** By account. What was only listed has no name, and may be that of any role whose set has none. */
function rolesOf(world: World, set: string): readonly RolesOfSet[] {
  const { byName, unclaimed } = reservedRoles(world.graph);
  const name = nameIn(world.graph.asset(set));
  const roles = name === undefined ? unclaimed : (byName.get(name) ?? []);
  const conditions =
    name === undefined
      ? [unknown('permission set', `which roles ${set} gives was not collected (sso-admin/DescribePermissionSet)`)]
      : [];
  return [...groupBy(roles, (role) => world.graph.asset(role)?.account ?? '')].map(([account, own]) => ({
    account,
    roles: own,
    conditions,
  }));
}

/** The permission of one call on permission sets of an instance: it is checked on the instance too, and by principals of its owner. */
function maySet(
  world: World,
  action: string,
  { id, account }: Instance,
  sets: readonly string[],
  target?: string,
): PermissionFacts {
  // Whoever administers the owner's account gains what is in others.
  const asked = { accounts: [account], administrators: true } as const;
  return world.permissions.may(
    { action, resources: sets, ...asked },
    { action, resources: [id], ...asked },
    ...(target === undefined ? [] : [{ action, resources: [target], ...asked }]),
  );
}

const accountArn = (instance: Instance, account: string): string =>
  `arn:${instance.id.split(':')[1] ?? partitionOf('us-east-1')}:sso:::account/${account}`;

/** `elevated role ← permission on its permission set ∧ permission to provision it`. */
function rewrite(
  row: Pick<TechniqueInfo, 'id' | 'title' | 'references'> & { readonly action: string; readonly does: string },
): Technique {
  const { action, does, ...info } = row;
  const provision = 'sso:ProvisionPermissionSet';
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    attack: ['T1098.003', 'T1548.005'],
    premises: [
      `A principal may call ${action} on a permission set, and one ${provision} for an account where it is assigned.`,
      OWNER,
      'The intruder holds credentials of the role by which the permission set gives its permissions there.',
    ],
    assumptions: ['Organization policies still limit what is gained; they are judged.'],
    difficulty: { cost: 2, reason: 'two API calls, which are seen' },
    detection: [eventOf(action), eventOf(provision)],
    remediation: `Limit ${action} to those who run Identity Center.`,
    steps: (world, emit) => {
      for (const instance of instancesOf(world)) {
        const write = maySet(world, action, instance, instance.sets);
        for (const set of write.resources) {
          for (const { account, roles, conditions } of rolesOf(world, set)) {
            const may = write.of(set);
            const provisioned = maySet(world, provision, instance, [set], accountArn(instance, account)).of(set);
            if (may === undefined || provisioned === undefined) continue;
            for (const role of roles)
              emit({
                head: fact('elevated', role),
                body: [may, provisioned],
                conditions,
                label: {
                  technique,
                  to: seen(world, instance, set),
                  detail: () => ({
                    text: `${does} permission set ${nameOf(world, set)}, and provision it again.`,
                    evidence: [
                      stated(
                        world,
                        seen(world, instance, set),
                        `${conditions.length > 0 ? 'may decide' : 'decides'} what ${role} may do`,
                      ),
                    ],
                    fix: `Take ${action} on ${nameOf(world, set)} away.`,
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

/** Rewriting what a permission set gives. */
export const PERMISSION_SET_REWRITES: readonly Technique[] = [
  rewrite({
    id: 'sso-attach-policy',
    title: 'Attach an administrator policy to one’s own permission set',
    references: ['pathfinding.cloud:sso-002', `${GUIDE}/APIReference/API_AttachManagedPolicyToPermissionSet.html`],
    action: 'sso:AttachManagedPolicyToPermissionSet',
    does: 'Attach AdministratorAccess to',
  }),
  rewrite({
    id: 'sso-inline-policy',
    title: 'Write an inline policy in one’s own permission set',
    references: ['pathfinding.cloud:sso-003', `${GUIDE}/APIReference/API_PutInlinePolicyToPermissionSet.html`],
    action: 'sso:PutInlinePolicyToPermissionSet',
    does: 'Write an inline policy that allows everything in',
  }),
];

const hasUser = ({ id }: Instance): Condition =>
  unknown('Identity Center user', `whether the intruder has a user of ${id} to sign in as is not in the API`);

const ASSIGN = 'sso:CreateAccountAssignment';

const ASSIGNMENT = {
  tactic: 'Privilege Escalation',
  attack: ['T1098.003', 'T1098.001'],
  assumptions: [],
  difficulty: { cost: 3, reason: 'API calls that are seen, and a sign-in' },
} as const;

/** `creds role ← permission to assign its permission set in its account`. */
const assignExisting: Technique = {
  ...ASSIGNMENT,
  id: 'sso-assign-existing',
  title: 'Assign a permission set to one’s own user',
  references: [`${GUIDE}/APIReference/API_CreateAccountAssignment.html`],
  premises: [
    `A principal may call ${ASSIGN} on a permission set that is provisioned in an account, and for that account.`,
    OWNER,
    'The intruder has a user of Identity Center.',
  ],
  detection: [eventOf(ASSIGN)],
  remediation: `Limit ${ASSIGN} to those who run Identity Center.`,
  steps: (world, emit) => {
    for (const instance of instancesOf(world))
      for (const set of instance.sets)
        for (const { account, roles, conditions } of rolesOf(world, set)) {
          const may = maySet(world, ASSIGN, instance, [set], accountArn(instance, account)).of(set);
          if (may === undefined) continue;
          emit({
            head: fact('creds', EACH),
            body: [may],
            each: roles,
            conditions: [...conditions, hasUser(instance)],
            label: {
              technique: assignExisting,
              detail: (role) => ({
                text: `Assign permission set ${nameOf(world, set)} to a user of one’s own, and sign in as ${nameOf(world, role)}.`,
                evidence: [
                  stated(world, seen(world, instance, set), `${conditions.length > 0 ? 'may give' : 'gives'} ${role}`),
                ],
                fix: assignExisting.remediation,
              }),
            },
          });
        }
  },
};

const CREATE = 'sso:CreatePermissionSet';
const FILL = ['sso:AttachManagedPolicyToPermissionSet', 'sso:PutInlinePolicyToPermissionSet'] as const;

/** `admin account ← permissions to make a permission set, to fill it, and to assign it there`. */
const newPermissionSet: Technique = {
  ...ASSIGNMENT,
  id: 'sso-new-permission-set',
  title: 'Make a permission set that administers, and assign it to one’s own user',
  references: ['pathfinding.cloud:sso-001', `${GUIDE}/APIReference/API_CreatePermissionSet.html`],
  premises: [
    `Principals may call ${CREATE}, ${FILL.join(' or ')}, and ${ASSIGN} for an account.`,
    OWNER,
    'The intruder has a user of Identity Center.',
  ],
  assumptions: ['Organization policies leave the new role what administering an account takes.'],
  detection: [CREATE, FILL[0], ASSIGN].map(eventOf),
  remediation: `Limit ${CREATE} and ${ASSIGN} to those who run Identity Center.`,
  steps: (world, emit) => {
    const accounts = [...new Set(world.iam.principals.map(({ account }) => account))];
    for (const instance of instancesOf(world)) {
      const made = setsOfAny(instance.id);
      const create = maySet(world, CREATE, instance, [made]).of(made);
      if (create === undefined) continue;
      for (const fill of FILL) {
        const filled = maySet(world, fill, instance, [made]).of(made);
        if (filled === undefined) continue;
        for (const account of accounts) emitNewSet(world, emit, instance, account, [create, filled]);
      }
    }
  },
};

function emitNewSet(world: World, emit: Emit, instance: Instance, account: string, body: readonly string[]): void {
  const made = setsOfAny(instance.id);
  const assign = maySet(world, ASSIGN, instance, [made], accountArn(instance, account)).of(made);
  if (assign === undefined) return;
  emit({
    head: fact('admin', adminId(account)),
    body: [...body, assign],
    conditions: [hasUser(instance)],
    label: {
      technique: newPermissionSet,
      detail: () => ({
        text: `Make a permission set with AdministratorAccess, assign it to a user of one’s own in account ${account}, and sign in.`,
        evidence: [stated(world, instance.id, `gives out permissions in account ${account}`)],
        fix: newPermissionSet.remediation,
      }),
    },
  });
}

/** Assigning permission sets of Identity Center to oneself. */
export const PERMISSION_SET_ASSIGNMENTS: readonly Technique[] = [assignExisting, newPermissionSet];
