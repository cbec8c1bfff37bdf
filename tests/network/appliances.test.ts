import { describe, expect, test } from 'vitest';
import { type NetworkText, idOf, networkOf } from './case-network.js';

/** Two hosts of one subnet, whose way to a third leads through an appliance that lets in what its group says. */
const through = (rule: string, more: Partial<NetworkText['subnets']> = {}): NetworkText => ({
  vpcs: { 'vpc-a': '10.0.0.0/16' },
  subnets: {
    'subnet-a': { vpc: 'vpc-a', cidr: '10.0.1.0/24', routes: { '10.0.2.0/24': 'eni-fw' } },
    'subnet-b': { vpc: 'vpc-a', cidr: '10.0.2.0/24' },
    'subnet-fw': { vpc: 'vpc-a', cidr: '10.0.9.0/24' },
    ...more,
  },
  groups: {
    'sg-one': [],
    'sg-two': [],
    'sg-fw': [rule],
    'sg-b': ['in tcp/22 from 10.0.0.0/16'],
  },
  hosts: {
    'i-one': { subnet: 'subnet-a', ip: '10.0.1.10', groups: ['sg-one'] },
    'i-two': { subnet: 'subnet-a', ip: '10.0.1.11', groups: ['sg-two'] },
    'i-b': { subnet: 'subnet-b', ip: '10.0.2.10', groups: ['sg-b'] },
    'i-fw': { subnet: 'subnet-fw', ip: '10.0.9.9', groups: ['sg-fw'], checks: false },
  },
});

type Links = ReturnType<ReturnType<typeof networkOf>['links']>;

/** The verdicts of links from a host to `i-b`. */
const toB = (links: Links, from: string): readonly string[] =>
  links.flatMap(({ sources, targets, verdict }) =>
    sources.includes(idOf(from)) && targets.includes(idOf('i-b')) ? [verdict] : [],
  );

describe('links through an appliance', () => {
  test.each([
    ['one group', 'in all from sg-one'],
    ['one address', 'in all from 10.0.1.10/32'],
  ])('are those of whom its own group lets in: %s', (_, rule) => {
    const network = networkOf(through(rule));
    const links = network.links();
    expect(toB(links, 'i-one')).toEqual(['unknown']);
    expect(toB(links, 'i-two')).toEqual([]);
    for (const from of ['i-one', 'i-two'])
      expect(network.reach({ from: idOf(from), to: idOf('i-b') }).verdict).toBe(from === 'i-one' ? 'unknown' : 'no');
  });

  test('are there for all once that group is opened, and for none that the group of the target shuts out', () => {
    const network = networkOf(through('in tcp/443 from 10.0.1.10/32'));
    expect(toB(network.links(), 'i-one')).toEqual([]);
    const wanted = new Set([idOf('i-b')]);
    const opened = (group: string) =>
      network.opened({ groups: new Set([`arn:aws:ec2:us-east-1:111122223333:security-group/${group}`]) }).links(wanted);
    expect(toB(opened('sg-fw'), 'i-one')).toEqual(['unknown']);
    expect(toB(opened('sg-fw'), 'i-two')).toEqual(['unknown']);
    expect(toB(opened('sg-b'), 'i-two')).toEqual([]);
  });
});
