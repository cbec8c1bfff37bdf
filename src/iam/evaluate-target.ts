import {
  EMPTY_RESOURCE_LAYER,
  evaluateResourceLayer,
  type Missing,
  missing,
  type Request,
  type ResourceLayer,
} from './evaluate-layer.js';
import type { Question, Surroundings } from './evaluate-request.js';
import { and, atomic, or2, type Truth } from './logic/formula.js';
import { type AppliedStatement, PlacedStatement, soleSet } from './policy/policy-set.js';
import type { CompiledDocument } from './policy/document.js';
import type { Identity } from './principals/identity.js';
import { aclActions } from './resources/buckets.js';
import type { KeyGrant } from './resources/key-grants.js';
import { isPublicPolicy } from './resources/public-policy.js';
import { policyOf } from './resources/resolve-target.js';

interface TargetQuestion {
  readonly question: Question;
  readonly request: Request;
  readonly surroundings: Surroundings;
  readonly sameAccount: boolean;
  readonly resourceMustAllow: boolean;
}

/** What a resource lets its callers do by itself: its policy, access control list and grants, and what was not collected of them. */
export function evaluateTarget(asked: TargetQuestion): ResourceLayer {
  const { question, request } = asked;
  const { target, trusting } = question;
  const policy = policyOf(target.own);
  const stated = policy ? evaluateResourceLayer(soleSet(policy), request) : EMPTY_RESOURCE_LAYER;
  const open = policy && isClosedToOutsiders(asked) ? withoutAllowances(stated) : stated;
  const uncollected = policy ? undefined : findUncollected(asked);
  const made = target.grants.length > 0 || target.bucket !== undefined ? madeAllowances(asked) : NOTHING_MADE;
  if (!uncollected && !trusting && made === NOTHING_MADE) return open;
  const { may, grade } = uncollected ?? { may: undefined, grade: 'account' };
  let { direct, role, account, deny } = open;
  for (const { truth } of made) direct = or2(direct, truth);
  if (may) {
    deny = or2(deny, may.deny);
    if (grade === 'direct') direct = or2(direct, may.allow);
    else account = or2(account, may.allow);
  }
  if (trusting && request.identity.kind === 'session') role = true;
  else if (trusting) direct = true;
  const allow = or2(or2(direct, role), account);
  return { direct, role, account, allow, deny, applied: [...open.applied, ...made] };
}

/** Whether a public access block shuts a public policy to everybody outside of the account. */
function isClosedToOutsiders({ question: { target }, request, sameAccount }: TargetQuestion): boolean {
  if (sameAccount || !target.bucket?.isRestricted || request.identity.kind === 'service') return false;
  const policy = policyOf(target.own);
  return policy !== undefined && isPublicPolicy(policy.document);
}

const withoutAllowances = ({ deny, applied }: ResourceLayer): ResourceLayer => ({
  ...EMPTY_RESOURCE_LAYER,
  deny,
  applied: applied.filter(({ placed }) => placed.statement.effect === 'Deny'),
});

const NOTHING_MADE: readonly AppliedStatement[] = [];

/** What grants and access control lists allow. */
function madeAllowances(asked: TargetQuestion): readonly AppliedStatement[] {
  const { question, request, sameAccount } = asked;
  const { target, action } = question;
  const made: AppliedStatement[] = [];
  for (const grant of target.grants) {
    if (!grant.actions.includes(action) || !isGrantee(grant.grantee, request.identity)) continue;
    const placed = madeStatement(`${target.arn}#grant`, grant.id, grant.source);
    made.push({ placed, truth: constraintsOf(grant) });
  }
  if (target.bucket && !sameAccount && allowsByAcl(asked)) {
    made.push(madeStatement(`${target.bucket.name}#acl`, 'acl', target.bucket.aclSource).certain);
  }
  return made.length === 0 ? NOTHING_MADE : made;
}

interface Uncollected {
  readonly may: Missing;
  /** How it could name the principal: itself, or by its account alone, so that policies of its own must allow too. */
  readonly grade: 'direct' | 'account';
}

/** Where a policy that may exist was not read, or belongs to an account that was not collected. */
function findUncollected(asked: TargetQuestion): Uncollected | undefined {
  const { question, surroundings, sameAccount, resourceMustAllow } = asked;
  const { own, arn, account } = question.target;
  if (own.kind === 'gap') return { may: missing(arn, own.why), grade: 'direct' };
  if (account !== undefined && !surroundings.accounts.has(account)) {
    const why = `its policy was not collected: account ${account} is not in the snapshot`;
    return { may: missing(arn, why), grade: 'account' };
  }
  if (resourceMustAllow && !question.target.isOpen) {
    return { may: missing(arn, own.kind === 'missing' ? own.why : 'its policy was not collected'), grade: 'account' };
  }
  return own.kind === 'missing' && !sameAccount ? { may: missing(arn, own.why), grade: 'account' } : undefined;
}

function isGrantee(grantee: string, identity: Identity): boolean {
  switch (identity.kind) {
    case 'session':
      return (
        grantee === identity.roleArn ||
        (identity.sessionName !== undefined && grantee === identity.sessionPrefix + identity.sessionName)
      );
    case 'service':
      return grantee === identity.service;
    case 'anonymous':
    case 'federated':
    case 'canonical':
      return false;
    default:
      return grantee === identity.arn;
  }
}

/** A grant that asks for an encryption context, which belongs to the data. */
function constraintsOf(grant: KeyGrant): Truth {
  return and(
    grant.constraints.map(([key, value]) =>
      atomic({
        kind: 'free',
        id: `grant ${key} ${value}`,
        decider: 'unknown',
        condition: { key: `kms:EncryptionContext:${key}`, operator: 'StringEquals', values: [value] },
      }),
    ),
  );
}

function allowsByAcl({ question: { target, action }, request }: TargetQuestion): boolean {
  const isSigned = request.identity.kind !== 'anonymous';
  return (target.bucket?.publicGrants ?? []).some(
    ({ to, permission }) => (to === 'everybody' || isSigned) && aclActions(permission).includes(action),
  );
}

const NO_DOCUMENT: CompiledDocument = { problem: undefined, statements: [], byService: new Map(), anyService: [] };

/** What allows without being a statement, as evidence. */
function madeStatement(label: string, name: string, source: string | undefined): PlacedStatement {
  const policy = { label, document: NO_DOCUMENT, ...(source !== undefined && { source }) };
  return new PlacedStatement(policy, {
    name,
    effect: 'Allow',
    notAction: false,
    actionNames: [],
    actions: [],
    services: [],
    resources: undefined,
    principals: undefined,
    conditions: [],
  });
}
