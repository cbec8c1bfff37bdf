import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, field, objects, sortedUnique, text } from '../../src/model/index.js';
import { type AllowedFlow, buildNetwork, type Network } from '../../src/network/index.js';
import { formatPorts, parsePorts, type PortSet, subtractPorts, unitePorts } from '../../src/network/port-set.js';
import type { Snapshot } from '../../src/snapshot/index.js';
import { seed } from './oracle/agree.js';
import { type Answers, snapshotOf } from './oracle/cloud.js';
import { networkArbitrary } from './oracle/network-arbitrary.js';
import { servicePairs } from './oracle/pairs.js';
import { readRecords } from './oracle/records.js';

const NETWORKS = process.env['CI'] === 'true' ? 200 : 80;

const read = (ports: readonly string[]): PortSet =>
  ports.reduce<PortSet>((sum, port) => unitePorts(sum, parsePorts(port) ?? []), []);

/** What balancers deliver is told by listener in `reach` and by target in the lists: they are compared without them. */
const withoutBalancers = (answers: Answers): Answers =>
  new Map([...answers].filter(([name]) => !name.includes('elastic-load-balancing')));

/** Running instances with one interface: another one's choice of interface is a condition in `reach` alone. */
function singleHosts(snapshot: Snapshot): string[] {
  return snapshot.answers('ec2', 'DescribeInstances').flatMap(({ account, region, body }) =>
    objects(field(body, 'Reservations'))
      .flatMap((reservation) => objects(field(reservation, 'Instances')))
      .filter((instance) => objects(field(instance, 'NetworkInterfaces')).length === 1)
      .map((instance) => `arn:aws:ec2:${region}:${account}:instance/${text(at(instance, 'InstanceId')) ?? ''}`),
  );
}

/** It does not leave by an internet gateway, as those do that the lists leave to the exposures. */
const isInside = ({ via }: AllowedFlow): boolean => !via.some((v) => v.includes(':internet-gateway/'));

/** Databases, and the interface endpoints that take connections. */
function services(snapshot: Snapshot): string[] {
  const records = readRecords(snapshot);
  return [...new Set(servicePairs(records).map(({ to }) => to))];
}

/** Each network's lists against questions about single assets. */
function forEachNetwork(
  check: (network: Network, hosts: readonly string[], all: readonly string[]) => void,
  partOf = withoutBalancers,
  networks = NETWORKS,
): void {
  fc.assert(
    fc.property(networkArbitrary, ({ answers }) => {
      const snapshot = snapshotOf(partOf(answers));
      const hosts = singleHosts(snapshot);
      check(buildNetwork(snapshot), hosts, [...hosts, ...services(snapshot)]);
    }),
    { seed, numRuns: networks, endOnFailure: true },
  );
}

