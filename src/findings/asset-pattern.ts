import type { Asset } from '../model/index.js';

/** Which assets are meant, as the configuration says it: every given part must fit. */
export interface AssetPattern {
  /** An id with `*` for any text. */
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly account?: string;
  /** Tags that it must carry; `*` for any value. */
  readonly tags?: ReadonlyMap<string, string>;
}

/** Whether a pattern means an asset; `asset` is absent where the graph does not know `id`. */
export function matchesAsset(pattern: AssetPattern, id: string, asset: Asset | undefined): boolean {
  if (pattern.id !== undefined && !matchesGlob(pattern.id, id)) return false;
  if (pattern.type !== undefined && asset?.type !== pattern.type) return false;
  if (pattern.name !== undefined && !(asset?.name !== undefined && matchesGlob(pattern.name, asset.name))) return false;
  if (pattern.account !== undefined && asset?.account !== pattern.account) return false;
  for (const [key, value] of pattern.tags ?? []) {
    const found = asset?.tags.get(key);
    if (found === undefined || !matchesGlob(value, found)) return false;
  }
  return true;
}

/** Which assets a pattern means, in words. */
export function describePattern({ id, type, name, account, tags }: AssetPattern): string {
  const parts = [
    id ?? type ?? 'assets',
    ...(id !== undefined && type !== undefined ? [`of type ${type}`] : []),
    ...(name !== undefined ? [`named ${name}`] : []),
    ...(account !== undefined ? [`in account ${account}`] : []),
    ...(tags ? [`tagged ${[...tags].map(([key, value]) => `${key}=${value}`).join(', ')}`] : []),
  ];
  return parts.join(' ');
}

/** `*` stands for any text, also none. Takes time linear in pattern times text, whatever the pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
