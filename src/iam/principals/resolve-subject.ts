import type { Policy } from '../policy/document.js';
import { matchesAction, type Statement } from '../policy/statement.js';
import { accountOf, type Identity, parseIdentity } from './identity.js';
import type { PrincipalRecord } from './read-principals.js';

/** Who asks, with the policies of its own. */
export interface Subject {
  readonly id: string;
  readonly identity: Identity;
  readonly account: string | undefined;
  readonly record: PrincipalRecord | undefined;
  readonly policies: readonly Policy[];
  /** Attached policies that were not collected. */
  readonly missing: readonly string[];
  readonly boundary: Policy | undefined;
  /** Its own policies allow everything: an account's root user; an account as a whole; an outsider, whose account does as it likes. */
  readonly isUnlimited: boolean;
  /** Its account is none of the snapshot's. */
  readonly isForeign: boolean;
  /** A principal of a collected account that was not in the answers: it may be gone, or too new. */
  readonly isUnheardOf: boolean;
  /** A role that its trust policy gives to services alone. */
  readonly isForServicesOnly: boolean;
  /** Who may give its sessions tags, beside the role's own: nobody, services alone, or others too. */
  readonly sessionTags: 'none' | 'of-services' | 'any';
}

export interface Subjects {
  /** `undefined` where the text names no principal. */
  resolve(principal: string): Subject | undefined;
}

export function makeSubjects(records: readonly PrincipalRecord[], accounts: ReadonlySet<string>): Subjects {
  const byId = new Map(records.map((record) => [record.id, record]));
  const byRoleName = new Map(
    records.filter((record) => record.kind === 'role').map((record) => [`${record.account}/${record.name}`, record]),
  );
  const resolved = new Map<string, Subject | undefined>();
  const resolve = (principal: string): Subject | undefined => {
    const identity = parseIdentity(principal);
    if (!identity) return undefined;
    const record = byId.get(principal) ?? recordOfSession(identity, byRoleName);
    const account = accountOf(identity);
    const isForeign = account !== undefined && !accounts.has(account);
    return {
      id: principal,
      identity: record && identity.kind === 'session' ? { ...identity, roleArn: record.id } : identity,
      account,
      record,
      policies: record?.policies ?? [],
      missing: record?.missing ?? [],
      boundary: record?.boundary,
      isUnlimited: identity.kind === 'root' || identity.kind === 'account' || isForeign,
      isForeign,
      isUnheardOf:
        !record &&
        !isForeign &&
        (identity.kind === 'user' || identity.kind === 'session' || identity.kind === 'federated-user'),
      isForServicesOnly: isForServicesOnly(record),
      sessionTags: sessionTags(record),
    };
  };
  return {
    resolve: (principal) => {
      if (!resolved.has(principal)) resolved.set(principal, resolve(principal));
      return resolved.get(principal);
    },
  };
}

function recordOfSession(
  identity: Identity,
  byRoleName: ReadonlyMap<string, PrincipalRecord>,
): PrincipalRecord | undefined {
  if (identity.kind !== 'session') return undefined;
  return byRoleName.get(`${identity.account}/${identity.roleName}`);
}

function isForServicesOnly(record: PrincipalRecord | undefined): boolean {
  const document = record?.trust?.document;
  if (!document || document.problem !== undefined) return false;
  return document.statements.every((statement) => statement.effect === 'Deny' || admitsServicesOnly(statement));
}

const admitsServicesOnly = ({ principals }: Statement): boolean =>
  principals !== undefined &&
  !principals.not &&
  principals.entries.every((entry) => entry.kind === 'service' || entry.kind === 'nobody');

/**
 * A trust policy must allow it if sessions are to have tags.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
function sessionTags(record: PrincipalRecord | undefined): Subject['sessionTags'] {
  const document = record?.trust?.document;
  if (!document) return 'none';
  if (document.problem !== undefined) return 'any';
  const tagging = document.statements.filter(
    (statement) => statement.effect === 'Allow' && matchesAction(statement, 'sts:tagsession'),
  );
  if (tagging.length === 0) return 'none';
  return tagging.every(admitsServicesOnly) ? 'of-services' : 'any';
}
