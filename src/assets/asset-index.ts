import { type Asset, parseArn } from '../model/index.js';
import type { AssetType, Identity, Place, Reference } from './declaration.js';
import { accountReference } from './principal-reference.js';
import { type Path, textAt } from './path.js';

type Candidates = Map<string, Asset[]>;

/** Finds the asset that a record names. Everything an account's own records can mean is looked up; nothing is invented. */
export interface AssetIndex {
  /** @returns the asset, or the id that it would have: what is named need not have been collected. */
  resolve(reference: Reference, place: Place): Asset | string | undefined;
}

/** Indexes assets by type and by the id or name that records use for them. */
export function indexAssets(
  assets: ReadonlyMap<string, Asset>,
  bareIds: ReadonlyMap<Asset, string>,
  types: readonly AssetType[],
  collected: ReadonlySet<string>,
): AssetIndex {
  const byType = new Map<string, Candidates>();
  for (const [asset, bare] of bareIds) {
    const candidates = byType.get(asset.type) ?? new Map<string, Asset[]>();
    byType.set(asset.type, candidates);
    const same = candidates.get(bare);
    if (same) same.push(asset);
    else candidates.set(bare, [asset]);
  }
  const identities = new Map<string, Identity>();
  for (const { type, identity } of types) if (identity.make && !identities.has(type)) identities.set(type, identity);
  const standIns = new Map<string, { readonly meant: string; readonly path: Path }>();
  for (const { type, standsFor } of types)
    if (standsFor) standIns.set(type, { meant: standsFor[1], path: standsFor[2] });

  const named = (type: string, bare: string, place: Place): Asset | undefined =>
    nearest(byType.get(type)?.get(bare), place);

  const find = ({ type, id }: Reference, place: Place): Asset | undefined => {
    const exact = assets.get(id);
    if (exact) return exact;
    const arn = parseArn(id);
    // A session's ARN lacks the path of its role, so the name decides.
    if (arn) return arn.service === 'iam' ? named(type, bareOf(id), { ...place, account: arn.account }) : undefined;
    const direct = named(type, id, place);
    if (direct) return direct;
    for (const [standIn, { meant }] of standIns) if (meant === type) return named(standIn, id, place);
    return undefined;
  };

  const meantBy = (asset: Asset, place: Place): Asset => {
    const standIn = standIns.get(asset.type);
    const target = standIn && textAt(asset.record, standIn.path);
    return (standIn && target !== undefined && find({ type: standIn.meant, id: target }, place)) || asset;
  };

  return {
    resolve: (reference, place) => {
      const found = find(reference, place);
      if (found) return meantBy(found, place);
      const { type, id } = reference;
      if (type === 'aws:account') return accountId(id, collected);
      if (id.startsWith('arn:') || !identities.has(type)) return id.includes(':') || type === id ? id : undefined;
      return identities.get(type)?.make?.(id, place);
    },
  };
}

function accountId(rootArn: string, collected: ReadonlySet<string>): string {
  const account = parseArn(rootArn)?.account ?? rootArn;
  return collected.has(account) ? accountReference(account, parseArn(rootArn)?.partition).id : `aws:account/${account}`;
}

/** Of several with one name: that of the same account and region, else of the same account, else the only one there is. */
function nearest(candidates: readonly Asset[] | undefined, place: Place): Asset | undefined {
  if (!candidates || candidates.length === 1) return candidateOf(candidates?.[0], place);
  const inAccount = candidates.filter((asset) => asset.account === place.account);
  return (
    inAccount.find((asset) => asset.region === place.region) ?? (inAccount.length === 1 ? inAccount[0] : undefined)
  );
}

/** EC2's ids are unique everywhere, so one of another account (a shared subnet) is the one that is meant; a name is not. */
const candidateOf = (asset: Asset | undefined, place: Place): Asset | undefined =>
  asset && (asset.account === place.account || asset.type.startsWith('ec2:') || asset.account === '')
    ? asset
    : undefined;

/** The last part of an ARN: what other records mostly call the asset by. */
export const bareOf = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);
