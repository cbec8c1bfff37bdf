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
  /** -1: every protocol. */
  readonly protocol: number;
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

/** `tcp/22`, `tcp/8000-8080`, `tcp`, `icmp/8/0`, `50`, `all`. */
export function readService(text: string): Service {
  if (text === 'all') return { protocol: -1, from: 0, to: 65535, code: -1 };
  const [name = '', range, code] = text.split('/');
  const protocol = PROTOCOLS.get(name) ?? Number(name.replace(/^(ip-?|proto(col)?-?)/, ''));
  if (!Number.isInteger(protocol)) throw new Error(`a port that cannot be read: ${text}`);
  if (range === undefined) return { protocol, from: 0, to: 65535, code: -1 };
  const [from = 0, to = from] = range.split('-').map(Number);
  return { protocol, from, to, code: code === undefined ? -1 : Number(code) };
}

export function claims(claim: Claim, packet: Packet): boolean {
  return claim.flows.some(
    (flow) =>
      contains(flow.destination, packet.destination) &&
      contained(flow.sources, packet.source) &&
      flow.services.some((service) => serves(service, packet)),
  );
}

function serves(service: Service, packet: Packet): boolean {
  if (service.protocol === -1) return true;
  if (service.protocol !== packet.protocol) return false;
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
    for (const { protocol, from, to } of flow.services) {
      for (const port of [from - 1, from, to, to + 1]) {
        if ((protocol === TCP || protocol === UDP) && port >= 0 && port <= 65535) ports.push([protocol, port]);
      }
    }
  }
  return { addresses, ports };
}
