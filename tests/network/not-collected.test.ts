import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { idOf, type NetworkText, networkOf } from './case-network.js';

const V2 = 'elastic-load-balancing-v2';
const LISTS = [
  'DescribeLoadBalancers',
  'DescribeListeners',
  'DescribeRules',
  'DescribeTargetGroups',
  'DescribeTargetHealth',
];
const NONE = { [`${V2}/DescribeLoadBalancers`]: { LoadBalancers: [] } };

/** A host behind a balancer that faces the internet, with its interface, and one that its groups let nobody in to. */
const balanced = (more: Partial<NetworkText> = {}, face: JsonObject = {}): NetworkText => ({
  vpcs: { 'vpc-a': '10.0.0.0/16' },
  subnets: {
    'subnet-pub': { vpc: 'vpc-a', cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw-a' } },
    'subnet-pri': { vpc: 'vpc-a', cidr: '10.0.2.0/24' },
  },
  groups: { 'sg-lb': ['in tcp/443 from 0.0.0.0/0'], 'sg-app': ['in tcp/8080 from sg-lb'], 'sg-shut': [] },
  hosts: {
    'i-app': { subnet: 'subnet-pri', ip: '10.0.2.10', groups: ['sg-app'] },
    'i-shut': { subnet: 'subnet-pri', ip: '10.0.2.11', groups: ['sg-shut'] },
  },
  balancers: {
    'lb-app-front': { facing: true, subnets: ['subnet-pub'], groups: ['sg-lb'], listeners: { 'tcp/443': 'tg-app' } },
  },
  targetGroups: { 'tg-app': { targets: ['i-app:8080'], port: 8080, keepsClient: false } },
  records: {
    'ec2/DescribeNetworkInterfaces': {
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-lb',
          VpcId: 'vpc-a',
          SubnetId: 'subnet-pub',
          Description: 'ELB app/lb-app-front/1',
          PrivateIpAddress: '10.0.1.20',
          Groups: [{ GroupId: 'sg-lb' }],
          Association: { PublicIp: '198.51.100.20' },
          ...face,
        },
      ],
    },
  },
  ...more,
});

const exposed = (text: NetworkText): readonly string[] =>
  networkOf(text)
    .exposures()
    .filter(({ type }) => type === 'ec2:instance')
    .map(({ asset, verdict, ports }) => `${asset.split('/').at(-1)} ${verdict} ${ports.join()}`);

describe('a host behind a balancer', () => {
  test('is exposed', () => {
    expect(exposed(balanced())).toEqual(['i-app yes tcp/8080']);
  });

  test.each([
    ['balancers were', ['DescribeLoadBalancers'], 'i-app unknown tcp/8080'],
    ['nothing of balancers was', LISTS, 'i-app unknown tcp/8080'],
    [
      'neither listeners nor target groups were',
      ['DescribeListeners', 'DescribeTargetGroups'],
      'i-app unknown tcp/8080',
    ],
  ])('may be where not all of its %s collected', (_, names, expected) => {
    expect(exposed(balanced({ missing: names.map((name) => `${V2}/${name}`) }))).toEqual([expected]);
  });

  test.each([
    [
      'the interface has no public address',
      balanced({ missing: [`${V2}/DescribeLoadBalancers`] }, { Association: null }),
    ],
    [
      'no interface of a balancer is there',
      balanced({ missing: [`${V2}/DescribeLoadBalancers`] }, { Description: '' }),
    ],
    ['balancers were collected, and there is none', balanced({ balancers: {}, targetGroups: {}, records: NONE })],
  ])('is not where %s', (_, text) => {
    expect(exposed(text)).toEqual([]);
  });
});

