import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { idOf, networkOf, type NetworkText } from './case-network.js';

const ACCOUNT = '111122223333';
const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/E1`;
const VPC_ORIGIN = `arn:aws:cloudfront::${ACCOUNT}:vpcorigin/vo_1`;

interface Estate {
  /** Lines of the group of the instance, which takes tcp/443. */
  readonly group?: readonly string[];
  readonly distribution?: JsonObject;
  readonly behavior?: JsonObject;
  readonly vpcOrigin?: JsonObject;
  readonly config?: JsonObject;
  readonly endpoint?: string;
  readonly records?: NetworkText['records'];
  readonly missing?: readonly string[];
  readonly acl?: readonly string[];
  readonly behind?: Pick<NetworkText, 'balancers' | 'targetGroups'>;
}

const OF_CLOUDFRONT = 'in tcp/443 from pl-cloudfront';
const OF_ITS_GROUP = 'in tcp/443 from sg-service';

/** A host without a public address in a subnet that leads nowhere, and a distribution with a VPC origin that leads to it. */
const estate = ({
  group = [OF_ITS_GROUP],
  distribution,
  behavior,
  vpcOrigin,
  config,
  endpoint = 'i-web',
  records,
  missing,
  acl,
  behind = {},
}: Estate = {}): NetworkText => ({
  vpcs: { 'vpc-a': '10.0.0.0/16' },
  subnets: { 'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', ...(acl && { acl }) } },
  groups: {
    'sg-web': group,
    'sg-service': ['named CloudFront-VPCOrigins-Service-SG in vpc-a'],
    'sg-lb': ['in tcp/80 from sg-service'],
    'sg-app': ['in tcp/8080 from sg-lb'],
  },
  hosts: {
    'i-web': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-web'] },
    'i-app': { subnet: 'subnet-a', ip: '10.0.1.11', groups: ['sg-app'] },
  },
  ...behind,
  records: {
    'ec2/DescribeInternetGateways': {
      InternetGateways: [{ InternetGatewayId: 'igw-a', Attachments: [{ VpcId: 'vpc-a', State: 'available' }] }],
    },
    'ec2/DescribeManagedPrefixLists': {
      PrefixLists: [
        {
          PrefixListId: 'pl-cloudfront',
          PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
          OwnerId: 'AWS',
        },
      ],
    },
    'ec2/GetManagedPrefixListEntries': {
      'pl-cloudfront': { Entries: [{ Cidr: '130.176.0.0/18' }, { Cidr: '15.158.0.0/16' }] },
    },
    'global/cloudfront/ListDistributions': {
      DistributionList: {
        Items: [
          {
            ARN: DISTRIBUTION,
            DomainName: 'd1.cloudfront.net',
            Enabled: true,
            Origins: {
              Items: [
                {
                  Id: 'web',
                  DomainName: 'ip-10-0-1-10.ec2.internal',
                  VpcOriginConfig: { VpcOriginId: 'vo_1' },
                },
                { Id: 'other', DomainName: 'www.example.com' },
              ],
            },
            DefaultCacheBehavior: {
              TargetOriginId: 'web',
              ViewerProtocolPolicy: 'redirect-to-https',
              ...behavior,
            },
            ...distribution,
          },
        ],
      },
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
            OriginEndpointArn: idOf(endpoint),
            ...vpcOrigin,
          },
        ],
      },
    },
    'global/cloudfront/GetVpcOrigin': {
      vo_1: {
        VpcOrigin: {
          Id: 'vo_1',
          VpcOriginEndpointConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only', ...config },
        },
      },
    },
    ...records,
  },
  ...(missing && { missing }),
});

const told = (text: NetworkText): readonly string[] =>
  networkOf(text)
    .exposures()
    .map(({ asset, grade, verdict, ports }) => `${asset.split('/').at(-1)} ${grade} ${verdict} ${ports.join()}`);

const conditionsOf = (text: NetworkText): readonly string[] =>
  networkOf(text)
    .exposures()
    .flatMap(({ conditions }) => conditions.map(({ key, operator, values }) => [key, operator, ...values].join(' ')));

describe('an instance behind a VPC origin', () => {
  const host = (change: Partial<NetworkText['hosts'][string]>): NetworkText => {
    const text = estate();
    const web = { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-web'], ...change };
    return { ...text, hosts: { ...text.hosts, 'i-web': web } };
  };

  test('is asked at its primary interface alone', () => {
    const second = { subnet: 'subnet-a', ip: '10.0.1.20', groups: ['sg-web'] };
    expect(told(host({ second }))).toEqual(['i-web cloudfront yes tcp/443']);
    expect(told(host({ groups: ['sg-app'], second }))).toEqual([]);
  });

  test('is not exposed while it is stopped', () => {
    expect(told(host({ state: 'stopped' }))).toEqual([]);
  });

  test('is asked at its IPv6 address where the VPC origin is for both kinds', () => {
    const both = (vpcOrigin: JsonObject): NetworkText => {
      const text = estate({ vpcOrigin, group: ['in tcp/443 from ::/0'] });
      return {
        ...text,
        subnets: { 'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', ipv6: '2600:1f18:1:1::/64' } },
        hosts: { 'i-web': { subnet: 'subnet-a', ip: '10.0.1.10', ipv6: '2600:1f18:1:1::a', groups: ['sg-web'] } },
      };
    };
    expect(told(both({}))).toEqual([]);
    expect(told(both({ IpAddressType: 'dualstack' }))).toEqual(['i-web cloudfront yes tcp/443']);
  });

  test.each([
    ['CloudFront’s own group', [OF_ITS_GROUP]],
    ['CloudFront’s addresses', [OF_CLOUDFRONT]],
    ['everybody', ['in tcp/443 from 0.0.0.0/0']],
  ])('is exposed where its group lets in %s', (_, group) => {
    expect(told(estate({ group }))).toEqual(['i-web cloudfront yes tcp/443']);
  });

  test.each([
    ['nobody', []],
    ['the VPC, from whose addresses CloudFront does not come', ['in tcp/443 from 10.0.0.0/16']],
    ['an office', ['in tcp/443 from 198.51.100.0/24']],
    ['another group', ['in tcp/443 from sg-app']],
    ['CloudFront on another port', ['in tcp/8443 from pl-cloudfront', 'in tcp/80 from sg-service']],
  ])('is not where it lets in %s', (_, group) => {
    expect(told(estate({ group }))).toEqual([]);
  });

  test('is told with what leads to it, and from no address outside', () => {
    const network = networkOf(estate());
    const [exposure] = network.exposures();
    expect(exposure?.via.slice(0, 2)).toEqual([DISTRIBUTION, VPC_ORIGIN]);
    expect(exposure?.evidence.map(({ asset, fact }) => `${asset} ${fact}`)).toEqual(
      expect.arrayContaining([
        `${DISTRIBUTION} it sends requests to ${VPC_ORIGIN}`,
        `${VPC_ORIGIN} it leads to i-web on tcp/443`,
      ]),
    );
    expect(exposure?.sources).toEqual(['15.158.0.0/16', '130.176.0.0/18']);
    expect(network.reach({ from: 'internet', to: idOf('i-web') }).verdict).toBe('no');
  });

  test.each([
    [
      'its distribution is off',
      { distribution: { Enabled: false }, records: { 'global/cloudfront/ListVpcOrigins': {} } },
    ],
    ['the VPC has no internet gateway', { records: { 'ec2/DescribeInternetGateways': { InternetGateways: [] } } }],
    [
      'Block Public Access is on',
      {
        records: {
          'ec2/DescribeVpcBlockPublicAccessOptions': {
            VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-ingress', State: 'update-complete' },
          },
          'ec2/DescribeVpcBlockPublicAccessExclusions': { VpcBlockPublicAccessExclusions: [] },
        },
      },
    ],
    ['it leads to another one', { endpoint: 'i-app' }],
  ])('is not exposed where %s', (_, change) => {
    expect(told(estate(change))).toEqual([]);
  });
});

describe('the ports of a VPC origin', () => {
  const group = ['in tcp/0-65535 from sg-service'];
  test.each([
    ['https-only', {}, 'tcp/443'],
    ['http-only', {}, 'tcp/80'],
    // Viewers who come without TLS are sent away.
    ['match-viewer', {}, 'tcp/443'],
    ['match-viewer', { ViewerProtocolPolicy: 'allow-all' }, 'tcp/80,tcp/443'],
  ])('are those of %s', (OriginProtocolPolicy, behavior, ports) => {
    expect(told(estate({ group, behavior, config: { OriginProtocolPolicy } }))).toEqual([
      `i-web cloudfront yes ${ports}`,
    ]);
  });

  test('are not known where they were not collected', () => {
    const text = estate({ group, missing: ['global/cloudfront/GetVpcOrigin'] });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/80,tcp/443,tcp/1024-65535']);
    expect(conditionsOf(text)).toEqual([`ports of ${VPC_ORIGIN} Known on which ones it asks was not collected`]);
  });
});

describe('what a distribution asks of viewers is a condition', () => {
  const signed = { TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['kg'] } };
  const more = (behavior: JsonObject): Estate => ({
    behavior: signed,
    distribution: { CacheBehaviors: { Items: [{ PathPattern: '/open/*', TargetOriginId: 'web', ...behavior }] } },
  });
  test.each([
    ['signed URLs', { behavior: signed }, `signed URLs of ${DISTRIBUTION}`],
    [
      'signed URLs of an account',
      { behavior: { TrustedSigners: { Enabled: true } } },
      `signed URLs of ${DISTRIBUTION}`,
    ],
    ['signed URLs by every behavior', more(signed), `signed URLs of ${DISTRIBUTION}`],
    ['a web ACL', { distribution: { WebACLId: 'arn:aws:wafv2:…:webacl/x' } }, `web ACL of ${DISTRIBUTION}`],
    [
      'a country',
      { distribution: { Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Items: ['DE'] } } } },
      'the country of the viewer In DE',
    ],
    [
      'another country',
      { distribution: { Restrictions: { GeoRestriction: { RestrictionType: 'blacklist', Items: ['DE'] } } } },
      'the country of the viewer NotIn DE',
    ],
    [
      'what a function says',
      { behavior: { FunctionAssociations: { Items: [{ EventType: 'viewer-request' }] } } },
      `functions of ${DISTRIBUTION}`,
    ],
    ['a certificate', { distribution: { ViewerMtlsConfig: { Mode: 'required' } } }, `viewers of ${DISTRIBUTION}`],
    ['to be let on by another', { distribution: { Staging: true } }, `staging of ${DISTRIBUTION}`],
    ['tenants', { distribution: { ConnectionMode: 'tenant-only' } }, `tenants of ${DISTRIBUTION}`],
    ['that it is deployed', { vpcOrigin: { Status: 'Deploying' } }, `state of ${VPC_ORIGIN} Is Deployed`],
  ])('%s', (_, change, condition) => {
    const text = estate(change);
    expect(told(text).map((line) => line.replace(/ (unknown|depends) /, ' ? '))).toEqual([
      'i-web cloudfront ? tcp/443',
    ]);
    expect(conditionsOf(text).join('\n')).toContain(condition);
  });

  test.each([
    ['one behavior asks for nothing', more({})],
    [
      'a function runs on answers alone',
      { behavior: { FunctionAssociations: { Items: [{ EventType: 'viewer-response' }] } } },
    ],
    ['no country is left out', { distribution: { Restrictions: { GeoRestriction: { RestrictionType: 'none' } } } }],
    ['key groups are named but off', { behavior: { TrustedKeyGroups: { Enabled: false, Quantity: 0 } } }],
  ])('none where %s', (_, change) => {
    expect(told(estate(change))).toEqual(['i-web cloudfront yes tcp/443']);
  });
});

describe('each port of a VPC origin hangs on the behaviors that come to it', () => {
  const group = ['in tcp/0-65535 from sg-service'];
  const signed = { TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['kg'] } };
  const by = (behavior: JsonObject, path: JsonObject, OriginProtocolPolicy = 'match-viewer'): NetworkText =>
    estate({
      group,
      config: { OriginProtocolPolicy },
      behavior,
      distribution: { CacheBehaviors: { Items: [{ PathPattern: '/files/*', TargetOriginId: 'web', ...path }] } },
    });
  const plain = { ViewerProtocolPolicy: 'allow-all' };
  const secure = { ViewerProtocolPolicy: 'https-only' };

  test('that of HTTP on those that take it', () => {
    const text = by(secure, { ...plain, ...signed });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/80', 'i-web cloudfront yes tcp/443']);
    expect(conditionsOf(text).join()).toContain(`signed URLs of ${DISTRIBUTION}`);
  });

  test('not on those that ask for as much, but of something else', () => {
    const code = { FunctionAssociations: { Items: [{ EventType: 'viewer-request' }] } };
    const text = by({ ...plain, ...code }, { ...secure, ...signed });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/80,tcp/443']);
    expect(conditionsOf(text).map((line) => line.split(' of ')[0])).toEqual(['functions', 'signed URLs']);
  });

  test.each([
    ['anybody may come by HTTP to', by(plain, { ...secure, ...signed }), 'tcp/80,tcp/443'],
    ['nobody may come by HTTP to', by(secure, { ...secure, ...signed }), 'tcp/443'],
    ['is asked by TLS alone', by(secure, { ...plain, ...signed }, 'https-only'), 'tcp/443'],
    ['is asked without TLS alone', by(secure, { ...plain, ...signed }, 'http-only'), 'tcp/80'],
  ])('and is free where %s', (_, text, ports) => {
    expect(told(text)).toEqual([`i-web cloudfront yes ${ports}`]);
  });
});

describe('an origin that no behavior leads to', () => {
  const behavior = { TargetOriginId: 'other' };
  test('is asked nothing; other accounts may ask, where it is shared', () => {
    const text = estate({ behavior });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(conditionsOf(text).join()).toContain('one of another account, with which it is shared');
  });

  test('may be asked where a function chooses origins', () => {
    const text = estate({
      behavior: { ...behavior, FunctionAssociations: { Items: [{ EventType: 'viewer-request' }] } },
    });
    expect(conditionsOf(text).join()).toContain(`functions of ${DISTRIBUTION}`);
  });

  test('is asked where a group of origins has it, the second one where the first fails', () => {
    const group = (...ids: readonly string[]): Estate => ({
      behavior: { TargetOriginId: 'both' },
      distribution: {
        OriginGroups: { Items: [{ Id: 'both', Members: { Items: ids.map((OriginId) => ({ OriginId })) } }] },
      },
    });
    expect(told(estate(group('web', 'other')))).toEqual(['i-web cloudfront yes tcp/443']);
    expect(told(estate(group('other', 'web')))).toEqual(['i-web cloudfront unknown tcp/443']);
  });
});

describe('what was not collected of CloudFront', () => {
  test('is a condition of what its own group may lead it to', () => {
    const text = estate({ missing: ['global/cloudfront/ListDistributions', 'global/cloudfront/ListVpcOrigins'] });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(conditionsOf(text)).toEqual([
      `VPC origins of ${ACCOUNT} Known whether one leads to ${idOf('i-web')} was not collected`,
    ]);
    expect(told(estate({ group: [], missing: ['global/cloudfront/ListVpcOrigins'] }))).toEqual([]);
  });

  test('is none where no distribution has a VPC origin, or CloudFront has no group in the VPC', () => {
    const without = estate({
      distribution: { Origins: { Items: [{ Id: 'web', DomainName: 'www.example.com' }] } },
      missing: ['global/cloudfront/ListVpcOrigins'],
    });
    expect(told(without)).toEqual([]);
    const text = estate({ group: [OF_CLOUDFRONT], missing: ['global/cloudfront/ListVpcOrigins'] });
    const { 'sg-service': _, ...groups } = text.groups;
    expect(told({ ...text, groups: { ...groups, 'sg-lb': [] } })).toEqual([]);
  });

  test('may lead into any VPC whose groups were not collected, where a distribution names one', () => {
    const missing = ['global/cloudfront/ListVpcOrigins', 'ec2/DescribeSecurityGroups'];
    const text = estate({ missing });
    expect(told(text)).toContain('i-web cloudfront unknown tcp/80,tcp/443,tcp/1024-65535');
    expect(conditionsOf(text).join()).toContain(`whether one leads to ${idOf('i-web')} was not collected`);
    expect(networkOf(text).exposures()[0]?.via).toContain(VPC_ORIGIN);
    const without = { Origins: { Items: [{ Id: 'web', DomainName: 'www.example.com' }] } };
    expect(told(estate({ missing, distribution: without }))).toEqual([]);
    expect(told(estate({ missing: [...missing, 'global/cloudfront/ListDistributions'] }))).toEqual([]);
  });

  test('is a condition beside others', () => {
    const behavior = { TrustedKeyGroups: { Enabled: true } };
    const edge = 'addresses of CloudFront Known from which of them it asks is not in the API';
    const some = estate({ behavior, group: ['in tcp/443 from 130.176.0.0/20'] });
    expect(told(some)).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(conditionsOf(some)).toContain(edge);
    const every = conditionsOf(estate({ behavior, group: [OF_CLOUDFRONT] }));
    expect(every.join()).toContain('signed URLs');
    expect(every).not.toContain(edge);
  });

  test('is a condition where only the distributions are not known', () => {
    const text = estate({ missing: ['global/cloudfront/ListDistributions'] });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(conditionsOf(text).join()).toContain('whether one sends there was not collected');
  });

  test('is no condition of what CloudFront’s own group or everybody may, where its addresses were not', () => {
    const lists = { 'ec2/DescribeManagedPrefixLists': {}, 'ec2/GetManagedPrefixListEntries': {} };
    expect(told(estate({ records: lists }))).toEqual(['i-web cloudfront yes tcp/443']);
    expect(told(estate({ records: lists, group: [OF_CLOUDFRONT] }))).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(told(estate({ records: lists, group: ['in tcp/443 from 130.176.0.0/20'] }))).toEqual([
      'i-web cloudfront unknown tcp/443',
    ]);
  });

  test('may be a network ACL, of which AWS does not say whether it is asked', () => {
    const text = estate({ acl: ['in 100 allow tcp/22 from 0.0.0.0/0', 'out 100 allow all to 0.0.0.0/0'] });
    expect(told(text)).toEqual(['i-web cloudfront unknown tcp/443']);
    expect(conditionsOf(text).join()).toContain('network ACL of subnet-a');
  });
});

test('a VPC origin of another account is followed where that account, or the distribution’s, lists it', () => {
  const shared = {
    distribution: {
      ARN: 'arn:aws:cloudfront::999988887777:distribution/E1',
      Origins: {
        Items: [{ Id: 'web', DomainName: 'x', VpcOriginConfig: { VpcOriginId: 'vo_1', OwnerAccountId: ACCOUNT } }],
      },
    },
  };
  expect(told(estate(shared))).toEqual(['i-web cloudfront yes tcp/443']);
});

describe('targets behind a balancer behind a VPC origin', () => {
  const behind = (name: string, more: Partial<NonNullable<NetworkText['balancers']>[string]> = {}): NetworkText =>
    estate({
      endpoint: name,
      config: { OriginProtocolPolicy: 'http-only' },
      behind: {
        balancers: {
          [name]: { subnets: ['subnet-a'], groups: ['sg-lb'], listeners: { 'tcp/80': 'tg-app' }, ...more },
        },
        targetGroups: { 'tg-app': { targets: ['i-app:8080'], port: 8080, keepsClient: false } },
      },
    });

  test.each(['lb-app-in', 'lb-net-in'])('are exposed: %s', (name) => {
    const text = behind(name);
    expect(told(text)).toEqual(['i-app cloudfront yes tcp/8080']);
    expect(networkOf(text).exposures()[0]?.via).toContain(idOf(name));
  });

  test('are not where the balancer listens on another port, or sends on none', () => {
    expect(told(behind('lb-app-in', { listeners: { 'tcp/8080': 'tg-app' } }))).toEqual([]);
    expect(told(behind('lb-app-in', { listeners: { 'tcp/80': 'fixed' } }))).toEqual([]);
    expect(told(behind('lb-app-in', { groups: ['sg-app'] }))).toEqual([]);
  });

  test('are where a rule asks for addresses, only if CloudFront has them', () => {
    expect(told(behind('lb-app-in', { listeners: { 'tcp/80': ['tg-app from 198.51.100.0/24', 'fixed'] } }))).toEqual(
      [],
    );
  });
});

describe('a balancer with a public name', () => {
  const NAME = 'Web-1.us-east-1.elb.amazonaws.com';
  /** A host behind a balancer with such a rule, and a distribution that asks for a name. */
  const named = (DomainName: string, rule: string): NetworkText => {
    const text = estate({
      distribution: { Origins: { Items: [{ Id: 'web', DomainName, CustomOriginConfig: {} }] } },
      behind: {
        balancers: {
          'lb-app-web': {
            facing: true,
            dns: NAME,
            subnets: ['subnet-a'],
            nodes: { 'subnet-a': '10.0.1.20 203.0.113.20' },
            groups: ['sg-lb'],
            listeners: { 'tcp/80': 'tg-app' },
          },
        },
        targetGroups: { 'tg-app': { targets: ['i-app:8080'], port: 8080, keepsClient: false } },
      },
      records: { 'global/cloudfront/ListVpcOrigins': {} },
    });
    const { 'subnet-a': subnet } = text.subnets;
    return {
      ...text,
      subnets: { 'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', ...subnet, routes: { '0.0.0.0/0': 'igw-a' } } },
      groups: { ...text.groups, 'sg-web': [], 'sg-lb': [rule] },
    };
  };
  const viaOf = (text: NetworkText): readonly string[] => networkOf(text).exposures()[0]?.via ?? [];

  test.each([NAME, `dualstack.${NAME.toLowerCase()}`])('is told with the distribution that asks for %s', (domain) => {
    const text = named(domain, 'in tcp/80 from pl-cloudfront');
    expect(told(text)).toEqual(['i-app cloudfront yes tcp/8080']);
    expect(viaOf(text)).toContain(DISTRIBUTION);
  });

  test('is told without one that asks for another, or where it is open to everybody', () => {
    expect(viaOf(named('web-2.us-east-1.elb.amazonaws.com', 'in tcp/80 from pl-cloudfront'))).not.toContain(
      DISTRIBUTION,
    );
    const open = named(NAME, 'in tcp/80 from 0.0.0.0/0');
    expect(told(open)).toEqual(['i-app internet yes tcp/8080']);
    expect(viaOf(open)).not.toContain(DISTRIBUTION);
  });
});
