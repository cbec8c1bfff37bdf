import type { RequestContext } from './context/request-context.js';
import { OTHER_VALUE } from './conditions/operator.js';
import { evaluateCondition } from './conditions/compile-condition.js';
import { and, atomic, not, or, type Truth } from './logic/formula.js';
import { type ArnText, compileArnPattern, matchesArn } from './matching/arn-pattern.js';
import type { Policy } from './policy/document.js';
import { matchesAction, type ResourceElement, type Statement } from './policy/statement.js';
import {
  candidateValues,
  openKey,
  openKeys,
  resolveTemplate,
  settleAll,
  type Template,
  widest,
} from './policy/template.js';
import type { Identity } from './principals/identity.js';
import { anyMatch, matchPrincipal } from './principals/match-principal.js';

/** A request as statements see it. */
export interface Request {
  /** In lower case. */
  readonly action: string;
  readonly resource: ArnText;
  readonly identity: Identity;
  /** Whether the principal has a permissions boundary. */
  readonly bounded: boolean;
  readonly context: RequestContext;
}

/** A statement that applies, or applies under conditions. */
export interface AppliedStatement {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly truth: Truth;
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

export const EMPTY_LAYER: Layer = { allow: false, deny: false, applied: [] };
export const EMPTY_RESOURCE_LAYER: ResourceLayer = { ...EMPTY_LAYER, direct: false, role: false, account: false };

const NO_STATEMENTS: readonly Statement[] = [];

/** The statements of a document that speak of an action. */
export function statementsFor(policy: Policy, action: string): readonly Statement[] {
  const { byService, anyService } = policy.document;
  if (byService.size === 0 && anyService.length === 0) return [];
  const colon = action.indexOf(':');
  const named = byService.get(action.slice(0, colon));
  if (!named && anyService.length === 0) return NO_STATEMENTS;
  const found: Statement[] = [];
  if (named) for (const statement of named) if (matchesAction(statement, action)) found.push(statement);
  for (const statement of anyService) if (matchesAction(statement, action)) found.push(statement);
  return found;
}

export function evaluateLayer(policies: readonly Policy[], request: Request): Layer {
  const allow: Truth[] = [];
  const deny: Truth[] = [];
  const applied: AppliedStatement[] = [];
  for (const policy of policies) {
    if (policy.document.problem !== undefined) addUnreadable(policy, allow, deny);
    for (const statement of statementsFor(policy, request.action)) {
      const truth = appliesTo(statement, request);
      if (truth === false) continue;
      applied.push({ policy, statement, truth });
      (statement.effect === 'Allow' ? allow : deny).push(truth);
    }
  }
  return { allow: or(allow), deny: or(deny), applied };
}

export function evaluateResourceLayer(policy: Policy, request: Request): ResourceLayer {
  const direct: Truth[] = [];
  const role: Truth[] = [];
  const account: Truth[] = [];
  const deny: Truth[] = [];
  const applied: AppliedStatement[] = [];
  if (policy.document.problem !== undefined) addUnreadable(policy, direct, deny);
  for (const statement of statementsFor(policy, request.action)) {
    if (!statement.principals) continue;
    const isDeny = statement.effect === 'Deny';
    const match = matchPrincipal(statement.principals, request.identity, isDeny && request.bounded);
    const named = anyMatch(match);
    const truth = named === false ? false : appliesTo(statement, request);
    if (truth === false) continue;
    applied.push({ policy, statement, truth: and([named, truth]) });
    if (isDeny) {
      deny.push(and([named, truth]));
      continue;
    }
    direct.push(and([match.direct, truth]));
    if (match.role) role.push(truth);
    if (match.account) account.push(truth);
  }
  const grades = { direct: or(direct), role: or(role), account: or(account) };
  return { ...grades, allow: or([grades.direct, grades.role, grades.account]), deny: or(deny), applied };
}

/** A policy that cannot be read may say anything. */
function addUnreadable(policy: Policy, allow: Truth[], deny: Truth[]): void {
  addMissing(policy.label, policy.document.problem ?? 'cannot be read', allow, deny);
}

/** Something that was not read may allow and may deny. */
export function addMissing(subject: string, why: string, allow: Truth[], deny: Truth[]): void {
  const condition = { key: subject, operator: 'Known', values: [why] };
  allow.push(atomic({ kind: 'free', id: `allow ${subject} ${why}`, decider: 'missing', best: true, condition }));
  deny.push(atomic({ kind: 'free', id: `deny ${subject} ${why}`, decider: 'missing', best: false, condition }));
}

function appliesTo(statement: Statement, request: Request): Truth {
  const resource = statement.resources ? matchResources(statement.resources, request) : true;
  if (resource === false) return false;
  if (statement.conditions.length === 0) return resource;
  const truths: Truth[] = [resource];
  for (const condition of statement.conditions) {
    const truth = evaluateCondition(condition, request.context);
    if (truth === false) return false;
    if (truth !== true) truths.push(truth);
  }
  return truths.length === 1 ? resource : and(truths);
}

function matchResources(element: ResourceElement, request: Request): Truth {
  if (element.fixed.some((pattern) => matchesArn(pattern, request.resource))) return !element.not;
  const matches: Truth[] = [];
  for (const template of element.templates) {
    const matched = matchTemplate(template, request);
    if (matched === true) return !element.not;
    matches.push(matched);
  }
  return element.not ? not(or(matches)) : or(matches);
}

function matchTemplate(template: Template, { resource, context }: Request): Truth {
  const resolved = resolveTemplate(template, context);
  if (resolved.kind === 'absent') return false;
  if (resolved.kind === 'text') return matchesArn(compileArnPattern(resolved.text), resource);
  if (!matchesArn(compileArnPattern(widest(template)), resource)) return false;
  const condition = { key: 'resource', operator: 'ArnLike', values: [template.text] };
  const id = `resource ${template.text}`;
  const names = openKeys(template, context);
  return atomic({
    kind: 'key',
    id,
    keys: names.map((name) => openKey(name, context)),
    condition,
    holds: (values) => {
      const settled = resolveTemplate(template, settleAll(context, names, values));
      return settled.kind === 'text' && matchesArn(compileArnPattern(settled.text), resource);
    },
    samples: [...candidateValues([resource.text]), OTHER_VALUE],
    patterns: [],
    multivalued: false,
  });
}
