import { byKey, EXIT, UserError } from '../model/index.js';
import type { Asker } from './attempts.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { Address, Interface } from './interfaces.js';
import {
  describeIps,
  hasIps,
  INTERNET,
  intersectIps,
  type IpSet,
  NO_ADDRESSES,
  parseIpSet,
  subtractIps,
} from './ip-set.js';
import { ALL_PORTS, parsePorts, type PortSet } from './port-set.js';
import type { Spot } from './ways.js';

/** Where a question leads to. */
export interface Target {
  readonly endpoint: Endpoint | undefined;
  readonly pairs: readonly Spot[];
  /** The addresses asked about, where it is not an asset. */
  readonly ips: IpSet;
}

/** @throws UserError for what is neither in the snapshot nor addresses */
export function readAsker(endpoints: Endpoints, from: string): Asker {
  if (from === 'internet') return { outside: INTERNET, faces: [], picksFace: false };
  const ips = parseIpSet(from);
  if (ips !== undefined) {
    const held = holdersOf(endpoints, ips).filter(({ face }) => face.isSilent === undefined);
    const faces = held.map(({ face, addresses }) => ({
      face,
      addresses: addresses.map((a) => ({ ...a, isSeenPublic: !hasIps(intersectIps(a.ips, ips)) })),
    }));
    const names = held.flatMap(({ addresses }) =>
      addresses.flatMap((a) => [a.ips, parseIpSet(a.publicIp ?? '') ?? NO_ADDRESSES]),
    );
    return { outside: names.reduce<IpSet>(subtractIps, ips), faces, picksFace: false };
  }
  const endpoint = endpoints.byAsset.get(from) ?? endpoints.ofInterface(from);
  if (endpoint === undefined)
    throw new UserError(`"${from}" is not in the snapshot, nor an address, a CIDR or "internet"`, EXIT.usage);
  const faces = endpoint.asset === from ? endpoint.interfaces : endpoint.interfaces.filter((f) => f.arn === from);
  return {
    outside: NO_ADDRESSES,
    faces: faces.map((face) => ({ face, addresses: face.addresses })),
    picksFace: endpoint.asset === from && faces.length > 1 && endpoint.type === 'ec2:instance',
  };
}

/** @throws UserError for what is neither in the snapshot nor an address */
export function readTarget(endpoints: Endpoints, to: string): Target {
  if (to === 'internet') return { endpoint: undefined, pairs: [], ips: INTERNET };
  const endpoint = endpoints.byAsset.get(to) ?? endpoints.ofInterface(to);
  if (endpoint !== undefined) {
    const faces = endpoint.asset === to ? endpoint.interfaces : endpoint.interfaces.filter((f) => f.arn === to);
    return {
      endpoint,
      ips: NO_ADDRESSES,
      pairs: faces.flatMap((face) => face.addresses.map((address) => ({ face, address, byPublic: true, byOwn: true }))),
    };
  }
  const ips = parseIpSet(to);
  if (ips === undefined) throw new UserError(`"${to}" is not in the snapshot, nor an address`, EXIT.usage);
  const pairs = holdersOf(endpoints, ips).flatMap(({ face, addresses }) =>
    addresses.map((address) => ({
      face,
      address,
      byOwn: hasIps(intersectIps(address.ips, ips)),
      byPublic:
        address.publicIp !== undefined && hasIps(intersectIps(parseIpSet(address.publicIp) ?? NO_ADDRESSES, ips)),
    })),
  );
  const first = pairs[0];
  return {
    ips,
    endpoint: first === undefined ? undefined : endpoints.ofInterface(first.face.arn),
    pairs: [...pairs].sort(byKey((p) => p.face.id)),
  };
}

/** @throws UserError for ports that cannot be read */
export function readPorts(port: string | undefined): PortSet {
  const ports = port === undefined ? ALL_PORTS : parsePorts(port);
  if (ports === undefined)
    throw new UserError(
      `cannot read the port "${port}": write tcp/443, tcp/8000-8080, udp/53, icmp, tcp or all`,
      EXIT.usage,
    );
  return ports;
}

/** The interfaces that hold addresses of a set, with those addresses. */
function holdersOf(endpoints: Endpoints, ips: IpSet): { face: Interface; addresses: Address[] }[] {
  const only = describeIps(ips);
  const isSingle = ips.v4.length + ips.v6.length === 2 && !only.includes('/') && !only.includes(',');
  const faces = isSingle
    ? new Set(endpoints.atAddress(only))
    : new Set([...endpoints.byAsset.values()].flatMap((e) => e.interfaces));
  const holders: { face: Interface; addresses: Address[] }[] = [];
  for (const face of faces) {
    const addresses = face.addresses.filter(
      (a) =>
        (a.isRange !== true && hasIps(intersectIps(a.ips, ips))) ||
        (a.publicIp !== undefined && hasIps(intersectIps(parseIpSet(a.publicIp) ?? NO_ADDRESSES, ips))),
    );
    if (addresses.length > 0) holders.push({ face, addresses });
  }
  return holders;
}
