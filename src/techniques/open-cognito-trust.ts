import type { Condition } from '../model/index.js';
import { conditionsOf } from './account-administrator.js';
import { fact, INTERNET_FACT } from './fact.js';
import { isForSome } from './public-opening.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const PROVIDER = 'cognito-identity.amazonaws.com';
/** A pool of a stranger’s, in which the stranger is a guest or signed in as it likes. */
const STRANGERS_POOL = 'us-east-1:00000000-0000-4000-8000-000000000000';
const STRANGER = 'us-east-1:00000000-0000-4000-8000-000000000001';

/** A role that any identity pool may hand out, one of the intruder’s too. */
export const openCognitoTrust: Technique = {
  id: 'open-cognito-trust',
  title: 'Assume a role that trusts identity pools without naming one',
  tactic: 'Initial Access',
  attack: ['T1199', 'T1078.004'],
  references: [
    'https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html',
  ],
  premises: ['The trust policy admits Amazon Cognito, and does not ask for an identity pool by its id.'],
  assumptions: [],
  difficulty: { cost: 1, reason: 'an identity pool of one’s own' },
  detection: ['sts:AssumeRoleWithWebIdentity for an unknown identity pool'],
  remediation: `Name the identity pool in a condition on ${PROVIDER}:aud.`,
  steps: (world, emit) => {
    for (const { id, record } of world.graph.assetsOfType('iam:role')) {
      const document = record['AssumeRolePolicyDocument'] ?? '';
      const written = typeof document === 'string' ? document : JSON.stringify(document);
      const conditions = written.includes(PROVIDER) ? admitsStranger(world, id) : undefined;
      if (conditions === undefined) continue;
      emit({
        head: fact('creds', id),
        body: [INTERNET_FACT],
        conditions,
        label: {
          technique: openCognitoTrust,
          detail: () => ({
            text: `Assume role ${nameOf(world, id)} with a token of an identity pool of one’s own.`,
            evidence: [stated(world, id, `trusts ${PROVIDER} without a condition on which pool it is`)],
            fix: openCognitoTrust.remediation,
          }),
        },
      });
    }
  },
};

/** On which conditions a visitor of a stranger’s pool is let in; `undefined` where none is. */
function admitsStranger(world: World, role: string): readonly Condition[] | undefined {
  let best: readonly Condition[] | undefined;
  for (const visitor of ['unauthenticated', 'authenticated']) {
    const answer = world.iam.evaluate({
      principal: `federated:${PROVIDER}`,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: role,
      context: { [`${PROVIDER}:amr`]: visitor, [`${PROVIDER}:aud`]: STRANGERS_POOL, [`${PROVIDER}:sub`]: STRANGER },
    });
    if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
    const conditions = conditionsOf(answer);
    if (conditions.length === 0) return [];
    if (!isForSome({ conditions })) best ??= conditions;
  }
  return best;
}
