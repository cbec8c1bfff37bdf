import { serviceIn } from '../policy/principal-element.js';

/** Who makes a request, as principal elements see it. */
export type Identity =
  | { readonly kind: 'user' | 'federated-user' | 'root'; readonly account: string; readonly arn: string }
  | {
      readonly kind: 'session';
      readonly account: string;
      /** The role's ARN, where it is known: a session's own ARN lacks the path of it. */
      readonly roleArn: string | undefined;
      readonly roleName: string;
      /** `arn:aws:sts::111122223333:assumed-role/web/`: what all sessions of the role begin with. */
      readonly sessionPrefix: string;
      /** Known where one session is meant. */
      readonly sessionName: string | undefined;
    }
  /** Whoever an account lets act: it may make users and roles with the names and tags that it likes. */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'service'; readonly service: string }
  /** Somebody whom an identity provider vouches for, before there are credentials. */
  | { readonly kind: 'federated'; readonly provider: string }
  /** Somebody of an account of which only the canonical id is known. */
  | { readonly kind: 'canonical'; readonly canonicalId: string }
  /** An origin access identity, as which CloudFront asks buckets. It is of no account. */
  | { readonly kind: 'origin-access'; readonly arn: string }
  | { readonly kind: 'anonymous' };

export const accountOf = (identity: Identity): string | undefined =>
  'account' in identity ? identity.account : undefined;

/** Reads a principal's ARN or name; `undefined` where it is none. Roles are taken as a session of theirs. */
export function parseIdentity(principal: string): Identity | undefined {
  const known = parsed.get(principal);
  if (known) return known;
  const identity = parse(principal);
  if (parsed.size >= REMEMBERED) parsed.clear();
  if (identity) parsed.set(principal, identity);
  return identity;
}

/** Texts that were read lately: the same few principals ask again and again. */
const parsed = new Map<string, Identity>();
const REMEMBERED = 4096;

function parse(principal: string): Identity | undefined {
  if (principal === 'aws:any-principal') return { kind: 'anonymous' };
  if (principal.startsWith('federated:')) return { kind: 'federated', provider: principal.slice('federated:'.length) };
  if (principal.startsWith('canonical:'))
    return { kind: 'canonical', canonicalId: principal.slice('canonical:'.length) };
  if (/^arn:[^:]+:iam::cloudfront:user\//.test(principal)) return { kind: 'origin-access', arn: principal };
  const whole = /^aws:account\/(\d{12})$/.exec(principal)?.[1];
  if (whole !== undefined) return { kind: 'account', account: whole };
  const [, partition = '', account = '', kind = '', name = ''] =
    /^arn:([^:]+):(?:iam|sts)::(\d{12}):([^/]+)\/?(.*)$/s.exec(principal) ?? [];
  switch (kind) {
    case 'root':
      return { kind: 'root', account, arn: principal };
    case 'user':
      return { kind: 'user', account, arn: principal };
    case 'federated-user':
      return { kind: 'federated-user', account, arn: principal };
    case 'role':
      return makeSession(partition, account, principal, name.slice(name.lastIndexOf('/') + 1), undefined);
    case 'assumed-role': {
      const [role = '', session] = name.split('/');
      return makeSession(partition, account, undefined, role, session === '' ? undefined : session);
    }
    default:
      return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/i.test(principal)
        ? { kind: 'service', service: serviceIn(principal) }
        : undefined;
  }
}

function makeSession(
  partition: string,
  account: string,
  roleArn: string | undefined,
  roleName: string,
  sessionName: string | undefined,
): Identity {
  const sessionPrefix = `arn:${partition}:sts::${account}:assumed-role/${roleName}/`;
  return { kind: 'session', account, roleArn, roleName, sessionPrefix, sessionName };
}

/** Whether the identity has policies of its own: services, strangers and those who have no credentials yet have none. */
export const hasOwnPolicies = (identity: Identity): boolean => accountOf(identity) !== undefined;
