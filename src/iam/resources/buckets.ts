import { field, flag, objects, tagMap, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';

/** What `GetBucketAcl` and the public access blocks say of a bucket. */
export interface Bucket {
  readonly name: string;
  readonly account: string;
  /** Where the bucket's own answers stand, if there are any. */
  readonly region: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** Permissions that the access control list gives to everybody, or to everybody with an AWS account; none where such lists are off. */
  readonly publicGrants: readonly PublicGrant[];
  /** Permissions that it gives to other accounts. */
  readonly accountGrants: readonly AccountGrant[];
  readonly aclSource: string | undefined;
  /** `RestrictPublicBuckets` of the bucket or of its account; `undefined` where that was not collected. */
  readonly isRestricted: boolean | undefined;
  /** `IgnorePublicAcls`, likewise: `true` where the list has nothing for the public. */
  readonly ignoresPublicList: boolean | undefined;
}

interface PublicGrant {
  readonly to: 'everybody' | 'authenticated';
  readonly permission: string;
}

interface AccountGrant {
  readonly canonicalId: string;
  /** The account that the canonical id stands for, where that is known. */
  readonly account: string | undefined;
  readonly permission: string;
}

const GROUPS = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'everybody'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'authenticated'],
] as const) as ReadonlyMap<string, 'everybody' | 'authenticated'>;

const PER_BUCKET = [
  'GetBucketLocation',
  'GetBucketAcl',
  'GetBucketPolicy',
  'GetBucketTagging',
  'GetPublicAccessBlock',
  'GetBucketVersioning',
  'GetBucketEncryption',
];

/** Every bucket that is listed or answered for, by name. */
export function readBuckets(
  snapshot: Snapshot,
  canonicalIds: ReadonlyMap<string, string>,
): ReadonlyMap<string, Bucket> {
  const places = new Map<string, { account: string; region: string | undefined }>();
  for (const { body, account } of snapshot.answers('s3', 'ListBuckets')) {
    for (const bucket of objects(field(body, 'Buckets'))) {
      const name = text(field(bucket, 'Name'));
      if (name !== undefined) places.set(name, { account, region: text(field(bucket, 'BucketRegion')) });
    }
  }
  for (const operation of PER_BUCKET) {
    for (const { body, account, region } of snapshot.answers('s3', operation)) {
      for (const name of Object.keys(body)) places.set(name, { account, region });
    }
  }
  const refused = new Set(
    snapshot.gaps.flatMap(({ service, operation, resource }) =>
      service === 's3' && resource !== undefined ? [`${operation} ${resource}`] : [],
    ),
  );
  const buckets = new Map<string, Bucket>();
  for (const [name, { account, region }] of places) {
    // An answer without the bucket says that it has none.
    const wasAnswered = (operation: string): boolean =>
      region !== undefined &&
      snapshot.coverage(account, region, 's3', operation) === 'answered' &&
      !refused.has(`${operation} ${name}`);
    buckets.set(name, readBucket(snapshot, { name, account, region }, canonicalIds, wasAnswered));
  }
  return buckets;
}

function readBucket(
  snapshot: Snapshot,
  { name, account, region }: Pick<Bucket, 'name' | 'account' | 'region'>,
  canonicalIds: ReadonlyMap<string, string>,
  wasAnswered: (operation: string) => boolean,
): Bucket {
  const answer = (operation: string) =>
    region === undefined ? undefined : field(snapshot.answer(account, region, 's3', operation)?.body, name);
  const bucketBlock = answer('GetPublicAccessBlock');
  const accountBlock = field(snapshot.answer(account, 'global', 's3-control', 'GetPublicAccessBlock')?.body, account);
  const blocks = [bucketBlock, accountBlock].map((block) => field(block, 'PublicAccessBlockConfiguration'));
  const isKnown =
    snapshot.coverage(account, 'global', 's3-control', 'GetPublicAccessBlock') === 'answered' &&
    wasAnswered('GetPublicAccessBlock');
  const isOn = (setting: string): boolean | undefined =>
    blocks.some((block) => flag(field(block, setting)) === true) || (isKnown ? false : undefined);
  const rules = objects(field(field(answer('GetBucketOwnershipControls'), 'OwnershipControls'), 'Rules'));
  const hasNoLists = rules.some((rule) => text(field(rule, 'ObjectOwnership')) === 'BucketOwnerEnforced');
  const acl = answer('GetBucketAcl');
  const tagging = answer('GetBucketTagging');
  const aclAnswer = region === undefined ? undefined : snapshot.answer(account, region, 's3', 'GetBucketAcl');
  const ignoresPublicList = isOn('IgnorePublicAcls');
  return {
    name,
    account,
    region,
    tags: tagging === undefined && !wasAnswered('GetBucketTagging') ? undefined : tagMap(field(tagging, 'TagSet')),
    publicGrants: hasNoLists || ignoresPublicList === true ? [] : publicGrants(acl),
    accountGrants: hasNoLists ? [] : accountGrants(acl, canonicalIds),
    aclSource: aclAnswer?.source,
    isRestricted: isOn('RestrictPublicBuckets'),
    ignoresPublicList,
  };
}

/** To other accounts than the owner's. */
function accountGrants(
  acl: Parameters<typeof field>[0],
  canonicalIds: ReadonlyMap<string, string>,
): Bucket['accountGrants'] {
  const owner = text(field(field(acl, 'Owner'), 'ID'));
  return objects(field(acl, 'Grants')).flatMap((grant) => {
    const canonicalId = text(field(field(grant, 'Grantee'), 'ID'));
    const permission = text(field(grant, 'Permission'));
    return canonicalId !== undefined && permission !== undefined && canonicalId !== owner
      ? [{ canonicalId, account: canonicalIds.get(canonicalId), permission }]
      : [];
  });
}

function publicGrants(acl: Parameters<typeof field>[0]): Bucket['publicGrants'] {
  return objects(field(acl, 'Grants')).flatMap((grant) => {
    const to = GROUPS.get(text(field(field(grant, 'Grantee'), 'URI')) ?? '');
    const permission = text(field(grant, 'Permission'));
    return to !== undefined && permission !== undefined ? [{ to, permission }] : [];
  });
}

/** Whether a bucket's access control list says anything. */
export const hasList = ({ publicGrants, accountGrants }: Bucket): boolean =>
  publicGrants.length > 0 || accountGrants.length > 0;

const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['READ', ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']],
  ['WRITE', ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion']],
  ['READ_ACP', ['s3:GetBucketAcl']],
  ['WRITE_ACP', ['s3:PutBucketAcl']],
]);

/**
 * The actions that a bucket's access control list permission stands for.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export const aclActions = (permission: string): readonly string[] =>
  permission === 'FULL_CONTROL' ? [...ACTIONS.values()].flat() : (ACTIONS.get(permission) ?? []);

/** Whether one of them is an action, given in lower case. */
export const aclAllows = (permission: string, action: string): boolean =>
  aclActions(permission).some((name) => name.toLowerCase() === action);

/** The accounts that canonical ids stand for, as far as listing buckets says. */
export function readCanonicalIds(snapshot: Snapshot): ReadonlyMap<string, string> {
  const accounts = new Map<string, string>();
  for (const { body, account } of snapshot.answers('s3', 'ListBuckets')) {
    const id = text(field(field(body, 'Owner'), 'ID'));
    if (id !== undefined) accounts.set(id, account);
  }
  return accounts;
}
