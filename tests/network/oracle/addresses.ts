/** An IPv4 or IPv6 address as one whole number. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export interface Cidr {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

/** @returns `undefined` for what is no address in dotted or colon notation. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseIpv6(text);
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return { bits: 32, value };
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined): string[] => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = value * 65536n + BigInt(`0x${group}`);
  }
  return { bits: 128, value };
}

const parsedCidrs = new Map<string, Cidr | undefined>();

/** `a.b.c.d/n`, an IPv6 prefix, or a bare address as a range of one. */
export function parseCidr(text: string): Cidr | undefined {
  if (!parsedCidrs.has(text)) parsedCidrs.set(text, readCidr(text));
  return parsedCidrs.get(text);
}

function readCidr(text: string): Cidr | undefined {
  const [network = '', length, ...rest] = text.split('/');
  const address = parseAddress(network);
  if (!address || rest.length > 0) return undefined;
  const prefix = length === undefined ? address.bits : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > address.bits) return undefined;
  const size = 1n << BigInt(address.bits - prefix);
  const first = (address.value / size) * size;
  return { bits: address.bits, first, last: first + size - 1n, prefix };
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.bits === address.bits && cidr.first <= address.value && address.value <= cidr.last;
}

export const contained = (cidrs: readonly Cidr[], address: Address): boolean => cidrs.some((c) => contains(c, address));

export function formatAddress({ bits, value }: Address): string {
  const step = bits === 32 ? 8n : 16n;
  const parts: string[] = [];
  for (let shift = BigInt(bits) - step; shift >= 0n; shift -= step) {
    parts.push(((value >> shift) & ((1n << step) - 1n)).toString(bits === 32 ? 10 : 16));
  }
  return bits === 32 ? parts.join('.') : parts.join(':');
}

/**
 * Blocks that are no part of the internet (private, shared, loopback, link-local, reserved, documentation, multicast, unique local).
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const NOT_INTERNET = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
].map((text) => readCidr(text) as Cidr);
const GLOBAL_IPV6 = readCidr('2000::/3') as Cidr;
const NOT_INTERNET_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map(
  (text) => readCidr(text) as Cidr,
);

/** Whether an ordinary host on the internet can have this address. */
export function isInternetAddress(address: Address): boolean {
  if (address.bits === 32) return !contained(NOT_INTERNET, address);
  return contains(GLOBAL_IPV6, address) && !contained(NOT_INTERNET_IPV6, address);
}
