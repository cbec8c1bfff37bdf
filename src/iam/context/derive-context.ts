import type { ContextValues, Retagging } from '../authorizer.js';
import type { Organizations } from '../organizations/read-organizations.js';
import { splitArn } from '../matching/arn-pattern.js';
import { isTrustAction } from '../resources/must-resource-allow.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Target } from '../resources/resolve-target.js';
import { isKeyOfOtherActions } from './action-keys.js';
import { isChosenKey } from './chosen-keys.js';
import { isKeyOfAnotherKind } from './launch-keys.js';
import { orgKey, time } from './organization-and-time.js';
import { principalKey } from './principal-keys.js';
import { ABSENT, chosen, type KeyStatus, known, type RequestContext, stated, unknownKey } from './request-context.js';
import { sourceAddress } from './source-address.js';

/** What a request's condition keys are worked out from. */
export interface Circumstances {
  /** In lower case. */
  readonly action: string;
  readonly subject: Subject;
  readonly target: Target;
  readonly organizations: Organizations;
  /** ISO 8601: the time before which no request can be. */
  readonly now: string | undefined;
  readonly retagged: Retagging | undefined;
  readonly stated: ReadonlyMap<string, readonly string[]>;
}

const NOTHING_STATED: ReadonlyMap<string, readonly string[]> = new Map();

/** Stated values by lower-case key. */
export function readStated(context: ContextValues | undefined): ReadonlyMap<string, readonly string[]> {
  if (context === undefined) return NOTHING_STATED;
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context ?? {})) {
    values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return values;
}

/**
 * The context of a request: what the caller states, what the snapshot knows, what the intruder chooses, and for all other keys that they
 * are unknown.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function deriveContext(circumstances: Circumstances): RequestContext {
  return {
    status: (key) => {
      const values = circumstances.stated.get(key);
      if (values) return stated(values);
      return principalKey(key, circumstances) ?? resourceKey(key, circumstances) ?? requestKey(key, circumstances);
    },
  };
}

export const RESOURCE_TAG = /^(?:[a-z0-9-]+:resourcetag|rds:[a-z]+-tag|s3:buckettag)\/(.*)$/s;

function resourceKey(
  key: string,
  { target, organizations, action, retagged, subject }: Circumstances,
): KeyStatus | undefined {
  const tag = RESOURCE_TAG.exec(key);
  if (tag || key === 's3:existingobjecttag' || key.startsWith('s3:existingobjecttag/')) {
    if (retagged === 'set') return chosen();
    const status = tag ? resourceTag(tag[1] ?? '', action, target) : undefined;
    return retagged === 'removed' ? orRemoved(status) : status;
  }
  switch (key) {
    case 'aws:resourceaccount':
      return target.account === undefined ? unknownKey() : known(target.account);
    case 's3:resourceaccount':
      return target.account === undefined ? unknownKey() : known(target.account);
    case 'aws:resourceorgid':
      return orgKey(target.account, organizations, ({ id }) => id);
    case 'aws:resourceorgpaths':
      return orgKey(target.account, organizations, ({ path }) => path);
    case 'iam:permissionsboundary':
      if (/:(create(user|role)|put(user|role)permissionsboundary)$/.test(action)) return chosen();
      if (!target.principal) return unknownKey();
      return target.principal.boundaryArn === undefined ? ABSENT : known(target.principal.boundaryArn);
    case 'ssm:resourcetag':
      return undefined;
    case 'ecs:cluster':
      return clusterOf(action, target.arn);
    case 'secretsmanager:secretid':
      return target.arn.startsWith('arn:') ? known(target.arn) : unknownKey();
    case 'ec2:region':
      return regionOf(target, unknownKey({ mayBeAbsent: false }));
    case 'kms:resourcealiases': {
      const aliases = target.aliases();
      return aliases ? stated(aliases) : unknownKey();
    }
    case 'kms:calleraccount':
      return subject.account === undefined ? ABSENT : known(subject.account);
    default:
      return undefined;
  }
}

/**
 * Tags of roles do not limit `iam:PassRole`, so there they count as not known. Those of a bucket count where that was turned on for it,
 * which its answers do not say.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
function resourceTag(name: string, action: string, target: Target): KeyStatus {
  if (action === 'iam:passrole') return unknownKey();
  const tags = target.tags();
  if (!tags) return unknownKey();
  for (const [tag, value] of tags) {
    if (tag.toLowerCase() !== name) continue;
    return target.bucket ? unknownKey({ accepts: (other) => other === value, extra: [value] }) : known(value);
  }
  return ABSENT;
}

const RUNS_IN_CLUSTER = /^ecs:(runtask|starttask|createservice)$/;

/**
 * Tasks, services and container instances have their cluster in their names; who runs tasks of a definition says in which one.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
function clusterOf(action: string, arn: string): KeyStatus {
  if (arn.includes(':cluster/')) return known(arn);
  const [, start, name] =
    /^(arn:[^:]*:ecs:[^:]*:[^:]*:)(?:task|service|container-instance)\/([^/*?]+)\/./.exec(arn) ?? [];
  if (start !== undefined && name !== undefined) return known(`${start}cluster/${name}`);
  return RUNS_IN_CLUSTER.test(action) ? chosen({ mayBeAbsent: false }) : unknownKey();
}

/** A tag that may be taken away: as it is, or absent. */
const orRemoved = (status: KeyStatus | undefined): KeyStatus | undefined =>
  status?.kind === 'known'
    ? chosen({ accepts: (value) => status.values.includes(value), extra: status.values })
    : status;

