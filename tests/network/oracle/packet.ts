import type { Address } from './addresses.js';

/** IANA protocol numbers that have ports or types. */
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

/** One concrete packet. For ICMP `destinationPort` holds the type and `sourcePort` the code. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** The answer to a packet: ends exchanged; to an echo request the echo reply; other ICMP types have none. */
export function answerTo(packet: Packet): Packet | undefined {
  const ends = { protocol: packet.protocol, source: packet.destination, destination: packet.source };
  if (packet.protocol === ICMP)
    return packet.destinationPort === 8 ? { ...ends, sourcePort: 0, destinationPort: 0 } : undefined;
  if (packet.protocol === ICMPV6) {
    return packet.destinationPort === 128 ? { ...ends, sourcePort: 0, destinationPort: 129 } : undefined;
  }
  return { ...ends, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort };
}

const NAMED = new Map([
  ['icmp', ICMP],
  ['tcp', TCP],
  ['udp', UDP],
  ['icmpv6', ICMPV6],
]);

/** A protocol as AWS writes it (`tcp`, `6`, `-1`); -1 is every protocol. */
export function protocolNumber(text: string): number | undefined {
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  return /^(-1|\d{1,3})$/.test(text) ? Number(text) : undefined;
}

/** What became of a packet, and of its answer. */
export type Outcome =
  | { readonly verdict: 'delivered'; readonly hops: readonly string[] }
  | { readonly verdict: 'dropped'; readonly at: string; readonly hops: readonly string[] }
  | { readonly verdict: 'undetermined'; readonly why: string; readonly hops: readonly string[] };
