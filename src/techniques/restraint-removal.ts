import { allowsEverything, deniesSomething } from '../iam/index.js';
import { groupBy, parseArn } from '../model/index.js';
import { administratorAccess } from './attachable-policies.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import type { Requirement } from './permissions.js';
import { beforeNewVersion, isCustomerManaged, versionsOf } from './policy-text.js';
import type { Restraint } from './restraints.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** One IAM write action that takes away what holds a principal back. */
interface RestraintRemoval {
  readonly info: TechniqueInfo;
  readonly does: string;
  /** The call that takes a restraint away; `undefined` where this technique cannot. */
  readonly call: (world: World, restraint: Restraint) => Call | undefined;
}

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Requirement['context'];
  /** Actions that are needed too, on the same resource; another principal may call them. */
  readonly also?: readonly string[];
}

const DOCUMENTATION = {
  boundary: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  deny: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html',
} as const;

const ROW = {
  tactic: 'Privilege Escalation',
  attack: ['T1098.003', 'T1548.005'],
  assumptions: ['What the principal may do without it is judged; organization policies stay.'],
  difficulty: { cost: 1, reason: 'one API call' },
} as const;

const kindOf = (world: World, holder: string): 'User' | 'Role' | 'Group' | undefined =>
  (({ 'iam:user': 'User', 'iam:role': 'Role', 'iam:group': 'Group' }) as const)[
    (world.graph.asset(holder)?.type ?? '') as 'iam:user'
  ];

/** A technique on boundaries or on denying policies of one kind of holder. */
function removal(
  row: Pick<TechniqueInfo, 'id' | 'title' | 'references'> & { readonly event: string; readonly does: string },
  about: keyof typeof DOCUMENTATION,
  call: RestraintRemoval['call'],
): RestraintRemoval {
  const { event, does, ...info } = row;
  const what = about === 'boundary' ? 'a permissions boundary' : 'a policy that denies';
  return {
    does,
    call,
    info: {
      ...ROW,
      ...info,
      references: [...row.references, DOCUMENTATION[about]],
      premises: [
        `A principal may call ${event} on it; what is to be removed must not forbid it.`,
        `The principal that is freed is limited by ${what}, and its other policies allow more without it.`,
        "The intruder holds the freed principal's credentials.",
      ],
      detection: [eventOf(event)],
      remediation: `Take ${event} away; put limits that must stay into an organization policy.`,
    },
  };
}

const ON_BOUNDARIES: readonly RestraintRemoval[] = (['User', 'Role'] as const).flatMap((kind) => {
  const lower = kind.toLowerCase();
  const isFor = (world: World, { kind: restraint, principal }: Restraint): boolean =>
    restraint === 'boundary' && kindOf(world, principal) === kind;
  return [
    removal(
      {
        id: `delete-${lower}-boundary`,
        title: `Delete the permissions boundary of a ${lower}`,
        references: [kind === 'User' ? 'pathfinding.cloud:iam-022' : 'pathfinding.cloud:iam-023'],
        event: `iam:Delete${kind}PermissionsBoundary`,
        does: `Delete the permissions boundary of ${lower}`,
      },
      'boundary',
      (world, restraint) =>
        isFor(world, restraint)
          ? {
              action: `iam:Delete${kind}PermissionsBoundary`,
              resource: restraint.principal,
              context: { 'iam:PermissionsBoundary': restraint.policy },
            }
          : undefined,
    ),
    removal(
      {
        id: `put-${lower}-boundary`,
        title: `Replace the permissions boundary of a ${lower} by one that allows everything`,
        references:
          kind === 'User'
            ? ['pathfinding.cloud:iam-024']
            : ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html'],
        event: `iam:Put${kind}PermissionsBoundary`,
        does: `Set AdministratorAccess as the permissions boundary of ${lower}`,
      },
      'boundary',
      (world, restraint) =>
        isFor(world, restraint)
          ? {
              action: `iam:Put${kind}PermissionsBoundary`,
              resource: restraint.principal,
              context: {
                'iam:PermissionsBoundary': administratorAccess(parseArn(restraint.principal)?.partition ?? 'aws'),
              },
            }
          : undefined,
    ),
  ];
});

const ON_ATTACHMENTS: readonly RestraintRemoval[] = (['User', 'Role', 'Group'] as const).flatMap((kind) => {
  const lower = kind.toLowerCase();
  const isFor = (world: World, restraint: Restraint, wanted: Restraint['kind']): boolean =>
    restraint.kind === wanted && kindOf(world, restraint.holder) === kind;
  const api = (operation: string): string =>
    `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${operation}.html`;
  return [
    removal(
      {
        id: `detach-${lower}-deny`,
        title: `Detach a policy that denies from a ${lower}`,
        references: [kind === 'User' ? 'pathfinding.cloud:iam-025' : api(`Detach${kind}Policy`)],
        event: `iam:Detach${kind}Policy`,
        does: `Detach the policy that denies from ${lower}`,
      },
      'deny',
      (world, restraint) =>
        isFor(world, restraint, 'attached')
          ? {
              action: `iam:Detach${kind}Policy`,
              resource: restraint.holder,
              context: { 'iam:PolicyARN': restraint.policy },
            }
          : undefined,
    ),
    removal(
      {
        id: `delete-${lower}-deny`,
        title: `Delete an inline policy that denies from a ${lower}`,
        references: [kind === 'User' ? 'pathfinding.cloud:iam-026' : api(`Delete${kind}Policy`)],
        event: `iam:Delete${kind}Policy`,
        does: `Delete the inline policy that denies from ${lower}`,
      },
      'deny',
      (world, restraint) =>
        isFor(world, restraint, 'inline')
          ? { action: `iam:Delete${kind}Policy`, resource: restraint.holder }
          : undefined,
    ),
    removal(
      {
        id: `overwrite-${lower}-deny`,
        title: `Overwrite an inline policy that denies on a ${lower}`,
        references: [api(`Put${kind}Policy`)],
        event: `iam:Put${kind}Policy`,
        does: `Overwrite, under its name, the inline policy that denies on ${lower}`,
      },
      'deny',
      (world, restraint) =>
        isFor(world, restraint, 'inline') ? { action: `iam:Put${kind}Policy`, resource: restraint.holder } : undefined,
    ),
  ];
});

