import type { AuthorizationAnswer } from './authorizer.js';
import { answerLayers } from './answer.js';
import type { Layers } from './combine-layers.js';
import { type Circumstances, deriveContext } from './context/derive-context.js';
import type { RequestContext } from './context/request-context.js';
import { addMissing, EMPTY_LAYER, evaluateLayer, type Layer, type Request } from './evaluate-layer.js';
import { evaluateTarget } from './evaluate-target.js';
import type { Truth } from './logic/formula.js';
import { or } from './logic/formula.js';
import { type Organization } from './organizations/read-organization.js';
import { isResourceControlled } from './organizations/resource-control-services.js';
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
  readonly retagged: boolean;
}

/** What does not change from question to question. */
export interface Surroundings {
  readonly organization: Organization | undefined;
  readonly now: string | undefined;
  /** Accounts of the snapshot. */
  readonly accounts: ReadonlySet<string>;
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
    context: contextOf(question, surroundings),
  };
  const sameAccount = subject.account !== undefined && (target.account ?? subject.account) === subject.account;
  const resourceMustAllow = mustResourceAllow(action, target.arn);
  const control = controls(question, surroundings);
  return {
    identity: subject.identity,
    sameAccount,
    identityPolicies: identityLayer(question, request),
    boundary: subject.boundary && evaluateLayer([subject.boundary], request),
    session: undefined,
    serviceControl: control.service.map((level) => evaluateLayer(level, request)),
    resourceControl: control.resource.map((level) => evaluateLayer(level, request)),
    resource: evaluateTarget({ question, request, surroundings, sameAccount, resourceMustAllow }),
    resourceMustAllow,
    endpoint: undefined,
  };
}

/** Worked out when a statement first asks for a condition key: most requests meet none. */
function contextOf(question: Question, { organization, now }: Surroundings): RequestContext {
  let context: RequestContext | undefined;
  return {
    status: (key) => {
      if (!context) {
        const circumstances: Circumstances = { ...question, organization, now };
        context = deriveContext(circumstances);
      }
      return context.status(key);
    },
  };
}

function identityLayer({ subject, elevated }: Question, request: Request): Layer {
  if (!hasOwnPolicies(subject.identity)) return EMPTY_LAYER;
  const layer = evaluateLayer(subject.policies, request);
  if (subject.missing.length === 0 && !subject.isUnheardOf && !elevated && !subject.isUnlimited) return layer;
  const allow: Truth[] = [layer.allow];
  const deny: Truth[] = [layer.deny];
  for (const arn of subject.missing) addMissing(arn, 'the attached policy was not collected', allow, deny);
  if (subject.isUnheardOf) addMissing(subject.id, 'the principal was not collected', allow, deny);
  if (elevated || subject.isUnlimited) allow.push(true);
  return { allow: or(allow), deny: or(deny), applied: layer.applied };
}

const NO_CONTROLS = { service: [], resource: [] };

/**
 * What the organization puts on the principal and on the resource. Service control policies do not touch service-linked roles, services
 * and outsiders (whose own are not known); resource control policies do not touch service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
function controls({ action, subject, target }: Question, { organization }: Surroundings) {
  const isServiceLinked = subject.record?.isServiceLinked ?? false;
  if (!organization || isServiceLinked) return NO_CONTROLS;
  const own =
    subject.account !== undefined && !subject.isForeign ? organization.policiesOf(subject.account) : undefined;
  const owner = target.account ?? subject.account;
  const owned = owner !== undefined && isResourceControlled(action) ? organization.policiesOf(owner) : undefined;
  return { service: own?.serviceControl ?? [], resource: owned?.resourceControl ?? [] };
}

function notesOn({ action, subject, target }: Question, { organization, accounts }: Surroundings): string[] {
  const notes: string[] = [];
  if (!organization && subject.account !== undefined && !subject.isForeign) {
    notes.push('Organization policies were not collected: judged as if there were none.');
  }
  if (
    organization &&
    subject.account !== undefined &&
    !subject.isForeign &&
    !organization.policiesOf(subject.account)
  ) {
    notes.push(`Account ${subject.account} was not found in the organization: judged as if it had no policies of it.`);
  }
  if (subject.isForeign) {
    notes.push(`Account ${subject.account ?? ''} was not collected: its own policies are taken to allow everything.`);
  }
  if (target.own.kind === 'missing' && !mustResourceAllow(action, target.arn)) {
    notes.push(`${target.own.why}: judged as if the resource had no policy.`);
  }
  if (
    target.account === undefined &&
    target.arn.startsWith('arn:') &&
    /^arn:[^:]*:s3:::/.test(target.arn) &&
    accounts.size > 0
  ) {
    notes.push('The bucket is not in the snapshot: taken to be in the account of the principal.');
  }
  return notes;
}
