import type { PageGraph } from '../../reporters/html/page-data.js';
import { makePageNames, type Names } from './page-report.js';

/** The asset graph; assets are places in its list. */
export interface PageAssets {
  readonly ids: readonly string[];
  readonly size: number;
  readonly names: Names;
  place(id: string): number | undefined;
  id(asset: number): string;
  name(asset: number): string;
  type(asset: number): string;
  account(asset: number): string;
  region(asset: number): string;
  address(asset: number): string;
  isExposed(asset: number): boolean;
  /** The relationships of an asset, in both directions. */
  links(asset: number): readonly Link[];
  /** The VPC and subnet that it is in; -1 where it is in none. */
  vpc(asset: number): number;
  subnet(asset: number): number;
}

/** A relationship as one of its ends sees it. */
export interface Link {
  readonly kind: string;
  readonly other: number;
  readonly isOutgoing: boolean;
}

export function openGraph(packed: PageGraph): PageAssets {
  const { assets, types, accounts, regions, kinds, relationships, exposed } = packed;
  const size = assets.id.length;
  const places = new Map(assets.id.map((id, at) => [id, at]));
  const from = new Uint32Array(relationships.to.length);
  const outStart = new Uint32Array(size + 1);
  const inStart = new Uint32Array(size + 1);
  relationships.count.forEach((count, asset) => {
    const start = outStart[asset] as number;
    from.fill(asset, start, start + count);
    outStart[asset + 1] = start + count;
  });
  for (const to of relationships.to) inStart[to + 1] = (inStart[to + 1] as number) + 1;
  for (let i = 1; i <= size; i++) inStart[i] = (inStart[i] as number) + (inStart[i - 1] as number);
  const incoming = new Uint32Array(relationships.to.length);
  const next = inStart.slice();
  relationships.to.forEach((to, row) => {
    incoming[next[to] as number] = row;
    next[to] = (next[to] as number) + 1;
  });
  const kindOf = (row: number): string => kinds[relationships.kind[row] ?? -1] ?? '';
  const vpcs = new Int32Array(size).fill(-1);
  const subnets = new Int32Array(size).fill(-1);
  relationships.to.forEach((to, row) => {
    const kind = kindOf(row);
    if (kind === 'in-vpc') vpcs[from[row] as number] = to;
    if (kind === 'in-subnet' && subnets[from[row] as number] === -1) subnets[from[row] as number] = to;
  });
  const isVpc = (asset: number): boolean => types[assets.type[asset] ?? -1] === 'ec2:vpc';
  const isSubnet = (asset: number): boolean => types[assets.type[asset] ?? -1] === 'ec2:subnet';
  const subnetOf = (asset: number): number => (isSubnet(asset) ? asset : (subnets[asset] ?? -1));
  const internet = new Set(exposed);
  const nameAt = (asset: number): string => assets.name[asset] ?? '';
  return {
    ids: assets.id,
    size,
    names: makePageNames((id) => nameAt(places.get(id) ?? -1) || undefined),
    place: (id) => places.get(id),
    id: (asset) => assets.id[asset] ?? '',
    name: nameAt,
    type: (asset) => types[assets.type[asset] ?? -1] ?? '',
    account: (asset) => accounts[assets.account[asset] ?? -1] ?? '',
    region: (asset) => regions[assets.region[asset] ?? -1] ?? '',
    address: (asset) => assets.address[asset] ?? '',
    isExposed: (asset) => internet.has(asset),
    links: (asset) => {
      const found: Link[] = [];
      for (let row = outStart[asset] ?? 0; row < (outStart[asset + 1] ?? 0); row++)
        found.push({ kind: kindOf(row), other: relationships.to[row] ?? 0, isOutgoing: true });
      for (let i = inStart[asset] ?? 0; i < (inStart[asset + 1] ?? 0); i++) {
        const row = incoming[i] ?? 0;
        found.push({ kind: kindOf(row), other: from[row] ?? 0, isOutgoing: false });
      }
      return found;
    },
    subnet: subnetOf,
    vpc: (asset) => {
      if (isVpc(asset)) return asset;
      const own = vpcs[asset] ?? -1;
      const subnet = subnetOf(asset);
      return own >= 0 || subnet < 0 ? own : (vpcs[subnet] ?? -1);
    },
  };
}