/**
 * A service that assumes a role does so for something in the role's account, which whoever may make such things names as they like; for
 * other accounts' things only where the trust says nothing.
 */
function onBehalfOf(key: string, account: string): KeyStatus {
  if (key === 'aws:sourceaccount') return known(account);
  const accepts = (arn: string) => [account, ''].includes(splitArn(arn)[4] ?? 'none');
  return chosen({ mayBeAbsent: false, accepts });
}

/** The region of a resource: where it is, where the principal makes it, or `otherwise`. */
function regionOf({ region, mayBeIn }: Target, otherwise: KeyStatus): KeyStatus {
  if (region === undefined) return otherwise;
  if (!mayBeIn) return known(region);
  return chosen({ mayBeAbsent: false, accepts: (other) => other === region || mayBeIn(other), extra: [region] });
}

const LAUNCHES = /^ec2:(runinstances|requestspotinstances|requestspotfleet|createfleet)$/;

/**
 * Whether something that is there gets tags by itself, in which no action that makes things has a part. What is only being made is in no snapshot.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 */
const isTaggedLater = (action: string, target: Target): boolean =>
  (action === 'ec2:createtags' || action === 'ecs:tagresource') && target.tags() !== undefined;

const BY_ENDPOINT = ['aws:sourcevpc', 'aws:sourcevpce', 'aws:vpcsourceip'];

/**
 * Whether some of the keys are stated to be there: a request comes by a VPC endpoint, or from an address of the internet, and says of itself
 * only what is so of the one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
 */
const says = ({ stated }: Circumstances, keys: readonly string[]): boolean =>
  keys.some((key) => (stated.get(key)?.length ?? 0) > 0);

/** Services that answer in one region only, which `aws:RequestedRegion` then says. */
const GLOBAL =
  /^(iam|organizations|route53|cloudfront|support|account|budgets|globalaccelerator|waf|shield|trustedadvisor|health):/;

function requestKey(key: string, circumstances: Circumstances): KeyStatus {
  const { action, target, subject, now } = circumstances;
  const isService = subject.identity.kind === 'service';
  switch (key) {
    case 'aws:securetransport':
      return known('true');
    case 'aws:viaawsservice':
    case 'aws:principalisawsservice':
      return known('false');
    case 'aws:requestedregion':
      if (GLOBAL.test(action)) return known('us-east-1');
      return regionOf(target, chosen({ mayBeAbsent: false }));
    case 'aws:currenttime':
    case 'aws:epochtime':
      return time(now, false);
    case 'aws:sourceip':
      return says(circumstances, BY_ENDPOINT) ? ABSENT : sourceAddress();
    case 'aws:sourcevpc':
    case 'aws:sourcevpce':
    case 'aws:vpcsourceip':
      return says(circumstances, ['aws:sourceip']) ? ABSENT : unknownKey();
    case 'aws:sourceowner': // as in the policy that SNS gives a new topic: whose things a service calls for
      return isService ? unknownKey() : ABSENT;
    case 'aws:sourceaccount':
    case 'aws:sourcearn':
      if (!isService) return ABSENT;
      return isTrustAction(action) && target.account !== undefined ? onBehalfOf(key, target.account) : unknownKey();
    case 'aws:sourceorgid':
    case 'aws:sourceorgpaths':
      return isService ? unknownKey() : ABSENT;
    case 'aws:calledvia':
    case 'aws:calledviafirst':
    case 'aws:calledvialast':
    case 'aws:chatbotsourcearn':
    case 'aws:assumedroot':
      return ABSENT;
    case 'sts:externalid':
      return target.account === subject.account ? chosen() : unknownKey();
    case 'sts:awsservicename':
      return ABSENT;
    case 'ec2:owner':
      // Whoever launches picks the image.
      return target.isPicked && LAUNCHES.test(action) && target.arn.includes(':image/')
        ? chosen({ mayBeAbsent: false })
        : unknownKey();
    case 'ec2:createaction':
    case 'ecs:createaction':
      return isTaggedLater(action, target) ? ABSENT : chosen();
    default:
      if (isKeyOfOtherActions(key, action) || isKeyOfAnotherKind(key, action, target.arn)) return ABSENT;
      if (isChosenKey(key, action)) return chosen();
      if (subject.identity.kind === 'federated') return unknownKey();
      // Claims of an identity provider are in no request that is signed with credentials.
      return !key.startsWith('aws:') && /^(saml|accounts\.|[^:]*\.[^:]*:)/.test(key) ? ABSENT : unknownKey();
  }
}
