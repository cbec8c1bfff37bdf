import type { Json } from '../model/index.js';
import { answerLayers } from './answer.js';
import type { AuthorizationAnswer, ContextValues } from './authorizer.js';
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
import { type CompiledDocument, documentCache, type Policy } from './policy/document.js';
import { accountOf, parseIdentity } from './principals/identity.js';
import { mustResourceAllow } from './resources/must-resource-allow.js';

/** A policy by name. `document` is a parsed object, JSON text, or URL-encoded JSON text. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: Json;
}

/** One request with every policy that has a say in it. Nothing else is consulted. */
export interface PolicyEvaluation {
  /**
   * ARN of a user, a role (an unnamed session of it is meant), an assumed-role or federated-user session, an account root; a
   * service (`lambda.amazonaws.com`); or `aws:any-principal` for an unsigned request.
   */
  readonly principal: string;
  readonly action: string;
  /** An ARN, or `*` (the default). No choice is made for wildcards here. */
  readonly resource?: string;
  /** Who owns the resource. By default the ARN's account, else the principal's. */
  readonly resourceAccount?: string;
  /** Values of condition keys. A key that is neither here nor in the next two lists is absent from the request: nothing is derived. */
  readonly context?: ContextValues;
  /** Keys whose value, or absence, nobody knows. */
  readonly unknownKeys?: readonly string[];
  /** Keys whose value, or absence, the principal chooses. */
  readonly chosenKeys?: readonly string[];
  readonly identityPolicies?: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy;
  readonly sessionPolicy?: NamedPolicy;
  /** The levels from the root to the account, each with its policies. Absent or empty: no organization. */
  readonly serviceControlPolicies?: readonly (readonly NamedPolicy[])[];
  /** Only their denies count: `RCPFullAWSAccess` is attached everywhere and cannot be detached. */
  readonly resourceControlPolicies?: readonly (readonly NamedPolicy[])[];
  /** The resource's own policy; for a role its trust policy, for a key its key policy. */
  readonly resourcePolicy?: NamedPolicy;
  readonly vpcEndpointPolicy?: NamedPolicy;
}

/** Makes compiled documents of documents; see {@link documentCache}. */
export type Compile = (document: Json | undefined) => CompiledDocument;

/**
 * AWS's policy evaluation over explicit documents. Pass one `compile` for many evaluations to compile equal documents once.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(
  evaluation: PolicyEvaluation,
  compile: Compile = documentCache(),
): AuthorizationAnswer {
  const resource = arnText(evaluation.resource ?? '*');
  const action = evaluation.action.toLowerCase();
  const identity = parseIdentity(evaluation.principal);
  if (!identity) {
    const condition = { key: evaluation.principal, operator: 'Known', values: ['is no principal'] };
    return { verdict: 'unknown', conditions: [condition], decidedBy: [], notes: [] };
  }
  const { permissionsBoundary: boundary, sessionPolicy: session, vpcEndpointPolicy: endpoint } = evaluation;
  const { resourcePolicy, identityPolicies, serviceControlPolicies, resourceControlPolicies } = evaluation;
  const request: Request = {
    action,
    resource,
    identity,
    bounded: boundary !== undefined,
    context: new StatedContext(evaluation),
  };
  const account = accountOf(identity);
  const owner = evaluation.resourceAccount ?? ownerOf(resource) ?? account;
  return answerLayers(
    {
      identity,
      sameAccount: account !== undefined && owner === account,
      identityPolicies: identityPolicies ? layerOf(identityPolicies, request, compile) : EMPTY_LAYER,
      boundary: boundary && layerOf([boundary], request, compile),
      session: session && layerOf([session], request, compile),
      serviceControl: serviceControlPolicies?.map((level) => layerOf(level, request, compile)) ?? [],
      resourceControl: resourceControlPolicies?.map((level) => layerOf(level, request, compile)) ?? [],
      resource: resourcePolicy
        ? evaluateResourceLayer({ label: resourcePolicy.name, document: compile(resourcePolicy.document) }, request)
        : EMPTY_RESOURCE_LAYER,
      resourceMustAllow: mustResourceAllow(action, resource.text),
      endpoint: endpoint && layerOf([endpoint], request, compile),
    },
    [],
  );
}

function layerOf(policies: readonly NamedPolicy[], request: Request, compile: Compile): Layer {
  const compiled: Policy[] = [];
  for (const { name, document } of policies) compiled.push({ label: name, document: compile(document) });
  return evaluateLayer(compiled, request);
}

function ownerOf({ segments }: ArnText): string | undefined {
  const account = segments[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** What the caller states, put in order when the first condition asks. */
class StatedContext implements RequestContext {
  #keys: Map<string, KeyStatus> | undefined;
  constructor(readonly evaluation: PolicyEvaluation) {}

  status(key: string): KeyStatus {
    this.#keys ??= statedKeys(this.evaluation);
    return this.#keys.get(key) ?? ABSENT;
  }
}

function statedKeys({ context, unknownKeys, chosenKeys }: PolicyEvaluation): Map<string, KeyStatus> {
  const keys = new Map<string, KeyStatus>();
  for (const key of unknownKeys ?? []) keys.set(key.toLowerCase(), unknownKey());
  for (const key of chosenKeys ?? []) keys.set(key.toLowerCase(), chosen());
  for (const [key, values] of Object.entries(context ?? {})) {
    keys.set(key.toLowerCase(), stated(typeof values === 'string' ? [values] : values));
  }
  return keys;
}
