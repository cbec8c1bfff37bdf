import { toTime } from '../conditions/date.js';
import { type AccountOrganization, IN_NONE, type Organizations } from '../organizations/read-organizations.js';
import { ABSENT, chosen, type KeyStatus, known, unknownKey } from './request-context.js';

/** A key about the organization of an account: absent for nobody's, unknown where the snapshot does not place the account. */
export function orgKey(
  account: string | undefined,
  organizations: Organizations,
  pick: (organization: AccountOrganization) => string | undefined,
): KeyStatus {
  if (account === undefined) return ABSENT;
  const organization = organizations.of(account);
  if (organization.id === IN_NONE) return ABSENT;
  if (organization.id === undefined) {
    const { notIn } = organization;
    return unknownKey({ accepts: (value) => !notIn.some((id) => value === id || value.startsWith(`${id}/`)) });
  }
  const value = pick(organization);
  return value === undefined ? unknownKey({ mayBeAbsent: false }) : known(value);
}

/** The intruder may wait, but not go back. Without a clock any time may be now. */
export function time(now: string | undefined, mayBeAbsent: boolean): KeyStatus {
  const earliest = now === undefined ? Number.NaN : toTime(now);
  if (Number.isNaN(earliest)) return unknownKey({ mayBeAbsent });
  const accepts = (value: string) => toTime(value) >= earliest;
  return chosen({ mayBeAbsent, accepts, extra: [new Date(earliest).toISOString()] });
}
