import { type Intervals, intersectIntervals, pairsOf, subtractIntervals, uniteIntervals } from './intervals.js';

/**
 * Protocols and ports as one line of points, so that one kind of interval serves both: point = protocol × 65536 + port. For
 * ICMP the "port" is type × 256 + code; a protocol without ports has all 65536 points or none.
 */
export type PortSet = Intervals<number>;

const SPAN = 65536;
const PROTOCOLS = new Map([
  ['tcp', 6],
  ['udp', 17],
  ['icmp', 1],
  ['icmpv6', 58],
]);
const NAMES = new Map([...PROTOCOLS].map(([name, id]) => [id, name]));

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

export const ALL_PORTS: PortSet = [0, 256 * SPAN];

/** `from` and `to` are ports, both included. */
export const portRange = (protocol: number, from: number, to: number): PortSet => [
  protocol * SPAN + from,
  protocol * SPAN + to + 1,
];
export const wholeProtocol = (protocol: number): PortSet => portRange(protocol, 0, SPAN - 1);
/** ICMP types and codes; `undefined` for any. */
export function icmp(protocol: number, type: number | undefined, code: number | undefined): PortSet {
  if (type === undefined) return wholeProtocol(protocol);
  return code === undefined
    ? portRange(protocol, type * 256, type * 256 + 255)
    : portRange(protocol, type * 256 + code, type * 256 + code);
}
export const unitePorts = (a: PortSet, b: PortSet): PortSet => uniteIntervals(a, b);
export const intersectPorts = (a: PortSet, b: PortSet): PortSet => intersectIntervals(a, b);
export const subtractPorts = (a: PortSet, b: PortSet): PortSet => subtractIntervals(a, b);

/** A protocol's number from its name or number (`tcp`, `6`); -1 for all; `undefined` where it is neither. */
export function protocolNumber(value: string): number | undefined {
  const lower = value.toLowerCase();
  if (lower === '-1' || lower === 'all') return -1;
  const named = PROTOCOLS.get(lower);
  if (named !== undefined) return named;
  if (!/^[0-9]{1,3}$/.test(lower)) return undefined;
  const id = Number(lower);
  return id < 256 ? id : undefined;
}

/**
 * Reads `tcp/443`, `tcp/8000-8080`, `tcp`, `icmp`, `icmp/8`, `icmp/8/0`, `47`, `all`.
 * @returns `undefined` where it is none of these, or the range is turned round.
 */
export function parsePorts(value: string): PortSet | undefined {
  const protocols = /^([0-9]{1,3})-([0-9]{1,3})$/.exec(value);
  if (protocols !== null) {
    const [from, to] = [Number(protocols[1]), Number(protocols[2])];
    return from <= to && to < 256 ? [from * SPAN, (to + 1) * SPAN] : undefined;
  }
  const [name = '', ports, code, ...rest] = value.split('/');
  const protocol = protocolNumber(name);
  if (protocol === undefined || rest.length > 0) return undefined;
  if (protocol === -1) return ports === undefined ? ALL_PORTS : undefined;
  if (ports === undefined) return wholeProtocol(protocol);
  if (protocol === ICMP || protocol === ICMPV6) {
    if (!isByte(ports) || (code !== undefined && !isByte(code))) return undefined;
    return icmp(protocol, Number(ports), code === undefined ? undefined : Number(code));
  }
  const match = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(ports);
  if (match === null || code !== undefined || (protocol !== TCP && protocol !== UDP)) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from <= to && to < SPAN ? portRange(protocol, from, to) : undefined;
}

const isByte = (value: string): boolean => /^[0-9]{1,3}$/.test(value) && Number(value) < 256;

/** The set as its parts split by protocol: `[protocol, from, to]`, ends included. */
export function* portRanges(set: PortSet): Generator<readonly [number, number, number]> {
  for (const [start, end] of pairsOf(set)) {
    let lo = start;
    while (lo < end) {
      const protocol = Math.floor(lo / SPAN);
      const hi = Math.min(end, (protocol + 1) * SPAN);
      yield [protocol, lo - protocol * SPAN, hi - 1 - protocol * SPAN];
      lo = hi;
    }
  }
}

/** `all`, `tcp`, `tcp/22`, `tcp/8000-8080`, `icmp/8/0`, `icmp/8`, `47`, `59-255` (other protocols); sorted by protocol number and port. */
export function formatPorts(set: PortSet): string[] {
  if (set.length === 2 && set[0] === 0 && set[1] === ALL_PORTS[1]) return ['all'];
  const lines: string[] = [];
  let run: [number, number] | undefined;
  const flush = (): void => {
    if (run !== undefined) lines.push(run[0] === run[1] ? String(run[0]) : `${run[0]}-${run[1]}`);
    run = undefined;
  };
  for (const [protocol, from, to] of portRanges(set)) {
    if (!NAMES.has(protocol) && from === 0 && to === SPAN - 1) {
      if (run !== undefined && run[1] === protocol - 1) run[1] = protocol;
      else {
        flush();
        run = [protocol, protocol];
      }
      continue;
    }
    flush();
    const name = NAMES.get(protocol) ?? String(protocol);
    if (from === 0 && to === SPAN - 1) lines.push(name);
    else if (protocol === ICMP || protocol === ICMPV6) lines.push(...formatIcmp(name, from, to));
    else lines.push(from === to ? `${name}/${from}` : `${name}/${from}-${to}`);
  }
  flush();
  return lines;
}

function formatIcmp(name: string, from: number, to: number): string[] {
  const lines: string[] = [];
  for (let point = from; point <= to; ) {
    const type = Math.floor(point / 256);
    const end = Math.min(to, type * 256 + 255);
    if (point === type * 256 && end === type * 256 + 255) lines.push(`${name}/${type}`);
    else for (let p = point; p <= end; p++) lines.push(`${name}/${type}/${p % 256}`);
    point = end + 1;
  }
  return lines;
}
