import type { Layer, ResourceLayer } from './evaluate-layer.js';
import { and, or, type Truth } from './logic/formula.js';
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

export interface Combined {
  readonly allow: Truth;
  readonly deny: Truth;
}

/**
 * AWS's evaluation logic.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function combineLayers(layers: Layers): Combined {
  const { boundary, session, endpoint } = layers;
  const outer: Truth[] = [grant(layers)];
  for (const level of layers.serviceControl) outer.push(level.allow);
  if (endpoint) outer.push(endpoint.allow);
  const denies: Truth[] = [layers.identityPolicies.deny, layers.resource.deny];
  if (boundary) denies.push(boundary.deny);
  if (session) denies.push(session.deny);
  if (endpoint) denies.push(endpoint.deny);
  for (const level of layers.serviceControl) denies.push(level.deny);
  for (const level of layers.resourceControl) denies.push(level.deny);
  return { allow: and(outer), deny: or(denies) };
}

function grant(layers: Layers): Truth {
  const { identity, resource, boundary, session } = layers;
  if (!hasOwnPolicies(identity)) return resource.direct;
  const caps = [boundary?.allow ?? true, session?.allow ?? true];
  const byIdentity = and([layers.identityPolicies.allow, ...caps]);
  if (!layers.sameAccount) return and([byIdentity, resource.allow]);
  const byResource = or([resource.direct, and([resource.role, ...caps])]);
  if (!layers.resourceMustAllow) return or([byIdentity, byResource]);
  return or([byResource, and([resource.account, byIdentity])]);
}

/** The kinds of policy that do not allow, in words, where nothing denies. */
export function whatStops(layers: Layers): string[] {
  const granted = grant(layers);
  const stops: string[] = [];
  const { identity, resource, boundary, session, endpoint } = layers;
  if (granted === false) {
    const asks = hasOwnPolicies(identity);
    if (asks && layers.identityPolicies.allow === false) stops.push('no identity policy allows it');
    if (asks && boundary?.allow === false) stops.push('the permissions boundary does not allow it');
    if (asks && session?.allow === false) stops.push('the session policy does not allow it');
    if (resource.allow === false && (!asks || !layers.sameAccount || layers.resourceMustAllow || stops.length > 0)) {
      stops.push("the resource's policy does not allow it");
    }
  }
  for (const [level, layer] of layers.serviceControl.entries()) {
    if (layer.allow === false) stops.push(`no service control policy at level ${level} of the organization allows it`);
  }
  if (endpoint?.allow === false) stops.push("the VPC endpoint's policy does not allow it");
  return stops;
}
