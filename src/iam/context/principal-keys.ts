import type { OpenTag } from '../authorizer.js';
import { hasOwnPolicies } from '../principals/identity.js';
import type { Subject } from '../principals/resolve-subject.js';
import { accountKey } from './account-keys.js';
import type { Circumstances } from './derive-context.js';
import { orgKey, time } from './organization-and-time.js';
import { ABSENT, chosen, type KeyStatus, known, unknownKey } from './request-context.js';
import { multiFactorAge, multiFactorPresent } from './multi-factor.js';

const TAG = 'aws:principaltag/';

const OPEN_TAGS: Readonly<Record<OpenTag, KeyStatus>> = {
  chosen: chosen({ mayBeAbsent: false }),
  unknown: unknownKey({ mayBeAbsent: false }),
  unsettled: unknownKey(),
};

/** Keys that say who asks; `undefined` for a key that says something else. */
export function principalKey(key: string, circumstances: Circumstances): KeyStatus | undefined {
  const { subject, organizations, now } = circumstances;
  const { identity, record } = subject;
  const ofAccount = identity.kind === 'account' ? accountKey(key, identity.account) : undefined;
  if (ofAccount) return ofAccount;
  if (key.startsWith(TAG)) {
    if (!hasOwnPolicies(identity)) return ABSENT;
    if (identity.kind === 'root') return subject.isForeign ? chosen() : ABSENT;
    if (!record) return unknownKey();
    const name = key.slice(TAG.length);
    if (mayComeWithSession(name, subject)) return unknownKey();
    const open = record.openTags?.get(name);
    if (open) return OPEN_TAGS[open];
    for (const [tag, value] of record.tags) if (tag.toLowerCase() === name) return known(value);
    return ABSENT;
  }
  switch (key) {
    case 'aws:principalarn':
      if (identity.kind === 'session')
        return identity.roleArn === undefined ? unknownKey({ mayBeAbsent: false }) : known(identity.roleArn);
      return 'arn' in identity ? known(identity.arn) : ABSENT;
    case 'aws:principalaccount':
      return subject.account === undefined ? ABSENT : known(subject.account);
    case 'aws:principalorgid':
      return orgKey(subject.account, organizations, ({ id }) => id);
    case 'aws:principalorgpaths':
      return orgKey(subject.account, organizations, ({ path }) => path);
    case 'aws:principaltype':
      return known(TYPES[identity.kind]);
    case 'aws:principalisawsservice':
      return known(String(identity.kind === 'service'));
    case 'aws:principalservicename':
    case 'aws:principalservicenameslist':
      return identity.kind === 'service' ? known(identity.service) : ABSENT;
    case 'aws:username':
      if (identity.kind === 'user') return known(identity.arn.slice(identity.arn.lastIndexOf('/') + 1));
      return ABSENT;
    case 'aws:userid':
      return userId(circumstances);
    case 'aws:multifactorauthpresent':
      return multiFactorPresent(subject);
    case 'aws:multifactorauthage':
      return multiFactorAge(subject, circumstances.stated.get('aws:multifactorauthpresent'));
    case 'aws:tokenissuetime':
      if (identity.kind === 'user') return time(now, true);
      if (identity.kind === 'account') return time(now, true);
      return identity.kind === 'session' ? time(now, false) : ABSENT;
    case 'aws:federatedprovider':
    case 'aws:sourceidentity':
      return identity.kind === 'session' ? unknownKey() : ABSENT;
    case 'aws:ec2instancesourcevpc':
    case 'aws:ec2instancesourceprivateipv4':
    case 'ec2:sourceinstancearn':
    case 'ec2:roledelivery':
    case 'lambda:sourcefunctionarn':
    case 'ecs:sourcetaskarn':
      return identity.kind === 'session' || identity.kind === 'account' ? unknownKey() : ABSENT;
    default:
      return undefined;
  }
}

/** Tags that services give to sessions: EKS Pod Identity names the pod. */
const OF_SERVICES = /^(eks-|kubernetes-)/;

/** Whether a tag may be the session's, which goes before the role's own. */
const mayComeWithSession = (tag: string, { identity, sessionTags }: Subject): boolean =>
  identity.kind === 'session' && (sessionTags === 'any' || (sessionTags === 'of-services' && OF_SERVICES.test(tag)));

const TYPES = {
  user: 'User',
  'federated-user': 'FederatedUser',
  root: 'Account',
  account: 'Account',
  session: 'AssumedRole',
  service: 'Service',
  anonymous: 'Anonymous',
  federated: 'FederatedUser',
  canonical: 'Account',
  'origin-access': 'User',
} as const;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
function userId({ subject: { identity, record } }: Circumstances): KeyStatus {
  switch (identity.kind) {
    case 'anonymous':
      return known('anonymous');
    case 'root':
    case 'account':
      return known(identity.account);
    case 'service':
    case 'federated':
    case 'canonical':
      return ABSENT;
    case 'session': {
      const id = record?.uniqueId;
      if (!id) return unknownKey({ mayBeAbsent: false });
      if (identity.sessionName !== undefined) return known(`${id}:${identity.sessionName}`);
      const accepts = (value: string) => value.startsWith(`${id}:`);
      return unknownKey({ mayBeAbsent: false, accepts, extra: [`${id}:session`], form: `${id}:*` });
    }
    default:
      return record?.uniqueId ? known(record.uniqueId) : unknownKey({ mayBeAbsent: false });
  }
}
