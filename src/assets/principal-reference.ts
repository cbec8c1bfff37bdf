import { at, field, isObject, type Json, type JsonObject, objects, parseArn, text, texts } from '../model/index.js';
import type { Link, Reference } from './declaration.js';

/**
 * Reads a policy document: an object, JSON text, or JSON text that is URL-encoded.
 * @returns `undefined` for what is no policy; the authorization engine is what reports that
 */
function readPolicy(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  const isPlain = value.trimStart().startsWith('{');
  return (isPlain ? parseObject(() => value) : undefined) ?? parseObject(() => decodeURIComponent(value));
}

function parseObject(json: () => string): JsonObject | undefined {
  try {
    const parsed = JSON.parse(json()) as Json;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const ACCOUNT_ID = /^\d{12}$/;

/** An account as the graph names it: its root ARN, which becomes `aws:account/…` for an account outside the snapshot. */
export const accountReference = (account: string, partition = 'aws'): Reference => ({
  type: 'aws:account',
  id: `arn:${partition}:iam::${account}:root`,
});

/**
 * A principal of a policy as an asset: user, role, account, service (`service:lambda.amazonaws.com`), provider, or anybody.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalReference(kind: string, value: string): Reference | undefined {
  if (value === '*') return { type: 'aws:any-principal', id: 'aws:any-principal' };
  if (kind === 'Service') return { type: 'aws:service', id: `service:${value}` };
  if (ACCOUNT_ID.test(value)) return accountReference(value);
  const arn = parseArn(value);
  if (!arn) return kind === 'Federated' ? { type: 'aws:identity-provider', id: `provider:${value}` } : undefined;
  if (arn.service === 'sts' && arn.resource.startsWith('assumed-role/')) {
    const role = arn.resource.split('/')[1] ?? '';
    return { type: 'iam:role', id: `arn:${arn.partition}:iam::${arn.account}:role/${role}` };
  }
  if (arn.resource === 'root') return accountReference(arn.account, arn.partition);
  const type = PRINCIPAL_TYPES.get(arn.resource.split('/')[0] ?? '');
  return type === undefined ? undefined : { type, id: value };
}

const PRINCIPAL_TYPES = new Map([
  ['user', 'iam:user'],
  ['role', 'iam:role'],
  ['oidc-provider', 'iam:oidc-provider'],
  ['saml-provider', 'iam:saml-provider'],
]);

/** A relationship to every principal that an Allow statement of the policy names; conditions are the authorizer's business. */
export function principalLinks(kind: string, policy: Json | undefined): Link[] {
  const document = readPolicy(policy);
  const statement = field(document, 'Statement');
  return (isObject(statement) ? [statement] : objects(statement))
    .filter((item) => text(field(item, 'Effect')) === 'Allow')
    .flatMap(namedPrincipals)
    .map((to) => ({ kind, to }));
}

function namedPrincipals(statement: JsonObject): Reference[] {
  const principal = field(statement, 'Principal');
  if (principal === '*') return [{ type: 'aws:any-principal', id: 'aws:any-principal' }];
  return ['AWS', 'Service', 'Federated'].flatMap((kind) => {
    const named = at(principal, kind);
    return (typeof named === 'string' ? [named] : texts(named)).flatMap(
      (value) => principalReference(kind, value) ?? [],
    );
  });
}

/** Who a snapshot or image is shared with, by account id or `all`. */
export const sharedWith = (who: string): Link[] =>
  who === 'all'
    ? [{ kind: 'shared-with', to: { type: 'internet', id: 'internet' } }]
    : ACCOUNT_ID.test(who)
      ? [{ kind: 'shared-with', to: accountReference(who) }]
      : [];
