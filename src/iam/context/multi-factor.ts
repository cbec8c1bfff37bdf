import type { KeyValues } from '../logic/formula.js';
import { hasOwnPolicies } from '../principals/identity.js';
import type { Subject } from '../principals/resolve-subject.js';
import { ABSENT, type KeyStatus, unknownKey } from './request-context.js';

/**
 * A user's long-term keys carry no such key; a session that anybody may get with them carries `false`; whether the intruder has the
 * device for `true`, nobody knows. A role that only services assume never has it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export function multiFactorPresent(subject: Subject): KeyStatus {
  const { identity } = subject;
  if (!hasOwnPolicies(identity)) return ABSENT;
  if (identity.kind === 'session') {
    return open(subject.isForServicesOnly ? [[undefined], [['false']]] : [[undefined], [['false']], [['true']]]);
  }
  return open([
    [undefined, ['false']],
    [undefined, ['false'], ['true']],
  ]);
}

/**
 * Without MFA there is no time since it. `present`: what is stated of `aws:MultiFactorAuthPresent`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthage
 */
export function multiFactorAge(subject: Subject, present: readonly string[] | undefined): KeyStatus {
  const { identity } = subject;
  if (!hasOwnPolicies(identity) || (present !== undefined && !present.includes('true'))) return ABSENT;
  if (identity.kind === 'session' && subject.isForServicesOnly) return ABSENT;
  return unknownKey();
}

const open = (worlds: readonly (readonly KeyValues[])[]): KeyStatus => ({
  kind: 'open',
  decider: 'unknown',
  domain: () => worlds,
});
