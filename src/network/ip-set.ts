import {
  type Intervals,
  intersectIntervals,
  intervalsEqual,
  mergeIntervals,
  pairsOf,
  subtractIntervals,
  uniteIntervals,
} from './intervals.js';
import { formatIpv4, formatIpv6, parseBlock } from './ip-address.js';

/** A set of IPv4 and IPv6 addresses. Equal sets have equal arrays. */
export interface IpSet {
  readonly v4: Intervals<number>;
  readonly v6: Intervals<bigint>;
}

const V4_END = 2 ** 32;
const V6_END = 1n << 128n;

export const NO_ADDRESSES: IpSet = { v4: [], v6: [] };
const ALL_V4: IpSet = { v4: [0, V4_END], v6: [] };
const ALL_V6: IpSet = { v4: [], v6: [0n, V6_END] };
export const ALL_ADDRESSES: IpSet = { v4: ALL_V4.v4, v6: ALL_V6.v6 };

/** The addresses of a CIDR or a single address; `undefined` where it is malformed (see {@link parseBlock}). */
export function parseIpSet(text: string): IpSet | undefined {
  const block = parseBlock(text);
  if (block === undefined) return undefined;
  return block.family === 4 ? { v4: [block.lo, block.hi], v6: [] } : { v4: [], v6: [block.lo, block.hi] };
}

/** The addresses of one family. */
export const ofFamily = ({ v4, v6 }: IpSet, family: 4 | 6): IpSet => (family === 4 ? { v4, v6: [] } : { v4: [], v6 });

/** The union of CIDRs that are known to be well formed. @throws Error for a malformed one. */
export function ipSet(...cidrs: readonly string[]): IpSet {
  return uniteAllIps(
    cidrs.map((cidr) => {
      const set = parseIpSet(cidr);
      if (set === undefined) throw new Error(`not a CIDR: ${cidr}`);
      return set;
    }),
  );
}

export const uniteIps = (a: IpSet, b: IpSet): IpSet => ({
  v4: uniteIntervals(a.v4, b.v4),
  v6: uniteIntervals(a.v6, b.v6),
});

export const uniteAllIps = (sets: readonly IpSet[]): IpSet =>
  sets.length === 1
    ? (sets[0] as IpSet)
    : {
        v4: mergeIntervals(sets.flatMap((s) => [...pairsOf(s.v4)])),
        v6: mergeIntervals(sets.flatMap((s) => [...pairsOf(s.v6)])),
      };

export function intersectIps(a: IpSet, b: IpSet): IpSet {
  if (a === b) return a;
  const v4 = intersectIntervals(a.v4, b.v4);
  const v6 = intersectIntervals(a.v6, b.v6);
  if (v4 === a.v4 && v6 === a.v6) return a;
  return v4 === b.v4 && v6 === b.v6 ? b : { v4, v6 };
}

export const subtractIps = (a: IpSet, b: IpSet): IpSet =>
  a === b ? NO_ADDRESSES : { v4: subtractIntervals(a.v4, b.v4), v6: subtractIntervals(a.v6, b.v6) };

export const hasIps = (set: IpSet): boolean => set.v4.length > 0 || set.v6.length > 0;
export const ipsEqual = (a: IpSet, b: IpSet): boolean =>
  a === b || (intervalsEqual(a.v4, b.v4) && intervalsEqual(a.v6, b.v6));
export const containsIps = (whole: IpSet, part: IpSet): boolean => !hasIps(subtractIps(part, whole));

/**
 * Addresses that can be the far end of a connection over the internet. Left out is what RFC 6890 calls not globally
 * reachable, except the documentation networks, which stand for real addresses in every example.
 */
export const INTERNET: IpSet = {
  v4: subtractIntervals(
    ALL_V4.v4,
    ipSet(
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.0.0.0/24',
      '192.168.0.0/16',
      '198.18.0.0/15',
      '224.0.0.0/3',
    ).v4,
  ),
  v6: ipSet('2000::/3').v6,
};

