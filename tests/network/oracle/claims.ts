import type { AllowedFlow, ReachAnswer } from '../../../src/network/network.js';
import { type Address, type Cidr, contained, contains, parseCidr } from './addresses.js';
import { ICMP, ICMPV6, type Packet, TCP, UDP } from './packet.js';

/** The engine's answer, unfolded so that single packets can be held against it. */
export interface Claim {
  readonly answer: ReachAnswer;
  readonly flows: readonly ClaimedFlow[];
}

interface ClaimedFlow {
  readonly sources: readonly Cidr[];
  readonly destination: Cidr;
  readonly services: readonly Service[];
}

interface Service {
  /** The first and last protocol number. */
  readonly protocols: readonly [number, number];
  readonly from: number;
  readonly to: number;
  readonly code: number;
}

export function readClaim(answer: ReachAnswer): Claim {
  return { answer, flows: answer.allowed.map(readFlow) };
}

function readFlow(flow: AllowedFlow): ClaimedFlow {
  const cidr = (text: string): Cidr => {
    const parsed = parseCidr(text);
    if (!parsed) throw new Error(`the engine names no address: ${JSON.stringify(flow)}`);
    return parsed;
  };
  return {
    sources: flow.sources.map(cidr),
    destination: cidr(flow.destination),
    services: flow.ports.map((port) => readService(port)),
  };
}

const PROTOCOLS = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['icmp', ICMP],
  ['icmpv6', ICMPV6],
]);

/** `tcp/22`, `tcp/8000-8080`, `tcp`, `icmp/8/0`, `50`, `2-5` (protocols by number), `all`. */
export function readService(text: string): Service {
  if (text === 'all') return { protocols: [0, 255], from: 0, to: 65535, code: -1 };
  const [name = '', range, code] = text.split('/');
  const named = PROTOCOLS.get(name);
  const [first = Number.NaN, last = first] = named === undefined ? name.split('-').map(Number) : [named];
  if (!Number.isInteger(first) || !Number.isInteger(last)) throw new Error(`a port that cannot be read: ${text}`);
  if (range === undefined) return { protocols: [first, last], from: 0, to: 65535, code: -1 };
  const [from = 0, to = from] = range.split('-').map(Number);
  return { protocols: [first, last], from, to, code: code === undefined ? -1 : Number(code) };
}

export function claims(claim: Claim, packet: Packet): boolean {
  return claim.flows.some(
    (flow) =>
      contains(flow.destination, packet.destination) &&
      contained(flow.sources, packet.source) &&
      flow.services.some((service) => serves(service, packet)),
  );
}

export function serves(service: Service, packet: Packet): boolean {
  const [first, last] = service.protocols;
  if (packet.protocol < first || packet.protocol > last) return false;
  // Only these two have ports, and only ICMP types.
  if (![TCP, UDP, ICMP, ICMPV6].includes(packet.protocol)) return true;
  if (packet.destinationPort < service.from || packet.destinationPort > service.to) return false;
  return (
    service.code === -1 ||
    (packet.protocol !== ICMP && packet.protocol !== ICMPV6) ||
    service.code === packet.sourcePort
  );
}

/** The first and last members of the claimed sets, and their neighbours just outside. */
export function edgesOf(claim: Claim): {
  readonly addresses: readonly Address[];
  readonly ports: readonly [number, number][];
} {
  const addresses: Address[] = [];
  const ports: [number, number][] = [];
  for (const flow of claim.flows) {
    for (const { bits, first, last } of flow.sources) {
      for (const value of [first - 1n, first, last, last + 1n]) {
        if (value >= 0n && value < 1n << BigInt(bits)) addresses.push({ bits, value });
      }
    }
    for (const { protocols, from, to } of flow.services) {
      const [protocol] = protocols;
      for (const port of [from - 1, from, to, to + 1]) {
        if ((protocol === TCP || protocol === UDP) && port >= 0 && port <= 65535) ports.push([protocol, port]);
      }
    }
  }
  return { addresses, ports };
}
