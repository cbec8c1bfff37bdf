import { conditionsOf } from './account-administrator.js';
import type { AssetGraph } from '../graph/index.js';
import type { Condition } from '../model/index.js';
import type { World } from './world.js';

const SERVICE_NAME = /[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?/g;

const namedServices = new WeakMap<AssetGraph, Map<string, ReadonlySet<string>>>();

/** The services that each role's trust policy names anywhere: a cheap first sieve before the authorizer is asked. */
export function servicesNamedBy(graph: AssetGraph, role: string): ReadonlySet<string> {
  const memo = namedServices.get(graph) ?? new Map<string, ReadonlySet<string>>();
  namedServices.set(graph, memo);
  const known = memo.get(role);
  if (known) return known;
  const document = graph.asset(role)?.record['AssumeRolePolicyDocument'];
  const written = typeof document === 'string' ? document : JSON.stringify(document ?? null);
  // URL-encoded documents put %22 before a name: its digits must not become part of the name.
  const names = new Set(written.replaceAll('%22', '"').match(SERVICE_NAME) ?? []);
  memo.set(role, names);
  return names;
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
  for (const role of roles) {
    if (!servicesNamedBy(world.graph, role).has(service)) continue;
    const answer = world.iam.evaluate({ principal: service, action: 'sts:AssumeRole', resource: role });
    if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
    trusted.set(role, conditionsOf(answer));
  }
  return trusted;
}
