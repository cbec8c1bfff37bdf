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
