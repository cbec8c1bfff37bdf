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
  readonly publicGrants: readonly { readonly to: 'everybody' | 'authenticated'; readonly permission: string }[];
  readonly aclSource: string | undefined;
  /** `RestrictPublicBuckets` of the bucket or of its account. */
  readonly isRestricted: boolean;
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
export function readBuckets(snapshot: Snapshot): ReadonlyMap<string, Bucket> {
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
  const buckets = new Map<string, Bucket>();
  for (const [name, { account, region }] of places) buckets.set(name, readBucket(snapshot, name, account, region));
  return buckets;
}

function readBucket(snapshot: Snapshot, name: string, account: string, region: string | undefined): Bucket {
  const answer = (operation: string) =>
    region === undefined ? undefined : field(snapshot.answer(account, region, 's3', operation)?.body, name);
  const blocks = [
    field(answer('GetPublicAccessBlock'), 'PublicAccessBlockConfiguration'),
    field(
      field(snapshot.answer(account, 'global', 's3-control', 'GetPublicAccessBlock')?.body, account),
      'PublicAccessBlockConfiguration',
    ),
  ];
  const isOn = (name: string) => blocks.some((block) => flag(field(block, name)) === true);
  const rules = objects(field(field(answer('GetBucketOwnershipControls'), 'OwnershipControls'), 'Rules'));
  const hasNoLists = rules.some((rule) => text(field(rule, 'ObjectOwnership')) === 'BucketOwnerEnforced');
  const acl = answer('GetBucketAcl');
  const tagging = answer('GetBucketTagging');
  const aclAnswer = region === undefined ? undefined : snapshot.answer(account, region, 's3', 'GetBucketAcl');
  const collectedTags =
    region !== undefined && snapshot.coverage(account, region, 's3', 'GetBucketTagging') === 'answered';
  return {
    name,
    account,
    region,
    tags: tagging === undefined && !collectedTags ? undefined : tagMap(field(tagging, 'TagSet')),
    publicGrants: hasNoLists || isOn('IgnorePublicAcls') ? [] : publicGrants(acl),
    aclSource: aclAnswer?.source,
    isRestricted: isOn('RestrictPublicBuckets'),
  };
}

function publicGrants(acl: Parameters<typeof field>[0]): Bucket['publicGrants'] {
  return objects(field(acl, 'Grants')).flatMap((grant) => {
    const to = GROUPS.get(text(field(field(grant, 'Grantee'), 'URI')) ?? '');
    const permission = text(field(grant, 'Permission'));
    return to !== undefined && permission !== undefined ? [{ to, permission }] : [];
  });
}

const LIST = ['s3:listbucket', 's3:listbucketversions', 's3:listbucketmultipartuploads'];
const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['READ', LIST],
  ['WRITE', ['s3:putobject', 's3:deleteobject', 's3:deleteobjectversion']],
  ['READ_ACP', ['s3:getbucketacl']],
  ['WRITE_ACP', ['s3:putbucketacl']],
]);

/**
 * The actions that a bucket's access control list permission stands for, in lower case.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export const aclActions = (permission: string): readonly string[] =>
  permission === 'FULL_CONTROL' ? [...ACTIONS.values()].flat() : (ACTIONS.get(permission) ?? []);
