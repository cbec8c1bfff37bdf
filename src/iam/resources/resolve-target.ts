import { parseArn } from '../../model/index.js';
import { type ArnText, arnText } from '../matching/arn-pattern.js';
import { hasWildcard } from '../matching/glob.js';
import type { Policy } from '../policy/document.js';
import type { PrincipalRecord } from '../principals/read-principals.js';
import type { Bucket } from './buckets.js';
import type { KeyAliases } from './key-aliases.js';
import type { KeyGrant } from './key-grants.js';
import type { OwnPolicies, OwnPolicy } from './own-policies.js';

/** What is asked about, with what the snapshot knows of it. */
export interface Target {
  /** As asked. */
  readonly arn: string;
  /** The same, as patterns are matched with it. */
  readonly text: ArnText;
  /** Absent where it cannot be told: the principal's own is meant. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** The policy of the resource, or of the bucket, function, … that it is a part of. */
  readonly own: OwnPolicy;
  readonly bucket: Bucket | undefined;
  /** A bucket, or something in it, of which the snapshot does not say whose it is. */
  readonly isUnownedBucket: boolean;
  /** A KMS key that AWS manages. */
  readonly isManagedByAws: boolean;
  /** Whether a form of names is asked about: an ARN with wildcards. */
  readonly isOpen: boolean;
  /** The principal picks it among all of a form. */
  readonly isPicked?: true;
  readonly grants: readonly KeyGrant[];
  /** The user or role that is asked about. */
  readonly principal: PrincipalRecord | undefined;
  /** Where the principal chooses its region: in which others it may be. */
  readonly mayBeIn?: (region: string) => boolean;
  /** `undefined`: not known. */
  tags(): ReadonlyMap<string, string> | undefined;
  /** Of a KMS key; `undefined`: not known. */
  aliases(): readonly string[] | undefined;
}

/** What targets are resolved with. */
export interface ResourceFacts {
  readonly ownPolicies: OwnPolicies;
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly keyGrants: ReadonlyMap<string, readonly KeyGrant[]>;
  readonly managedKeys: ReadonlySet<string>;
  readonly keyAliases: KeyAliases;
  readonly principals: ReadonlyMap<string, PrincipalRecord>;
  readonly tags: () => ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export function resolveTarget(arn: string, facts: ResourceFacts): Target {
  const place = placeOf(arn);
  const holder = place?.isHeld ? holderOf(arn) : arn;
  const bucket = place?.isS3 ? facts.buckets.get(holder.slice(holder.lastIndexOf(':') + 1)) : undefined;
  const account = bucket?.account ?? place?.account;
  const region = bucket?.region ?? place?.region;
  const principal = facts.principals.get(arn);
  const own: OwnPolicy = place ? facts.ownPolicies.of(holder, region, account) : { kind: 'none' };
  return {
    arn,
    text: arnText(arn),
    account,
    region,
    own,
    bucket,
    isUnownedBucket: account === undefined && own.kind !== 'elsewhere' && place?.isBucket === true,
    isManagedByAws: facts.managedKeys.has(arn),
    isOpen: arn !== '*' && hasWildcard(arn),
    grants: facts.keyGrants.get(arn) ?? NO_GRANTS,
    principal,
    tags: () => {
      if (principal) return principal.tags;
      if (bucket) return arn === holder ? bucket.tags : undefined;
      if (DOCUMENT_OF_AWS.test(arn)) return NO_TAGS;
      return facts.tags().get(arn) ?? facts.tags().get(holder);
    },
    aliases: () => facts.keyAliases.of(arn, account, region),
  };
}

const NO_GRANTS: readonly KeyGrant[] = [];
/** Nobody else tags them. */
const DOCUMENT_OF_AWS = /^arn:[^:]*:ssm:[^:]*::document\//;
const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** What an ARN says before the resource itself. */
interface ArnPlace {
  /** 12 digits. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Of S3, and of no account; and (`isBucket`) of no region either. */
  readonly isS3: boolean;
  readonly isBucket: boolean;
  /** Whether the resource may be a part of another, whose policy counts. */
  readonly isHeld: boolean;
}

const HOLDING: ReadonlySet<string> = new Set(['s3', 'lambda', 'dynamodb', 'es']);
const MOST_PLACES = 10_000;
const places = new Map<string, ArnPlace | undefined>();

/** Read once for all resources of a service, region and account; `undefined` for what is no ARN. */
function placeOf(arn: string): ArnPlace | undefined {
  let end = -1;
  for (let colons = 0; colons < 5; colons++) {
    end = arn.indexOf(':', end + 1);
    if (end < 0) return undefined;
  }
  const beginning = arn.slice(0, end + 1);
  if (places.has(beginning)) return places.get(beginning);
  if (places.size >= MOST_PLACES) places.clear();
  const parsed = parseArn(beginning);
  const made = parsed && {
    account: /^\d{12}$/.test(parsed.account) ? parsed.account : undefined,
    region: /^[a-z0-9-]+$/.test(parsed.region) ? parsed.region : undefined,
    isS3: parsed.service === 's3' && parsed.account === '',
    isBucket: parsed.service === 's3' && parsed.account === '' && parsed.region === '',
    isHeld: HOLDING.has(parsed.service),
  };
  places.set(beginning, made);
  return made;
}

/** The resource whose policy counts: an object's bucket, an alias's function, an index's table, a path's search domain. */
function holderOf(arn: string): string {
  const parsed = parseArn(arn);
  if (!parsed) return arn;
  const { service, resource, partition, region, account } = parsed;
  const prefix = `arn:${partition}:${service}:${region}:${account}:`;
  switch (service) {
    case 's3': {
      const slash = resource.indexOf('/');
      return slash < 0 || account !== '' ? arn : prefix + resource.slice(0, slash);
    }
    case 'lambda': {
      const [kind, name] = resource.split(':');
      return kind === 'function' && name !== undefined ? `${prefix}function:${name}` : arn;
    }
    case 'dynamodb': {
      const [kind, name] = resource.split('/');
      return kind === 'table' && name !== undefined ? `${prefix}table/${name}` : arn;
    }
    case 'es': {
      const [kind, name] = resource.split('/');
      return kind === 'domain' && name !== undefined ? `${prefix}domain/${name}` : arn;
    }
    default:
      return arn;
  }
}

/** The policy itself, where there is one. */
export const policyOf = (own: OwnPolicy): Policy | undefined => (own.kind === 'policy' ? own.policy : undefined);
