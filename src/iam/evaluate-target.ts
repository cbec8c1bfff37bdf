import {
  addMissing,
  type AppliedStatement,
  EMPTY_RESOURCE_LAYER,
  evaluateResourceLayer,
  type Request,
  type ResourceLayer,
  statementsFor,
} from './evaluate-layer.js';
import type { Question, Surroundings } from './evaluate-request.js';
import { and, atomic, or, type Truth } from './logic/formula.js';
import type { CompiledDocument, Policy } from './policy/document.js';
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
  const { question, request, sameAccount } = asked;
  const { target, action } = question;
  if (isSilent(asked)) return EMPTY_RESOURCE_LAYER;
  const policy = policyOf(target.own);
  const stated = policy ? evaluateResourceLayer(policy, request) : EMPTY_RESOURCE_LAYER;
  const isClosed =
    !sameAccount &&
    request.identity.kind !== 'service' &&
    target.bucket?.isRestricted &&
    policy &&
    isPublicPolicy(policy.document);
  const base = isClosed ? { ...stated, direct: false, role: false, account: false } : stated;
  const direct: Truth[] = [base.direct];
  const role: Truth[] = [base.role];
  const account: Truth[] = [base.account];
  const deny: Truth[] = [base.deny];
  const applied: AppliedStatement[] = [...base.applied];
  addUncollected(asked, { direct, account, deny });
  if (question.trusting) (request.identity.kind === 'session' ? role : direct).push(true);
  for (const grant of target.grants) {
    if (!grant.actions.includes(action) || !isGrantee(grant.grantee, request.identity)) continue;
    direct.push(constraintsOf(grant));
    applied.push(madeStatement(`${target.arn}#grant`, grant.id, grant.source));
  }
  if (target.bucket && !sameAccount && allowsByAcl(asked)) {
    direct.push(true);
    applied.push(madeStatement(`${target.bucket.name}#acl`, 'acl', target.bucket.aclSource));
  }
  const grades = { direct: or(direct), role: or(role), account: or(account) };
  return { ...grades, allow: or([grades.direct, grades.role, grades.account]), deny: or(deny), applied };
}

/** Whether nothing on the resource's side has a say: it is known to have no grant or list of its own, and no policy that speaks of the action. */
function isSilent({ question, surroundings, resourceMustAllow }: TargetQuestion): boolean {
  const { target, trusting, action } = question;
  if (trusting || target.bucket !== undefined || target.grants.length > 0) return false;
  if (target.own.kind === 'policy') {
    const { policy } = target.own;
    return policy.document.problem === undefined && statementsFor(policy, action).length === 0;
  }
  if (target.own.kind !== 'none' || resourceMustAllow) return false;
  return target.account === undefined || surroundings.accounts.has(target.account);
}

/** Where a policy that may exist was not read, or belongs to an account that was not collected. */
function addUncollected(
  { question, surroundings, sameAccount, resourceMustAllow }: TargetQuestion,
  into: { direct: Truth[]; account: Truth[]; deny: Truth[] },
): void {
  const { target } = question;
  const { own, arn, account } = target;
  if (own.kind === 'policy') return;
  const isForeign = account !== undefined && !surroundings.accounts.has(account);
  if (own.kind === 'gap') addMissing(arn, own.why, into.direct, into.deny);
  else if (isForeign)
    addMissing(arn, `its policy was not collected: account ${account} is not in the snapshot`, into.account, into.deny);
  else if (resourceMustAllow && !/[*?]/.test(arn))
    addMissing(arn, own.kind === 'missing' ? own.why : 'its policy was not collected', into.account, into.deny);
  else if (own.kind === 'missing' && !sameAccount) addMissing(arn, own.why, into.account, into.deny);
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
function madeStatement(label: string, name: string, source: string | undefined): AppliedStatement {
  const policy: Policy = { label, document: NO_DOCUMENT, ...(source !== undefined && { source }) };
  const statement = {
    name,
    effect: 'Allow',
    notAction: false,
    actionNames: [],
    actions: [],
    services: [],
    resources: undefined,
    principals: undefined,
    conditions: [],
  } as const;
  return { policy, statement, truth: true };
}
