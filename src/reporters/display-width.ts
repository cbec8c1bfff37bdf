/**
 * Ranges of code points that a terminal draws two columns wide: Unicode's East Asian Width W and F, and emoji.
 * @see https://www.unicode.org/reports/tr11/
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

const isWide = (code: number): boolean => code >= 0x1100 && WIDE.some(([from, to]) => code >= from && code <= to);

const MARK = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text takes on a terminal; marks that combine with the letter before them take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    // Vowels and finals of Hangul that is written in parts stand in the block of the consonant before them.
    if (code < 0x20 || (code >= 0x1160 && code <= 0x11ff) || (code >= 0x300 && MARK.test(letter))) continue;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

/** The text in at most `width` columns; what is cut off shows as `…`. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const letter of text) {
    const columns = displayWidth(letter);
    if (used + columns > width - 1) break;
    kept += letter;
    used += columns;
  }
  return `${kept}…`;
}

/** Lines of at most `width` columns, broken at spaces; a word that is wider stands alone, unbroken, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Wrapped lines, the first after `first`, the others under it. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = ' '.repeat(displayWidth(first));
  return wrap(text, Math.max(20, width - indent.length)).map((line, at) => (at === 0 ? first : indent) + line);
}

export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));