const leaveGroup = removal(
  {
    id: 'leave-denying-group',
    title: 'Take a user out of a group whose policies deny',
    references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html'],
    event: 'iam:RemoveUserFromGroup',
    does: 'Leave the group that denies,',
  },
  'deny',
  (world, { kind, holder }) =>
    kind !== 'boundary' && kindOf(world, holder) === 'Group'
      ? { action: 'iam:RemoveUserFromGroup', resource: holder }
      : undefined,
);

/** Whether a version of a policy that is not in force holds nobody back as the one in force does. */
function hasWeakerVersion(world: World, { kind, policy }: Restraint): boolean {
  const { others } = versionsOf(world, policy);
  return others.some((document) => (kind === 'boundary' ? allowsEverything(document) : !deniesSomething(document)));
}

const ON_VERSIONS: readonly RestraintRemoval[] = (['boundary', 'deny'] as const).flatMap((about) => {
  const isFor = ({ kind, policy }: Restraint): boolean =>
    kind === (about === 'boundary' ? 'boundary' : 'attached') && isCustomerManaged(policy);
  const what = about === 'boundary' ? 'that is a permissions boundary' : 'that denies';
  return [
    removal(
      {
        id: `rewrite-${about}-policy`,
        title: `Rewrite a managed policy ${what}`,
        references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html'],
        event: 'iam:CreatePolicyVersion',
        does: `Make a default version that allows everything of the policy ${what},`,
      },
      about,
      (world, restraint) =>
        isFor(restraint)
          ? {
              action: 'iam:CreatePolicyVersion',
              resource: restraint.policy,
              also: beforeNewVersion(world, restraint.policy),
            }
          : undefined,
    ),
    removal(
      {
        id: `roll-back-${about}-policy`,
        title: `Put a weaker version in force of a managed policy ${what}`,
        references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html'],
        event: 'iam:SetDefaultPolicyVersion',
        does: `Put a weaker version in force of the policy ${what},`,
      },
      about,
      (world, restraint) =>
        isFor(restraint) && hasWeakerVersion(world, restraint)
          ? { action: 'iam:SetDefaultPolicyVersion', resource: restraint.policy }
          : undefined,
    ),
  ];
});

const REMOVALS: readonly RestraintRemoval[] = [...ON_BOUNDARIES, ...ON_ATTACHMENTS, leaveGroup, ...ON_VERSIONS];

/** What a person reads about taking away what holds a principal back. */
export const RESTRAINT_REMOVALS: readonly TechniqueInfo[] = REMOVALS.map(({ info }) => info);

/** The fact that a restraint no longer applies. */
export const freedOf = ({ principal, kind, policy, holder }: Restraint): string =>
  fact('freed', `${principal} of ${kind} ${policy}${holder === principal ? '' : ` of ${holder}`}`);

/**
 * `freed principal of policy ← permission on what holds the policy`, where somebody who does not administer the account may take it away.
 * @returns the restraints that can be taken away
 */
export function emitRestraintRemovals(
  world: World,
  emit: Emit,
  restraints: readonly Restraint[],
  administrators: ReadonlySet<string>,
): readonly Restraint[] {
  const removable = new Set<Restraint>();
  for (const { info, does, call } of REMOVALS) {
    const calls = restraints.flatMap((restraint) => {
      const made = call(world, restraint);
      return made ? [{ ...made, restraint }] : [];
    });
    // What no policy tells apart is one question.
    const questions = groupBy(calls, (c) => `${c.action} ${c.context ? world.iam.likenessOf(c.context) : ''}`);
    for (const same of questions.values()) {
      const [{ action, context }] = same as [(typeof same)[number]];
      const resources = [...new Set(same.map((c) => c.resource))];
      const facts = world.permissions.may({ action, resources, ...(context && { context }) });
      for (const { resource, restraint, also = [] } of same) {
        const may = facts.of(resource);
        const others = also.map((other) => world.permissions.may({ action: other, resources }).of(resource));
        if (
          may === undefined ||
          others.includes(undefined) ||
          !facts.holders(resource).some((h) => !administrators.has(h.principal))
        )
          continue;
        removable.add(restraint);
        emit({
          head: freedOf(restraint),
          body: [may, ...others.filter((o) => o !== undefined)],
          label: {
            technique: info,
            to: restraint.principal,
            detail: () => ({
              text: `${does} ${nameOf(world, resource)}, which frees ${nameOf(world, restraint.principal)}.`,
              evidence: [stated(world, restraint.principal, `is limited by ${restraint.policy}`)],
              fix: `Take ${action} on ${nameOf(world, resource)} away.`,
            }),
          },
        });
      }
    }
  }
  return restraints.filter((restraint) => removable.has(restraint));
}
