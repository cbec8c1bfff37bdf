import type { Json } from '../model/index.js';
import type { AuthorizationAnswer, ContextValues } from './authorizer.js';

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

/**
 * AWS's policy evaluation over explicit documents.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicies(_evaluation: PolicyEvaluation): AuthorizationAnswer {
  throw new Error('not there yet');
}
