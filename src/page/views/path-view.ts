import type { ReportPath } from '../../findings/report.js';
import { conditionText } from '../../reporters/condition-text.js';
import { count } from '../../reporters/coverage-text.js';
import { noteText } from '../../reporters/note-text.js';
import type { Page } from '../data/page.js';
import type { PageModel } from '../data/page-report.js';
import { type Child, el, fill } from '../dom/element.js';
import { showFailure } from '../dom/failure.js';
import { copyButton } from '../dom/copy-button.js';
import { chain } from '../parts/chain.js';
import { section } from '../parts/section.js';
import { severityMark } from '../parts/severity.js';
import { pathDrawing } from '../drawing/path-drawing.js';
import { hrefOf } from '../route.js';
import { isNew } from './filter-paths.js';
import { stepItem } from './step-item.js';
import { otherWays } from './other-ways.js';

/** One path: drawn, then step by step. */
export function pathView(page: Page, id: string): HTMLElement {
  const { model } = page;
  const path = model.pathsById.get(id);
  if (!path)
    return el(
      'div',
      {},
      el('h1', {}, 'There is no such path'),
      el('p', {}, el('a', { href: hrefOf('findings') }, 'All findings')),
    );
  const at = model.paths.indexOf(path);
  return el(
    'article',
    { class: 'path' },
    el(
      'nav',
      { class: 'beside', 'aria-label': 'Findings' },
      el('a', { href: hrefOf('findings') }, '← Findings'),
      el('span', {}, step(model.paths[at - 1], 'Previous'), step(model.paths[at + 1], 'Next')),
    ),
    heading(model, path),
    el('h2', { class: 'visually-hidden' }, 'Drawing'),
    pathDrawing(path, model.names),
    el('div', { class: 'columns wide-left' }, steps(model, path), facts(page, path)),
  );
}

const step = (path: ReportPath | undefined, label: string): Child =>
  path && el('a', { href: hrefOf('paths', path.id) }, label);

function heading(model: PageModel, path: ReportPath): HTMLElement {
  const { names, command } = model;
  return el(
    'header',
    {},
    el(
      'h1',
      {},
      severityMark(path.severity, path.score),
      ' ',
      names.kind(path.target.id),
      ' ',
      el('bdi', {}, names.full(path.target.id)),
      ' ',
      el('span', { class: 'access' }, path.target.access),
    ),
    el('p', { class: 'lead' }, chain(path, names)),
    el(
      'p',
      { class: 'note' },
      el('code', {}, path.id),
      ' ',
      path.confidence,
      isNew(model, path) && `, ${model.compared.get(path.id)?.state}`,
      '. ',
      copyButton('Copy command', () => `trespass explain ${command} ${path.id}`),
    ),
    model
      .guardrailsOf(path)
      .map(({ place, text }) => el('p', { class: 'note' }, el('strong', {}, `Breaks the guardrail ${place}: `), text)),
    (model.compared.get(path.id)?.because ?? []).map((because) => el('p', { class: 'note' }, because)),
  );
}

const steps = (model: PageModel, path: ReportPath): HTMLElement =>
  section(
    'Step by step',
    el(
      'ol',
      { class: 'steps' },
      path.steps.map((_, at) => stepItem(model, path, at)),
    ),
  );

function facts(page: Page, path: ReportPath): HTMLElement {
  const { model } = page;
  const { names, fixes } = model;
  const assumptions = [...new Set(path.steps.flatMap((step) => step.assumptions))];
  const attack = [...new Set(path.steps.flatMap((step) => step.attack))];
  const fix = fixes.get(path.id) ?? '';
  const ways = el('div', {});
  const ask = el('button', { type: 'button' }, 'Show other ways');
  ask.addEventListener('click', () => {
    ask.disabled = true;
    void otherWays(page, path)
      .then((shown) => fill(ways, shown))
      .catch(showFailure(ways, 'Other ways cannot be shown'));
  });
  return el(
    'aside',
    { class: 'facts', 'aria-label': 'About this path' },
    fix !== '' && section('Fix', el('p', {}, fix)),
    section(
      'Why so severe',
      el(
        'ul',
        { class: 'plain' },
        path.factors.map((factor) => el('li', {}, factor)),
      ),
    ),
    path.conditions.length > 0 &&
      section(
        'Only if',
        el(
          'ul',
          { class: 'plain' },
          path.conditions.map((condition) => el('li', {}, conditionText(condition))),
        ),
      ),
    assumptions.length > 0 &&
      section(
        'Taken for granted',
        el(
          'ul',
          { class: 'plain' },
          assumptions.map((text) => el('li', {}, text)),
        ),
      ),
    path.notes.length > 0 &&
      section(
        'Could hide behind',
        el(
          'ul',
          { class: 'plain' },
          path.notes.map((note) => el('li', {}, noteText(note, { nameOf: names.full, labelOf: names.label }))),
        ),
      ),
    members('The same from', path.entry.members, path.entry.id, model),
    members('The same to', path.target.members, path.target.id, model),
    attack.length > 0 &&
      section(
        'MITRE ATT&CK',
        el(
          'p',
          {},
          attack.map((id) => [el('code', {}, id), ' ']),
        ),
      ),
    section(
      'Other ways',
      el(
        'p',
        { class: 'note' },
        `Further chains of steps from ${names.short(path.entry.id)} to the same, worked out here.`,
      ),
      ask,
      ways,
    ),
    section(
      'In the graph',
      el('p', {}, el('a', { href: hrefOf('graph', '', { path: path.id }) }, 'Show what is around it')),
    ),
  );
}

const MOST_MEMBERS = 12;

function members(title: string, ids: readonly string[], own: string, { names }: PageModel): Child {
  const others = ids.filter((id) => id !== own);
  if (others.length === 0) return undefined;
  const item = (id: string): HTMLElement => el('li', {}, names.kind(id), ' ', el('bdi', { title: id }, names.full(id)));
  const left = others.slice(MOST_MEMBERS);
  return section(
    title,
    el('ul', { class: 'plain' }, others.slice(0, MOST_MEMBERS).map(item)),
    left.length > 0 &&
      el(
        'details',
        {},
        el('summary', {}, count(left.length, 'more asset')),
        el('ul', { class: 'plain' }, left.map(item)),
      ),
  );
}
