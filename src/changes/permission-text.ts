import { field, type JsonObject, number, objects, text } from '../model/index.js';
import { parseIpSet } from '../network/index.js';

const PEERS = [
  ['IpRanges', 'CidrIp'],
  ['Ipv6Ranges', 'CidrIpv6'],
  ['PrefixListIds', 'PrefixListId'],
  ['UserIdGroupPairs', 'GroupId'],
] as const;

/** Where a permission lists its peers, and by which field each is named. */
export type PeerList = (typeof PEERS)[number];

/** The peers of a permission, each with the list that it stands in. */
export const peersOf = (permission: JsonObject): readonly { readonly list: PeerList; readonly peer: string }[] =>
  PEERS.flatMap((list) =>
    objects(field(permission, list[0])).flatMap((entry) => {
      const peer = text(field(entry, list[1]));
      return peer === undefined ? [] : [{ list, peer }];
    }),
  );

const isAllTraffic = (permission: JsonObject): boolean => text(field(permission, 'IpProtocol')) === '-1';

/** `tcp/443`, `udp/53-54`, `icmp`, `all`. */
export function portsText(permission: JsonObject): string {
  if (isAllTraffic(permission)) return 'all';
  const protocol = text(field(permission, 'IpProtocol')) ?? '';
  const from = number(field(permission, 'FromPort'));
  const to = number(field(permission, 'ToPort'));
  if (from === undefined || from === -1) return protocol;
  return `${protocol}/${from}${to === undefined || to === from ? '' : `-${to}`}`;
}

/** Whether two permissions are about the same protocol and ports. */
export const hasSamePorts = (a: JsonObject, b: JsonObject): boolean => portsText(a) === portsText(b);

const PORTS = /^(?:all|(tcp|udp|icmp|icmpv6|\d{1,3})(?:\/(\d{1,5})(?:-(\d{1,5}))?)?)$/;

/** A rule as a person writes it: ports (`tcp/443`, `all`) and a peer (a CIDR, a group's id, a prefix list's id). */
export function parsePermission(ports: string, peer: string): JsonObject | undefined {
  const found = PORTS.exec(ports);
  const list = listFor(peer);
  if (!found || !list) return undefined;
  const [, protocol, from, to] = found;
  const peers = { [list[0]]: [{ [list[1]]: peer }] };
  if (protocol === undefined) return { IpProtocol: '-1', ...peers };
  if (from === undefined) {
    const whole =
      protocol === 'tcp' || protocol === 'udp' ? { FromPort: 0, ToPort: 65_535 } : { FromPort: -1, ToPort: -1 };
    return { IpProtocol: protocol, ...whole, ...peers };
  }
  const first = Number(from);
  const last = Number(to ?? from);
  return first <= last && last <= 65_535
    ? { IpProtocol: protocol, FromPort: first, ToPort: last, ...peers }
    : undefined;
}

function listFor(peer: string): PeerList | undefined {
  if (/^sg-[0-9a-z]+$/.test(peer)) return PEERS[3];
  if (/^pl-[0-9a-z]+$/.test(peer)) return PEERS[2];
  const block = peer.includes('/') ? parseIpSet(peer) : undefined;
  return block && (block.v6.length > 0 ? PEERS[1] : PEERS[0]);
}

/** Whether a text is the destination of a route: a CIDR or the id of a prefix list. */
export const isDestination = (text: string): boolean => {
  const list = listFor(text);
  return list !== undefined && list !== PEERS[3];
};
