import { type Asset, byCode, isMentionedOnly, sortedUnique } from '../model/index.js';

/** What a person's words mean: an asset, several that they could mean, or none. */
export type AssetSearch =
  | { readonly kind: 'found'; readonly asset: Asset }
  /** Sorted by id. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Asset[] }
  | { readonly kind: 'none' };

/** Asset ids by bare id, by name and by the part of an ARN after the account. */
export interface NameIndex {
  readonly byBareId: ReadonlyMap<string, readonly string[]>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

export function indexNames(assets: readonly Asset[]): NameIndex {
  const byBareId = new Map<string, string[]>();
  const byName = new Map<string, string[]>();
  for (const { id, name } of assets) {
    for (const key of endings(id)) addTo(byBareId, key, id);
    if (name !== undefined && name !== '') addTo(byName, name, id);
  }
  return { byBareId, byName };
}

function addTo(index: Map<string, string[]>, key: string, id: string): void {
  const known = index.get(key);
  if (known) known.push(id);
  else index.set(key, [id]);
}

/** What an ARN's resource can be called: `role/app/web` → itself, `app/web`, `web`; `db:orders` → itself and `orders`. */
function endings(id: string): string[] {
  const resource = id.startsWith('arn:') ? id.split(':').slice(5).join(':') : id;
  const ends = [resource];
  for (let at = 0; at < resource.length; at++) {
    if (resource[at] === '/' || resource[at] === ':') ends.push(resource.slice(at + 1));
  }
  return sortedUnique(ends.filter((end) => end !== ''));
}

/**
 * An exact id comes first, then a bare id or the end of an ARN, then a name. What answers state comes before what they only
 * name; where several are left, all are told.
 */
export function searchAssets(
  text: string,
  { byBareId, byName }: NameIndex,
  find: (id: string) => Asset | undefined,
): AssetSearch {
  const exact = find(text);
  if (exact) return { kind: 'found', asset: exact };
  for (const ids of [byBareId.get(text), byName.get(text)]) {
    const all = sortedUnique(ids ?? []).flatMap((id) => find(id) ?? []);
    const stated = all.filter((asset) => !isMentionedOnly(asset));
    const candidates = (stated.length > 0 ? stated : all).sort((a, b) => byCode(a.id, b.id));
    const [only] = candidates;
    if (only && candidates.length === 1) return { kind: 'found', asset: only };
    if (only) return { kind: 'ambiguous', candidates };
  }
  return { kind: 'none' };
}
