import type { Layer, ResourceLayer } from './evaluate-layer.js';
import { and2, or2, type Truth } from './logic/formula.js';
import { hasOwnPolicies, type Identity } from './principals/identity.js';

/** What every kind of policy says of a request. */
export interface Layers {
  readonly identity: Identity;
  /** Whether principal and resource belong to one account. */
  readonly sameAccount: boolean;
  readonly identityPolicies: Layer;
  readonly boundary: Layer | undefined;
  readonly session: Layer | undefined;
  /** By level from the root to the account. */
  readonly serviceControl: readonly Layer[];
  readonly resourceControl: readonly Layer[];
  readonly resource: ResourceLayer;
  /** Role trust and KMS key policies: identity policies alone are not enough. */
  readonly resourceMustAllow: boolean;
  readonly endpoint: Layer | undefined;
}

/**
 * When some policy of every kind that must allow does.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function allowOf(layers: Layers): Truth {
  let allow = grantOf(layers);
  for (const level of layers.serviceControl) {
    if (allow === false) return false;
    allow = and2(allow, level.allow);
  }
  return layers.endpoint ? and2(allow, layers.endpoint.allow) : allow;
}

/** When some policy of any kind denies. */
export function denyOf(layers: Layers): Truth {
  const { boundary, session, endpoint } = layers;
  let deny = or2(layers.identityPolicies.deny, layers.resource.deny);
  if (boundary) deny = or2(deny, boundary.deny);
  if (session) deny = or2(deny, session.deny);
  if (endpoint) deny = or2(deny, endpoint.deny);
  for (const level of layers.serviceControl) deny = or2(deny, level.deny);
  for (const level of layers.resourceControl) deny = or2(deny, level.deny);
  return deny;
}

function grantOf(layers: Layers): Truth {
  const { identity, resource, boundary, session } = layers;
  if (!hasOwnPolicies(identity)) return resource.direct;
  let caps: Truth = boundary ? boundary.allow : true;
  if (session) caps = and2(caps, session.allow);
  const byIdentity = and2(layers.identityPolicies.allow, caps);
  if (!layers.sameAccount) return and2(byIdentity, resource.allow);
  const byResource = or2(resource.direct, and2(resource.role, caps));
  return or2(byResource, layers.resourceMustAllow ? and2(resource.account, byIdentity) : byIdentity);
}

/** The kinds of policy that do not allow, in words, where nothing denies. */
export function whatStops(layers: Layers): string[] {
  const stops: string[] = [];
  const { identity, resource, boundary, session, endpoint } = layers;
  if (grantOf(layers) === false) {
    const asks = hasOwnPolicies(identity);
    if (asks && layers.identityPolicies.allow === false) stops.push('no identity policy allows it');
    if (asks && boundary?.allow === false) stops.push('the permissions boundary does not allow it');
    if (asks && session?.allow === false) stops.push('the session policy does not allow it');
    // In one account identity policies are enough, and most resources have no policy.
    if (resource.allow === false && (!asks || !layers.sameAccount || layers.resourceMustAllow)) {
      stops.push("the resource's policy does not allow it");
    }
  }
  for (let level = 0; level < layers.serviceControl.length; level++) {
    if (layers.serviceControl[level]?.allow === false)
      stops.push(`no service control policy at level ${level} of the organization allows it`);
  }
  if (endpoint?.allow === false) stops.push("the VPC endpoint's policy does not allow it");
  return stops;
}
