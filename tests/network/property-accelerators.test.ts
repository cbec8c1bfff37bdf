import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork, type ReachAnswer } from '../../src/network/index.js';
import { throughAccelerators } from './oracle/accelerator.js';
import { type Address, contained, formatAddress, parseAddress, parseCidr } from './oracle/addresses.js';
import { seed } from './oracle/agree.js';
import { readService, serves } from './oracle/claims.js';
import { snapshotOf } from './oracle/cloud.js';
import { drawFromSeed } from './oracle/draw.js';
import { drawAccelerators } from './oracle/draw-accelerators.js';
import { drawPacket } from './oracle/draw-packet.js';
import { networkArbitrary } from './oracle/network-arbitrary.js';
import type { Packet } from './oracle/packet.js';
import { hostPairs, interfacesOf } from './oracle/pairs.js';
import { readRecords } from './oracle/records.js';

const IN_CI = process.env['CI'] === 'true';
const SOURCES = ['8.8.8.8', '9.9.9.9', '130.5.5.5', '2a00::1'].map((text) => parseAddress(text) as Address);

/** Whether the answer lists a packet among those that come by an accelerator, whatever the address of that is. */
const claimsByAccelerator = ({ allowed }: ReachAnswer, packet: Packet): boolean =>
  allowed.some(
    ({ via, sources, ports }) =>
      via.some((one) => one.includes(':accelerator/')) &&
      contained(
        sources.flatMap((cidr) => parseCidr(cidr) ?? []),
        packet.source,
      ) &&
      ports.some((port) => serves(readService(port), packet)),
  );

describe('through accelerators', () => {
  it(`engine and packet oracle agree (TRESPASS_SEED=${seed})`, { timeout: 900_000 }, () => {
    const tally = { packets: 0, delivered: 0, balanced: 0, open: 0 };
    const property = fc.property(networkArbitrary, fc.integer({ min: 1 }), ({ answers }, packetSeed) => {
      const draw = drawFromSeed(packetSeed);
      const own = structuredClone(answers);
      drawAccelerators(draw, own);
      const snapshot = snapshotOf(own);
      const records = readRecords(snapshot);
      const network = buildNetwork(snapshot);
      const hosts = hostPairs(records).filter(({ from, to }) => from === 'internet' && to.includes(':instance/'));
      for (const { to } of hosts) {
        const answer = network.reach({ from: 'internet', to });
        const interfaces = interfacesOf(records, to);
        for (let n = 0; n < 60; n++) {
          const source = draw.pick(SOURCES);
          const packet = drawPacket(draw, source, source, []);
          const outcome = throughAccelerators(records, snapshot, packet, interfaces);
          tally.packets++;
          if (outcome.verdict === 'undetermined') continue;
          const isDelivered = outcome.verdict === 'delivered';
          const isClaimed = claimsByAccelerator(answer, packet);
          if (isDelivered) tally.delivered++;
          if (isDelivered && !interfaces.some((id) => outcome.hops.includes(id))) tally.balanced++;
          if (isDelivered === isClaimed) continue;
          // A clear answer lists what is sure, an open one all that may get through.
          const listsAll = answer.verdict === 'depends' || answer.verdict === 'unknown';
          const isOpen = listsAll || answer.conditions.length > 0;
          const label = `${formatAddress(source)} ${packet.protocol}/${packet.destinationPort} → ${to}\n${JSON.stringify(outcome)}\n${JSON.stringify(answer)}`;
          expect(isOpen && isClaimed === listsAll, label).toBe(true);
          tally.open++;
        }
      }
    });
    fc.assert(property, { seed, numRuns: IN_CI ? 300 : 100, endOnFailure: true });
    process.stdout.write(`through accelerators: ${JSON.stringify(tally)}\n`);
    expect(tally.delivered / tally.packets).toBeGreaterThan(0.02);
    expect(tally.balanced).toBeGreaterThan(10);
    expect(tally.open / tally.packets).toBeLessThan(0.05);
  });
});
