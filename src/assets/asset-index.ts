import { type Asset, parseArn } from '../model/index.js';
import type { AssetType, Identity, Place } from './declaration.js';
import { accountReference } from './principal-reference.js';
import { type Path, textAt } from './path.js';
import type { AssetDraft } from './read-assets.js';

/** Finds the asset that a record names. Everything an account's own records can mean is looked up; nothing is invented. */
export interface AssetIndex {
  /** @returns the asset, or the id that it would have: what is named need not have been collected. */
  resolve(type: string, id: string, place: Place): AssetDraft | string | undefined;
}

/** Indexes assets by type and by the id or name that records use for them. */
export function indexAssets(
  drafts: ReadonlyMap<string, AssetDraft>,
  types: readonly AssetType[],
  collected: ReadonlySet<string>,
): AssetIndex {
  const byType = new Map<string, Map<string, AssetDraft | AssetDraft[]>>();
  for (const draft of drafts.values()) {
    const candidates = byType.get(draft.asset.type) ?? new Map<string, AssetDraft | AssetDraft[]>();
    byType.set(draft.asset.type, candidates);
    const same = candidates.get(draft.bare);
    if (same === undefined) candidates.set(draft.bare, draft);
    else if (Array.isArray(same)) same.push(draft);
    else candidates.set(draft.bare, [same, draft]);
  }
  const identities = new Map<string, Identity>();
  for (const { type, identity } of types) if (identity.make && !identities.has(type)) identities.set(type, identity);
  const standIns = new Map<string, { readonly meant: string; readonly path: Path }>();
  for (const { type, standsFor } of types)
    if (standsFor) standIns.set(type, { meant: standsFor[1], path: standsFor[2] });

  const named = (type: string, bare: string, place: Place): AssetDraft | undefined =>
    nearest(byType.get(type)?.get(bare), place);

  // A session's ARN lacks the path of its role, so the name decides.
  const sessionRole = (type: string, id: string, place: Place): AssetDraft | undefined =>
    named(type, bareOf(id), { ...place, account: parseArn(id)?.account ?? '' });

  const find = (type: string, id: string, place: Place): AssetDraft | undefined => {
    if (id.startsWith('arn:'))
      return drafts.get(id) ?? (type.startsWith('iam:') ? sessionRole(type, id, place) : undefined);
    const direct = named(type, id, place);
    if (direct) return direct;
    const exact = drafts.get(id);
    if (exact) return exact;
    for (const [standIn, { meant }] of standIns) if (meant === type) return named(standIn, id, place);
    return undefined;
  };

  const meantBy = (draft: AssetDraft, place: Place): AssetDraft => {
    const standIn = standIns.get(draft.asset.type);
    const target = standIn && textAt(draft.asset.record, standIn.path);
    return (standIn && target !== undefined && find(standIn.meant, target, place)) || draft;
  };

  return {
    resolve: (type, id, place) => {
      const found = find(type, id, place);
      if (found) return meantBy(found, place);
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
function nearest(found: AssetDraft | readonly AssetDraft[] | undefined, place: Place): AssetDraft | undefined {
  if (found === undefined) return undefined;
  if ('asset' in found) return isReferable(found.asset, place) ? found : undefined;
  const inAccount = found.filter(({ asset }) => asset.account === place.account);
  return (
    inAccount.find(({ asset }) => asset.region === place.region) ?? (inAccount.length === 1 ? inAccount[0] : undefined)
  );
}

/** EC2's ids are unique everywhere, so one of another account (a shared subnet) is the one that is meant; a name is not. */
const isReferable = (asset: Asset, place: Place): boolean =>
  asset.account === place.account || asset.type.startsWith('ec2:') || asset.account === '';

/** The last part of an ARN: what other records mostly call the asset by. */
export const bareOf = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);
