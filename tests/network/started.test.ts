import { describe, expect, test } from 'vitest';
import { idOf, type NetworkText, networkOf } from './case-network.js';

const HOST = idOf('i-app');

/** A stopped host without a public address behind a balancer. */
const behind = (name: string, more: Partial<NonNullable<NetworkText['balancers']>[string]> = {}): NetworkText => ({
  vpcs: { 'vpc-a': '10.0.0.0/16' },
  subnets: {
    'subnet-pub': { vpc: 'vpc-a', cidr: '10.0.1.0/24', routes: { '0.0.0.0/0': 'igw-a' } },
    'subnet-a': { vpc: 'vpc-a', cidr: '10.0.2.0/24' },
  },
  groups: { 'sg-lb': ['in tcp/443 from 0.0.0.0/0'], 'sg-app': ['in tcp/8080 from sg-lb'] },
  hosts: {
    'i-app': { subnet: 'subnet-a', ip: '10.0.2.10', groups: ['sg-app'], state: 'stopped' },
    'i-other': { subnet: 'subnet-a', ip: '10.0.2.11', groups: ['sg-app'], state: 'stopped' },
    'i-runs': { subnet: 'subnet-a', ip: '10.0.2.12', groups: ['sg-app'] },
  },
  balancers: {
    [name]: { facing: true, subnets: ['subnet-pub'], groups: ['sg-lb'], listeners: { 'tcp/443': 'tg-app' }, ...more },
  },
  targetGroups: { 'tg-app': { targets: ['i-app:8080', 'i-runs:8080'], port: 8080, keepsClient: false } },
});

const exposed = (text: NetworkText, started: readonly string[]): readonly string[] =>
  networkOf(text)
    .opened({ started: new Set(started.map(idOf)) })
    .exposures(new Set(started.map(idOf)))
    .map(({ asset, grade, verdict, ports }) => `${asset.split('/').at(-1)} ${grade} ${verdict} ${ports.join()}`);

const unregistered = (text: NetworkText): NetworkText => ({
  ...text,
  missing: ['elastic-load-balancing-v2/DescribeTargetHealth'],
});

describe.each(['lb-app-front', 'lb-net-front'])('a stopped host behind %s', (name) => {
  test('gets nothing while it is stopped, and what the balancer sends once it runs', () => {
    const network = networkOf(behind(name));
    expect(network.reach({ from: 'internet', to: HOST, port: 'tcp/443' }).verdict).toBe('no');
    expect(network.exposures().map(({ asset }) => asset)).toEqual([idOf('i-runs')]);
    expect(exposed(behind(name), ['i-app'])).toEqual(['i-app internet yes tcp/8080']);
  });

  test.each([
    ['another one is started', behind(name), ['i-other']],
    ['the balancer is internal', behind(name, { facing: false }), ['i-app']],
    ['the balancer lets nobody in', behind(name, { groups: ['sg-app'] }), ['i-app']],
    ['the balancer has no listener', behind(name, { listeners: {} }), ['i-app']],
  ])('is not exposed where %s', (_, text, started) => {
    expect(exposed(text, started)).toEqual([]);
  });

  test('may be among targets that were not collected once it runs; before, those that run may be', () => {
    const text = unregistered(behind(name));
    expect(exposed(text, ['i-app'])).toEqual(['i-app internet unknown tcp/8080']);
    expect(
      networkOf(text)
        .exposures()
        .map(({ asset, verdict }) => `${asset} ${verdict}`),
    ).toEqual([`${idOf('i-runs')} unknown`]);
  });
});

test('a host that is named by its address keeps it while it is stopped', () => {
  const text: NetworkText = {
    ...behind('lb-app-front'),
    targetGroups: { 'tg-app': { kind: 'ip', targets: ['10.0.2.10:8080'], port: 8080, keepsClient: false } },
  };
  expect(exposed(text, ['i-app'])).toEqual(['i-app internet yes tcp/8080']);
  expect(exposed(text, ['i-other'])).toEqual([]);
});

test('a stopped host behind an accelerator is exposed by it once it runs', () => {
  const { balancers: _, targetGroups: __, ...rest } = behind('lb-app-front');
  const group = 'arn:aws:globalaccelerator::111122223333:accelerator/a/listener/l';
  const accelerated = (EndpointId: string): NetworkText => ({
    ...rest,
    groups: { 'sg-app': ['in tcp/8080 from 0.0.0.0/0'] },
    records: {
      'ec2/DescribeInternetGateways': {
        InternetGateways: [{ InternetGatewayId: 'igw-a', Attachments: [{ VpcId: 'vpc-a', State: 'available' }] }],
      },
      'global/global-accelerator/ListAccelerators': {
        Accelerators: [{ AcceleratorArn: 'arn:aws:globalaccelerator::111122223333:accelerator/a', Enabled: true }],
      },
      'global/global-accelerator/ListListeners': {
        'arn:aws:globalaccelerator::111122223333:accelerator/a': {
          Listeners: [{ ListenerArn: group, Protocol: 'TCP', PortRanges: [{ FromPort: 8080, ToPort: 8080 }] }],
        },
      },
      'global/global-accelerator/ListEndpointGroups': {
        [group]: { EndpointGroups: [{ EndpointDescriptions: [{ EndpointId, ClientIPPreservationEnabled: true }] }] },
      },
    },
  });
  const grades = (text: NetworkText) => exposed(text, ['i-app']).filter((line) => line.includes(' yes '));
  expect(grades(accelerated('i-app'))).toEqual(['i-app internet yes tcp/8080']);
  expect(grades(accelerated('i-runs'))).toEqual([]);
});
