import { describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature } from './miniature.js';

const WEB = arn('ec2', 'instance/i-web');
const BUCKET = 'arn:aws:s3:::orders';

const RULE = { IpProtocol: 'tcp', IpRanges: [], Ipv6Ranges: [], UserIdGroupPairs: [] };
const fromList = (id: string, port: number): JsonObject => ({
  ...RULE,
  FromPort: port,
  ToPort: port,
  PrefixListIds: [{ PrefixListId: id }],
});

/** A host with a public address, a role that reads a bucket, and a group with one rule. */
const letsIn = (rule: JsonObject, more: Miniature['answers'] = {}): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says: [`s3:GetObject on ${BUCKET}/*`] } },
  instances: { 'i-web': { role: 'web', open: true, tokens: 'optional' } },
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
    'ec2/DescribeSecurityGroups': {
      SecurityGroups: [
        {
          GroupId: 'sg-open',
          GroupName: 'open',
          VpcId: 'vpc-1',
          OwnerId: ACCOUNT,
          IpPermissions: [rule],
          IpPermissionsEgress: [],
        },
      ],
    },
    'ec2/DescribeManagedPrefixLists': {
      PrefixLists: [
        {
          PrefixListId: 'pl-cdn',
          PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
          OwnerId: 'AWS',
        },
        { PrefixListId: 'pl-office', PrefixListName: 'office', OwnerId: ACCOUNT },
      ],
    },
    'ec2/GetManagedPrefixListEntries': {
      'pl-cdn': { Entries: [{ Cidr: '130.176.0.0/18' }] },
      'pl-office': { Entries: [{ Cidr: '203.0.113.0/24' }] },
    },
    ...more,
  },
});

const report = (world: Miniature) => openAnalysis(miniature(world), { toolVersion: '0.0.0' }).report();
const entered = (world: Miniature) => report(world).paths.filter(({ entry }) => entry.id === WEB);

describe('a host that lets CloudFront in', () => {
  it('is entered from the internet, since anybody can have a distribution ask it', () => {
    const { exposures, summary } = report(letsIn(fromList('pl-cdn', 443)));
    expect(exposures.map(({ asset, from, grade, ports }) => [asset, from, grade, ports])).toEqual([
      [WEB, 'internet', 'cloudfront', ['tcp/443']],
    ]);
    expect(summary.exposed).toBe(1);
    const [path] = entered(letsIn(fromList('pl-cdn', 443)));
    expect(path?.confidence).toBe('confirmed');
    expect(path?.steps[0]?.text).toContain('tcp/443, open to CloudFront, which sends on what anybody asks');
    expect(path?.steps[0]?.assumptions.join()).toContain('A distribution of CloudFront sends requests there');
    expect(path?.target.id).toBe(BUCKET);
  });

  it('is not where the list is the owner’s, or on a port on which CloudFront asks nobody', () => {
    for (const rule of [fromList('pl-office', 443), fromList('pl-cdn', 22), fromList('pl-cdn', 3306)]) {
      const { exposures } = report(letsIn(rule));
      const isAsked = rule['FromPort'] === 3306;
      expect(exposures.map(({ grade }) => grade)).toEqual([isAsked ? 'cloudfront' : 'named']);
      expect(entered(letsIn(rule)).length > 0).toBe(isAsked);
    }
  });

  it('may be where the list was not read', () => {
    const paths = entered(letsIn(fromList('pl-cdn', 443), { 'ec2/GetManagedPrefixListEntries': {} }));
    expect(paths.map(({ confidence }) => confidence)).toEqual(['conditional']);
    expect(JSON.stringify(paths[0]?.steps[0]?.conditions)).toContain('pl-cdn');
  });
});

describe('a database that lets CloudFront in', () => {
  const DATABASE = arn('rds', 'db:orders');
  const world: Miniature = {
    answers: {
      ...letsIn(fromList('pl-cdn', 5432)).answers,
      'rds/DescribeDBInstances': {
        DBInstances: [
          {
            DBInstanceIdentifier: 'orders',
            DBInstanceArn: DATABASE,
            Engine: 'postgres',
            DBInstanceStatus: 'available',
            PubliclyAccessible: true,
            Endpoint: { Address: 'orders.example.us-east-1.rds.amazonaws.com', Port: 5432 },
            VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-open', Status: 'active' }],
            DBSubnetGroup: {
              VpcId: 'vpc-1',
              Subnets: [{ SubnetIdentifier: 'subnet-1', SubnetStatus: 'Active' }],
            },
          },
        ],
      },
    },
  };

  it('is not open to the internet by that: CloudFront speaks HTTP alone', () => {
    const { exposures, paths } = report(world);
    expect(exposures.map(({ asset, grade }) => [asset, grade])).toEqual([[DATABASE, 'named']]);
    expect(paths.filter(({ target }) => target.id === DATABASE)).toEqual([]);
  });
});

