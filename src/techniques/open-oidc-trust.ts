import { type Condition, type Json, parseArn } from '../model/index.js';
import { conditionsOf } from './account-administrator.js';
import { fact, INTERNET_FACT } from './fact.js';
import { isForSome } from './public-opening.js';
import { SHARED_ISSUERS, type SharedIssuer, strangersClaims } from './shared-issuers.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** A role that an identity provider with many customers may assume, whoever of them asks. */
export const openOidcTrust: Technique = {
  id: 'open-oidc-trust',
  title: 'Assume a role that trusts every customer of an identity provider',
  tactic: 'Initial Access',
  attack: ['T1199', 'T1078.004'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html',
    'https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services',
  ],
  premises: [
    'The trust policy admits an identity provider that everybody can have tokens of (GitHub Actions, GitLab, Terraform Cloud, Buildkite), and asks for no subject that only its owner’s tokens have: none that names the whole of the owner.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'a workflow in a repository of one’s own' },
  detection: ['sts:AssumeRoleWithWebIdentity with an unknown subject'],
  remediation: 'Name the organization and the repository in a condition on the subject.',
  steps: (world, emit) => {
    for (const { id, account, record } of world.graph.assetsOfType('iam:role')) {
      const document = record['AssumeRolePolicyDocument'] ?? null;
      const written = typeof document === 'string' ? document : JSON.stringify(document);
      for (const issuer of SHARED_ISSUERS) {
        const conditions = written.includes(issuer.host)
          ? admitsStranger(world, id, account, issuer, document)
          : undefined;
        if (conditions === undefined) continue;
        emit({
          head: fact('creds', id),
          body: [INTERNET_FACT],
          conditions,
          label: {
            technique: openOidcTrust,
            detail: () => ({
              text: `Assume role ${nameOf(world, id)} with a token of ${issuer.host} that anybody can have.`,
              evidence: [stated(world, id, `trusts ${issuer.host} without a condition on whose token it is`)],
              fix: openOidcTrust.remediation,
            }),
          },
        });
      }
    }
  },
};

/** On which conditions a token of a stranger’s is let in; `undefined` where it is not. */
function admitsStranger(
  world: World,
  role: string,
  account: string,
  issuer: SharedIssuer,
  document: Json,
): readonly Condition[] | undefined {
  const { host, audience } = issuer;
  let best: readonly Condition[] | undefined;
  for (const claims of strangersClaims(issuer, askedFor(document, `${host}:sub`))) {
    const context = Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${host}:${claim}`, value]));
    for (const aud of [audience, ...askedFor(document, `${host}:aud`)]) {
      const answer = world.iam.evaluate({
        principal: `federated:arn:${parseArn(role)?.partition ?? 'aws'}:iam::${account}:oidc-provider/${host}`,
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: role,
        context: { ...context, [`${host}:aud`]: aud },
      });
      if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
      const conditions = conditionsOf(answer);
      if (conditions.length === 0) return [];
      if (!isForSome({ conditions })) best ??= conditions;
    }
  }
  return best;
}

/** The values that a document asks of a condition key. */
function askedFor(document: Json, key: string): readonly string[] {
  const parsed = typeof document === 'string' ? parse(document) : document;
  const found: string[] = [];
  const walk = (value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) walk(item);
      return;
    }
    for (const [name, inner] of Object.entries(value as Readonly<Record<string, Json>>)) {
      if (name.toLowerCase() === key.toLowerCase())
        found.push(...[inner].flat().filter((item) => typeof item === 'string'));
      else walk(inner);
    }
  };
  walk(parsed);
  return found;
}

function parse(document: string): Json {
  try {
    return JSON.parse(document.startsWith('%') ? decodeURIComponent(document) : document) as Json;
  } catch {
    return null;
  }
}
