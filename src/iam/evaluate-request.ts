import type { AuthorizationAnswer, Retagging } from './authorizer.js';
import { answerLayers } from './answer.js';
import type { Layers } from './combine-layers.js';
import { deriveContext } from './context/derive-context.js';
import type { KeyStatus, RequestContext } from './context/request-context.js';
import { EMPTY_LAYER, evaluateLayer, type Layer, type Missing, missing, type Request } from './evaluate-layer.js';
import { evaluateTarget } from './evaluate-target.js';
import { or2 } from './logic/formula.js';
import type { Organization, PolicyLevel } from './organizations/read-organization.js';
import { isResourceControlled } from './organizations/resource-control-services.js';
import { policySet, soleSet, type StatementIndex } from './policy/policy-set.js';
import { hasOwnPolicies } from './principals/identity.js';
import type { Subject } from './principals/resolve-subject.js';
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
  readonly retagged: Retagging | undefined;
}

/** What does not change from question to question. */
export interface Surroundings {
  readonly organization: Organization | undefined;
  readonly now: string | undefined;
  /** Accounts of the snapshot. */
  readonly accounts: ReadonlySet<string>;
  readonly index: StatementIndex;
}

export function evaluateQuestion(question: Question, surroundings: Surroundings): AuthorizationAnswer {
  return answerLayers(makeLayers(question, surroundings), notesOn(question, surroundings));
}

function makeLayers(question: Question, surroundings: Surroundings): Layers {
  const { action, subject, target } = question;
  const request: Request = {
    action,
    resource: target.text,
    identity: subject.identity,
    bounded: subject.boundary !== undefined,
    context: new DerivedContext(question, surroundings),
    index: surroundings.index,
  };
  const sameAccount = subject.account !== undefined && (target.account ?? subject.account) === subject.account;
  const resourceMustAllow = mustResourceAllow(action, target.arn);
  const control = controls(question, surroundings);
  return {
    identity: subject.identity,
    sameAccount,
    identityPolicies: identityLayer(question, request),
    boundary: subject.boundary && evaluateLayer(soleSet(subject.boundary), request),
    session: undefined,
    serviceControl: levels(control.service, request),
    resourceControl: levels(control.resource, request),
    resource: evaluateTarget({ question, request, surroundings, sameAccount, resourceMustAllow }),
    resourceMustAllow,
    endpoint: undefined,
  };
}

const NO_LEVELS: readonly Layer[] = [];

const levels = (stated: readonly PolicyLevel[], request: Request): readonly Layer[] =>
  stated.length === 0 ? NO_LEVELS : stated.map((level) => evaluateLayer(policySet(level), request));

/** Worked out when a statement first asks for a condition key: most requests meet none. */
class DerivedContext implements RequestContext {
  #context: RequestContext | undefined;
  constructor(
    readonly question: Question,
    readonly surroundings: Surroundings,
  ) {}

  status(key: string): KeyStatus {
    const { organization, now } = this.surroundings;
    this.#context ??= deriveContext({ ...this.question, organization, now });
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
function controls({ action, subject, target }: Question, { organization }: Surroundings): Controls {
  const isServiceLinked = subject.record?.isServiceLinked ?? false;
  if (!organization || isServiceLinked) return NO_CONTROLS;
  const own =
    subject.account !== undefined && !subject.isForeign ? organization.policiesOf(subject.account) : undefined;
  const owner = target.account ?? subject.account;
  const owned = owner !== undefined && isResourceControlled(action) ? organization.policiesOf(owner) : undefined;
  if (!own && !owned) return NO_CONTROLS;
  return { service: own?.serviceControl ?? [], resource: owned?.resourceControl ?? [] };
}

const NO_NOTES: readonly string[] = [];

function notesOn({ action, subject, target }: Question, surroundings: Surroundings): readonly string[] {
  const { organization, accounts } = surroundings;
  const notes: string[] = [];
  if (subject.account !== undefined && !subject.isForeign) {
    if (!organization) notes.push('Organization policies were not collected: judged as if there were none.');
    else if (!organization.policiesOf(subject.account)) {
      notes.push(
        `Account ${subject.account} was not found in the organization: judged as if it had no policies of it.`,
      );
    }
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
