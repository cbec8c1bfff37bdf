import { CATALOGUE, type TechniqueInfo } from '../../techniques/index.js';
import { groupBy } from '../../model/index.js';
import { makeColors } from '../colors.js';
import { hang, padTo } from '../display-width.js';
import type { RenderOptions } from '../reporter.js';

/** The techniques for a terminal, by tactic, and what is not covered by any. */
export function renderTechniqueList(techniques: readonly TechniqueInfo[], { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const column = Math.max(...techniques.map(({ id }) => id.length)) + 2;
  const lines: string[] = [];
  for (const [tactic, members] of groupBy(techniques, (technique) => technique.tactic)) {
    lines.push(paint.bold(tactic));
    for (const { id, title } of members) lines.push(...hang(`  ${padTo(id, column)}`, title, width));
    lines.push('');
  }
  const leftOut = CATALOGUE.map(({ title, rows }) => ({ title, rows: rows.filter(([, by]) => by.length === 0) }));
  lines.push(paint.bold('Not covered'));
  for (const { title, rows } of leftOut.filter((family) => family.rows.length > 0)) {
    lines.push(`  ${title}`);
    for (const [what, , why = ''] of rows) lines.push(...hang('    ', `${what}: ${why}`, width));
  }
  const ways = CATALOGUE.flatMap(({ rows }) => rows);
  const open = leftOut.flatMap(({ rows }) => rows);
  lines.push(
    '',
    `${techniques.length} techniques cover ${ways.length - open.length} of ${ways.length} ways that are known; \`trespass techniques ID\` shows one`,
  );
  return `${lines.join('\n')}\n`;
}

/** One technique for a terminal. */
export function renderTechnique(techniques: readonly TechniqueInfo[], { color, width }: RenderOptions): string {
  const paint = makeColors(color);
  const lines = techniques.flatMap((technique) => {
    const section = (title: string, items: readonly string[]): string[] =>
      items.length === 0 ? [] : ['', title, ...items.flatMap((item) => hang('  - ', item, width))];
    const { cost, reason } = technique.difficulty;
    return [
      paint.bold(`${technique.id}: ${technique.title}`),
      `${technique.tactic}${technique.attack.length > 0 ? ` (ATT&CK ${technique.attack.join(', ')})` : ''}`,
      ...section('The intruder needs', technique.premises),
      ...section('Taken for granted', technique.assumptions),
      '',
      ...hang('Difficulty: ', `${cost} of 10${reason === '' ? '' : `, ${reason}`}`, width),
      ...section('Where to look for it', technique.detection),
      ...hang('Fix: ', technique.remediation, width).map((line, at) => (at === 0 ? `\n${line}` : line)),
      ...section('References', technique.references),
    ];
  });
  return `${lines.join('\n')}\n`;
}