/** The addresses under which a NAT gateway takes what an IPv6 host sends to IPv4 addresses. */
export const NAT64: IpSet = ipSet('64:ff9b::/96');

/** IPv4 addresses as an IPv6 host names them to a NAT gateway. */
export const inNat64 = ({ v4 }: IpSet): IpSet => ({
  v4: [],
  v6: v4.map((address) => (NAT64.v6[0] as bigint) + BigInt(address)),
});

/** The fewest CIDRs that make up the set, sorted by address, IPv4 first. */
export function toCidrs(set: IpSet): string[] {
  const cidrs: string[] = [];
  for (const [start, end] of pairsOf(set.v4)) {
    let lo = start;
    while (lo < end) {
      let size = lo === 0 ? V4_END : 2 ** trailingZeros(lo);
      while (size > end - lo) size /= 2;
      cidrs.push(`${formatIpv4(lo)}/${32 - Math.log2(size)}`);
      lo += size;
    }
  }
  for (const [start, end] of pairsOf(set.v6)) {
    let lo = start;
    while (lo < end) {
      let bits = 0;
      while (bits < 128 && lo % (1n << BigInt(bits + 1)) === 0n && lo + (1n << BigInt(bits + 1)) <= end) bits++;
      cidrs.push(`${formatIpv6(lo)}/${128 - bits}`);
      lo += 1n << BigInt(bits);
    }
  }
  return cidrs;
}

/**
 * Sources as a person writes them: addresses that are not on the internet may be added where that makes the list shorter, so that
 * all of the internet is `0.0.0.0/0`.
 */
export function toSourceCidrs(set: IpSet, own: IpSet = NO_ADDRESSES): string[] {
  const v4 = shorter(
    { v4: set.v4, v6: [] },
    { v4: uniteIntervals(subtractIntervals(ALL_V4.v4, INTERNET.v4), own.v4), v6: [] },
  );
  const v6 = shorter(
    { v4: [], v6: set.v6 },
    { v4: [], v6: uniteIntervals(subtractIntervals(ALL_V6.v6, INTERNET.v6), own.v6) },
  );
  return [...v4, ...v6];
}

function shorter(set: IpSet, filler: IpSet): string[] {
  if (!hasIps(set)) return [];
  const plain = toCidrs(set);
  const united = uniteIps(set, filler);
  const filled = toCidrs({ v4: touching(united.v4, set.v4), v6: touching(united.v6, set.v6) });
  const isWhole = filled.length === 1 && (filled[0] as string).endsWith('/0');
  return isWhole || filled.length < plain.length ? filled : plain;
}

/** The intervals that have something in common with others, each as it is. Both in order. */
function touching<T extends number | bigint>(intervals: Intervals<T>, others: Intervals<T>): Intervals<T> {
  const kept: T[] = [];
  const rest = [...pairsOf(others)];
  let next = 0;
  for (const [lo, hi] of pairsOf(intervals)) {
    while (next < rest.length && (rest[next] as readonly [T, T])[1] <= lo) next++;
    const other = rest[next];
    if (other && other[0] < hi) kept.push(lo, hi);
  }
  return kept;
}

function trailingZeros(value: number): number {
  let count = 0;
  while (value % 2 === 0) {
    value /= 2;
    count++;
  }
  return count;
}

/** How many addresses; IPv6 is counted in /64 networks, rounded up. */
export function countAddresses(set: IpSet): number {
  let count = 0;
  for (const [lo, hi] of pairsOf(set.v4)) count += hi - lo;
  for (const [lo, hi] of pairsOf(set.v6)) count += Number((hi - lo + (1n << 64n) - 1n) >> 64n);
  return count;
}

/** One address as text where the set holds exactly one, else its CIDRs joined. */
export function describeIps(set: IpSet): string {
  const cidrs = toCidrs(set);
  if (cidrs.length === 1) return (cidrs[0] as string).replace(/(\..*)\/32$|(:.*)\/128$/, '$1$2');
  return cidrs.length > 4 ? `${cidrs.slice(0, 4).join(', ')} and ${cidrs.length - 4} more` : cidrs.join(', ');
}
