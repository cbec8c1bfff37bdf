import { conditionsOf, isPossible } from './account-administrator.js';
import type { AuthorizationAnswer, Authorizer } from '../iam/index.js';
import { type Condition, groupBy, isMentionedOnly, onceFor } from '../model/index.js';
import type { World } from './world.js';

export const EC2 = 'ec2.amazonaws.com';
export const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** Whether a role's trust policy may mean a service: a cheap first sieve before the authorizer is asked. */
export function namesService(iam: Authorizer, role: string, service: string): boolean {
  const services = iam.servicesNamedBy(role);
  return services === 'all' || services.has(service);
}

const answers = onceFor((_iam: Authorizer) => new Map<string, AuthorizationAnswer>());

/** What a service is answered that assumes a role; asked once. */
function trustAnswer(iam: Authorizer, role: string, service: string): AuthorizationAnswer {
  const key = `${service} ${role}`;
  const made = answers(iam).get(key) ?? iam.evaluate({ principal: service, action: 'sts:AssumeRole', resource: role });
  answers(iam).set(key, made);
  return made;
}

/**
 * Whether a service that something runs in gets the credentials of its role: only as long as the role's trust policy lets the service in. On which conditions
 * it does is not asked, since what runs meets them. A role that was not collected is taken to.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export function letsIn({ graph, iam }: World, role: string, service: string): boolean {
  const asset = graph.asset(role);
  const isKnown = asset !== undefined && !isMentionedOnly(asset);
  return !isKnown || (namesService(iam, role, service) && isPossible(trustAnswer(iam, role, service)));
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
    const answer = trustAnswer(world.iam, role, service);
    if (isPossible(answer)) trusted.set(role, conditionsOf(answer));
  }
  return trusted;
}
