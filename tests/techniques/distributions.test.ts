import { describe, expect, it, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { fact, INTERNET_FACT } from '../../src/techniques/fact.js';
import { type Called, called, DISTRIBUTION, letsIn, type Served, served, SITE } from './examples/distributions.js';
import { ACCOUNT, arn, keyArn, type Miniature, miniature, userArn } from './miniature.js';

const pathsOf = (world: Miniature) => openAnalysis(miniature(world), { toolVersion: '0.0.0' }).report().paths;
/** What anybody has of the bucket, with the words that conditions begin with. */
const had = (change: Served = {}): readonly string[] =>
  pathsOf(served(change)).map(({ target, confidence, conditions }) =>
    [target.id === SITE ? target.access : target.id, confidence, ...conditions.map(({ key }) => key)].join(' '),
  );

const OPEN = { PathPattern: '/open/*', TargetOriginId: 'site', ViewerProtocolPolicy: 'https-only' };
const SIGNED = { TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['kg'] } };
const ALL = { AllowedMethods: { Items: ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH'] } };

describe('a bucket that a distribution serves', () => {
  it('is read by everybody, which is told with the distribution', () => {
    const [path] = pathsOf(served());
    expect(path?.entry.id).toBe(SITE);
    expect(path?.confidence).toBe('confirmed');
    const [step] = path?.steps ?? [];
    expect(step?.technique).toBe('exposed-origin-bucket');
    expect(step?.text).toBe(
      'Read objects of site through distribution d1.cloudfront.net (E1) (s3:GetObject), which asks nobody who comes.',
    );
    expect(step?.evidence[0]).toMatchObject({
      asset: DISTRIBUTION,
      fact: 'E1 fetches * from site.s3.us-east-1.amazonaws.com for whoever asks',
    });
    expect(step?.evidence[1]?.asset).toBe(`${SITE}#policy`);
  });

  it.each([
    ['by the account', letsIn({}, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })],
    [
      'by all distributions of the account',
      letsIn({}, { ArnLike: { 'aws:SourceArn': `${DISTRIBUTION.slice(0, -2)}*` } }),
    ],
    ['without a condition', letsIn({}, {})],
  ])('is where its policy lets CloudFront in %s', (_, statement) => {
    expect(had({ statements: [statement] })).toEqual(['read confirmed']);
  });

  it('is where requests without TLS are denied, which nobody need make', () => {
    const deny = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [SITE, `${SITE}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    expect(had({ statements: [letsIn(), deny] })).toEqual(['read confirmed']);
  });

  it('is where one behavior asks for nothing, for what that leads to', () => {
    const change = { behavior: SIGNED, distribution: { CacheBehaviors: { Items: [OPEN] } } };
    expect(had(change)).toEqual(['read confirmed']);
    expect(pathsOf(served(change))[0]?.steps[0]?.evidence[0]?.fact).toContain('E1 fetches /open/* from');
  });

  it.each<readonly [string, Served]>([
    [
      'every behavior needs a signature',
      { behavior: SIGNED, distribution: { CacheBehaviors: { Items: [{ ...OPEN, ...SIGNED }] } } },
    ],
    ['no behavior leads there', { behavior: { TargetOriginId: 'other' } }],
    [
      'its policy lets in another service',
      { statements: [letsIn({ Principal: { Service: 'logging.s3.amazonaws.com' } })] },
    ],
    [
      'its policy lets in another account’s',
      { statements: [letsIn({}, { StringEquals: { 'aws:SourceAccount': '999988887777' } })] },
    ],
    ['its policy denies what it lets', { statements: [letsIn(), { ...letsIn(), Effect: 'Deny' }] }],
    ['its policy lets it list alone', { statements: [letsIn({ Action: 's3:ListBucket', Resource: SITE })] }],
    [
      'its policy opens another folder',
      { origin: { OriginPath: '/site' }, statements: [letsIn({ Resource: `${SITE}/docs/*` })] },
    ],
    ['it is asked as nobody', { origin: { OriginAccessControlId: '' } }],
    ['it is asked as a website', { origin: { DomainName: 'site.s3-website-us-east-1.amazonaws.com' } }],
    ['one of the name in China is asked', { origin: { DomainName: 'site.s3.cn-north-1.amazonaws.com.cn' } }],
    ['another bucket is asked', { origin: { DomainName: 'sites.s3.us-east-1.amazonaws.com' } }],
    ['nobody collected distributions', { more: { 'global/cloudfront/ListDistributions': {} } }],
  ])('is not where %s', (_, change) => {
    expect(had(change)).toEqual([]);
  });

  it('is in the folder that its policy opens', () => {
    const change = { origin: { OriginPath: '/docs' }, statements: [letsIn({ Resource: `${SITE}/docs/*` })] };
    expect(had(change)).toEqual(['read confirmed']);
  });

  it.each<readonly [string, Served, string]>([
    ['a web ACL', { distribution: { WebACLId: 'acl' } }, `web ACL of ${DISTRIBUTION}`],
    [
      'a country',
      { distribution: { Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Items: ['DE'] } } } },
      'the country of the viewer',
    ],
    [
      'code that runs on requests',
      { behavior: { LambdaFunctionAssociations: { Items: [{ EventType: 'origin-request' }] } } },
      `functions of ${DISTRIBUTION}`,
    ],
    [
      'addresses that the policy asks for',
      { statements: [letsIn({}, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })] },
      'aws:SourceIp',
    ],
    ['a control that was not collected', { signing: undefined }, `origin access control of ${DISTRIBUTION}`],
  ])('is on condition of %s', (_, change, key) => {
    expect(had(change)).toEqual([`read conditional ${key}`]);
  });

  test('may be where its policy was not collected', () => {
    const { answers } = served();
    const rest = Object.entries(answers ?? {}).filter(([name]) => name !== 's3/GetBucketPolicy');
    const [path] = pathsOf({ answers: Object.fromEntries(rest), refused: ['s3/GetBucketPolicy'] });
    expect(path?.confidence).toBe('conditional');
    expect(path?.target.id).toBe(SITE);
  });
});

describe('how bad it is', () => {
  const score = (world: Miniature) => pathsOf(world)[0];
  const tagged = (Value: string): Served => ({
    more: { 's3/GetBucketTagging': { site: { TagSet: [{ Key: 'data', Value }] } } },
  });
  const EVERYBODY = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${SITE}/*` };
  const open = (change: Served): Miniature => {
    const { answers } = served({ ...change, statements: [EVERYBODY], origin: { OriginAccessControlId: '' } });
    return {
      answers: { ...answers, 's3/GetPublicAccessBlock': { site: {} }, 'global/s3-control/GetPublicAccessBlock': {} },
    };
  };

  it('is what a bucket is meant for, where nothing says what it holds', () => {
    expect(score(served())?.severity).toBe('medium');
    expect(score(served())?.factors.join()).toContain('a distribution serves it to everybody');
  });

  it('is as for a public bucket where something does', () => {
    for (const value of ['pii', 'public']) {
      const known = score(served(tagged(value)));
      const asPublic = score(open(tagged(value)));
      expect(asPublic?.steps[0]?.technique).toBe('public-bucket');
      expect(known?.score).toBe(asPublic?.score);
    }
    expect(score(served(tagged('pii')))?.severity).toBe('critical');
  });
});

describe('a bucket that a distribution writes', () => {
  const statements = [letsIn({ Action: ['s3:PutObject', 's3:DeleteObject'] })];

  it('is written by everybody where a behavior takes such requests', () => {
    expect(had({ statements, behavior: ALL })).toEqual(['write confirmed']);
    expect(had({ statements: [...statements, letsIn()], behavior: ALL })).toEqual(['read confirmed']);
  });

  it('is not where none does, or its policy lets it read alone', () => {
    expect(had({ statements })).toEqual([]);
    expect(had({ behavior: ALL })).toEqual(['read confirmed']);
    expect(
      had({ statements, behavior: { ...ALL, ...SIGNED }, distribution: { CacheBehaviors: { Items: [OPEN] } } }),
    ).toEqual([]);
  });
});

describe('a bucket under a key of the account', () => {
  const world = (...keyStatements: readonly JsonObject[]): Miniature => ({
    ...served({ key: keyArn('k-1') }),
    keys: {
      'k-1': {
        policy: [
          { Effect: 'Allow', Principal: { AWS: arn('iam', 'root') }, Action: 'kms:*', Resource: '*' },
          ...keyStatements,
        ],
      },
    },
  });
  const decrypts = (distribution: string): JsonObject => ({
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { StringEquals: { 'AWS:SourceArn': distribution } },
  });

  it('is read where the key lets the distribution in too', () => {
    expect(pathsOf(world(decrypts(DISTRIBUTION))).map(({ target }) => target.id)).toEqual([SITE]);
  });

  it('is not where the key lets in its account alone, or another distribution', () => {
    expect(pathsOf(world())).toEqual([]);
    expect(pathsOf(world(decrypts(`arn:aws:cloudfront::${ACCOUNT}:distribution/E2`)))).toEqual([]);
  });
});

describe('a bucket under a key that is turned off', () => {
  const off = (...says: readonly string[]): Miniature => {
    const { answers, ...rest } = served({ key: keyArn('k-1') });
    return {
      ...rest,
      users: { ann: { says } },
      keys: {
        'k-1': {
          policy: [
            { Effect: 'Allow', Principal: { AWS: arn('iam', 'root') }, Action: 'kms:*', Resource: '*' },
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action: 'kms:Decrypt',
              Resource: '*',
            },
          ],
        },
      },
      answers: {
        ...answers,
        'kms/DescribeKey': {
          'k-1': {
            KeyMetadata: { KeyId: 'k-1', Arn: keyArn('k-1'), KeyManager: 'CUSTOMER', KeyState: 'Disabled' },
          },
        },
      },
    };
  };

  it('is read from nowhere, whoever may turn it on', () => {
    expect(pathsOf(off())).toEqual([]);
    expect(pathsOf(off('kms:EnableKey'))).toEqual([]);
  });

  it('is read with the credentials of somebody who may turn it on', () => {
    const isRead = (...says: readonly string[]): boolean => {
      const { attack } = openAnalysis(miniature(off(...says)), { toolVersion: '0.0.0' });
      const read = attack.engine.clauses.factId(fact('data-read', SITE));
      const had = attack.derive([INTERNET_FACT, fact('creds', userArn('ann'))]);
      return read !== undefined && had.isDerived(read);
    };
    expect(isRead('kms:EnableKey')).toBe(true);
    expect(isRead('kms:DisableKey')).toBe(false);
  });
});

describe('an origin access identity', () => {
  const CANONICAL = 'c'.repeat(64);
  const identity = (statement: JsonObject, more: Served = {}): Served => ({
    origin: {
      OriginAccessControlId: '',
      S3OriginConfig: { OriginAccessIdentity: 'origin-access-identity/cloudfront/EOAI1' },
    },
    statements: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${SITE}/*`, ...statement }],
    ...more,
  });
  const user = (id: string): JsonObject => ({
    Principal: { AWS: `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${id}` },
  });
  const listed = (S3CanonicalUserId: string): Served => ({
    more: {
      'global/cloudfront/ListCloudFrontOriginAccessIdentities': {
        CloudFrontOriginAccessIdentityList: { Items: [{ Id: 'EOAI1', S3CanonicalUserId }] },
      },
    },
  });

  it('reads where the bucket’s policy names it', () => {
    expect(had(identity(user('EOAI1')))).toEqual(['read confirmed']);
    expect(had(identity({ Principal: { CanonicalUser: CANONICAL } }, listed(CANONICAL)))).toEqual(['read confirmed']);
  });

  it('does not where it names another one, or the service', () => {
    expect(had(identity(user('EOAI2')))).toEqual([]);
    expect(had(identity({ Principal: { CanonicalUser: CANONICAL } }, listed('d'.repeat(64))))).toEqual([]);
    expect(had(identity({ Principal: { Service: 'cloudfront.amazonaws.com' } }))).toEqual([]);
  });

  it('may where it names somebody of whom that is not known', () => {
    expect(had(identity({ Principal: { CanonicalUser: CANONICAL } }))).toEqual([
      `read conditional canonical id ${CANONICAL}`,
    ]);
  });

  it('does not read what is under a key, nor write', () => {
    expect(had(identity(user('EOAI1'), { key: keyArn('k-1') }))).toEqual([]);
    expect(had({ ...identity({ ...user('EOAI1'), Action: 's3:PutObject' }), behavior: ALL })).toEqual([]);
  });
});

describe('a function whose URL a distribution asks', () => {
  const TABLE = arn('dynamodb', 'table/orders');
  /** With a role that reads a table: the keys of the conditions of the path to it, without those of the function's code. */
  const reached = (change: Called = {}): readonly (readonly string[])[] => {
    const world = called(change);
    const Functions = [
      { FunctionName: 'shop', FunctionArn: arn('lambda', 'function:shop'), Role: arn('iam', 'role/shop') },
    ];
    const all = pathsOf({
      ...world,
      roles: { shop: { trust: 'lambda.amazonaws.com', says: [`dynamodb:Scan on ${TABLE}`] } },
      answers: {
        ...world.answers,
        'lambda/ListFunctions': { Functions },
        'dynamodb/ListTables': { TableNames: ['orders'] },
        'dynamodb/DescribeTable': { orders: { Table: { TableName: 'orders', TableArn: TABLE } } },
      },
    });
    return all.map(({ conditions }) => conditions.map(({ key }) => key).filter((key) => key !== 'function code'));
  };

  it('is entered by whoever asks the distribution', () => {
    expect(reached()).toEqual([[]]);
    // Before both were asked for.
    expect(reached({ actions: ['lambda:InvokeFunctionUrl'], url: { CreationTime: '2025-03-01T00:00:00Z' } })).toEqual([
      [],
    ]);
  });

  it.each<readonly [string, Called]>([
    ['its policy lets call the URL alone, which is new', { actions: ['lambda:InvokeFunctionUrl'] }],
    ['its policy lets invoke it alone', { actions: ['lambda:InvokeFunction'] }],
    ['the URL is another’s', { url: { FunctionUrl: 'https://wxyz.lambda-url.us-east-1.on.aws/' } }],
    ['the distribution is off', { distribution: { Enabled: false } }],
  ])('is not where %s', (_, change) => {
    expect(reached(change)).toEqual([]);
  });

  it('may be where its URL, or the policy of its alias, was not collected', () => {
    expect(reached({ url: undefined })).toEqual([['function URL']]);
    const url = { FunctionArn: `${arn('lambda', 'function:shop')}:live` };
    expect(reached({ url, actions: [] })).toEqual([['function policy']]);
    expect(reached({ url: undefined, by: `arn:aws:cloudfront::${ACCOUNT}:distribution/E2` })).toEqual([]);
    expect(reached({ url: undefined, by: `arn:aws:cloudfront::${ACCOUNT}:distribution/*` })).toEqual([
      ['function URL'],
    ]);
    expect(reached({ url: undefined, actions: ['lambda:GetFunction'] })).toEqual([]);
  });
});
