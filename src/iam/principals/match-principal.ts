import { chosenPrincipalArn } from '../context/account-keys.js';
import { and2, atomic, not, or2, type Truth } from '../logic/formula.js';
import type { PrincipalElement, PrincipalEntry } from '../policy/principal-element.js';
import { accountOf, type Identity } from './identity.js';

/**
 * How a principal element names the one who asks. It matters what of it matched: a grant to a user, a session or everybody stands by
 * itself; one to a role is under the boundary of its sessions; one to an account only lets that account's policies decide.
 */
export interface PrincipalMatch {
  readonly direct: Truth;
  readonly role: boolean;
  readonly account: boolean;
}

const NO_MATCH: PrincipalMatch = { direct: false, role: false, account: false };
const DIRECT: PrincipalMatch = { direct: true, role: false, account: false };

/**
 * A deny with `NotPrincipal` meets every principal that has a permissions boundary, whoever is listed: `exemptsNobody`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function matchPrincipal(element: PrincipalElement, identity: Identity, exemptsNobody = false): PrincipalMatch {
  if (element.not) {
    if (exemptsNobody) return DIRECT;
    const isListed = isExempt(element.entries, identity);
    return { direct: not(isListed), role: false, account: false };
  }
  let direct: Truth = false;
  let role = false;
  let account = false;
  for (const entry of element.entries) {
    const match = matchEntry(entry, identity);
    direct = or2(direct, match.direct);
    role ||= match.role;
    account ||= match.account;
  }
  return { direct, role, account };
}

function matchEntry(entry: PrincipalEntry, identity: Identity): PrincipalMatch {
  switch (entry.kind) {
    case 'any':
      return DIRECT;
    case 'account':
      if (accountOf(identity) !== entry.account) return NO_MATCH;
      return identity.kind === 'root' ? DIRECT : { direct: false, role: false, account: true };
    case 'service':
      return identity.kind === 'service' && entry.service === identity.service ? DIRECT : NO_MATCH;
    case 'federated':
      return identity.kind === 'federated' && entry.provider === identity.provider ? DIRECT : NO_MATCH;
    case 'canonical':
      return identity.kind === 'canonical' && entry.id === identity.canonicalId ? DIRECT : NO_MATCH;
    case 'arn':
      return matchArnEntry(entry.arn, identity);
    default:
      return NO_MATCH;
  }
}

function matchArnEntry(arn: string, identity: Identity): PrincipalMatch {
  if (identity.kind === 'account') return { direct: mayBe(arn, identity.account), role: false, account: false };
  if (identity.kind === 'session') {
    if (isRole(arn, identity)) return { direct: false, role: true, account: false };
    if (!arn.startsWith(identity.sessionPrefix)) return NO_MATCH;
    return {
      direct: matchesSession(arn.slice(identity.sessionPrefix.length), identity.sessionName),
      role: false,
      account: false,
    };
  }
  return 'arn' in identity && identity.arn === arn ? DIRECT : NO_MATCH;
}

/** Whether whoever the account lets act is this principal of it: the account decides. */
function mayBe(arn: string, account: string): Truth {
  const [, partition = '', of = '', rest = ''] = /^arn:([^:]*):(?:iam|sts)::(\d{12}):(.*)$/s.exec(arn) ?? [];
  if (of !== account) return false;
  const session = /^assumed-role\/([^/]*)\//.exec(rest);
  const named = session ? `arn:${partition}:iam::${of}:role/${session[1] ?? ''}` : arn;
  const isNamed = atomic({
    kind: 'key',
    id: `principal ${named}`,
    keys: [{ key: 'aws:principalarn', domain: chosenPrincipalArn(account) }],
    condition: { key: 'aws:PrincipalArn', operator: 'ArnEquals', values: [named] },
    holds: ([values]) => values?.[0] === named,
    samples: [named],
    patterns: [],
    multivalued: false,
  });
  if (!session) return isNamed;
  const condition = {
    key: 'sts:RoleSessionName',
    operator: 'StringEquals',
    values: [arn.slice(arn.lastIndexOf('/') + 1)],
  };
  return and2(isNamed, atomic({ kind: 'free', id: `session ${arn}`, decider: 'chosen', condition }));
}

/** Role names are unique in an account, whatever their path. */
function isRole(arn: string, { roleArn, roleName, account }: Extract<Identity, { kind: 'session' }>): boolean {
  if (roleArn !== undefined) return arn === roleArn;
  return arn.includes(`:iam::${account}:role/`) && arn.endsWith(`/${roleName}`);
}

function matchesSession(named: string, actual: string | undefined): Truth {
  if (actual !== undefined) return named === actual;
  return atomic({
    kind: 'free',
    id: `session ${named}`,
    decider: 'unknown',
    condition: { key: 'sts:RoleSessionName', operator: 'StringEquals', values: [named] },
  });
}

/**
 * Whether `NotPrincipal` lists the one who asks. A listed account alone exempts its root user and nobody else of it; whether a user or role is
 * exempt whose account is not listed beside it depends on the service.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExempt(entries: readonly PrincipalEntry[], identity: Identity): Truth {
  let listed: Truth = false;
  for (const entry of entries) {
    const match = matchEntry(entry, identity);
    listed = or2(listed, match.role ? true : match.direct);
    if (match.account && identity.kind === 'account')
      listed = or2(listed, mayBe(`arn:aws:iam::${identity.account}:root`, identity.account));
  }
  const account = accountOf(identity);
  if (listed === false || account === undefined || identity.kind === 'root') return listed;
  const isWhole = entries.some(
    (entry) => entry.kind === 'any' || (entry.kind === 'account' && entry.account === account),
  );
  return isWhole ? listed : and2(listed, countsWithoutAccount(account));
}

const countsWithoutAccount = (account: string): Truth =>
  atomic({
    kind: 'free',
    id: `NotPrincipal without ${account}`,
    decider: 'unknown',
    condition: { key: 'NotPrincipal', operator: 'ExemptsWithoutAccount', values: [account] },
  });