test('an instance that only its interface shows may be stopped; one that is listed is not', () => {
  const text = balanced({ balancers: {}, targetGroups: {}, records: {} });
  const open = {
    ...text,
    groups: { ...text.groups, 'sg-app': ['in tcp/22 from 0.0.0.0/0'] },
    hosts: { 'i-app': { subnet: 'subnet-pub', ip: '10.0.1.10', public: '198.51.100.9', groups: ['sg-app'] } },
  };
  expect(exposed(open)).toEqual(['i-app yes tcp/22']);
  const unlisted = networkOf({ ...open, missing: ['ec2/DescribeInstances'] });
  const { verdict, conditions } = unlisted.reach({ from: 'internet', to: idOf('i-app'), port: 'tcp/22' });
  expect([verdict, conditions[0]?.key]).toEqual(['unknown', `state of ${idOf('i-app')}`]);
  expect(unlisted.exposures().map((exposure) => exposure.verdict)).toEqual(['unknown']);
});

describe('an address that no interface of the snapshot holds', () => {
  const asking = (records: NetworkText['records']) => {
    const text = balanced({ balancers: {}, targetGroups: {}, ...(records && { records }) });
    const hosts = { 'i-out': { subnet: 'subnet-pub', ip: '10.0.1.9', public: '198.51.100.9', groups: ['sg-app'] } };
    const { reach } = networkOf({ ...text, hosts });
    return (to: string) => reach({ from: idOf('i-out'), to, port: 'tcp/443' }).verdict;
  };
  const address = (NetworkInterfaceId?: string) => ({
    'ec2/DescribeAddresses': {
      Addresses: [{ PublicIp: '203.0.113.9', ...(NetworkInterfaceId && { NetworkInterfaceId }) }],
    },
  });

  test('is somebody’s whose interface was not collected', () => {
    expect(asking(address('eni-gone'))('203.0.113.9')).toBe('unknown');
    expect(asking(address('eni-gone'))('203.0.113.10')).toBe('yes');
    expect(asking(address())('203.0.113.9')).toBe('yes');
  });

  test('is a NAT gateway’s, which takes no connections', () => {
    const nat = { NatGatewayId: 'nat-1', VpcId: 'vpc-a', NatGatewayAddresses: [{ PublicIp: '203.0.113.9' }] };
    const ask = asking({ 'ec2/DescribeNatGateways': { NatGateways: [nat] } });
    expect([ask('203.0.113.9'), ask('203.0.113.10')]).toEqual(['no', 'yes']);
  });
});

describe('an instance of which no interface was collected', () => {
  const bare = (state: string, missing: readonly string[]): NetworkText =>
    balanced({
      hosts: { 'i-app': { subnet: 'subnet-pri', ip: '10.0.2.10', groups: ['sg-app'], state } },
      missing,
    });
  const verdictOf = (text: NetworkText) =>
    networkOf(text).reach({ from: '10.0.2.99', to: idOf('i-app'), port: 'tcp/8080' }).verdict;

  test('may be anywhere, unless it is gone', () => {
    expect(verdictOf(bare('running', ['ec2/DescribeNetworkInterfaces']))).toBe('unknown');
    expect(verdictOf(bare('terminated', ['ec2/DescribeNetworkInterfaces']))).toBe('no');
  });

  test.each(['internet', '8.8.8.8'])('may or may not come to %s, as it may to another', (to) => {
    const from = idOf('i-app');
    const missing = ['ec2/DescribeNetworkInterfaces'];
    const asked = (state: string) => networkOf(bare(state, missing)).reach({ from, to, port: 'tcp/443' }).verdict;
    expect([asked('running'), asked('terminated')]).toEqual(['unknown', 'no']);
  });
});

test('a target group that names a balancer tells that there is one, where balancers were not listed', () => {
  const text = balanced({ missing: [`${V2}/DescribeLoadBalancers`], records: {} });
  const verdictOf = (host: string, LoadBalancerArns: readonly string[]) => {
    const groups = { TargetGroups: [{ TargetGroupArn: 'tg-app', VpcId: 'vpc-a', LoadBalancerArns }] };
    const { reach } = networkOf({ ...text, balancers: {}, records: { [`${V2}/DescribeTargetGroups`]: groups } });
    return reach({ from: 'internet', to: idOf(host), port: 'tcp/8080' }).verdict;
  };
  expect(verdictOf('i-app', ['arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/x/1'])).toBe(
    'unknown',
  );
  expect(verdictOf('i-shut', ['arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/x/1'])).toBe('no');
  expect(verdictOf('i-app', [])).toBe('no');
});

