import {
  at,
  type Condition,
  field,
  flag,
  groupBy,
  isObject,
  type Json,
  type JsonObject,
  number,
  objects,
  onceFor,
  text,
  texts,
  unknown,
} from '../model/index.js';

/** A distribution of CloudFront that takes requests. */
export interface Distribution {
  readonly arn: string;
  /** The name that viewers ask for: `d111111abcdef8.cloudfront.net`. */
  readonly name: string;
  /** What has to hold for a request of anybody to be sent on at all. */
  readonly conditions: readonly Condition[];
  readonly origins: readonly Origin[];
}

/** Where a distribution fetches from. */
export interface Origin {
  readonly domain: string;
  /** What stands before the path of every request: `/public`, or nothing. */
  readonly path: string;
  readonly record: JsonObject;
  /** Those that lead there; none: nothing is ever fetched from it. */
  readonly behaviors: readonly Behavior[];
}

/** What a distribution does with requests for some paths. */
export interface Behavior {
  /** `*`: whatever no other pattern takes. */
  readonly pattern: string;
  /** It serves only who has a URL or cookies signed by a trusted key. */
  readonly isSigned: boolean;
  readonly takesPlainHttp: boolean;
  readonly methods: readonly string[];
  /** Besides those of the distribution. */
  readonly conditions: readonly Condition[];
}

/**
 * A distribution of `ListDistributions`; `undefined` for one that is off.
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html
 */
export const readDistribution = onceFor((record: JsonObject): Distribution | undefined => {
  if (flag(field(record, 'Enabled')) === false) return undefined;
  const arn = text(field(record, 'ARN')) ?? '';
  const behaviors = [
    ...objects(at(record, 'CacheBehaviors', 'Items')),
    ...[field(record, 'DefaultCacheBehavior')].filter(isObject),
  ];
  const byOrigin = groupBy(
    behaviors.flatMap((behavior) =>
      originsOf(record, behavior).map((origin, at) => ({ origin, behavior: readBehavior(arn, behavior, at > 0) })),
    ),
    ({ origin }) => origin,
  );
  const routing = behaviors.filter(runsOnRequests).map((behavior) => readBehavior(arn, behavior, false));
  return {
    arn,
    name: text(field(record, 'DomainName')) ?? arn,
    conditions: conditionsOf(arn, record),
    origins: objects(at(record, 'Origins', 'Items')).map((origin) => ({
      domain: (text(field(origin, 'DomainName')) ?? '').toLowerCase(),
      path: text(field(origin, 'OriginPath')) ?? '',
      record: origin,
      // Functions may choose another origin than their behavior does.
      behaviors: byOrigin.get(text(field(origin, 'Id')) ?? '')?.map(({ behavior }) => behavior) ?? routing,
    })),
  };
});

/**
 * Ids of the origins that a behavior leads to: one, or those of a group, of which the second is asked where the first fails.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
 */
function originsOf(distribution: JsonObject, behavior: JsonObject): readonly string[] {
  const target = text(field(behavior, 'TargetOriginId')) ?? '';
  const group = objects(at(distribution, 'OriginGroups', 'Items')).find((one) => text(field(one, 'Id')) === target);
  if (group === undefined) return [target];
  return objects(at(group, 'Members', 'Items')).flatMap((member) => text(field(member, 'OriginId')) ?? []);
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/continuous-deployment.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-config-options.html
 */
function conditionsOf(arn: string, record: JsonObject): readonly Condition[] {
  const conditions: Condition[] = [];
  const acl = text(field(record, 'WebACLId')) ?? '';
  if (acl !== '') conditions.push(unknown(`web ACL of ${arn}`, 'what it lets through was not collected'));
  const geo = at(record, 'Restrictions', 'GeoRestriction');
  const countries = texts(at(geo, 'Items'));
  const type = text(at(geo, 'RestrictionType'));
  if (type === 'whitelist' || type === 'blacklist')
    conditions.push({
      key: 'the country of the viewer',
      operator: type === 'whitelist' ? 'In' : 'NotIn',
      values: countries,
    });
  if (text(at(record, 'ViewerMtlsConfig', 'Mode')) === 'required')
    conditions.push(
      unknown(`viewers of ${arn}`, 'whether the intruder has a certificate that it takes is not in the API'),
    );
  if (flag(field(record, 'Staging')) === true)
    conditions.push(unknown(`staging of ${arn}`, 'which requests another distribution lets it have was not collected'));
  if (text(field(record, 'ConnectionMode')) === 'tenant-only')
    conditions.push(unknown(`tenants of ${arn}`, 'whether it serves any was not collected'));
  return conditions;
}

/**
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions.html
 */
function readBehavior(arn: string, behavior: JsonObject, isSecond: boolean): Behavior {
  const pattern = text(field(behavior, 'PathPattern')) ?? '*';
  const isSigned = (['TrustedKeyGroups', 'TrustedSigners'] as const).some(
    (by) => flag(at(behavior, by, 'Enabled')) === true,
  );
  const signature = unknown(
    `signed URLs of ${arn}`,
    `whether the intruder has one, or cookies, for ${pattern} is not in the API`,
  );
  const code = unknown(
    `functions of ${arn}`,
    `whether those that run on requests for ${pattern} send anybody’s on is not in the API`,
  );
  const failure = unknown(`origins of ${arn}`, `whether the first one for ${pattern} fails is not in the API`);
  return {
    pattern,
    isSigned,
    takesPlainHttp: !['https-only', 'redirect-to-https'].includes(text(field(behavior, 'ViewerProtocolPolicy')) ?? ''),
    methods: texts(at(behavior, 'AllowedMethods', 'Items')),
    conditions: [
      ...(isSigned ? [signature] : []),
      ...(runsOnRequests(behavior) ? [code] : []),
      ...(isSecond ? [failure] : []),
    ],
  };
}

/** Whether code of the account runs before the origin is asked, and may answer itself. */
const runsOnRequests = (behavior: JsonObject): boolean =>
  (['FunctionAssociations', 'LambdaFunctionAssociations'] as const).some((kind) =>
    objects(at(behavior, kind, 'Items')).some((one) => (text(field(one, 'EventType')) ?? '').endsWith('-request')),
  );

/** What has to hold for a request to come to an origin by that of its behaviors which asks least. */
export const least = (behaviors: readonly Behavior[]): readonly Condition[] =>
  [...behaviors].sort((a, b) => a.conditions.length - b.conditions.length)[0]?.conditions ?? [];

/** Ports on which an origin is asked, and what has to hold for that. */
export interface AskedPorts {
  readonly ports: readonly number[];
  readonly conditions: readonly Condition[];
}

/**
 * On which ports an origin is asked, by how it is said to be: each under what the least asks of the behaviors that come to it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginProtocolPolicy
 */
export function portsAsked(config: Json, behaviors: readonly Behavior[]): readonly AskedPorts[] {
  const policy = text(at(config, 'OriginProtocolPolicy'));
  const http = number(at(config, 'HTTPPort')) ?? 80;
  const https = number(at(config, 'HTTPSPort')) ?? 443;
  const all = least(behaviors);
  if (policy === 'http-only') return [{ ports: [http], conditions: all }];
  const plain = policy === 'https-only' ? [] : behaviors.filter(({ takesPlainHttp }) => takesPlainHttp);
  if (plain.length === 0) return [{ ports: [https], conditions: all }];
  const byHttp = least(plain);
  if (byHttp === all || byHttp.length === 0) return [{ ports: [http, https], conditions: all }];
  return [
    { ports: [http], conditions: byHttp },
    { ports: [https], conditions: all },
  ];
}
