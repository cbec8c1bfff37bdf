import { at, type Condition, flag, objects, unknown } from '../model/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import type { Requirement } from './permissions.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const PROVIDER = 'cognito-identity.amazonaws.com';
const POOL = 'cognito-identity:identity-pool';
const DESCRIBE = 'cognito-identity/DescribeIdentityPool';
const ROLES = 'cognito-identity/GetIdentityPoolRoles';

const REFERENCES = [
  'https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html',
  'https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html',
];

/** Who a pool gives credentials to: anybody, or whoever signs in to one of its providers. */
type Visitor = 'unauthenticated' | 'authenticated';

const GIVES: Readonly<Record<Visitor, string>> = {
  unauthenticated: 'gives-everybody',
  authenticated: 'gives-signed-in',
};

/** A role that an identity pool hands out to strangers. */
export const cognitoIdentityPool: Technique = {
  id: 'cognito-identity-pool',
  title: 'Take the credentials that an identity pool hands out',
  tactic: 'Initial Access',
  attack: ['T1078.004', 'T1190'],
  references: REFERENCES,
  premises: [
    'An identity pool gives the role to visitors, and the role trusts the pool for them.',
    'The pool admits visitors who have not signed in; or strangers can sign up to one of its providers.',
  ],
  assumptions: ['The pool’s id is known: it stands in what the application sends to browsers.'],
  difficulty: { cost: 2, reason: 'two unsigned API calls, with an id that the application shows' },
  detection: ['cognito-identity:GetCredentialsForIdentity', 'sts:AssumeRoleWithWebIdentity'],
  remediation: 'Turn off access for visitors who have not signed in, and give the role only what everybody may have.',
  steps: (world, emit) => {
    for (const { id, account, record } of world.graph.assetsOfType('iam:role')) {
      if (!JSON.stringify(record['AssumeRolePolicyDocument'] ?? null).includes(PROVIDER)) continue;
      for (const { why, conditions } of handouts(world, id, account)) {
        emit({
          head: fact('creds', id),
          body: [INTERNET_FACT],
          conditions,
          label: {
            technique: cognitoIdentityPool,
            detail: () => ({
              text: `Ask an identity pool for the credentials of role ${nameOf(world, id)}.`,
              evidence: [stated(world, id, why)],
              fix: cognitoIdentityPool.remediation,
            }),
          },
        });
      }
    }
  },
};

interface Handout {
  readonly why: string;
  readonly conditions: readonly Condition[];
}

function handouts(world: World, role: string, account: string): readonly Handout[] {
  const pools = world.graph.assetsOfType(POOL).filter((pool) => pool.account === account);
  const seen = world.observed.isCollected(DESCRIBE, account) && world.observed.isCollected(ROLES, account);
  const found = (['unauthenticated', 'authenticated'] as const).flatMap((visitor) => {
    const ofPools = pools.flatMap(({ id }) => handoutOf(world, role, id, visitor) ?? []);
    if (ofPools.length > 0 || seen) return ofPools;
    const trusted = trusts(world, role, visitor);
    return trusted
      ? [
          {
            why: `trusts ${PROVIDER} for ${visitor} visitors`,
            conditions: [
              unknown(
                'identity pool',
                `${DESCRIBE} was not collected everywhere in ${account}: whether a pool gives ${role} to strangers is not known`,
              ),
            ],
          },
        ]
      : [];
  });
  return found.slice(0, 1);
}

/** Whether a pool gives a role to a kind of visitor, as far as strangers can be one. */
function handoutOf(world: World, role: string, pool: string, visitor: Visitor): Handout | undefined {
  const record = world.graph.asset(pool)?.record;
  const given = world.graph.outgoing(pool, GIVES[visitor]).some(({ to }) => to === role);
  const isClassic = flag(at(record, 'AllowClassicFlow')) === true;
  const poolId = pool.slice(pool.lastIndexOf('/') + 1);
  if ((!given && !isClassic) || !trusts(world, role, visitor, poolId)) return undefined;
  if (visitor === 'unauthenticated')
    return flag(at(record, 'AllowUnauthenticatedIdentities')) === true
      ? { why: `is given by ${pool} to visitors who have not signed in`, conditions: [] }
      : undefined;
  const hasProvider =
    objects(at(record, 'CognitoIdentityProviders')).length > 0 ||
    Object.keys(at(record, 'SupportedLoginProviders') ?? {}).length > 0;
  return hasProvider
    ? {
        why: `is given by ${pool} to visitors who have signed in`,
        conditions: [unknown('sign-up', `whether strangers can sign up to a provider of ${pool} was not collected`)],
      }
    : undefined;
}

