import type { Address } from './addresses.js';
import type { Draw } from './draw.js';
import { ICMP, ICMPV6, type Packet, TCP, UDP } from './packet.js';

/** Source ports of operating systems and gateways, and the edges of the port ranges that the drawn ACLs know. */
export const EPHEMERAL = [1024, 32767, 32768, 40000, 40001, 49151, 49152, 60999, 61000, 65535] as const;

const SERVICES: readonly (readonly [number, number])[] = [
  ...[22, 22, 80, 443, 443, 444, 5432, 5432, 1023, 1024, 40000, 65535, 0].map((port) => [TCP, port] as const),
  [UDP, 53],
  [UDP, 5000],
  [ICMP, 8],
  [50, 0],
];

/** Services of a small alphabet, and what lies at the edges of the engine's claim. */
export function drawPacket(
  draw: Draw,
  source: Address,
  destination: Address,
  edges: readonly (readonly [number, number])[],
): Packet {
  const [protocol, port] = edges.length > 0 && draw.chance(40) ? draw.pick(edges) : draw.pick(SERVICES);
  if (protocol === ICMP && source.bits === 128) {
    return { source, destination, protocol: ICMPV6, sourcePort: 0, destinationPort: 128 };
  }
  const sourcePort = protocol === ICMP ? 0 : draw.pick(EPHEMERAL);
  return { source, destination, protocol, sourcePort, destinationPort: port };
}
