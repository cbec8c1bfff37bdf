import { describe, expect, test } from 'vitest';
import { type NetworkText, idOf, networkOf } from './case-network.js';

const HOSTS = ['i-one', 'i-two'] as const;

/** Two hosts that are alike but for their addresses, and a third behind a balancer whose listener has some rules, the last one for everybody. */
const network = (...rules: readonly string[]): NetworkText => ({
  vpcs: { 'vpc-a': '10.0.0.0/16' },
  subnets: {
    'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24' },
    'subnet-b': { vpc: 'vpc-a', cidr: '10.0.2.0/24' },
  },
  groups: { 'sg-a': [], 'sg-lb': ['in tcp/443 from 10.0.1.0/24'], 'sg-t': ['in tcp/80 from sg-lb'] },
  hosts: {
    'i-one': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-a'] },
    'i-two': { subnet: 'subnet-a', ip: '10.0.1.11', groups: ['sg-a'] },
    'i-t': { subnet: 'subnet-b', ip: '10.0.2.10', groups: ['sg-t'] },
  },
  balancers: {
    'lb-app-x': {
      subnets: ['subnet-b'],
      groups: ['sg-lb'],
      listeners: { 'tcp/443': rules },
      nodes: { 'subnet-b': '10.0.2.200' },
    },
  },
  targetGroups: { 'tg-1': { targets: ['i-t'] } },
});

describe('rules of a listener that ask for addresses', () => {
  test.each([
    ['let some on', ['tg-1 from 10.0.1.10/32', 'fixed'], ['i-one']],
    ['let some on, beside all of another family', ['tg-1 from ::/0', 'tg-1 from 10.0.1.11/32', 'fixed'], ['i-two']],
    ['keep some out', ['fixed from 10.0.1.10/32', 'tg-1'], ['i-two']],
    ['keep all out that there are', ['fixed from 0.0.0.0/1', 'tg-1'], []],
    ['keep nobody out', ['fixed from 10.9.0.0/16', 'tg-1'], ['i-one', 'i-two']],
  ])('%s, in links as in answers to single questions', (_, rules, expected) => {
    const { links, reach } = networkOf(network(...rules));
    const linked = links().flatMap(({ sources, targets }) => (targets.includes(idOf('i-t')) ? sources : []));
    expect(HOSTS.filter((host) => linked.includes(idOf(host)))).toEqual(expected);
    const reaching = HOSTS.filter((host) => reach({ from: idOf(host), to: idOf('i-t') }).verdict === 'yes');
    expect(reaching).toEqual(expected);
  });
});