/** Whether the trust policy lets the provider in for a kind of visitor of a pool; of some pool where none is given. */
function trusts(world: World, role: string, visitor: Visitor, pool?: string): boolean {
  const { verdict } = world.iam.evaluate({
    principal: `federated:${PROVIDER}`,
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: role,
    context: { [`${PROVIDER}:amr`]: visitor, ...(pool !== undefined && { [`${PROVIDER}:aud`]: pool }) },
  });
  return verdict === 'allowed' || (pool === undefined && (verdict === 'depends' || verdict === 'unknown'));
}

/** Binding a role to a pool that strangers can visit: `creds role ← may pass it and set the pool's roles`. */
export const cognitoBindRole: Technique = {
  id: 'cognito-bind-role',
  title: 'Have an identity pool hand out another role',
  tactic: 'Privilege Escalation',
  attack: ['T1548.005', 'T1098.003'],
  references: ['pathfinding.cloud:cognitoidentity-001', ...REFERENCES],
  premises: [
    'One principal may call iam:PassRole on the role for cognito-identity.amazonaws.com, and cognito-identity:SetIdentityPoolRoles, which is checked on no resource.',
    'The role trusts the pool, and the pool admits visitors who have not signed in.',
  ],
  assumptions: [],
  difficulty: { cost: 3, reason: 'a few API calls; everybody gets the role then' },
  detection: ['cognito-identity:SetIdentityPoolRoles'],
  remediation: 'Limit iam:PassRole and cognito-identity:SetIdentityPoolRoles to those who run the pool.',
  steps: (world, emit) => {
    for (const { account, ids: roles } of groupsOf(world, 'iam:role')) {
      const trusting = roles.filter((role) => isNamedIn(world, role));
      if (trusting.length === 0) continue;
      for (const { pool, conditions } of openPools(world, account)) {
        const bound = trusting.filter((role) => trusts(world, role, 'unauthenticated', pool));
        if (bound.length === 0) continue;
        const set: Requirement = {
          action: 'cognito-identity:SetIdentityPoolRoles',
          resources: ['*'],
          accounts: [account],
        };
        const pass: Requirement = {
          action: 'iam:PassRole',
          resources: bound,
          context: { 'iam:PassedToService': PROVIDER },
        };
        const may = world.permissions.may(pass, set);
        for (const role of may.resources) {
          const body = may.of(role);
          if (body === undefined) continue;
          emit({
            head: fact('creds', role),
            body: [body],
            conditions,
            label: {
              technique: cognitoBindRole,
              detail: () => ({
                text: `Have an identity pool hand out role ${nameOf(world, role)}, and ask it for the credentials.`,
                evidence: [stated(world, role, `trusts ${PROVIDER}`)],
                fix: cognitoBindRole.remediation,
              }),
            },
          });
        }
      }
    }
  },
};

const isNamedIn = (world: World, role: string): boolean =>
  JSON.stringify(world.graph.asset(role)?.record['AssumeRolePolicyDocument'] ?? null).includes(PROVIDER);

/** A pool that admits visitors who have not signed in. */
interface OpenPool {
  /** Its id; `undefined` for one that was not collected. */
  readonly pool: string | undefined;
  readonly conditions: readonly Condition[];
}

/** Pools that admit visitors who have not signed in; where pools were not collected, any that there may be. */
function openPools(world: World, account: string): readonly OpenPool[] {
  const pools = world.graph.assetsOfType(POOL).filter((pool) => pool.account === account);
  const open = pools
    .filter(({ record }) => flag(at(record, 'AllowUnauthenticatedIdentities')) === true)
    .map(({ id }): OpenPool => ({ pool: id.slice(id.lastIndexOf('/') + 1), conditions: [] }));
  if (open.length > 0 || world.observed.isCollected(DESCRIBE, account)) return open;
  const missing = `${DESCRIBE} was not collected everywhere in ${account}: whether a pool admits visitors who have not signed in is not known`;
  return [{ pool: undefined, conditions: [unknown('identity pool', missing)] }];
}
