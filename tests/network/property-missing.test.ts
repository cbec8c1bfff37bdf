import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at, field, objects, text } from '../../src/model/index.js';
import { buildNetwork, type Network } from '../../src/network/index.js';
import { memorySnapshot, type Snapshot } from '../../src/snapshot/index.js';
import { seed } from './oracle/agree.js';
import { type Answers, snapshotOf } from './oracle/cloud.js';
import { networkArbitrary } from './oracle/network-arbitrary.js';

const NETWORKS = process.env['CI'] === 'true' ? 60 : 25;

/**
 * Where no place was asked for Block Public Access it counts as off. AWS says of a route to a gateway that is not attached that it is a blackhole; here they
 * are drawn as active. The default action of a listener counts as what becomes of requests where its rules were not asked for, and a search that found
 * propagated routes as one for all.
 */
const TAKEN_FOR_GRANTED =
  /BlockPublicAccessOptions|DescribeInternetGateways|DescribeRules|GetTransitGatewayRouteTablePropagations/;

/** Operations that are called once a resource: one of them may be refused alone. */
const KEYED =
  /SearchTransitGatewayRoutes|RouteTable(Propagations|Associations)$|PrefixListEntries|v2.Describe(Listeners|Rules|LoadBalancerAttributes|TargetGroupAttributes|TargetHealth)$/;

/** Everything that could not be had: an operation, or `operation resource`. */
const losses = (answers: Answers): readonly string[] =>
  [...answers]
    .flatMap(([name, body]) => [
      ...(TAKEN_FOR_GRANTED.test(name) ? [] : [name]),
      ...(KEYED.test(name) ? Object.keys(body).map((key) => `${name} ${key}`) : []),
    ])
    .sort();

function lose(answers: Answers, loss: string): Snapshot {
  const [name = '', resource] = loss.split(' ');
  if (resource === undefined) return snapshotOf(new Map([...answers].filter(([other]) => other !== name)));
  const { [resource]: _, ...rest } = answers.get(name) ?? {};
  const [account = '', region = '', service = '', operation = ''] = name.split('/');
  const gap = { account, region, service, operation, resource, error: 'AccessDenied', message: 'refused' };
  return memorySnapshot({ answers: snapshotOf(new Map([...answers, [name, rest]])).everyAnswer, gaps: [gap] });
}

const PORTS = ['all', 'tcp/22', 'tcp/443'];

const instancesOf = (snapshot: Snapshot): readonly string[] =>
  snapshot.answers('ec2', 'DescribeInstances').flatMap(({ account, region, body }) =>
    objects(field(body, 'Reservations'))
      .flatMap((reservation) => objects(field(reservation, 'Instances')))
      .map((instance) => `arn:aws:ec2:${region}:${account}:instance/${text(at(instance, 'InstanceId')) ?? ''}`),
  );

/** What the lists say, as `from to`: for sure, and at all. */
function told(network: Network): { readonly sure: readonly string[]; readonly possible: ReadonlySet<string> } {
  const all = [
    ...network.exposures().map(({ asset, verdict }) => ({ pair: `internet ${asset}`, verdict })),
    ...network
      .links()
      .flatMap(({ sources, targets, verdict }) =>
        sources.flatMap((from) => targets.flatMap((to) => (from === to ? [] : [{ pair: `${from} ${to}`, verdict }]))),
      ),
  ];
  return {
    sure: all.filter(({ verdict }) => verdict === 'yes').map(({ pair }) => pair),
    possible: new Set(all.map(({ pair }) => pair)),
  };
}

it(`what was not collected turns no yes into a no, and no no into a yes (TRESPASS_SEED=${seed})`, {
  timeout: 600_000,
}, () => {
  let doubted = 0;
  fc.assert(
    fc.property(networkArbitrary, fc.nat(), ({ answers }, which) => {
      const whole = snapshotOf(answers);
      const before = buildNetwork(whole);
      const listed = told(before);
      const names = losses(answers);
      for (const step of [0, 11, 23, 41]) {
        const gone = names[(which + step) % names.length] as string;
        const after = buildNetwork(lose(answers, gone));
        const port = PORTS[(which + step) % PORTS.length] as string;
        const hosts = instancesOf(whole)
          .filter((id) => after.knows(id))
          .slice(0, 4);
        for (const to of hosts)
          for (const from of ['internet', ...hosts]) {
            if (from === to) continue;
            const [was, is] = [before, after].map(({ reach }) => reach({ from, to, port }));
            const label = `${gone} ${from} → ${to} ${port} ${JSON.stringify([was, is])}`;
            if (was?.verdict === 'yes') expect(is?.verdict, label).not.toBe('no');
            if (was?.verdict === 'no') expect(is?.verdict, label).not.toBe('yes');
            if (was?.verdict !== is?.verdict) doubted += 1;
          }
        const { possible } = told(after);
        const isKnown = (pair: string): boolean => pair.split(' ').every((id) => id === 'internet' || after.knows(id));
        expect(
          listed.sure.filter((pair) => !possible.has(pair) && isKnown(pair)),
          gone,
        ).toEqual([]);
      }
    }),
    { seed, numRuns: NETWORKS, endOnFailure: true },
  );
  expect(doubted).toBeGreaterThan(0);
});
