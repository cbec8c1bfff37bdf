import { toTime } from '../conditions/date.js';
import type { Organization } from '../organizations/read-organization.js';
import { ABSENT, chosen, type KeyStatus, known, unknownKey } from './request-context.js';

/** A key about the organization of an account: absent for nobody's, unknown where the snapshot does not place the account. */
export function orgKey(
  account: string | undefined,
  organization: Organization | undefined,
  pick: (id: string, path: string | undefined) => string | undefined,
): KeyStatus {
  if (account === undefined) return ABSENT;
  if (!organization?.id) return unknownKey();
  const policies = organization.policiesOf(account);
  if (!policies && account !== organization.managementAccount) return unknownKey();
  const value = pick(organization.id, policies?.path);
  return value === undefined ? unknownKey({ mayBeAbsent: false }) : known(value);
}

/** The intruder may wait, but not go back. Without a clock any time may be now. */
export function time(now: string | undefined, mayBeAbsent: boolean): KeyStatus {
  const earliest = now === undefined ? Number.NaN : toTime(now);
  if (Number.isNaN(earliest)) return unknownKey({ mayBeAbsent });
  const accepts = (value: string) => toTime(value) >= earliest;
  return chosen({ mayBeAbsent, accepts, extra: [new Date(earliest).toISOString()] });
}
