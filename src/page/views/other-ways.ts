import type { ReportPath } from '../../findings/report.js';
import { count } from '../../reporters/coverage-text.js';
import type { Page } from '../data/page.js';
import { type ProofLine, proofLines } from '../data/proof-lines.js';
import { el } from '../dom/element.js';

/** How many proofs are looked for; those that differ from one shown in inner steps alone are not shown. */
const LOOKED_FOR = 12;
const MOST = 6;

/** Other chains of steps from a path's entry to its target, the easiest first. */
export async function otherWays({ attack, model }: Page, path: ReportPath): Promise<HTMLElement> {
  const page = await attack();
  const question = page.questions.get(path);
  if (!question) return el('p', {}, 'This path needs several entries at once; other ways are not worked out.');
  const derivation = page.engine.derive([question.start]);
  const shown = new Set([linesKey(path.steps.slice(1))]);
  const ways = question.goals
    .flatMap((goal) => derivation.bestProofs(goal, LOOKED_FOR))
    .sort((a, b) => Number(b.certain) - Number(a.certain) || a.cost - b.cost)
    .map((proof) => proofLines(page, proof))
    .filter((lines) => {
      const key = linesKey(lines);
      if (shown.has(key)) return false;
      shown.add(key);
      return true;
    })
    .slice(0, MOST);
  if (ways.length === 0) return el('p', {}, 'There is no other way from this entry to this target.');
  return el(
    'div',
    {},
    el('p', { role: 'status' }, `${count(ways.length, 'other way')}, the easiest first:`),
    el(
      'ol',
      { class: 'ways' },
      ways.map((lines) =>
        el(
          'li',
          {},
          el(
            'ol',
            { class: 'lines-of-way' },
            lines.map((line) => lineItem(line, model)),
          ),
        ),
      ),
    ),
  );
}

export const lineItem = (
  { technique, from, to, isConditional }: ProofLine,
  { names, techniques }: Page['model'],
): HTMLElement =>
  el(
    'li',
    { title: techniques.get(technique)?.title },
    el('code', {}, technique),
    ' ',
    el('bdi', {}, names.short(from)),
    ' → ',
    el('bdi', {}, names.short(to)),
    isConditional && el('span', { class: 'badge plain' }, 'conditional'),
  );

const linesKey = (lines: readonly Pick<ProofLine, 'technique' | 'from' | 'to'>[]): string =>
  lines
    .map(({ technique, from, to }) => `${technique} ${from} ${to}`)
    .sort()
    .join('\n');
