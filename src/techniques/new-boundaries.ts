import { allowsEverything, deniesSomething } from '../iam/index.js';
import { type Condition, groupBy, onceForBoth } from '../model/index.js';
import { permittedTogether } from './alike.js';
import { administratorAccess, policiesToMake } from './attachable-policies.js';
import { beforeNewVersion, isCustomerManaged, versionsOf } from './policy-text.js';
import type { Requirement } from './permissions.js';
import { groupsOf, type World } from './world.js';

const BOUNDARY = 'iam:PermissionsBoundary';

/** A boundary that is put on a new principal, if any, and what makes it of no account. */
export interface NewBoundary {
  /** What the call that makes the principal says, and what those say that change its policies. */
  readonly created: NonNullable<Requirement['context']>;
  readonly granted: NonNullable<Requirement['context']>;
  /** A further call on the principal. */
  readonly besides?: Pick<Requirement, 'action' | 'context'>;
  /** What is done to the boundary's policy. */
  readonly body: readonly string[];
  readonly conditions?: readonly Condition[];
}

const UNBOUNDED = { [BOUNDARY]: [] } as const;
const NO_BOUNDARY: NewBoundary = { created: UNBOUNDED, granted: UNBOUNDED, body: [] };

/**
 * Boundaries under which a new principal may be made, that do not keep it from administering the account: none; and where policies ask for one, those that
 * allow everything, may be taken away or replaced again, or may be written anew; and new ones.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function newBoundaries(
  world: World,
  account: string,
  partition: string,
  kind: 'user' | 'role' | 'group',
): readonly NewBoundary[] {
  if (kind === 'group' || !world.iam.looksAt([BOUNDARY])) return [NO_BOUNDARY];
  const ofAws = administratorAccess(partition);
  const under = (policy: string) => ({ created: { [BOUNDARY]: policy }, granted: { [BOUNDARY]: policy } });
  return [
    NO_BOUNDARY,
    { ...under(ofAws), body: [] },
    ...boundariesOf(world, account).flatMap(([first = '', ...others]): readonly NewBoundary[] => {
      const alike = [first, ...others];
      const context = under(first);
      const [drops, puts] = boundaryCalls(kind);
      const drop = { action: drops, context: context.granted };
      const replace = { action: puts, context: { [BOUNDARY]: ofAws } };
      if (isOpen(world, first)) return [{ ...context, body: [] }];
      return [
        { ...context, besides: drop, body: [] },
        { ...context, granted: UNBOUNDED, besides: drop, body: [] },
        { ...context, besides: replace, body: [] },
        ...rewritable(world, alike).map((body) => ({ ...context, body })),
      ];
    }),
    ...policiesToMake(world, { account, partition, calls: BOUNDED_CALLS[kind], key: BOUNDARY }).map(
      ({ context, body, conditions }) => ({ created: context, granted: context, body, conditions }),
    ),
  ];
}

/** Calls that are checked for the boundary of the new principal. */
const BOUNDED_CALLS = {
  user: ['iam:CreateUser', 'iam:PutUserPolicy', 'iam:AttachUserPolicy'],
  role: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'],
} as const;

/** The calls that take a boundary away from a principal, and that put another one on it. */
export const boundaryCalls = (kind: 'user' | 'role'): readonly [string, string] =>
  kind === 'user'
    ? ['iam:DeleteUserPermissionsBoundary', 'iam:PutUserPermissionsBoundary']
    : ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'];

function isOpen(world: World, policy: string): boolean {
  const { inForce } = versionsOf(world, policy);
  return inForce !== undefined && allowsEverything(inForce) && !deniesSomething(inForce);
}

/** Policies of the account that no policy tells apart as boundaries. */
const boundariesOf = onceForBoth((world: World, account: string): readonly (readonly string[])[] => [
  ...groupBy(
    groupsOf(world, 'iam:policy')
      .filter((group) => group.account === account)
      .flatMap(({ ids }) => ids.filter(isCustomerManaged)),
    (policy) => `${isOpen(world, policy)} ${world.iam.likenessOf({ [BOUNDARY]: policy })}`,
  ).values(),
]);

/** The permissions to write one of some policies anew. */
function rewritable(world: World, policies: readonly string[]): readonly (readonly string[])[] {
  const byCalls = groupBy(policies, (policy) => ['iam:CreatePolicyVersion', ...beforeNewVersion(world, policy)].join());
  return [...byCalls].flatMap(([calls, alike]) =>
    permittedTogether(
      alike,
      calls.split(',').map((action) => world.permissions.may({ action, resources: alike })),
    ).map(({ body }) => body),
  );
}