describe('the lists and the answers to single questions', () => {
  it(`tell who is reached through balancers (TRESPASS_SEED=${seed})`, { timeout: 600_000 }, () => {
    let balanced = 0;
    const check = (network: Network, hosts: readonly string[]): void => {
      const exposures = network.exposures();
      const links = network.links().filter(({ verdict }) => verdict === 'yes');
      for (const to of hosts) {
        const answer = network.reach({ from: 'internet', to });
        const grades = exposures.filter(({ asset, verdict }) => asset === to && verdict === 'yes').map((e) => e.grade);
        const label = `${to} ${JSON.stringify(answer)}`;
        if (answer.conditions.length === 0)
          expect(sortedUnique(grades), label).toEqual(sortedUnique(answer.allowed.flatMap(({ grade }) => grade ?? [])));
        balanced += answer.allowed.filter(({ via }) => via.some((v) => v.includes('loadbalancer'))).length;
        const sources = new Set(links.filter(({ targets }) => targets.includes(to)).flatMap((link) => link.sources));
        for (const from of hosts) {
          if (from === to) continue;
          const asked = network.reach({ from, to });
          const isSure = asked.verdict === 'yes' && asked.allowed.some(isInside);
          if (asked.conditions.length === 0)
            expect(sources.has(from), `${from} → ${to} ${JSON.stringify(asked)}`).toBe(isSure);
        }
      }
    };
    forEachNetwork(check, (answers) => answers, NETWORKS / 2);
    expect(balanced).toBeGreaterThan(0);
  });

  it(`tell who may be reached through endpoints of unseen services (TRESPASS_SEED=${seed})`, {
    timeout: 600_000,
  }, () => {
    let behind = 0;
    const check = (network: Network, hosts: readonly string[]): void => {
      behind += network.links().filter(({ conditions }) => JSON.stringify(conditions).includes('vpce-svc')).length;
      const possible = new Set(
        network
          .links()
          .flatMap(({ sources, targets }) => sources.flatMap((from) => targets.map((to) => `${from} ${to}`))),
      );
      for (const from of hosts)
        for (const to of hosts) {
          if (from === to) continue;
          const asked = network.reach({ from, to });
          const label = `${from} → ${to} ${JSON.stringify(asked)}`;
          const isBehind = asked.conditions.some(({ key, values }) => `${key} ${values.join()}`.includes('vpce-svc'));
          if (asked.verdict === 'no' && asked.conditions.length === 0)
            expect(possible.has(`${from} ${to}`), label).toBe(false);
          if (asked.verdict !== 'no' && isBehind) expect(possible.has(`${from} ${to}`), label).toBe(true);
        }
    };
    const unseen = (answers: Answers): Answers =>
      new Map([...answers].filter(([name]) => !name.includes('DescribeVpcEndpointServiceConfigurations')));
    forEachNetwork(check, unseen, NETWORKS * 2);
    expect(behind).toBeGreaterThan(0);
  });

  it(`tell the same exposures (TRESPASS_SEED=${seed})`, { timeout: 600_000 }, () => {
    let exposed = 0;
    forEachNetwork((network, _, all) => {
      const exposures = network.exposures();
      for (const host of all) {
        const answer = network.reach({ from: 'internet', to: host });
        const listed = exposures.filter(({ asset, verdict }) => asset === host && verdict === 'yes');
        for (const grade of ['internet', 'broad', 'named'] as const) {
          const told = answer.allowed.filter((flow) => flow.grade === grade);
          const ports = read(told.flatMap((flow) => flow.ports));
          // An open answer lists what only may get through, too.
          if (answer.conditions.length > 0) continue;
          expect(formatPorts(read(listed.filter((e) => e.grade === grade).flatMap((e) => e.ports))), host).toEqual(
            formatPorts(ports),
          );
          exposed += told.length;
        }
        const isExposed = exposures.some((e) => e.asset === host && e.verdict === 'yes' && e.grade !== 'named');
        expect(answer.verdict === 'yes', `${host} ${JSON.stringify(answer)}`).toBe(isExposed);
      }
    });
    expect(exposed).toBeGreaterThan(NETWORKS / 10);
  });

  it(`tell the same links (TRESPASS_SEED=${seed})`, { timeout: 600_000 }, () => {
    let linked = 0;
    forEachNetwork((network, hosts, all) => {
      const sure = new Map<string, PortSet>();
      const open = new Map<string, PortSet>();
      for (const link of network.links()) {
        const into = link.verdict === 'yes' ? sure : open;
        for (const from of link.sources)
          for (const to of link.targets)
            into.set(`${from} ${to}`, unitePorts(into.get(`${from} ${to}`) ?? [], read(link.ports)));
      }
      for (const from of hosts)
        for (const to of all) {
          if (from === to) continue;
          const answer = network.reach({ from, to });
          const inside = answer.allowed.filter(isInside);
          // Of a database in one of several subnets it can be sure that one way leads to each, some of them by the internet.
          const isMixed = inside.length < answer.allowed.length && !hosts.includes(to);
          const told = answer.verdict === 'yes' && !isMixed ? read(inside.flatMap((flow) => flow.ports)) : [];
          const listed = sure.get(`${from} ${to}`) ?? [];
          const label = `${from} → ${to} ${JSON.stringify(answer)}`;
          expect(formatPorts(subtractPorts(told, listed)), label).toEqual([]);
          if (answer.conditions.length === 0 && !isMixed)
            expect(formatPorts(subtractPorts(listed, told)), label).toEqual([]);
          if (answer.verdict === 'no' && answer.conditions.length === 0)
            expect(formatPorts(open.get(`${from} ${to}`) ?? []), label).toEqual([]);
          linked += told.length > 0 ? 1 : 0;
        }
    });
    expect(linked).toBeGreaterThan(NETWORKS / 2);
  });
});