const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`;
const VPC_ORIGIN = `arn:aws:cloudfront::${ACCOUNT}:vpcorigin/vo_1`;

/** The answers of an account with one distribution and one origin of it. */
const distributed = (origin: JsonObject, behavior: JsonObject = {}): Miniature['answers'] => ({
  'global/cloudfront/ListDistributions': {
    DistributionList: {
      Items: [
        {
          Id: 'E1',
          ARN: DISTRIBUTION,
          DomainName: 'd1.cloudfront.net',
          Enabled: true,
          Origins: { Items: [{ Id: 'web', ...origin }] },
          DefaultCacheBehavior: { TargetOriginId: 'web', ViewerProtocolPolicy: 'https-only', ...behavior },
        },
      ],
    },
  },
});

describe('a host that a distribution asks by its public name', () => {
  const named = (rule: JsonObject, address = '198-51-100-1'): Miniature =>
    letsIn(
      rule,
      distributed({
        DomainName: `ec2-${address}.compute-1.amazonaws.com`,
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
      }),
    );

  it('is told with the distribution where it lets in CloudFront', () => {
    const [exposure] = report(named(fromList('pl-cdn', 443))).exposures;
    expect(exposure?.via).toContain(DISTRIBUTION);
    expect(exposure?.evidence.map(({ fact }) => fact).join()).toContain('it sends requests to ec2-198-51-100-1');
    expect(entered(named(fromList('pl-cdn', 443)))[0]?.steps[0]?.text).toContain(
      'open to CloudFront, which sends on what anybody asks, as distribution d1.cloudfront.net (E1) does',
    );
  });

  it('is told once where it lets in everybody, and without one that asks another', () => {
    const everybody = { ...RULE, FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }], PrefixListIds: [] };
    expect(report(named(everybody)).exposures.map(({ grade }) => grade)).toEqual(['internet']);
    const [other] = report(named(fromList('pl-cdn', 443), '203-0-113-9')).exposures;
    expect(other?.grade).toBe('cloudfront');
    expect(other?.via).not.toContain(DISTRIBUTION);
  });
});

describe('a host that a distribution asks by a VPC origin', () => {
  const RULE_OF_SERVICE = {
    ...RULE,
    FromPort: 443,
    ToPort: 443,
    PrefixListIds: [],
    UserIdGroupPairs: [{ GroupId: 'sg-service' }],
  };
  const group = (GroupId: string, GroupName: string, IpPermissions: readonly JsonObject[]): JsonObject => ({
    GroupId,
    GroupName,
    VpcId: 'vpc-1',
    OwnerId: ACCOUNT,
    IpPermissions,
    IpPermissionsEgress: [],
  });
  const world = (behavior: JsonObject = {}, more: Miniature['answers'] = {}): Miniature => {
    const open = letsIn({}, distributed({ DomainName: 'x', VpcOriginConfig: { VpcOriginId: 'vo_1' } }, behavior));
    return {
      ...open,
      instances: { 'i-web': { role: 'web', group: 'sg-private', tokens: 'optional' } },
      answers: {
        ...open.answers,
        'ec2/DescribeSecurityGroups': {
          SecurityGroups: [
            group('sg-private', 'private', [RULE_OF_SERVICE]),
            group('sg-service', 'CloudFront-VPCOrigins-Service-SG', []),
          ],
        },
        'global/cloudfront/ListVpcOrigins': {
          VpcOriginList: {
            Items: [
              {
                Id: 'vo_1',
                Arn: VPC_ORIGIN,
                Name: 'web',
                AccountId: ACCOUNT,
                Status: 'Deployed',
                OriginEndpointArn: WEB,
              },
            ],
          },
        },
        'global/cloudfront/GetVpcOrigin': {
          vo_1: { VpcOrigin: { VpcOriginEndpointConfig: { HTTPSPort: 443, OriginProtocolPolicy: 'https-only' } } },
        },
        ...more,
      },
    };
  };

  it('is entered from the internet without a public address', () => {
    const [path] = entered(world());
    expect(path?.confidence).toBe('confirmed');
    expect(path?.target.id).toBe(BUCKET);
    expect(path?.steps[0]?.text).toContain(
      'tcp/443, to which distribution d1.cloudfront.net (E1) sends on what anybody asks, by a VPC origin',
    );
    expect(path?.steps[0]?.assumptions.join()).not.toContain('the list of its addresses');
    expect(path?.steps[0]?.fix).toContain('take the VPC origin out of it');
  });

  it('may be where viewers need signed URLs, and is not where the origin is gone', () => {
    const [path] = entered(world({ TrustedKeyGroups: { Enabled: true } }));
    expect(path?.confidence).toBe('conditional');
    expect(path?.conditions.map(({ key }) => key)).toContain(`signed URLs of ${DISTRIBUTION}`);
    expect(entered(world({}, { 'global/cloudfront/ListVpcOrigins': {} }))).toEqual([]);
  });

  it('may be where nothing was collected of CloudFront but its group in the VPC', () => {
    const { answers, ...rest } = world();
    const seen = Object.entries(answers ?? {}).filter(([name]) => !name.includes('/cloudfront/'));
    const [path] = entered({ ...rest, answers: Object.fromEntries(seen) });
    expect(path?.confidence).toBe('conditional');
    expect(path?.steps[0]?.text).toContain('to which a distribution of CloudFront sends on what anybody asks');
  });
});
