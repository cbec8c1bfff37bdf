import { describe, expect, test } from 'vitest';
import { type NetworkText, idOf, networkOf } from './case-network.js';

const HOST = idOf('i-a');

/** A host with an IPv6 address in a subnet whose routes are given. */
const hostBehind = (routes: Readonly<Record<string, string>>, ipv6?: string): NetworkText => ({
  vpcs: { 'vpc-a': ['10.0.0.0/16', '2600:1f00:0:100::/56'] },
  subnets: {
    'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', ...(ipv6 && { ipv6: '2600:1f00:0:101::/64' }), routes },
  },
  groups: { 'sg-a': ['in tcp/22 from 0.0.0.0/0', 'in tcp/22 from ::/0'] },
  hosts: { 'i-a': { subnet: 'subnet-a', ip: '10.0.1.10', ...(ipv6 && { ipv6 }), groups: ['sg-a'] } },
  records: {
    'ec2/DescribeInternetGateways': {
      InternetGateways: [{ InternetGatewayId: 'igw-a', Attachments: [{ VpcId: 'vpc-a', State: 'available' }] }],
    },
  },
});

/** The tables around the host that lead inward, and who is exposed once they are opened. */
function opened(text: NetworkText): { readonly tables: number; readonly exposed: readonly string[] } {
  const network = networkOf(text);
  const tables = network.surroundings(HOST)?.inwardTables ?? [];
  const exposures = network.opened({ tables: new Set(tables) }).exposures(new Set([HOST]));
  return { tables: tables.length, exposed: exposures.map(({ asset, ports }) => `${asset} ${ports.join()}`) };
}

describe('a route table that is opened', () => {
  const IPV6 = '2600:1f00:0:101::a';

  test.each([
    ['lets nothing of IPv6 out', { '0.0.0.0/0': 'igw-a' }],
    ['lets IPv6 out alone', { '0.0.0.0/0': 'igw-a', '::/0': 'eigw-a' }],
  ])('exposes a host by its IPv6 address, where the table %s', (_, routes) => {
    const text = hostBehind(routes, IPV6);
    expect(networkOf(text).exposures()).toEqual([]);
    expect(opened(text)).toEqual({ tables: 1, exposed: [`${HOST} tcp/22`] });
  });

  test('changes nothing where both families have their route', () => {
    const text = hostBehind({ '0.0.0.0/0': 'igw-a', '::/0': 'igw-a' }, IPV6);
    expect(networkOf(text).exposures().length).toBe(1);
    expect(opened(text).tables).toBe(0);
  });

  test('exposes no host that has no address of the internet', () => {
    expect(opened(hostBehind({}))).toEqual({ tables: 1, exposed: [] });
    expect(opened(hostBehind({ '0.0.0.0/0': 'igw-a' }))).toEqual({ tables: 0, exposed: [] });
  });
});
