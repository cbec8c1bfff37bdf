import { answerLayers } from './answer.js';
import type { AuthorizationAnswer, ContextValues } from './authorizer.js';
import type { Layers } from './combine-layers.js';
import { ABSENT, chosen, type RequestContext, type KeyStatus, stated, unknownKey } from './context/request-context.js';
import {
  EMPTY_LAYER,
  EMPTY_RESOURCE_LAYER,
  evaluateLayer,
  evaluateResourceLayer,
  type Layer,
  type Request,
} from './evaluate-layer.js';
import { type ArnText, arnText } from './matching/arn-pattern.js';
import { lowerCase } from './matching/lower-case.js';
import type { NamedPolicy } from './policy/named-policy.js';
import { PolicyCompiler } from './policy/policy-compiler.js';
import { accountOf, parseIdentity } from './principals/identity.js';
import { settledByAws } from './settled-by-aws.js';
import { mustResourceAllow } from './resources/must-resource-allow.js';

/** One request with every policy that has a say in it. Nothing else is consulted. */
export interface PolicyEvaluation {
  /**
   * ARN of a user, a role (an unnamed session of it is meant), an assumed-role or federated-user session, an account root; a
   * service (`lambda.amazonaws.com`); or `aws:any-principal` for an unsigned request.
   */
  readonly principal: string;
  readonly action: string;
  /** An ARN, or `*` (the default). No choice is made for wildcards here. */
  readonly resource?: string | undefined;
  /** Who owns the resource. By default the ARN's account, else the principal's. */
  readonly resourceAccount?: string | undefined;
  /** Values of condition keys. A key that is neither here nor in the next two lists is absent from the request: nothing is derived. */
  readonly context?: ContextValues | undefined;
  /** Keys whose value, or absence, nobody knows. */
  readonly unknownKeys?: readonly string[] | undefined;
  /** Keys whose value, or absence, the principal chooses. */
  readonly chosenKeys?: readonly string[] | undefined;
  readonly identityPolicies?: readonly NamedPolicy[] | undefined;
  readonly permissionsBoundary?: NamedPolicy | undefined;
  readonly sessionPolicy?: NamedPolicy | undefined;
  /** The levels from the root to the account, each with its policies. Absent or empty: no organization. */
  readonly serviceControlPolicies?: readonly (readonly NamedPolicy[])[] | undefined;
  /** Only their denies count: `RCPFullAWSAccess` is attached everywhere and cannot be detached. */
  readonly resourceControlPolicies?: readonly (readonly NamedPolicy[])[] | undefined;
  /** The resource's own policy; for a role its trust policy, for a key its key policy. */
  readonly resourcePolicy?: NamedPolicy | undefined;
  readonly vpcEndpointPolicy?: NamedPolicy | undefined;
}

/**
 * AWS's policy evaluation over explicit documents. Pass one `compiler` for many evaluations to compile equal documents once.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(evaluation: PolicyEvaluation, compiler = new PolicyCompiler()): AuthorizationAnswer {
  const resource = arnText(evaluation.resource ?? '*');
  const identity = parseIdentity(evaluation.principal);
  if (!identity) {
    const condition = { key: evaluation.principal, operator: 'Known', values: ['is no principal'] };
    return { verdict: 'unknown', conditions: [condition], decidedBy: [], notes: [] };
  }
  const action = lowerCase(evaluation.action);
  const settled = settledByAws(action, identity);
  if (settled) return settled;
  const { permissionsBoundary: boundary, sessionPolicy: session, vpcEndpointPolicy: endpoint } = evaluation;
  const { resourcePolicy, identityPolicies, serviceControlPolicies, resourceControlPolicies } = evaluation;
  const request: Request = {
    action,
    resource,
    identity,
    bounded: boundary !== undefined,
    context: new StatedContext(evaluation),
    index: compiler.index,
  };
  const account = accountOf(identity);
  const owner = evaluation.resourceAccount ?? ownerOf(resource) ?? account;
  const layers: Layers = {
    identity,
    sameAccount: account !== undefined && owner === account,
    identityPolicies: identityPolicies ? evaluateLayer(compiler.setOf(identityPolicies), request) : EMPTY_LAYER,
    boundary: boundary && evaluateLayer(compiler.soleSetOf(boundary), request),
    session: session && evaluateLayer(compiler.soleSetOf(session), request),
    serviceControl: serviceControlPolicies ? levelsOf(serviceControlPolicies, request, compiler) : NO_LEVELS,
    resourceControl: resourceControlPolicies ? levelsOf(resourceControlPolicies, request, compiler) : NO_LEVELS,
    resource: resourcePolicy
      ? evaluateResourceLayer(compiler.soleSetOf(resourcePolicy), request)
      : EMPTY_RESOURCE_LAYER,
    resourceMustAllow: mustResourceAllow(action, resource.text),
    endpoint: endpoint && evaluateResourceLayer(compiler.soleSetOf(endpoint), request),
  };
  return answerLayers(layers, NO_NOTES);
}

const NO_LEVELS: readonly Layer[] = [];
const NO_NOTES: readonly string[] = [];

function levelsOf(
  levels: readonly (readonly NamedPolicy[])[],
  request: Request,
  compiler: PolicyCompiler,
): readonly Layer[] {
  const layers: Layer[] = [];
  for (const set of compiler.levelsOf(levels)) layers.push(evaluateLayer(set, request));
  return layers;
}

function ownerOf({ segments }: ArnText): string | undefined {
  const account = segments[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** What the caller states. Few keys are ever asked for, so that a search is quicker than putting all in order. */
class StatedContext implements RequestContext {
  constructor(readonly evaluation: PolicyEvaluation) {}

  status(key: string, spelled = key): KeyStatus {
    const { context } = this.evaluation;
    const values = context && valuesOf(context, key, spelled);
    if (values !== undefined) return stated(typeof values === 'string' ? [values] : values);
    const { unknownKeys, chosenKeys } = this.evaluation;
    if (chosenKeys?.some((name) => lowerCase(name) === key)) return chosen();
    return unknownKeys?.some((name) => lowerCase(name) === key) ? unknownKey() : ABSENT;
  }
}

function valuesOf(context: ContextValues, key: string, spelled: string): string | readonly string[] | undefined {
  for (const name in context) {
    if (name.length === key.length && (name === spelled || lowerCase(name) === key)) return context[name];
  }
  return undefined;
}
