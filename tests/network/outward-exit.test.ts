import { expect, test } from 'vitest';
import { unknown } from '../../src/model/index.js';
import type { Interface } from '../../src/network/interfaces.js';
import { INTERNET, ipSet, NO_ADDRESSES, toCidrs } from '../../src/network/ip-set.js';
import { outwardExit } from '../../src/network/outward-exit.js';
import { parsePorts } from '../../src/network/port-set.js';
import { readWorld } from '../../src/network/world.js';
import { snapshotOf } from './case-network.js';

const nat = (id: string, PublicIp: string) => ({
  NatGatewayId: id,
  State: 'available',
  SubnetId: 'subnet-nat',
  VpcId: 'vpc-a',
  NatGatewayAddresses: [{ PublicIp }],
});

const world = readWorld(
  snapshotOf({
    vpcs: { 'vpc-a': '10.0.0.0/16' },
    subnets: {
      'subnet-a': {
        vpc: 'vpc-a',
        cidr: '10.0.1.0/24',
        routes: { '0.0.0.0/0': 'igw-a', '198.51.100.0/24': 'nat-1', '203.0.113.0/24': 'nat-2' },
      },
      'subnet-nat': { vpc: 'vpc-a', cidr: '10.0.2.0/24', routes: { '0.0.0.0/0': 'igw-a' } },
    },
    groups: { 'sg-a': [] },
    hosts: { 'i-a': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-a'] } },
    records: {
      'ec2/DescribeNatGateways': { NatGateways: [nat('nat-1', '52.0.0.1'), nat('nat-2', '52.0.0.2')] },
    },
  }),
);
const from = world.interfaces.get('eni-a') as Interface;
const OWN = { ips: ipSet('10.0.1.10/32'), family: 4 } as const;
const IN_DOUBT = unknown('the public address of a task', 'its interface was not collected');

const exitTo = (dst: typeof INTERNET, publicIp?: string, publicIf = IN_DOUBT) =>
  outwardExit(
    world,
    from,
    { ...OWN, isPublicUnknown: true, publicIp, ...(publicIp === undefined && { publicIf }) },
    publicIp === undefined ? NO_ADDRESSES : ipSet(`${publicIp}/32`),
    [{ src: OWN.ips, dst, ports: parsePorts('tcp/443') ?? [] }],
  );
const v4 = { v4: INTERNET.v4, v6: [] };

test('whether an address is public is asked of what takes the internet gateway alone', () => {
  const { outcome } = exitTo(v4);
  expect(outcome.sure.flatMap(({ dst }) => toCidrs(dst))).toEqual(['198.51.100.0/24', '203.0.113.0/24']);
  expect(outcome.maybe.length).toBeGreaterThan(0);
  expect(outcome.conditions).toEqual([IN_DOUBT]);
  expect(exitTo(ipSet('198.51.100.0/24')).outcome).toMatchObject({ maybe: [], conditions: [] });
});

test('the far end sees one of the addresses of all ways out', () => {
  const seenAt = (dst: typeof INTERNET, publicIp?: string) => toCidrs(exitTo(dst, publicIp).seenAs);
  expect(seenAt(ipSet('198.51.100.0/24'), '52.0.0.9')).toEqual(['52.0.0.1/32']);
  expect(seenAt(ipSet('198.51.100.0/24', '203.0.113.0/24'), '52.0.0.9')).toEqual(['52.0.0.1/32', '52.0.0.2/32']);
  expect(seenAt(v4, '52.0.0.9')).toEqual(['52.0.0.1/32', '52.0.0.2/32', '52.0.0.9/32']);
  // Which public address its own is was not collected.
  expect(seenAt(v4)).toEqual([]);
});
