import { type Asset, bareOf, byCode, isMentionedOnly, sortedUnique } from '../model/index.js';

/** What a person's words mean: an asset, several that they could mean, or none. */
export type AssetSearch =
  | { readonly kind: 'found'; readonly asset: Asset }
  /** Sorted by id. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Asset[] }
  | { readonly kind: 'none' };

/** Asset ids by what stands last in them, and by name. */
export interface NameIndex {
  readonly byLastPart: ReadonlyMap<string, readonly string[]>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

export function indexNames(assets: readonly Asset[]): NameIndex {
  const byLastPart = new Map<string, string[]>();
  const byName = new Map<string, string[]>();
  for (const { id, name } of assets) {
    addTo(byLastPart, bareOf(id), id);
    if (name !== undefined && name !== '') addTo(byName, name, id);
  }
  return { byLastPart, byName };
}

function addTo(index: Map<string, string[]>, key: string, id: string): void {
  const known = index.get(key);
  if (known) known.push(id);
  else index.set(key, [id]);
}

/** Whether an ARN's resource can be called so: `role/app/web` itself, `app/web`, `web`; `db:orders` itself and `orders`. */
function isCalled(id: string, text: string): boolean {
  const at = id.length - text.length;
  const start = resourceStart(id);
  return at >= start && id.endsWith(text) && (at === start || id[at - 1] === '/' || id[at - 1] === ':');
}

/** Where the resource begins in an ARN: after five colons. */
function resourceStart(id: string): number {
  if (!id.startsWith('arn:')) return 0;
  let start = 0;
  for (let colons = 0; colons < 5; colons++) {
    const colon = id.indexOf(':', start);
    if (colon < 0) return 0;
    start = colon + 1;
  }
  return start;
}

/**
 * An exact id comes first, then a bare id or the end of an ARN, then a name. What answers state comes before what they only
 * name; where several are left, all are told.
 */
export function searchAssets(
  text: string,
  names: () => NameIndex,
  find: (id: string) => Asset | undefined,
): AssetSearch {
  const exact = find(text);
  if (exact) return { kind: 'found', asset: exact };
  const { byLastPart, byName } = names();
  const called = byLastPart.get(bareOf(text))?.filter((id) => isCalled(id, text));
  for (const ids of [called, byName.get(text)]) {
    const all = sortedUnique(ids ?? []).flatMap((id) => find(id) ?? []);
    const stated = all.filter((asset) => !isMentionedOnly(asset));
    const candidates = (stated.length > 0 ? stated : all).sort((a, b) => byCode(a.id, b.id));
    const [only] = candidates;
    if (only && candidates.length === 1) return { kind: 'found', asset: only };
    if (only) return { kind: 'ambiguous', candidates };
  }
  return { kind: 'none' };
}
