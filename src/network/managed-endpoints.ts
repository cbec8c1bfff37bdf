import type { Endpoint } from './endpoints.js';
import { type Address, type Interface, somewhereIn } from './interfaces.js';
import { ALL_ADDRESSES, NO_ADDRESSES, ofFamily, parseIpSet } from './ip-set.js';
import { type Managed, marksOf } from './managed-thing.js';
import type { Blocker } from './network.js';
import type { World } from './world.js';

const hasPublicIp = ({ addresses }: Interface): boolean => addresses.some(({ publicIp }) => publicIp !== undefined);

/**
 * The service interfaces of each managed thing, and the one managed thing that an interface belongs to, where that is certain. What is public
 * has those with a public address, what is private the others, where there are such ones; what may be either, or is both, has all.
 */
export function matchFaces(
  world: World,
  managed: readonly Managed[],
): { readonly shown: ReadonlyMap<Managed, readonly Interface[]>; readonly owners: ReadonlyMap<string, Managed> } {
  const byMark = new Map<string, Managed[]>();
  for (const item of managed) for (const mark of item.marks) push(byMark, mark, item);
  const shown = new Map<Managed, Interface[]>();
  const owners = new Map<string, Managed>();
  if (byMark.size === 0) return { shown, owners };
  for (const face of world.interfaces.values()) {
    if (face.kind === 'instance') continue;
    const mine = [...new Set(marksOf(face).flatMap((mark) => byMark.get(mark) ?? []))];
    for (const item of mine) push(shown, item, face);
  }
  const holders = new Map<string, Managed[]>();
  for (const [item, faces] of shown) {
    const isEither = item.publicIf !== undefined || item.isMixed === true;
    const fitting = isEither ? faces : faces.filter((face) => hasPublicIp(face) === item.isPublic);
    const own = fitting.length > 0 ? fitting : faces;
    shown.set(item, own);
    for (const { id } of own) push(holders, id, item);
  }
  for (const [id, [owner, ...others]] of holders) {
    if (owner !== undefined && others.length === 0) owners.set(id, owner);
  }
  return { shown, owners };
}

/** The endpoint of a managed thing: at its own interfaces where they are shown, else at the places where they must be. */
export function managedEndpoint(world: World, item: Managed, shown: readonly Interface[]): Endpoint {
  const states = ['stopped', 'stopping', 'deleting', 'deleted', 'paused'];
  const refuses: Blocker | undefined =
    item.refuses !== undefined
      ? { asset: item.asset, fact: item.refuses }
      : states.includes(item.state)
        ? { asset: item.asset, fact: `it is ${item.state}` }
        : undefined;
  const common = { asset: item.asset, ...(refuses !== undefined && { refuses }) };
  const isMixed = item.isMixed === true && shown.some(hasPublicIp) && !shown.every(hasPublicIp);
  const vpc = item.vpc ?? item.groups?.map((id) => world.groups.get(id)?.vpc).find((id) => id !== undefined) ?? '';
  const faces: Interface[] =
    shown.length > 0
      ? shown.map((face) => ({
          ...face,
          ...common,
          kind: 'managed',
          ...(isMixed && { among: hasPublicIp(face) ? 'public' : 'private' }),
          addresses: face.addresses.map((a) =>
            item.isPublic && (!isMixed || hasPublicIp(face)) ? markPublic(a) : markPrivate(item, a),
          ),
        }))
      : item.subnets.map((id) => ({
          id: `${item.asset}@${id}`,
          arn: item.asset,
          kind: 'managed',
          account: world.subnets.get(id)?.account ?? '',
          region: world.subnets.get(id)?.region ?? '',
          vpc: world.subnets.get(id)?.vpc ?? vpc,
          subnet: id,
          groups: item.groups,
          addresses: subnetAddresses(world, id, item),
          deviceIndex: 0,
          description: '',
          isRequesterManaged: true,
          source: item.source,
          ...common,
        }));
  return {
    asset: item.asset,
    type: item.type,
    interfaces: faces,
    isOneOf: !item.spansAll && faces.length > 1,
    ports: item.ports,
    ...(item.registries && { registries: item.registries }),
  };
}

/** With a public address that is not in the API, where none is. */
export function markPublic(address: Address): Address {
  const { isPrivate: _, ...open } = address;
  return open.publicIp === undefined && open.family === 4 ? { ...open, isPublicUnknown: true } : open;
}

/** Nothing comes to the IPv6 address of what keeps it private while it is not public. */
const markPrivate = ({ keepsIpv6Private, publicIf }: Managed, address: Address): Address =>
  keepsIpv6Private !== true || address.family === 4
    ? address
    : { ...address, ...(publicIf ? { publicIf } : { isPrivate: true }) };

/** Its addresses are somewhere in the subnet, but for one that is known. */
function subnetAddresses(world: World, id: string, item: Managed): Address[] {
  const cidrs = world.subnets.get(id)?.cidrs;
  // A subnet that was not collected may be anywhere: whatever is asked about it is unknown.
  const v4 = ofFamily(cidrs ?? ALL_ADDRESSES, 4);
  const v6 = item.isDual === true ? ofFamily(cidrs ?? ALL_ADDRESSES, 6) : NO_ADDRESSES;
  const { publicIf, address } = item;
  const known = address === undefined ? undefined : parseIpSet(address);
  const own: Address[] = known && address ? [{ ips: known, family: 4, text: address }] : somewhereIn(v4, 4);
  return [...own, ...somewhereIn(v6, 6)].map((a) => {
    if (item.isPublic) return markPublic(a);
    return publicIf && a.family === 4 ? { ...markPublic(a), publicIf } : markPrivate(item, a);
  });
}

/** Adds to the list of a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
