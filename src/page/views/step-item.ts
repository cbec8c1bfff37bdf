import type { ReportPath } from '../../findings/report.js';
import { keyOfStep } from '../../findings/surviving-paths.js';
import { conditionText } from '../../reporters/condition-text.js';
import { count } from '../../reporters/coverage-text.js';
import type { PageModel } from '../data/page-report.js';
import { copyButton } from '../dom/copy-button.js';
import { el } from '../dom/element.js';
import { hrefOf } from '../route.js';

/** A step with all that it rests on. */
export function stepItem({ names, techniques }: PageModel, { steps }: ReportPath, at: number): HTMLElement {
  const step = steps[at];
  if (!step) throw new RangeError(`there is no step ${at}`);
  const { technique, title, from, to, requires, text, attack, assumptions, conditions, evidence, fix } = step;
  const others = requires.filter((id) => id !== from && id !== 'internet');
  const known = techniques.get(technique);
  return el(
    'li',
    { id: `step-${at + 1}`, class: 'step-item', tabindex: -1 },
    el('h3', {}, el('span', { class: 'ordinal' }, at + 1), ' ', text),
    el(
      'p',
      { class: 'note' },
      el('code', {}, technique),
      ' ',
      title,
      '. ',
      el('bdi', {}, names.label(from)),
      ' → ',
      el('a', { href: hrefOf('graph', to) }, el('bdi', {}, names.label(to))),
      attack.length > 0 && ` · ${attack.join(', ')}`,
    ),
    others.length > 0 && el('p', { class: 'note' }, `Needs besides: ${others.map((id) => names.label(id)).join(', ')}`),
    evidence.length > 0 &&
      el(
        'details',
        { class: 'evidence', open: true },
        el('summary', {}, `Evidence (${evidence.length})`),
        el(
          'ul',
          { class: 'plain' },
          evidence.map(({ asset, fact, source }) =>
            el(
              'li',
              {},
              el('bdi', { title: asset, class: 'who' }, names.full(asset)),
              ' ',
              fact,
              ' ',
              source !== '' && el('code', { class: 'source' }, source),
            ),
          ),
        ),
        copyButton('Copy evidence', () =>
          evidence.map(({ asset, fact, source }) => `${asset}: ${fact} (${source})`).join('\n'),
        ),
      ),
    conditions.length > 0 && el('p', {}, el('b', {}, 'If '), conditions.map(conditionText).join('; ')),
    assumptions.length > 0 && el('p', {}, el('b', {}, 'Taken for granted '), assumptions.join(' ')),
    known !== undefined &&
      known.detection.length > 0 &&
      el('p', { class: 'note' }, el('b', {}, `${count(known.detection.length, 'trace')} `), known.detection.join(', ')),
    fix !== '' &&
      el(
        'p',
        { class: 'fix' },
        el('b', {}, 'Fix '),
        fix,
        ' ',
        el('a', { href: hrefOf('what-if', '', { off: keyOfStep(step) }) }, 'What if?'),
      ),
  );
}
