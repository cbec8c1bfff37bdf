/** Lines of context around a change. */
const CONTEXT = 2;

type Line = readonly [sign: ' ' | '+' | '-', text: string];

/** What differs between two short texts, as the body of a diff: changed lines with two lines around, gaps as `…`. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly string[] {
  const all = changes(before, after);
  const isShown = all.map((_, at) => all.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([s]) => s !== ' '));
  return all.flatMap(([sign, text], at) => {
    if (isShown[at]) return [`${sign} ${text}`];
    return at === 0 || isShown[at - 1] ? ['  …'] : [];
  });
}

/** How many lines differ. */
export const changedLines = (before: readonly string[], after: readonly string[]): number =>
  changes(before, after).filter(([sign]) => sign !== ' ').length;

/** By the longest common subsequence; the texts are short. */
function changes(before: readonly string[], after: readonly string[]): readonly Line[] {
  const longest = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const same = before[i] === after[j];
      (longest[i] as Uint16Array)[j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push([' ', before[i++] as string]);
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(['-', before[i++] as string]);
    } else {
      lines.push(['+', after[j++] as string]);
    }
  }
  return lines;
}
