import type { JsonObject } from '../../../src/model/index.js';
import { ACCOUNT, arn, type Miniature } from '../miniature.js';
import type { ExampleFamily } from './example.js';

export const SITE = 'arn:aws:s3:::site';
export const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`;
const CONTROL = 'EOAC1';

/** A bucket that a distribution fetches from, and what is otherwise. */
export interface Served {
  /** Of the bucket's policy; the distribution may read objects, where nothing is said. */
  readonly statements?: readonly JsonObject[];
  readonly distribution?: JsonObject;
  readonly origin?: JsonObject;
  readonly behavior?: JsonObject;
  /** Absent: not collected. */
  readonly signing?: string | undefined;
  /** The key that encrypts the bucket. */
  readonly key?: string;
  readonly more?: Readonly<Record<string, JsonObject>>;
}

/** What lets the distribution in, as AWS's console writes it. */
export const letsIn = (
  more: JsonObject = {},
  condition: JsonObject = { StringEquals: { 'AWS:SourceArn': DISTRIBUTION } },
) => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action: 's3:GetObject',
  Resource: `${SITE}/*`,
  Condition: condition,
  ...more,
});

export function served({
  statements = [letsIn()],
  distribution,
  origin,
  behavior,
  key,
  more,
  ...rest
}: Served = {}): Miniature {
  const signing = 'signing' in rest ? rest.signing : 'always';
  return {
    answers: {
      's3/ListBuckets': { Buckets: [{ Name: 'site' }] },
      's3/GetBucketLocation': { site: {} },
      's3/GetPublicAccessBlock': {
        site: {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            IgnorePublicAcls: true,
            BlockPublicPolicy: true,
            RestrictPublicBuckets: true,
          },
        },
      },
      's3/GetBucketPolicy': {
        site: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
      },
      's3/GetBucketEncryption': {
        site: {
          ServerSideEncryptionConfiguration: {
            Rules: [
              {
                ApplyServerSideEncryptionByDefault:
                  key === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
              },
            ],
          },
        },
      },
      'global/cloudfront/ListDistributions': {
        DistributionList: {
          Items: [
            {
              Id: 'E1',
              ARN: DISTRIBUTION,
              DomainName: 'd1.cloudfront.net',
              Enabled: true,
              Origins: {
                Items: [
                  {
                    Id: 'site',
                    DomainName: 'site.s3.us-east-1.amazonaws.com',
                    OriginPath: '',
                    OriginAccessControlId: CONTROL,
                    S3OriginConfig: { OriginAccessIdentity: '' },
                    ...origin,
                  },
                ],
              },
              DefaultCacheBehavior: {
                TargetOriginId: 'site',
                ViewerProtocolPolicy: 'redirect-to-https',
                AllowedMethods: { Items: ['HEAD', 'GET'] },
                ...behavior,
              },
              ...distribution,
            },
          ],
        },
      },
      ...(signing !== undefined && {
        'global/cloudfront/ListOriginAccessControls': {
          OriginAccessControlList: {
            Items: [
              {
                Id: CONTROL,
                SigningBehavior: signing,
              },
            ],
          },
        },
      }),
      ...more,
    },
  };
}

const FUNCTION = arn('lambda', 'function:shop');
const HOST = 'abcd1234.lambda-url.us-east-1.on.aws';

/** A function whose URL a distribution asks, and what is otherwise. */
export interface Called extends Pick<Served, 'behavior' | 'distribution' | 'signing'> {
  /** Actions that the function's policy lets a distribution do; and which one. */
  readonly actions?: readonly string[];
  readonly by?: string;
  /** Of the function's URL; absent: not collected. */
  readonly url?: JsonObject | undefined;
}

export function called({ actions, by = DISTRIBUTION, ...rest }: Called = {}): Miniature {
  const url = 'url' in rest ? rest.url : {};
  const { behavior, distribution } = rest;
  const { answers } = served({
    ...('signing' in rest && { signing: rest.signing }),
    ...(behavior && { behavior }),
    ...(distribution && { distribution }),
    origin: { DomainName: HOST, S3OriginConfig: undefined, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
  });
  const isOfSite = (name: string): boolean => name.startsWith('s3/');
  const allowed = actions ?? ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];
  return {
    answers: {
      ...Object.fromEntries(Object.entries(answers ?? {}).filter(([name]) => !isOfSite(name))),
      'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION }] },
      ...(url && {
        'lambda/ListFunctionUrlConfigs': {
          shop: {
            FunctionUrlConfigs: [
              {
                FunctionArn: FUNCTION,
                FunctionUrl: `https://${HOST}/`,
                AuthType: 'AWS_IAM',
                CreationTime: '2026-02-01T00:00:00Z',
                ...url,
              },
            ],
          },
        },
      }),
      'lambda/GetPolicy': {
        shop: {
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: allowed.map((Action) => ({
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action,
              Resource: FUNCTION,
              Condition: { ArnLike: { 'AWS:SourceArn': by } },
            })),
          }),
        },
      },
    },
  };
}

const SIGNED = { TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['kg-1'] } };

export const DISTRIBUTION_EXAMPLES: ExampleFamily = {
  'exposed-origin-bucket': {
    from: 'internet',
    reaches: SITE,
    access: 'read',
    works: {
      why: 'The bucket’s policy lets the distribution read objects, and it serves them to everybody.',
      world: served(),
    },
    fails: { why: 'The distribution serves only who has a signed URL or cookie.', world: served({ behavior: SIGNED }) },
    alsoFails: [
      { why: 'The distribution is off.', world: served({ distribution: { Enabled: false } }) },
      {
        why: 'The bucket’s policy lets in another distribution.',
        world: served({
          statements: [
            letsIn({}, { StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/E2` } }),
          ],
        }),
      },
      { why: 'The requests of the distribution are not signed.', world: served({ signing: 'never' }) },
      {
        why: 'The objects are encrypted with the AWS-managed key, which no service but S3 uses.',
        world: served({ key: arn('kms', 'alias/aws/s3') }),
      },
    ],
    unknown: {
      why: 'A web ACL, whose rules are not collected, stands before the distribution.',
      world: served({ distribution: { WebACLId: arn('wafv2', 'global/webacl/site/1') } }),
      because: 'web ACL',
    },
  },
  'exposed-origin-function': {
    from: 'internet',
    reaches: FUNCTION,
    access: 'control',
    works: {
      why: 'The function’s policy lets the distribution call its URL, and that sends on what anybody asks.',
      world: called(),
      depends: 'function code',
    },
    fails: { why: 'The distribution asks for a signed URL or cookie.', world: called({ behavior: SIGNED }) },
    alsoFails: [
      {
        why: 'The function’s policy lets in another distribution.',
        world: called({ by: `arn:aws:cloudfront::${ACCOUNT}:distribution/E2` }),
      },
      { why: 'The requests are not signed, and the URL asks for it.', world: called({ signing: 'never' }) },
    ],
    unknown: {
      why: 'Whether the distribution signs its requests was not collected.',
      world: called({ signing: undefined }),
      because: 'origin access control',
    },
  },
};
