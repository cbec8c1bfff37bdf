export const milliseconds = (time: number): string => time.toFixed(time < 10 ? 1 : 0);

export const ratio = (time: number, floor: number): string => (floor > 0 ? (time / floor).toFixed(1) : '-');

export const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** Prints a table with its columns aligned to the right, the first to the left. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join('  ');
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  for (const row of rows) console.log(line(row));
}
