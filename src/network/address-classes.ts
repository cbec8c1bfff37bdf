import type { IpSet } from './ip-set.js';
import { formatIpv4, formatIpv6, parseBlock } from './ip-address.js';

/**
 * Puts addresses into classes that no CIDR of a collection can tell apart. CIDRs nest, so the longest one that holds an address
 * names all others that do: it is the class.
 */
export interface AddressClasses {
  /** The longest CIDR that holds the address; `undefined` for a range that some CIDR cuts. */
  classOf(ips: IpSet): string | undefined;
}

export function addressClasses(cidrs: Iterable<string>): AddressClasses {
  const v4 = new Map<number, Map<number, string>>();
  const v6 = new Map<number, Map<bigint, string>>();
  for (const cidr of new Set(cidrs)) {
    const block = parseBlock(cidr);
    if (block === undefined) continue;
    if (block.family === 4) add(v4, block.prefix, block.lo, `${formatIpv4(block.lo)}/${block.prefix}`);
    else add(v6, block.prefix, block.lo, `${formatIpv6(block.lo)}/${block.prefix}`);
  }
  const prefixes4 = [...v4.keys()].sort((a, b) => b - a);
  const prefixes6 = [...v6.keys()].sort((a, b) => b - a);
  const longest4 = (address: number): string => {
    for (const prefix of prefixes4) {
      const size = 2 ** (32 - prefix);
      const lo = address - (address % size);
      const name = v4.get(prefix)?.get(lo);
      if (name !== undefined) return name;
    }
    return '4';
  };
  const longest6 = (address: bigint): string => {
    for (const prefix of prefixes6) {
      const lo = (address >> BigInt(128 - prefix)) << BigInt(128 - prefix);
      const name = v6.get(prefix)?.get(lo);
      if (name !== undefined) return name;
    }
    return '6';
  };
  const cuts4 = [...v4]
    .flatMap(([prefix, los]) => [...los.keys()].flatMap((lo) => [lo, lo + 2 ** (32 - prefix)]))
    .sort((a, b) => a - b);
  return {
    classOf: ({ v4: ips4, v6: ips6 }) => {
      if (ips4.length + ips6.length !== 2) return undefined;
      const [lo4, hi4] = ips4;
      if (lo4 !== undefined && hi4 !== undefined) return hasCut(cuts4, lo4, hi4) ? undefined : longest4(lo4);
      const [lo6, hi6] = ips6;
      return lo6 !== undefined && hi6 !== undefined && hi6 - lo6 === 1n ? longest6(lo6) : undefined;
    },
  };
}

function add<T>(map: Map<number, Map<T, string>>, prefix: number, lo: T, name: string): void {
  const names = map.get(prefix);
  if (names) names.set(lo, name);
  else map.set(prefix, new Map([[lo, name]]));
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
