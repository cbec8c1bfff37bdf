/** A parsed block of addresses: `[lo, hi)` of its family. */
export type IpBlock =
  | { readonly family: 4; readonly lo: number; readonly hi: number; readonly prefix: number }
  | { readonly family: 6; readonly lo: bigint; readonly hi: bigint; readonly prefix: number };

/** Strict: four decimal numbers without leading zeros. */
function parseIpv4(value: string): number | undefined {
  let address = 0;
  let parts = 1;
  let digits = 0;
  let byte = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++parts > 4) return undefined;
      address = address * 256 + byte;
      digits = 0;
      byte = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && byte === 0)) return undefined;
    digits++;
    byte = byte * 10 + digit;
    if (byte > 255) return undefined;
  }
  return parts === 4 && digits > 0 ? address * 256 + byte : undefined;
}

const DOT = 46;
const ZERO = 48;

/** Strict RFC 4291 text: one `::` at most, groups of one to four hex digits, an IPv4 tail allowed, no zone. */
export function parseIpv6(value: string): bigint | undefined {
  const halves = value.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((address, group) => (address << 16n) | BigInt(group), 0n);
}

function parseGroups(value: string, mayEndInIpv4: boolean): number[] | undefined {
  if (value === '') return [];
  const parts = value.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.includes('.') && mayEndInIpv4 && i === parts.length - 1) {
      const v4 = parseIpv4(part);
      if (v4 === undefined) return undefined;
      groups.push(Math.floor(v4 / 65536), v4 % 65536);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/**
 * An address (`10.0.0.1`, `2001:db8::1`) or a CIDR (`10.0.0.0/8`).
 * @returns `undefined` where it is neither, or where bits are set behind the prefix: AWS stores only canonical CIDRs.
 */
export function parseBlock(value: string): IpBlock | undefined {
  const slash = value.indexOf('/');
  const address = slash < 0 ? value : value.slice(0, slash);
  const prefixText = slash < 0 ? undefined : value.slice(slash + 1);
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return undefined;
  const v4 = parseIpv4(address);
  if (v4 !== undefined) {
    const prefix = prefixText === undefined ? 32 : Number(prefixText);
    if (prefix > 32) return undefined;
    const size = 2 ** (32 - prefix);
    return v4 % size === 0 ? { family: 4, lo: v4, hi: v4 + size, prefix } : undefined;
  }
  const v6 = parseIpv6(address);
  if (v6 === undefined) return undefined;
  const prefix = prefixText === undefined ? 128 : Number(prefixText);
  if (prefix > 128) return undefined;
  const size = 1n << BigInt(128 - prefix);
  return v6 % size === 0n ? { family: 6, lo: v6, hi: v6 + size, prefix } : undefined;
}

export const formatIpv4 = (address: number): string =>
  [
    Math.floor(address / 2 ** 24),
    Math.floor(address / 65536) % 256,
    Math.floor(address / 256) % 256,
    address % 256,
  ].join('.');

/** RFC 5952: lower case, the longest run of zero groups (two or more; the first of equals) as `::`. */
export function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (best.start < 0) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}
