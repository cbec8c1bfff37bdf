import type { OperatorFamily } from './operator.js';

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress */
export const ipAddress: OperatorFamily = {
  compile: (expected) => {
    const range = parseRange(expected);
    if (!range) return () => false;
    if (range.bits === 32) return within4(Number(range.first), Number(range.last));
    return (actual) => {
      const tested = actual.includes(':') ? parseRange(actual) : undefined;
      return tested !== undefined && tested.first >= range.first && tested.last <= range.last;
    };
  },
  samples: (expected) => {
    const range = parseRange(expected);
    if (!range) return [];
    const limit = (1n << BigInt(range.bits)) - 1n;
    const around = [range.first - 1n, range.first, range.last, range.last + 1n];
    return around
      .filter((value) => value >= 0n && value <= limit)
      .map((value) => printAddress({ bits: range.bits, value }))
      .concat(range.bits === 32 ? '2001:db8:77:0:0:0:0:77' : '203.0.113.77');
  },
  complete: true,
  wildcards: false,
  variables: false,
};

/** Most requests have an address of version 4, whose numbers are small. */
function within4(first: number, last: number): (actual: string) => boolean {
  return (actual) => {
    if (actual.includes(':')) return false;
    if (!actual.includes('/')) {
      const value = parseIpv4(actual.trim());
      return value !== undefined && value >= first && value <= last;
    }
    const tested = parseRange(actual);
    return tested !== undefined && Number(tested.first) >= first && Number(tested.last) <= last;
  };
}

/** An address is a range of one. */
function parseRange(text: string): { bits: 32 | 128; first: bigint; last: bigint } | undefined {
  const [address = '', length, ...more] = text.trim().split('/');
  const parsed = parseAddress(address);
  if (!parsed || more.length > 0) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? parsed.bits : Number(length);
  if (prefix > parsed.bits) return undefined;
  const size = 1n << BigInt(parsed.bits - prefix);
  const first = (parsed.value / size) * size;
  return { bits: parsed.bits, first, last: first + size - 1n };
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { bits: 32, value: BigInt(value) };
  }
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (!left || !right) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...new Array<bigint>(Math.max(0, missing)).fill(0n), ...right];
  return { bits: 128, value: all.reduce((sum, group) => (sum << 16n) | group, 0n) };
}

function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const result: bigint[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const v4 = parseIpv4(part);
      if (v4 === undefined) return undefined;
      result.push(BigInt(v4 >>> 16), BigInt(v4 & 0xffff));
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) result.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return result;
}

function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = -1;
  let octets = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = i < text.length ? text.charCodeAt(i) - 48 : DOT;
    if (digit >= 0 && digit <= 9) {
      octet = (octet < 0 ? 0 : octet * 10) + digit;
      if (octet > 255) return undefined;
    } else if (digit === DOT && octet >= 0) {
      value = value * 256 + octet;
      octets += 1;
      octet = -1;
    } else return undefined;
  }
  return octets === 4 ? value : undefined;
}

/** The dot, counted from the digit 0. */
const DOT = -2;

function printAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 0xffffn).toString(16)).join(':');
}
