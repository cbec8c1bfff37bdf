import { describe, expect, test } from 'vitest';
import { type NetworkText, idOf, networkOf } from './case-network.js';

const IPV4 = ['in 100 allow all from 0.0.0.0/0', 'out 100 allow all to 0.0.0.0/0'];
const BOTH = [...IPV4, 'in 101 allow all from ::/0', 'out 101 allow all to ::/0'];

const NETWORK: NetworkText = {
  vpcs: { 'vpc-a': ['10.0.0.0/16', '2600:1f00:0:100::/56'] },
  subnets: {
    'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', ipv6: '2600:1f00:0:101::/64', acl: BOTH },
    'subnet-b': { vpc: 'vpc-a', cidr: '10.0.2.0/24', ipv6: '2600:1f00:0:102::/64', acl: IPV4 },
    'subnet-c': { vpc: 'vpc-a', cidr: '10.0.3.0/24', ipv6: '2600:1f00:0:103::/64', acl: BOTH },
    'subnet-d': { vpc: 'vpc-a', cidr: '10.0.4.0/24', acl: IPV4 },
  },
  groups: { 'sg-a': ['in tcp/22 from ::/0', 'in tcp/443 from 0.0.0.0/0', 'out all to ::/0', 'out all to 0.0.0.0/0'] },
  hosts: {
    'i-a': { subnet: 'subnet-a', ip: '10.0.1.10', ipv6: '2600:1f00:0:101::a', groups: ['sg-a'] },
    'i-b': { subnet: 'subnet-b', ip: '10.0.2.10', ipv6: '2600:1f00:0:102::a', groups: ['sg-a'] },
    'i-c': { subnet: 'subnet-c', ip: '10.0.3.10', ipv6: '2600:1f00:0:103::a', groups: ['sg-a'] },
    'i-d': { subnet: 'subnet-d', ip: '10.0.4.10', groups: ['sg-a'] },
  },
};

describe('a network ACL that lets all of IPv4 through and nothing of IPv6', () => {
  const network = networkOf(NETWORK);

  test('stops IPv6 in links as in answers to single questions', () => {
    const pairs = ['i-a', 'i-b', 'i-c'].flatMap((from) => ['i-a', 'i-b', 'i-c'].map((to) => [from, to] as const));
    const linked = (from: string, to: string, port: string): boolean =>
      network
        .links()
        .some((l) => l.ports.includes(port) && l.sources.includes(idOf(from)) && l.targets.includes(idOf(to)));
    for (const [from, to] of pairs.filter(([a, b]) => a !== b)) {
      const isOpen = from !== 'i-b' && to !== 'i-b';
      expect(linked(from, to, 'tcp/22'), `${from} ${to}`).toBe(isOpen);
      const { verdict } = network.reach({ from: idOf(from), to: idOf(to), port: 'tcp/22' });
      expect(verdict, `${from} ${to}`).toBe(isOpen ? 'yes' : 'no');
      expect(linked(from, to, 'tcp/443'), `${from} ${to}`).toBe(true);
    }
  });

  test('is one that opening changes, where its subnet has IPv6 addresses', () => {
    const narrow = ['i-a', 'i-b', 'i-d'].map((host) => network.surroundings(idOf(host))?.narrowAcls.length);
    expect(narrow).toEqual([0, 1, 0]);
    expect(network.narrowAcls()).toEqual(network.surroundings(idOf('i-b'))?.narrowAcls);
  });
});
