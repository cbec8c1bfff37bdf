import { parseArn } from '../model/index.js';
import type {
  Administration,
  AuthorizationAnswer,
  AuthorizationRequest,
  AuthorizationVerdict,
  ContextValues,
} from './authorizer.js';
import type { PrincipalRecord } from './principals/read-principals.js';
import { sortConditions } from './logic/decide.js';

/** An action that no policy names: allowed by those that allow everything, or everything but something else. */
export const ANYTHING = 'any-service:AnyAction';

/** What is known of principals without asking. */
export interface PrincipalFacts {
  /** Whether anything may take away from it what it could give itself. */
  readonly isHeldBack: (principal: string) => boolean;
  /** Whether it has a permissions boundary: what it gives itself stays under that. */
  readonly isBounded: (principal: string) => boolean;
}

/**
 * Whether a principal administers its account: its policies allow it everything, and what denies, boundaries and organization
 * policies take away leaves it a way to give itself, or a principal that it makes, whatever policy it likes: under a boundary that has to be a
 * principal without one. So administrator access
 * with a denied action here and there is administration; everything but IAM (power user), all of IAM alone, and reading everything are
 * not. A principal with all of IAM becomes one in a step, which is for the attack engine to say.
 */
export function isAdministrator(
  evaluate: (request: AuthorizationRequest) => AuthorizationAnswer,
  principal: string,
  elevated: boolean,
  { isHeldBack, isBounded }: PrincipalFacts,
): AuthorizationAnswer {
  const isUnderBoundary = isBounded(principal);
  if (!elevated || isHeldBack(principal)) return askAdministrator(evaluate, principal, elevated, isUnderBoundary);
  // Nothing can take away what it could give itself; the rest of the answer is worked out when it is looked at.
  let whole: AuthorizationAnswer | undefined;
  const answer = (): AuthorizationAnswer =>
    (whole ??= askAdministrator(evaluate, principal, elevated, isUnderBoundary));
  return {
    verdict: 'allowed',
    conditions: [],
    get decidedBy() {
      return answer().decidedBy;
    },
    get notes() {
      return answer().notes;
    },
  };
}

/** What is made has no boundary. */
const UNBOUNDED: ContextValues = { 'iam:PermissionsBoundary': [] };

/** AWS's own policies by which whoever has one administers the account, or gives itself what it likes. */
const administratorPolicies = (partition: string): readonly ContextValues[] =>
  ['AdministratorAccess', 'IAMFullAccess'].map((name) => ({
    'iam:PolicyARN': `arn:${partition}:iam::aws:policy/${name}`,
  }));

function askAdministrator(
  evaluate: (request: AuthorizationRequest) => AuthorizationAnswer,
  principal: string,
  elevated: boolean,
  isUnderBoundary: boolean,
): AuthorizationAnswer {
  const ask = (action: string, resource: string, context?: ContextValues) =>
    evaluate({ principal, action, resource, elevated, ...(context && { context }) });
  const everything = ask(ANYTHING, '*');
  if (isDenial(everything.verdict)) return everything;
  const arn = parseArn(principal);
  const iam = (kind: string) => `arn:${arn?.partition ?? 'aws'}:iam::${arn?.account ?? ''}:${kind}/*`;
  const ownKind = arn?.resource.startsWith('user/') ? 'User' : 'Role';
  const self = arn?.resource === 'root' || arn?.service === 'sts' ? iam('role') : principal;
  // What only denies limit leaves some policy of its own to attach; an allowance may be for policies that give nothing away.
  const attached: readonly ContextValues[] = elevated ? [{}] : administratorPolicies(arn?.partition ?? 'aws');
  const ways: readonly (readonly [action: string, resource: string, context?: ContextValues])[][] = [
    ...(isUnderBoundary
      ? []
      : [
          [[`iam:Put${ownKind}Policy`, self] as const],
          ...attached.map((policy) => [[`iam:Attach${ownKind}Policy`, self, policy] as const]),
        ]),
    ...attached.map((policy) => [
      ['iam:CreateUser', iam('user'), UNBOUNDED] as const,
      ['iam:AttachUserPolicy', iam('user'), { ...UNBOUNDED, ...policy }] as const,
      ['iam:CreateAccessKey', iam('user')] as const,
    ]),
    [
      ['iam:CreateRole', iam('role'), UNBOUNDED],
      ['iam:PutRolePolicy', iam('role'), UNBOUNDED],
    ],
  ];
  let best: AuthorizationAnswer | undefined;
  for (const way of ways) {
    const answer = way.map((call) => ask(...call)).reduce(both, everything);
    if (answer.verdict === 'allowed') return answer;
    if (!best || RANK[answer.verdict] > RANK[best.verdict]) best = answer;
  }
  return best ?? everything;
}

/** Ways for a principal to change a policy that counts for it. */
function waysToGiveItself({ id, kind, groups, policies }: PrincipalRecord): readonly (readonly [string, string])[] {
  const own = kind === 'user' ? 'User' : 'Role';
  // AWS's own policies are not for anybody to change.
  const managed = policies
    .map(({ label }) => label)
    .filter((label) => /^arn:[^:]*:iam::\d{12}:policy\/[^#]*$/.test(label));
  return [
    [`iam:Put${own}Policy`, id],
    [`iam:Attach${own}Policy`, id],
    ...groups.flatMap((group): [string, string][] => [
      ['iam:PutGroupPolicy', group],
      ['iam:AttachGroupPolicy', group],
    ]),
    ...managed.map((policy): [string, string] => ['iam:CreatePolicyVersion', policy]),
  ];
}

/** By policy, and by what the principal can give itself and its boundary and organization let it keep. */
export function findAdministration(
  evaluate: (request: AuthorizationRequest) => AuthorizationAnswer,
  principal: string,
  record: PrincipalRecord | undefined,
): Administration {
  const facts = { isHeldBack: () => true, isBounded: () => record?.boundaryArn !== undefined };
  const byPolicy = isAdministrator(evaluate, principal, false, facts);
  const elevated = isAdministrator(evaluate, principal, true, facts);
  if (byPolicy.verdict === 'allowed' || !record || isDenial(elevated.verdict))
    return { byPolicy, byWhatItGivesItself: byPolicy.verdict === 'allowed' || !record ? byPolicy : elevated };
  let best: AuthorizationAnswer | undefined;
  for (const [action, resource] of waysToGiveItself(record)) {
    const way = evaluate({ principal, action, resource });
    // What makes it so is the permission to change the policy.
    const answer = { ...both(elevated, way), decidedBy: way.decidedBy };
    if (!best || RANK[answer.verdict] > RANK[best.verdict]) best = answer;
    if (best.verdict === 'allowed') break;
  }
  return { byPolicy, byWhatItGivesItself: best ?? byPolicy };
}

const RANK: Readonly<Record<AuthorizationVerdict, number>> = {
  allowed: 4,
  depends: 3,
  unknown: 2,
  'explicit-deny': 1,
  'implicit-deny': 0,
};

const isDenial = (verdict: AuthorizationVerdict): boolean => verdict === 'explicit-deny' || verdict === 'implicit-deny';

/** What two answers that are both needed come to. */
function both(a: AuthorizationAnswer, b: AuthorizationAnswer): AuthorizationAnswer {
  const worse = RANK[b.verdict] < RANK[a.verdict] ? b : a;
  if (isDenial(worse.verdict)) return worse;
  return { ...worse, conditions: sortConditions([...a.conditions, ...b.conditions]) };
}
