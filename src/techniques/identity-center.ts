import { type Condition, groupBy, partitionOf, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { adminId, fact } from './fact.js';
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
  readonly sets: readonly string[];
}

const instancesMemo = new WeakMap<World['graph'], readonly Instance[]>();

/** One array of sets for each, so that equal questions are seen to be equal. */
function instancesOf({ graph }: World): readonly Instance[] {
  const made =
    instancesMemo.get(graph) ??
    graph.assetsOfType('sso:instance').map(({ id, account }) => ({
      id,
      account,
      sets: graph.incoming(id, 'part-of').map(({ from }) => from),
    }));
  instancesMemo.set(graph, made);
  return made;
}

/** The path and name of the roles that Identity Center makes in accounts: `AWSReservedSSO_<permission set>_<16 hexadecimal digits>`. */
const RESERVED = /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[^/]+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

const rolesMemo = new WeakMap<World['graph'], ReadonlyMap<string, readonly string[]>>();

/** The roles by which a permission set gives what it gives, in all accounts. */
function rolesOf(world: World, set: string): readonly string[] {
  const known =
    rolesMemo.get(world.graph) ??
    groupBy(
      world.graph.assetsOfType('iam:role').flatMap(({ id }) => (RESERVED.test(id) ? [id] : [])),
      (role) => RESERVED.exec(role)?.[1] ?? '',
    );
  rolesMemo.set(world.graph, known);
  return known.get(world.graph.asset(set)?.name ?? '') ?? [];
}

/** The permission of one call on permission sets of an instance: it is checked on the instance too, and by principals of its owner. */
function maySet(
  world: World,
  action: string,
  { id, account }: Instance,
  sets: readonly string[],
  target?: string,
): PermissionFacts {
  const accounts = [account];
  return world.permissions.may(
    { action, resources: sets, accounts },
    { action, resources: [id], accounts },
    ...(target === undefined ? [] : [{ action, resources: [target], accounts }]),
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
          for (const role of rolesOf(world, set)) {
            const target = accountArn(instance, world.graph.asset(role)?.account ?? '');
            const may = write.of(set);
            const provisioned = maySet(world, provision, instance, [set], target).of(set);
            if (may === undefined || provisioned === undefined) continue;
            emit({
              head: fact('elevated', role),
              body: [may, provisioned],
              label: {
                technique,
                to: set,
                detail: () => ({
                  text: `${does} permission set ${nameOf(world, set)}, and provision it again.`,
                  evidence: [stated(world, set, `decides what ${role} may do`)],
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
        for (const role of rolesOf(world, set)) {
          const target = accountArn(instance, world.graph.asset(role)?.account ?? '');
          const may = maySet(world, ASSIGN, instance, [set], target).of(set);
          if (may === undefined) continue;
          emit({
            head: fact('creds', role),
            body: [may],
            conditions: [hasUser(instance)],
            label: {
              technique: assignExisting,
              detail: () => ({
                text: `Assign permission set ${nameOf(world, set)} to a user of one’s own, and sign in as ${nameOf(world, role)}.`,
                evidence: [stated(world, set, `gives ${role}`)],
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
      const made = `${instance.id.replace(':instance/', ':permissionSet/')}/*`;
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
  const made = `${instance.id.replace(':instance/', ':permissionSet/')}/*`;
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
