import { type Asset, parseArn } from '../model/index.js';
import type { AssetType, Place } from './declaration.js';
import { accountReference } from './principal-reference.js';
import { type Path, textAt } from './path.js';
import type { AssetDraft } from './read-assets.js';

/** Finds the assets that records name. Everything an account's own records can mean is looked up; nothing is invented. */
export interface AssetIndex {
  /** What finds assets that are named as being of a type. */
  ofType(type: string): TypeIndex;
}

export interface TypeIndex {
  readonly type: string;
  /** @returns the asset, or the id that it would have: what is named need not have been collected. */
  resolve(id: string, place: Place): AssetDraft | string | undefined;
}

interface Finder extends TypeIndex {
  /** The asset that is named itself, where another stands for it. */
  find(id: string, place: Place): AssetDraft | undefined;
}

/** Assets of one type by the id or name that records use for them. */
type Candidates = Map<string, AssetDraft | AssetDraft[]>;

/** Indexes assets by type and by the id or name that records use for them. */
export function indexAssets(
  drafts: ReadonlyMap<string, AssetDraft>,
  types: readonly AssetType[],
  collected: ReadonlySet<string>,
): AssetIndex {
  const byType = new Map<string, Candidates>();
  let candidates: Candidates = new Map();
  let type: string | undefined;
  for (const draft of drafts.values()) {
    // They come type by type.
    if (draft.asset.type !== type) {
      type = draft.asset.type;
      candidates = byType.get(type) ?? new Map<string, AssetDraft | AssetDraft[]>();
      byType.set(type, candidates);
    }
    const same = candidates.get(draft.bare);
    if (same === undefined) candidates.set(draft.bare, draft);
    else if (Array.isArray(same)) same.push(draft);
    else candidates.set(draft.bare, [same, draft]);
  }
  const standIns = new Map<string, { readonly meant: string; readonly path: Path }>();
  for (const { type: standIn, standsFor } of types)
    if (standsFor) standIns.set(standIn, { meant: standsFor[1], path: standsFor[2] });
  const indices = new Map<string, Finder>();
  const ofType = (wanted: string): Finder => {
    const known = indices.get(wanted) ?? makeTypeIndex(wanted);
    indices.set(wanted, known);
    return known;
  };
  return { ofType };

  function makeTypeIndex(wanted: string): Finder {
    const own = byType.get(wanted);
    const identity = types.find((t) => t.type === wanted && t.identity.make)?.identity;
    const isIam = wanted.startsWith('iam:');
    const standIn = [...standIns].find(([, { meant }]) => meant === wanted)?.[0];
    const inPlaceOf = standIn === undefined ? undefined : byType.get(standIn);

    const find = (id: string, place: Place): AssetDraft | undefined => {
      if (id.startsWith('arn:')) return drafts.get(id) ?? (isIam ? sessionRole(id, place) : undefined);
      return nearest(own?.get(id), place) ?? drafts.get(id) ?? nearest(inPlaceOf?.get(id), place);
    };
    // A session's ARN lacks the path of its role, so the name decides.
    const sessionRole = (id: string, place: Place): AssetDraft | undefined =>
      nearest(own?.get(bareOf(id)), { ...place, account: parseArn(id)?.account ?? '' });
    const meantBy = (draft: AssetDraft, place: Place): AssetDraft => {
      const stands = standIns.get(draft.asset.type);
      const target = stands && textAt(draft.asset.record, stands.path);
      return (stands && target !== undefined && ofType(stands.meant).find(target, place)) || draft;
    };
    return {
      type: wanted,
      find,
      resolve: (id, place) => {
        const found = find(id, place);
        if (found) return standIns.size === 0 ? found : meantBy(found, place);
        if (wanted === 'aws:account') return accountId(id, collected);
        if (id.startsWith('arn:') || !identity) return id.includes(':') || wanted === id ? id : undefined;
        return identity.make?.(id, place);
      },
    };
  }
}

function accountId(rootArn: string, collected: ReadonlySet<string>): string {
  const account = parseArn(rootArn)?.account ?? rootArn;
  return collected.has(account) ? accountReference(account, parseArn(rootArn)?.partition).id : `aws:account/${account}`;
}

/** Of several with one name: that of the same account and region, else of the same account, else the only one there is. */
function nearest(found: AssetDraft | readonly AssetDraft[] | undefined, place: Place): AssetDraft | undefined {
  if (found === undefined) return undefined;
  if (!Array.isArray(found)) {
    const only = found as AssetDraft;
    return only.asset.account === place.account || isReferable(only.asset) ? only : undefined;
  }
  const inAccount = (found as readonly AssetDraft[]).filter(({ asset }) => asset.account === place.account);
  return (
    inAccount.find(({ asset }) => asset.region === place.region) ?? (inAccount.length === 1 ? inAccount[0] : undefined)
  );
}

/** EC2's ids are unique everywhere, so one of another account (a shared subnet) is the one that is meant; a name is not. */
const isReferable = ({ type, account }: Asset): boolean => type.startsWith('ec2:') || account === '';

/** The last part of an ARN: what other records mostly call the asset by. */
export const bareOf = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);
