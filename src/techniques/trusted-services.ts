import { conditionsOf } from './account-administrator.js';
import type { Authorizer } from '../iam/index.js';
import { type Condition, groupBy, isMentionedOnly } from '../model/index.js';
import type { World } from './world.js';

export const EC2 = 'ec2.amazonaws.com';
export const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** Whether a role's trust policy may mean a service: a cheap first sieve before the authorizer is asked. */
export function namesService(iam: Authorizer, role: string, service: string): boolean {
  const services = iam.servicesNamedBy(role);
  return services === 'all' || services.has(service);
}

const served = new WeakMap<Authorizer, Map<string, boolean>>();

/**
 * Whether a service that something runs in gets the credentials of its role: only as long as the role's trust policy lets the service in. On which conditions
 * it does is not asked, since what runs meets them. A role that was not collected is taken to.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export function letsIn({ graph, iam }: World, role: string, service: string): boolean {
  const known = served.get(iam) ?? new Map<string, boolean>();
  served.set(iam, known);
  const key = `${service} ${role}`;
  const asset = graph.asset(role);
  const isKnown = asset !== undefined && !isMentionedOnly(asset);
  const made = known.get(key) ?? (!isKnown || (namesService(iam, role, service) && !isDenied(iam, role, service)));
  known.set(key, made);
  return made;
}

function isDenied(iam: Authorizer, role: string, service: string): boolean {
  const { verdict } = iam.evaluate({ principal: service, action: 'sts:AssumeRole', resource: role });
  return verdict === 'explicit-deny' || verdict === 'implicit-deny';
}

/** Places of roles in a list, by the services that their trust policies name: many roles share a policy. */
type NamedServices = ReadonlyMap<ReturnType<Authorizer['servicesNamedBy']>, readonly number[]>;

const namedBy = new WeakMap<readonly string[], NamedServices>();

/** Those of `roles` for which {@link namesService} holds, in their order. */
function rolesNaming(iam: Authorizer, service: string, roles: readonly string[]): readonly string[] {
  const named = namedBy.get(roles) ?? groupBy(roles.keys(), (at) => iam.servicesNamedBy(roles[at] as string));
  namedBy.set(roles, named);
  const found = [...named].flatMap(([services, own]) => (services === 'all' || services.has(service) ? [own] : []));
  const places = found.length === 1 ? (found[0] ?? []) : found.flat().sort((a, b) => a - b);
  return places.map((at) => roles[at] as string);
}

const trustedBy = new WeakMap<readonly string[], Map<string, ReadonlyMap<string, readonly Condition[]>>>();

/** Those of `roles` that a service may assume, with the conditions on which it may; remembered for an array that is asked about again. */
export function rolesTrusting(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, readonly Condition[]> {
  const memo = trustedBy.get(roles) ?? new Map<string, ReadonlyMap<string, readonly Condition[]>>();
  trustedBy.set(roles, memo);
  const known = memo.get(service) ?? findTrusting(world, service, roles);
  memo.set(service, known);
  return known;
}

function findTrusting(
  world: World,
  service: string,
  roles: readonly string[],
): ReadonlyMap<string, readonly Condition[]> {
  const trusted = new Map<string, readonly Condition[]>();
  for (const role of rolesNaming(world.iam, service, roles)) {
    const answer = world.iam.evaluate({ principal: service, action: 'sts:AssumeRole', resource: role });
    if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
    trusted.set(role, conditionsOf(answer));
  }
  return trusted;
}
