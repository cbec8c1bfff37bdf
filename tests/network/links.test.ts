import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { idOf, type NetworkText, networkOf } from './case-network.js';

const CASES = JSON.parse(
  readFileSync(new URL('cases/private-link.json', import.meta.url), 'utf8'),
) as readonly (NetworkText & {
  readonly name: string;
})[];

const GROUPS = JSON.parse(readFileSync(new URL('cases/groups.json', import.meta.url), 'utf8')) as typeof CASES;

const sketchOf = (name: string): NetworkText => [...CASES, ...GROUPS].find((item) => item.name === name) as NetworkText;

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
