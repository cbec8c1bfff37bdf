import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sortedUnique } from '../../src/model/index.js';
import { idOf, type NetworkText, networkOf } from './case-network.js';

const read = (name: string): readonly (NetworkText & { readonly name: string })[] =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8'));

const CASES = [...read('private-link'), ...read('groups'), ...read('outbound')];

const sketchOf = (name: string): NetworkText => CASES.find((item) => item.name === name) as NetworkText;

/** Of a sketch: `ports verdict` of the links from one host to another, and what their conditions are about. */
function linksOf(sketch: NetworkText, from: string, to: string): readonly string[] {
  return networkOf(sketch)
    .links()
    .filter(({ sources, targets }) => sources.includes(idOf(from)) && targets.includes(idOf(to)))
    .map(({ ports, verdict, conditions }) =>
      [ports.join(), verdict, ...conditions.map(({ key, values }) => `${key}: ${values.join()}`)].join(' '),
    );
}

describe('links through endpoints of customers', () => {
  test('lead to the targets of the balancer, for whom the endpoint lets in', () => {
    const sketch = sketchOf('an endpoint service');
    expect(linksOf(sketch, 'i-a', 'i-t')).toEqual(['tcp/8443 yes']);
    expect(linksOf(sketch, 'i-b', 'i-t')).toEqual([]);
    expect(linksOf(sketch, 'i-t', 'i-a')).toEqual([]);
  });

  test('are none where the endpoint was not accepted', () => {
    expect(linksOf(sketchOf('an endpoint service that did not accept an endpoint'), 'i-a', 'i-t')).toEqual([]);
  });

  test('are unknown where the service was not collected, for whom the endpoint lets in', () => {
    const sketch = sketchOf('an endpoint service that was not collected');
    const [link, ...others] = linksOf(sketch, 'i-a', 'i-t');
    expect(link).toMatch(/^tcp\/8443 unknown .*vpce-svc-1.*DescribeVpcEndpointServiceConfigurations/);
    expect(others).toEqual([]);
    expect(linksOf(sketch, 'i-b', 'i-t')).toEqual([]);
    const { reach } = networkOf(sketch);
    const verdictFrom = (from: string) => reach({ from: idOf(from), to: idOf('i-t'), port: 'tcp/8443' }).verdict;
    expect([verdictFrom('i-a'), verdictFrom('i-b')]).toEqual(['unknown', 'no']);
  });

  test('are none where the account was asked, and none by an unseen service that leads to no target', () => {
    expect(linksOf(sketchOf("an endpoint of somebody else's service"), 'i-a', 'i-t')).toEqual([]);
    const shut = { ...sketchOf('an endpoint service that was not collected') };
    const groups = { ...shut.groups, 'sg-t': ['in tcp/8443 from 10.0.9.0/24'] };
    expect(linksOf({ ...shut, groups }, 'i-a', 'i-t')).toEqual([]);
  });
});

test('links from a function whose interface was not collected are unknown where a part of its subnet is let in', () => {
  const sketch = sketchOf('a function whose interface was not collected');
  const from = 'arn:aws:lambda:us-east-1:111122223333:function:f';
  const verdicts = ['i-low', 'i-high', 'i-all', 'i-both', 'i-none', 'i-acl'].map((to) =>
    linksOf(sketch, from, to).map((link) => link.split(' ').slice(0, 2).join(' ')),
  );
  expect(verdicts).toEqual([
    ['tcp/80 unknown'],
    ['tcp/80 unknown'],
    ['tcp/80-81 yes'],
    ['tcp/80 unknown'],
    [],
    ['tcp/80 unknown'],
  ]);
});

describe('links through NAT gateways into other VPCs', () => {
  const name = 'a private NAT gateway on the way into another VPC';
  const cases = read('routes').filter((item) => item.name.includes('NAT gateway'));
  const followed = cases.find((item) => item.name === name) as NetworkText;

  test.each(cases.map((item) => [item.name, item] as const))('are as questions are answered: %s', (_, sketch) => {
    const { reach } = networkOf(sketch);
    const told = (from: string, to: string): string =>
      linksOf(sketch, from, to)
        .map((link) => link.split(' ').slice(0, 2).join(' '))
        .join('; ');
    const answered = (from: string, to: string): string => {
      const { verdict, allowed } = reach({ from: idOf(from), to: idOf(to) });
      return verdict === 'no' ? '' : `${sortedUnique(allowed.flatMap(({ ports }) => ports)).join()} ${verdict}`;
    };
    const pairs = Object.keys(sketch.hosts).flatMap((from) =>
      Object.keys(sketch.hosts).flatMap((to) => (from === to ? [] : [[from, to] as const])),
    );
    expect(pairs.map(([from, to]) => [from, to, told(from, to)])).toEqual(
      pairs.map(([from, to]) => [from, to, answered(from, to)]),
    );
  });

  test('lead from all that send by one whose address is let in, and not from who goes beside it', () => {
    const hosts = {
      ...followed.hosts,
      'i-same': { subnet: 'subnet-a', ip: '10.0.1.11', groups: ['sg-a'] },
      'i-beside': { subnet: 'subnet-nat', ip: '100.64.1.9', groups: ['sg-a'] },
      'i-shut': { subnet: 'subnet-a', ip: '10.0.1.12', groups: ['sg-shut'] },
    };
    const groups = { ...followed.groups, 'sg-shut': ['out tcp/443 to 0.0.0.0/0'] };
    const sketch = { ...followed, hosts, groups };
    expect(linksOf(sketch, 'i-a', 'i-b')).toEqual(['tcp/22 yes']);
    expect(linksOf(sketch, 'i-same', 'i-b')).toEqual(['tcp/22 yes']);
    expect(linksOf(sketch, 'i-beside', 'i-b')).toEqual(['tcp/443 yes']);
    expect(linksOf(sketch, 'i-shut', 'i-b')).toEqual([]);
  });
});

test('links by a NAT gateway that translates lead to IPv4 hosts that let the gateway in', () => {
  const sketch = sketchOf('an IPv6 host behind a NAT gateway that translates');
  const to = (from: string, host: string): readonly string[] => linksOf(sketch, from, host);
  expect([to('i-6', 'i-4'), to('i-6', 'i-nat')]).toEqual([['tcp/22 yes'], ['tcp/22 yes']]);
  expect([to('i-6', 'i-few'), to('i-6', 'i-far'), to('i-o', 'i-4'), to('i-4', 'i-6')]).toEqual([[], [], [], []]);
  expect(linksOf(sketchOf('an IPv6 host without a route to a NAT gateway'), 'i-6', 'i-4')).toEqual([]);
});
