import { byCode } from '../model/index.js';

/**
 * Sorts by id, which are distinct, in the order of `byCode`. Most ids begin like thousands of others, so those that begin alike are put in order among themselves
 * by what is different in them.
 */
export function sortByIds<T>(items: readonly T[], idOf: (item: T) => string): T[] {
  const byBeginning = new Map<string, { readonly rests: string[]; readonly own: T[] }>();
  let beginning = '';
  let same: { readonly rests: string[]; readonly own: T[] } | undefined;
  for (const item of items) {
    const id = idOf(item);
    const length = beginningLength(id);
    // Those of one kind mostly come together.
    if (same === undefined || length !== beginning.length || !id.startsWith(beginning)) {
      beginning = id.slice(0, length);
      same = byBeginning.get(beginning) ?? { rests: [], own: [] };
      byBeginning.set(beginning, same);
    }
    same.rests.push(id.slice(length));
    same.own.push(item);
  }
  const beginnings = [...byBeginning.keys()].sort(byCode);
  const sorted: T[] = [];
  for (let i = 0; i < beginnings.length; ) {
    const first = beginnings[i] as string;
    const byRest = new Map<string, T>();
    // Beginnings that begin with this one come next: their ids stand among those of this one.
    for (; i < beginnings.length && (beginnings[i] as string).startsWith(first); i++) {
      const more = (beginnings[i] as string).slice(first.length);
      const { rests, own } = byBeginning.get(beginnings[i] as string) ?? { rests: [], own: [] };
      rests.forEach((rest, at) => byRest.set(more + rest, own[at] as T));
    }
    // JavaScript's own order of strings is that of `byCode`.
    for (const rest of [...byRest.keys()].sort()) sorted.push(byRest.get(rest) as T);
  }
  return sorted;
}

/** Of an ARN: up to the kind of resource; of another id: up to its first colon. */
function beginningLength(id: string): number {
  let end = -1;
  for (let colons = 0; colons < 5; colons++) {
    end = id.indexOf(':', end + 1);
    if (end < 0) return id.indexOf(':') + 1 || id.length;
  }
  for (let i = end + 1; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code === SLASH || code === COLON) return i + 1;
  }
  return end + 1;
}

const SLASH = 47;
const COLON = 58;
