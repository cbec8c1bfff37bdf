import type { IpSet } from './ip-set.js';
import { formatIpv4, formatIpv6, parseBlock } from './ip-address.js';
import { pairsOf } from './intervals.js';

/**
 * Puts addresses into classes that no CIDR of a collection can tell apart. CIDRs nest, so the longest one that holds an address
 * names all others that do: it is the class.
 */
export interface AddressClasses {
  /** The longest CIDR that holds the address; `undefined` for a range that some CIDR cuts. */
  classOf(ips: IpSet): string | undefined;
}

export function addressClasses(cidrs: Iterable<string>): AddressClasses {
  const v4 = new Map<number, Set<number>>();
  const v6 = new Map<number, Set<bigint>>();
  for (const cidr of new Set(cidrs)) {
    const block = parseBlock(cidr);
    if (block === undefined) continue;
    if (block.family === 4) add(v4, block.prefix, block.lo);
    else add(v6, block.prefix, block.lo);
  }
  const prefixes4 = [...v4.keys()].sort((a, b) => b - a);
  const prefixes6 = [...v6.keys()].sort((a, b) => b - a);
  const longest4 = (address: number): string => {
    for (const prefix of prefixes4) {
      const size = 2 ** (32 - prefix);
      const lo = address - (address % size);
      if (v4.get(prefix)?.has(lo)) return `${formatIpv4(lo)}/${prefix}`;
    }
    return '4';
  };
  const longest6 = (address: bigint): string => {
    for (const prefix of prefixes6) {
      const lo = (address >> BigInt(128 - prefix)) << BigInt(128 - prefix);
      if (v6.get(prefix)?.has(lo)) return `${formatIpv6(lo)}/${prefix}`;
    }
    return '6';
  };
  const cuts4 = [...v4]
    .flatMap(([prefix, los]) => [...los].flatMap((lo) => [lo, lo + 2 ** (32 - prefix)]))
    .sort((a, b) => a - b);
  return {
    classOf: (ips) => {
      const [first4, second4] = [...pairsOf(ips.v4)];
      const [first6, second6] = [...pairsOf(ips.v6)];
      if (first4 !== undefined && second4 === undefined && first6 === undefined)
        return hasCut(cuts4, first4[0], first4[1]) ? undefined : longest4(first4[0]);
      if (first6 !== undefined && second6 === undefined && first4 === undefined && first6[1] - first6[0] === 1n)
        return longest6(first6[0]);
      return undefined;
    },
  };
}

function add<T>(map: Map<number, Set<T>>, prefix: number, lo: T): void {
  const set = map.get(prefix);
  if (set) set.add(lo);
  else map.set(prefix, new Set([lo]));
}

/** Whether a boundary lies strictly inside `[lo, hi)`. */
function hasCut(cuts: readonly number[], lo: number, hi: number): boolean {
  if (hi - lo <= 1) return false;
  let a = 0;
  let b = cuts.length;
  while (a < b) {
    const middle = (a + b) >> 1;
    if ((cuts[middle] as number) <= lo) a = middle + 1;
    else b = middle;
  }
  return a < cuts.length && (cuts[a] as number) < hi;
}
