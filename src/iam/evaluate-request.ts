import type { AuthorizationAnswer, Retagging } from './authorizer.js';
import { answerLayers } from './answer.js';
import type { Layers } from './combine-layers.js';
import { deriveContext } from './context/derive-context.js';
import type { KeyStatus, RequestContext } from './context/request-context.js';
import {
  EMPTY_LAYER,
  evaluateLayer,
  evaluateResourceLayer,
  type Layer,
  type Missing,
  missing,
  type Request,
} from './evaluate-layer.js';
import { evaluateTarget } from './evaluate-target.js';
import { or2 } from './logic/formula.js';
import type { PolicyLevel } from './organizations/organization-tree.js';
import type { Organizations } from './organizations/read-organizations.js';
import { isResourceControlled } from './organizations/resource-control-services.js';
import { type PolicySet, policySet, soleSet, type StatementIndex } from './policy/policy-set.js';
import type { EndpointPolicies } from './resources/endpoint-policies.js';
import { hasOwnPolicies } from './principals/identity.js';
import type { Subject } from './principals/resolve-subject.js';
import { settledByAws } from './settled-by-aws.js';
import { mustResourceAllow } from './resources/must-resource-allow.js';
import type { Target } from './resources/resolve-target.js';

/** A question about one principal and one resource, with all that bears on it. */
export interface Question {
  /** In lower case. */
  readonly action: string;
  readonly subject: Subject;
  readonly target: Target;
  readonly stated: ReadonlyMap<string, readonly string[]>;
  readonly elevated: boolean;
  readonly trusting: boolean;
  readonly unguarded: boolean;
  readonly retagged: Retagging | undefined;
  /** Policies passed when the session was made. */
  readonly session?: PolicySet | undefined;
}

/** What does not change from question to question. */
export interface Surroundings {
  readonly organizations: Organizations;
  readonly now: string | undefined;
  /** Accounts of the snapshot. */
  readonly accounts: ReadonlySet<string>;
  readonly index: StatementIndex;
  readonly endpoints: EndpointPolicies;
}

export function evaluateQuestion(question: Question, surroundings: Surroundings): AuthorizationAnswer {
  const { action, subject } = question;
  // The root user of an account that was not collected stands for whoever the account lets act.
  const settled = subject.isForeign ? undefined : settledByAws(action, subject.identity);
  if (settled) return settled;
  return answerLayers(makeLayers(question, surroundings), notesOn(question, surroundings));
}

/** The request as statements see it. */
export const requestOf = (question: Question, surroundings: Surroundings): Request => ({
  action: question.action,
  resource: question.target.text,
  identity: question.subject.identity,
  bounded: question.subject.boundary !== undefined,
  context: new DerivedContext(question, surroundings),
  index: surroundings.index,
});

function makeLayers(question: Question, surroundings: Surroundings): Layers {
  const { action, subject, target } = question;
  const request = requestOf(question, surroundings);
  // A bucket that nobody has can be made.
  const isElsewhere = target.own.kind === 'elsewhere' && action !== 's3:createbucket';
  const sameAccount =
    subject.account !== undefined && !isElsewhere && (target.account ?? subject.account) === subject.account;
  const resourceMustAllow = mustResourceAllow(action, target.arn);
  const control = controls(question, surroundings);
  return {
    identity: subject.identity,
    sameAccount,
    identityPolicies: identityLayer(question, request),
    boundary: subject.boundary && evaluateLayer(soleSet(subject.boundary), request),
    session: question.session && evaluateLayer(question.session, request),
    serviceControl: levels(control.service, request),
    resourceControl: levels(control.resource, request),
    resource: evaluateTarget({ question, request, surroundings, sameAccount, resourceMustAllow }),
    resourceMustAllow,
    endpoint: endpointLayer(question, request, surroundings),
  };
}

const NO_LEVELS: readonly Layer[] = [];

const levels = (stated: readonly PolicyLevel[], request: Request): readonly Layer[] =>
  stated.length === 0 ? NO_LEVELS : stated.map((level) => evaluateLayer(policySet(level), request));

/** The policy of the VPC endpoint through which the request is stated to come. */
function endpointLayer({ stated }: Question, request: Request, { endpoints }: Surroundings): Layer | undefined {
  if (stated.size === 0) return undefined;
  const policy = endpoints.of(stated);
  return policy && evaluateResourceLayer(soleSet(policy), request);
}

/** Worked out when a statement first asks for a condition key: most requests meet none. */
class DerivedContext implements RequestContext {
  #context: RequestContext | undefined;
  constructor(
    readonly question: Question,
    readonly surroundings: Surroundings,
  ) {}

  status(key: string): KeyStatus {
    const { organizations, now } = this.surroundings;
    this.#context ??= deriveContext({ ...this.question, organizations, now });
    return this.#context.status(key);
  }
}

function identityLayer({ subject, elevated }: Question, request: Request): Layer {
  if (!hasOwnPolicies(subject.identity)) return EMPTY_LAYER;
  const layer = evaluateLayer(policySet(subject.policies), request);
  if (subject.missing.length === 0 && !subject.isUnheardOf && !elevated && !subject.isUnlimited) return layer;
  let { allow, deny } = layer;
  const add = (may: Missing): void => {
    allow = or2(allow, may.allow);
    deny = or2(deny, may.deny);
  };
  for (const arn of subject.missing) add(missing(arn, 'the attached policy was not collected'));
  if (subject.isUnheardOf) add(missing(subject.id, 'the principal was not collected'));
  if (elevated || subject.isUnlimited) allow = true;
  return { allow, deny, applied: layer.applied };
}

interface Controls {
  readonly service: readonly PolicyLevel[];
  readonly resource: readonly PolicyLevel[];
}

const NO_CONTROLS: Controls = { service: [], resource: [] };

/**
 * What the organization puts on the principal and on the resource. Service control policies do not touch service-linked roles, services
 * and outsiders (whose own are not known); resource control policies do not touch service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function controls({ action, subject, target }: Question, { organizations }: Surroundings): Controls {
  if (subject.record?.isServiceLinked) return NO_CONTROLS;
  const isMember = subject.account !== undefined && !subject.isForeign;
  const owner = target.account ?? subject.account;
  const isControlled = owner !== undefined && isResourceControlled(action) && !target.isManagedByAws;
  return {
    service: isMember ? organizations.of(subject.account).serviceControl : NO_POLICIES,
    resource: isControlled ? organizations.of(owner).resourceControl : NO_POLICIES,
  };
}

const NO_POLICIES: readonly PolicyLevel[] = [];
const NO_NOTES: readonly string[] = [];

function notesOn({ action, subject, target }: Question, surroundings: Surroundings): readonly string[] {
  const { organizations, accounts } = surroundings;
  const notes: string[] = [];
  if (subject.account !== undefined && !subject.isForeign) {
    const { note } = organizations.of(subject.account);
    if (note !== undefined) notes.push(note);
  }
  if (subject.isForeign) {
    notes.push(`Account ${subject.account ?? ''} was not collected: its own policies are taken to allow everything.`);
  }
  if (target.own.kind === 'missing' && !mustResourceAllow(action, target.arn)) {
    notes.push(`${target.own.why}: judged as if the resource had no policy.`);
  }
  if (target.isUnownedBucket && accounts.size > 0) {
    notes.push('The bucket is not in the snapshot: taken to be in the account of the principal.');
  }
  return notes.length === 0 ? NO_NOTES : notes;
}
