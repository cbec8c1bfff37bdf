import { deniesSomething } from '../iam/index.js';
import { at, inlinePolicyId, type Json, list, objects, text } from '../model/index.js';
import { versionsOf } from './policy-text.js';
import type { World } from './world.js';

/** One place from which a policy limits a principal: its boundary, or an identity policy that denies something. */
export interface Restraint {
  readonly principal: string;
  readonly kind: 'boundary' | 'inline' | 'attached';
  /** The policy, as the authorizer names it: its ARN, or the owner's ARN, `#`, and its name. */
  readonly policy: string;
  /** The user, role or group that it is written on or attached to. */
  readonly holder: string;
}

/** Every restraint of every user and role; service-linked roles, which nobody can change, have none. */
export function findRestraints(world: World): readonly Restraint[] {
  const groups = new Map(
    world.graph.assetsOfType('iam:group').map((g) => [g.id, denyingPolicies(world, g.id, g.record, 'GroupPolicyList')]),
  );
  const found: Restraint[] = [];
  for (const { id: principal } of world.iam.principals) {
    const asset = world.graph.asset(principal);
    if (!asset || principal.includes(':role/aws-service-role/')) continue;
    const inlineList = asset.type === 'iam:user' ? 'UserPolicyList' : 'RolePolicyList';
    const boundary = text(at(asset.record, 'PermissionsBoundary', 'PermissionsBoundaryArn'));
    if (boundary !== undefined) found.push({ principal, kind: 'boundary', policy: boundary, holder: principal });
    const own = denyingPolicies(world, principal, asset.record, inlineList);
    const joined = world.graph.outgoing(principal, 'member-of').flatMap(({ to }) => groups.get(to) ?? []);
    for (const denying of [...own, ...joined]) found.push({ principal, ...denying });
  }
  return found;
}

function denyingPolicies(
  world: World,
  holder: string,
  record: Json | undefined,
  inlineList: string,
): readonly Omit<Restraint, 'principal'>[] {
  const inline = objects(at(record, inlineList)).flatMap((policy, index) =>
    deniesSomething(policy['PolicyDocument'])
      ? [
          {
            kind: 'inline' as const,
            policy: inlinePolicyId(holder, text(policy['PolicyName']) ?? String(index)),
            holder,
          },
        ]
      : [],
  );
  const attached = list(at(record, 'AttachedManagedPolicies')).flatMap((attachment) => {
    const policy = text(at(attachment, 'PolicyArn'));
    return policy !== undefined && deniesSomething(versionsOf(world, policy).inForce)
      ? [{ kind: 'attached' as const, policy, holder }]
      : [];
  });
  return [...inline, ...attached];
}
