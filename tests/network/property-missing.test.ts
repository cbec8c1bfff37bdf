import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at, field, objects, text } from '../../src/model/index.js';
import { buildNetwork, type Network } from '../../src/network/index.js';
import type { Snapshot } from '../../src/snapshot/index.js';
import { seed } from './oracle/agree.js';
import { snapshotOf } from './oracle/cloud.js';
import { networkArbitrary } from './oracle/network-arbitrary.js';

const NETWORKS = process.env['CI'] === 'true' ? 60 : 25;

/**
 * Where no place was asked for Block Public Access it counts as off. AWS says of a route to a gateway that is not attached that it is a blackhole; here they
 * are drawn as active. The default action of a listener counts as what becomes of requests where its rules were not asked for, and a search that found
 * propagated routes as one for all.
 */
const TAKEN_FOR_GRANTED =
  /BlockPublicAccessOptions|DescribeInternetGateways|DescribeRules|GetTransitGatewayRouteTablePropagations/;

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
      const names = [...answers.keys()].filter((name) => !TAKEN_FOR_GRANTED.test(name)).sort();
      for (const step of [0, 11, 23, 41]) {
        const gone = names[(which + step) % names.length] as string;
        const after = buildNetwork(snapshotOf(new Map([...answers].filter(([name]) => name !== gone))));
        const hosts = instancesOf(whole)
          .filter((id) => after.knows(id))
          .slice(0, 4);
        for (const to of hosts)
          for (const from of ['internet', ...hosts]) {
            if (from === to) continue;
            const [was, is] = [before, after].map(({ reach }) => reach({ from, to }));
            const label = `${gone} ${from} → ${to} ${JSON.stringify([was, is])}`;
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
