import { evaluateCondition } from './conditions/compile-condition.js';
import type { RequestContext } from './context/request-context.js';
import { and2, atomic, or2, type Truth } from './logic/formula.js';
import { matchResources } from './match-resources.js';
import type { ArnText } from './matching/arn-pattern.js';
import type { Policy } from './policy/document.js';
import type { AppliedStatement, PolicySet, StatementIndex } from './policy/policy-set.js';
import type { Statement } from './policy/statement.js';
import type { Identity } from './principals/identity.js';
import { matchPrincipal } from './principals/match-principal.js';

/** A request as statements see it. */
export interface Request {
  /** In lower case. */
  readonly action: string;
  readonly resource: ArnText;
  readonly identity: Identity;
  /** Whether the principal has a permissions boundary. */
  readonly bounded: boolean;
  readonly context: RequestContext;
  /** Finds the statements that speak of the action. */
  readonly index: StatementIndex;
}

/** What the policies of one kind say of a request. */
export interface Layer {
  readonly allow: Truth;
  readonly deny: Truth;
  readonly applied: readonly AppliedStatement[];
}

/** A resource's policy, its allowances by how they name the principal (see {@link PrincipalMatch}). */
export interface ResourceLayer extends Layer {
  readonly direct: Truth;
  readonly role: Truth;
  readonly account: Truth;
}

const NONE: readonly AppliedStatement[] = [];

export const EMPTY_LAYER: Layer = { allow: false, deny: false, applied: NONE };
export const EMPTY_RESOURCE_LAYER: ResourceLayer = { ...EMPTY_LAYER, direct: false, role: false, account: false };

export function evaluateLayer(set: PolicySet, request: Request): Layer {
  const speaking = request.index.speaking(set, request.action);
  if (speaking.length === 0 && set.unreadable.length === 0) return EMPTY_LAYER;
  let allow: Truth = false;
  let deny: Truth = false;
  let applied: AppliedStatement[] | undefined;
  for (const placed of speaking) {
    const { statement } = placed;
    const truth = appliesTo(statement, request);
    if (truth === false) continue;
    (applied ??= []).push(truth === true ? placed.certain : { placed, truth });
    if (statement.effect === 'Allow') allow = or2(allow, truth);
    else deny = or2(deny, truth);
  }
  for (const policy of set.unreadable) {
    const may = unreadable(policy);
    allow = or2(allow, may.allow);
    deny = or2(deny, may.deny);
  }
  if (allow === false && deny === false) return EMPTY_LAYER;
  return { allow, deny, applied: applied ?? NONE };
}

export function evaluateResourceLayer(set: PolicySet, request: Request): ResourceLayer {
  const speaking = request.index.speaking(set, request.action);
  if (speaking.length === 0 && set.unreadable.length === 0) return EMPTY_RESOURCE_LAYER;
  let direct: Truth = false;
  let role: Truth = false;
  let account: Truth = false;
  let deny: Truth = false;
  let applied: AppliedStatement[] | undefined;
  for (const placed of speaking) {
    const { statement } = placed;
    if (!statement.principals) continue;
    const isDeny = statement.effect === 'Deny';
    const match = matchPrincipal(statement.principals, request.identity, isDeny && request.bounded);
    const named = match.role || match.account ? true : match.direct;
    const applies = named === false ? false : appliesTo(statement, request);
    if (applies === false) continue;
    const truth = and2(named, applies);
    (applied ??= []).push(truth === true ? placed.certain : { placed, truth });
    if (isDeny) {
      deny = or2(deny, truth);
      continue;
    }
    direct = or2(direct, and2(match.direct, applies));
    if (match.role) role = or2(role, applies);
    if (match.account) account = or2(account, applies);
  }
  for (const policy of set.unreadable) {
    const may = unreadable(policy);
    direct = or2(direct, may.allow);
    deny = or2(deny, may.deny);
  }
  const allow = or2(or2(direct, role), account);
  if (allow === false && deny === false) return EMPTY_RESOURCE_LAYER;
  return { direct, role, account, allow, deny, applied: applied ?? NONE };
}

/** A policy that cannot be read may say anything. */
const unreadable = ({ label, document }: Policy): Missing => missing(label, document.problem ?? 'cannot be read');

/** What something that was not read may say. */
export interface Missing {
  readonly allow: Truth;
  readonly deny: Truth;
}

/** Something that was not read may allow and may deny. */
export function missing(subject: string, why: string): Missing {
  const condition = { key: subject, operator: 'Known', values: [why] };
  return {
    allow: atomic({ kind: 'free', id: `allow ${subject} ${why}`, decider: 'missing', best: true, condition }),
    deny: atomic({ kind: 'free', id: `deny ${subject} ${why}`, decider: 'missing', best: false, condition }),
  };
}

/** Whether a statement is about the request's resource and its conditions hold; principals are not looked at. */
export function appliesTo({ resources, conditions }: Statement, { resource, context }: Request): Truth {
  let truth: Truth = resources ? matchResources(resources, resource, context) : true;
  if (truth === false) return false;
  for (const condition of conditions) {
    truth = and2(truth, evaluateCondition(condition, context));
    if (truth === false) return false;
  }
  return truth;
}
