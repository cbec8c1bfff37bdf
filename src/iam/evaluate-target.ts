import {
  EMPTY_RESOURCE_LAYER,
  evaluateResourceLayer,
  type Missing,
  missing,
  type Request,
  type ResourceLayer,
} from './evaluate-layer.js';
import type { Question, Surroundings } from './evaluate-request.js';
import { and, and2, atomic, or2, type Truth } from './logic/formula.js';
import { splitArn } from './matching/arn-pattern.js';
import { type AppliedStatement, PlacedStatement, soleSet } from './policy/policy-set.js';
import type { CompiledDocument } from './policy/document.js';
import { accountOf, type Identity } from './principals/identity.js';
import { aclAllows, type Bucket } from './resources/buckets.js';
import { mayResourceAllow } from './resources/must-resource-allow.js';
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
  const { action, target, trusting, unguarded } = question;
  const isAsked = mayResourceAllow(action) && !unguarded;
  const policy = isAsked ? policyOf(target.own) : undefined;
  const stated = policy ? evaluateResourceLayer(soleSet(policy), request) : EMPTY_RESOURCE_LAYER;
  const open = limitPublic(stated, asked);
  const uncollected = policy || !isAsked ? undefined : findUncollected(asked);
  const made = target.grants.length > 0 || target.bucket !== undefined ? madeAllowances(asked) : NOTHING_MADE;
  if (!uncollected && !trusting && made === NOTHING_MADE) return open;
  const { may, grade } = uncollected ?? { may: undefined, grade: 'account' };
  let { direct, role, account, deny } = open;
  for (const { truth, names } of made) {
    if (names === 'account') account = or2(account, truth);
    else direct = or2(direct, truth);
  }
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

/** A public access block shuts what a public policy allows to everybody outside of the account. */
function limitPublic(
  layer: ResourceLayer,
  { question: { target }, request, sameAccount }: TargetQuestion,
): ResourceLayer {
  const { bucket } = target;
  if (sameAccount || !bucket || bucket.isRestricted === false || request.identity.kind === 'service') return layer;
  const policy = policyOf(target.own);
  if (!policy || !isPublicPolicy(policy.document)) return layer;
  const { deny, applied } = layer;
  if (bucket.isRestricted === true) {
    const denies = applied.filter(({ placed }) => placed.statement.effect === 'Deny');
    return { ...EMPTY_RESOURCE_LAYER, deny, applied: denies };
  }
  const may = blockIsUnknown(bucket).allow;
  const [direct, role, account] = [and2(layer.direct, may), and2(layer.role, may), and2(layer.account, may)];
  return { direct, role, account, allow: or2(or2(direct, role), account), deny, applied };
}

const blockIsUnknown = ({ name }: Bucket): Missing =>
  missing(`public access block of ${name}`, 'it was not collected, for the bucket or for its account');

/** Something that allows and is no statement. */
interface MadeAllowance extends AppliedStatement {
  /** Whether it names the principal, or its account, whose policies decide then. */
  readonly names: 'principal' | 'account';
}

const NOTHING_MADE: readonly MadeAllowance[] = [];

/** What grants and access control lists allow. */
function madeAllowances(asked: TargetQuestion): readonly MadeAllowance[] {
  const { question, request, sameAccount } = asked;
  const { target, action } = question;
  const made: MadeAllowance[] = [];
  for (const grant of target.grants) {
    if (!grant.actions.includes(action) || !isGrantee(grant.grantee, request.identity)) continue;
    const placed = madeStatement(`${target.arn}#grant`, grant.id, grant.source);
    made.push({ placed, truth: constraintsOf(grant), names: 'principal' });
  }
  if (target.bucket && !sameAccount) made.push(...listAllowances(target.bucket, asked));
  return made.length === 0 ? NOTHING_MADE : made;
}

/** What a bucket's access control list allows, to the public and to other accounts. */
function listAllowances(bucket: Bucket, { question: { action }, request }: TargetQuestion): readonly MadeAllowance[] {
  const { identity } = request;
  const placed = madeStatement(`${bucket.name}#acl`, 'acl', bucket.aclSource);
  const made: MadeAllowance[] = [];
  const isPublic = bucket.publicGrants.some(
    ({ to, permission }) => (to === 'everybody' || identity.kind !== 'anonymous') && aclAllows(permission, action),
  );
  if (isPublic) {
    const truth = bucket.ignoresPublicList === undefined ? blockIsUnknown(bucket).allow : true;
    made.push({ placed, truth, names: 'principal' });
  }
  for (const { canonicalId, account, permission } of bucket.accountGrants) {
    if (!aclAllows(permission, action)) continue;
    if (identity.kind === 'canonical' && identity.canonicalId === canonicalId)
      made.push({ placed, truth: true, names: 'principal' });
    else if (account !== undefined && account === accountOf(identity))
      made.push({ placed, truth: true, names: 'account' });
  }
  return made;
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
  if (own.kind === 'elsewhere') return sameAccount ? undefined : { may: missing(arn, own.why), grade: 'account' };
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
    case 'account':
      return splitArn(grantee)[4] === identity.account;
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