test('a node whose subnet was not collected may be anywhere', () => {
  const text = balanced({ records: {}, missing: ['ec2/DescribeSubnets'] });
  expect(networkOf(text).reach({ from: 'internet', to: idOf('i-app'), port: 'tcp/8080' }).verdict).toBe('unknown');
});

test('what goes by a NAT gateway that was not collected may be seen at any address', () => {
  const text: NetworkText = {
    vpcs: { 'vpc-a': '10.0.0.0/16', 'vpc-b': '10.9.0.0/16' },
    subnets: {
      'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', routes: { '10.9.0.0/16': 'nat-1' } },
      'subnet-b': { vpc: 'vpc-b', cidr: '10.9.1.0/24' },
    },
    groups: { 'sg-a': [], 'sg-b': ['in tcp/22 from 100.64.1.5/32'] },
    hosts: {
      'i-a': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-a'] },
      'i-b': { subnet: 'subnet-b', ip: '10.9.1.10', groups: ['sg-b'] },
    },
  };
  const verdictOn = (port: string) => networkOf(text).reach({ from: idOf('i-a'), to: idOf('i-b'), port }).verdict;
  expect([verdictOn('tcp/22'), verdictOn('tcp/80')]).toEqual(['unknown', 'no']);
});

describe('a transit gateway of another account', () => {
  const shared = (owner: string): NetworkText => {
    const attachment = (id: string) => ({
      TransitGatewayAttachmentId: `tgw-attach-${id}`,
      TransitGatewayId: 'tgw-1',
      ResourceType: 'vpc',
      ResourceId: `vpc-${id}`,
      State: 'available',
    });
    const told = (id: string) => ({ ...attachment(id), TransitGatewayOwnerId: owner });
    const side = (id: string) => ({ ...attachment(id), VpcId: `vpc-${id}`, SubnetIds: [`subnet-${id}`] });
    const routes = { '10.0.0.0/8': 'tgw-1' };
    return {
      vpcs: { 'vpc-a': '10.0.0.0/16', 'vpc-b': '10.9.0.0/16' },
      subnets: {
        'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', routes },
        'subnet-b': { vpc: 'vpc-b', cidr: '10.9.1.0/24', routes },
      },
      groups: { 'sg-a': [], 'sg-b': ['in tcp/22 from 10.0.0.0/8'] },
      hosts: {
        'i-a': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-a'] },
        'i-b': { subnet: 'subnet-b', ip: '10.9.1.10', groups: ['sg-b'] },
      },
      records: {
        'ec2/DescribeTransitGatewayAttachments': { TransitGatewayAttachments: ['a', 'b'].map(told) },
        'ec2/DescribeTransitGatewayVpcAttachments': {
          TransitGatewayVpcAttachments: ['a', 'b'].map(side),
        },
        'ec2/DescribeTransitGatewayRouteTables': { TransitGatewayRouteTables: [] },
      },
    };
  };
  const verdictOn = (text: NetworkText, port: string) =>
    networkOf(text).reach({ from: idOf('i-a'), to: idOf('i-b'), port }).verdict;

  test('has tables that its owner alone sees', () => {
    expect(verdictOn(shared('444455556666'), 'tcp/22')).toBe('unknown');
    expect(verdictOn(shared('444455556666'), 'tcp/80')).toBe('no');
  });

  test('may come out where no network ACL is asked', () => {
    const text = shared('444455556666');
    const acl = ['in 100 allow tcp/1024-65535 from 0.0.0.0/0', 'out 100 allow all to 0.0.0.0/0'];
    const { 'subnet-a': a, 'subnet-b': b } = text.subnets;
    const guarded = { ...text, subnets: { 'subnet-a': a, 'subnet-b': { ...b, acl } } } as NetworkText;
    expect([verdictOn(guarded, 'tcp/22'), verdictOn(guarded, 'tcp/80')]).toEqual(['unknown', 'no']);
  });

  test('of one’s own is known to associate nothing', () => {
    expect(verdictOn(shared('111122223333'), 'tcp/22')).toBe('no');
  });
});
