import { SEVERITIES } from '../../findings/report.js';
import { groupBy } from '../../model/index.js';
import { conditionText } from '../../reporters/condition-text.js';
import { count, operationsIn, shortList } from '../../reporters/coverage-text.js';
import { groupByTarget } from '../../reporters/group-paths.js';
import type { PageModel } from '../data/page-report.js';
import { type Child, el } from '../dom/element.js';
import { pathsMap } from '../drawing/paths-map.js';
import { pathCard } from '../parts/path-card.js';
import { longList, section, table } from '../parts/section.js';
import { severityMark } from '../parts/severity.js';
import { hrefOf } from '../route.js';
import { keyOfChokePoint, switchesOf } from '../what-if/switches.js';

const MOST_FIRST = 5;
const MOST_FIXES = 5;
const MOST_ROWS = 12;

/** What one look has to tell. */
export function overview(model: PageModel): HTMLElement {
  const { summary, snapshot } = model.report;
  return el(
    'div',
    { class: 'overview' },
    el('h1', {}, headline(model)),
    el(
      'p',
      { class: 'lead' },
      `${snapshot.regions.join(', ')}${snapshot.collectedAt === undefined ? '' : `, collected ${snapshot.collectedAt}`}. `,
      `${count(summary.assets, 'asset')}, ${count(summary.relationships, 'relationship')}, ${count(summary.dataStores, 'data store')}; `,
      `${count(summary.exposed, 'asset')} exposed to the internet.`,
    ),
    notSeen(model),
    tiles(model),
    comparison(model),
    guardrails(model),
    picture(model),
    el(
      'div',
      { class: 'columns' },
      el('div', {}, worst(model), exposures(model)),
      el('div', {}, fixes(model), el('div', { id: 'coverage', tabindex: -1 }, coverage(model))),
    ),
  );
}

function headline({ report: { snapshot, summary } }: PageModel): string {
  const [only] = snapshot.accounts;
  const where = snapshot.accounts.length === 1 ? `account ${only}` : count(snapshot.accounts.length, 'account');
  if (summary.paths === 0) return `No attack path was found in ${where}`;
  return `${count(summary.paths, 'attack path')} in ${where}`;
}

/** Said before anything else, since what was not seen is not what is not there. */
function notSeen({ report: { snapshot } }: PageModel): Child {
  const { gaps, notCollected } = snapshot;
  const operations = operationsIn(notCollected).length;
  const parts = [
    gaps.length > 0 ? `${count(gaps.length, 'call')} ${gaps.length === 1 ? 'was' : 'were'} refused or failed` : '',
    operations > 0 ? `${count(operations, 'operation')} ${operations === 1 ? 'was' : 'were'} not collected` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  return el(
    'p',
    { class: 'notice' },
    el('strong', {}, 'Not everything was seen. '),
    `${parts.join(' and ')}: what hangs on them may be missing here, or is conditional. `,
    el('a', { href: hrefOf('overview', 'coverage') }, 'Coverage'),
  );
}

const tiles = ({ report: { summary } }: PageModel): HTMLElement =>
  el(
    'ul',
    { class: 'tiles', 'aria-label': 'Findings by severity' },
    SEVERITIES.map((severity) =>
      el(
        'li',
        {},
        el(
          'a',
          { class: `tile ${severity}`, href: hrefOf('findings', '', { severity }) },
          el('span', { class: 'number' }, summary.bySeverity[severity]),
          severityMark(severity),
        ),
      ),
    ),
  );

function picture({ paths, names }: PageModel): Child {
  if (paths.length === 0) return undefined;
  const { element, drawn } = pathsMap(
    groupByTarget(paths).map(({ worst: path }) => path),
    names,
  );
  return [
    el('h2', { class: 'visually-hidden' }, 'Drawing of the worst paths'),
    element,
    drawn < paths.length &&
      el(
        'p',
        { class: 'note under-drawing' },
        `The worst way to each of ${count(drawn, 'target')}, of ${count(paths.length, 'path')} in all. `,
        el('a', { href: hrefOf('graph') }, 'Explore the graph'),
      ),
  ];
}

function worst(model: PageModel): HTMLElement {
  const groups = groupByTarget(model.paths);
  return section(
    'Worst first',
    groups.length === 0 && el('p', {}, 'Nothing leads from the internet to a data store, as far as could be seen.'),
    el(
      'ol',
      { class: 'cards' },
      groups
        .slice(0, MOST_FIRST)
        .map(({ worst: path, paths }) =>
          pathCard(
            path,
            model.names,
            paths.length > 1 && el('span', { class: 'note' }, `and ${count(paths.length - 1, 'more path')} to it`),
          ),
        ),
    ),
    groups.length > MOST_FIRST && el('p', {}, el('a', { href: hrefOf('findings') }, `All ${groups.length} findings`)),
  );
}

function fixes(model: PageModel): HTMLElement {
  const { chokePoints, summary } = model.report;
  const switches = switchesOf(model);
  return section(
    'Best fixes',
    chokePoints.length === 0 &&
      el('p', {}, model.paths.length === 0 ? 'There is no path to end.' : 'No single change ends a path.'),
    longList(
      chokePoints,
      MOST_FIXES,
      'fixes',
      ({ remove, paths, targets }) => {
        const [technique = ''] = remove.what.split(':', 1);
        const key = keyOfChokePoint({ remove });
        return el(
          'li',
          {},
          el('p', { class: 'what' }, remove.what.slice(technique.length + 2)),
          bar(paths, summary.paths),
          el(
            'p',
            { class: 'note' },
            `ends ${count(paths, 'path')} of ${summary.paths}, frees ${count(targets, 'target')}; ${technique}. `,
            switches.has(key) &&
              el('a', { href: hrefOf('what-if', '', { off: key }), 'aria-label': `Try it: ${remove.what}` }, 'Try it'),
          ),
        );
      },
      el('ol', { class: 'fixes' }),
    ),
  );
}

function bar(part: number, whole: number): HTMLElement {
  const inner = el('span', {});
  inner.style.width = `${whole === 0 ? 0 : Math.max(2, (100 * part) / whole)}%`;
  return el('span', { class: 'bar', 'aria-hidden': 'true' }, inner);
}

function comparison({ report: { comparison: compared }, names }: PageModel): Child {
  if (!compared) return undefined;
  const verdicts = {
    passed: 'The check passed.',
    failed: 'The check failed.',
    gaps: 'The check is undecided: what it depends on could not be seen.',
  };
  const counts = Object.entries(compared.counts).filter(([state, number]) => number > 0 || state === 'new');
  const missing = compared.missing.map(({ id, state, entry, target, unseen }) => [
    el('code', {}, id),
    state,
    `${entry.name ?? names.short(entry.id)} → ${target.name ?? names.short(target.id)}`,
    unseen.join('; '),
  ]);
  return section(
    'Since the baseline',
    el(
      'p',
      {},
      el('strong', {}, verdicts[compared.verdict]),
      ` ${counts.map(([state, number]) => `${number} ${state}`).join(', ')}. `,
      compared.counts.new > 0 && el('a', { href: hrefOf('findings', '', { new: 'yes' }) }, 'Show what is new'),
    ),
    missing.length > 0 &&
      table(
        'Paths of the baseline that are not in the report',
        ['path', 'state', 'from and to', 'not seen'],
        missing.slice(0, MOST_ROWS),
      ),
    missing.length > MOST_ROWS &&
      el('p', { class: 'note' }, `${count(missing.length - MOST_ROWS, 'more path')} of the baseline are not listed.`),
    compared.gaps.length > 0 &&
      el(
        'p',
        { class: 'note' },
        `${count(compared.gaps.length, 'gap')} ${compared.allowGaps ? 'allowed' : 'not accepted'}: ${shortList(compared.gaps, 5)}`,
      ),
  );
}

function guardrails({ report: { guardrails: judged = [] } }: PageModel): Child {
  if (judged.length === 0) return undefined;
  const broken = judged.filter(({ paths }) => paths.length > 0).length;
  return section(
    'Guardrails',
    el('p', {}, el('strong', {}, broken === 0 ? 'All hold.' : `${broken} of ${judged.length} broken.`)),
    table(
      'Guardrails of the configuration',
      ['says', 'where', 'broken by'],
      judged.map(({ text, place, paths }) => [
        text,
        el('code', {}, place),
        paths.length === 0
          ? 'nothing'
          : el(
              'span',
              {},
              paths.slice(0, MOST_ROWS).map((id, at) => [at > 0 && ', ', el('a', { href: hrefOf('paths', id) }, id)]),
              paths.length > MOST_ROWS && ` and ${paths.length - MOST_ROWS} more`,
            ),
      ]),
    ),
  );
}

const FROM = { internet: '', broad: '', cloudfront: 'CloudFront ', named: 'named addresses ' };

function exposures({ report: { exposures: all }, names }: PageModel): HTMLElement {
  const order = { internet: 0, broad: 1, cloudfront: 2, named: 3 };
  const sorted = [...all].sort((a, b) => order[a.grade] - order[b.grade]);
  return section(
    'Exposed',
    all.length === 0 && el('p', {}, 'Nothing takes connections from outside, as far as could be seen.'),
    longList(
      sorted,
      MOST_ROWS,
      'exposed things',
      ({ asset, grade, sources, ports, confidence, conditions }) =>
        el(
          'li',
          {},
          el('a', { href: hrefOf('graph', asset) }, names.kind(asset), ' ', el('bdi', {}, names.full(asset))),
          ' ',
          el('span', { class: 'ports' }, shortList(ports, 4)),
          el('span', { class: 'note' }, ` from ${FROM[grade]}${shortList(sources, 3)}`),
          confidence === 'conditional' &&
            el('span', { class: 'note' }, `, if ${shortList(conditions.map(conditionText), 2)}`),
        ),
      el('ul', { class: 'plain' }),
    ),
  );
}

function coverage({ report: { snapshot, tool } }: PageModel): HTMLElement {
  const { accounts, regions, gaps, notCollected } = snapshot;
  const kinds = [...groupBy(gaps, (gap) => `${gap.service}:${gap.operation} ${gap.error}`)];
  const operations = operationsIn(notCollected);
  return section(
    'Coverage',
    el(
      'p',
      {},
      `${count(accounts.length, 'account')} (${accounts.join(', ')}) in ${count(regions.length, 'region')}, by ${tool.name} ${tool.version}. `,
      gaps.length === 0 && notCollected.length === 0
        ? 'Every call was answered.'
        : 'What was not seen is never called safe: what hangs on it is conditional.',
    ),
    kinds.length > 0 && el('h3', {}, `${count(gaps.length, 'gap')}: refused or failed`),
    kinds.length > 0 &&
      longList(
        kinds,
        MOST_ROWS,
        'kinds of gap',
        ([kind, same]) =>
          el(
            'li',
            {},
            el('code', {}, kind),
            same.length > 1 && ` × ${same.length}`,
            el('span', { class: 'note' }, ` ${same[0]?.message ?? ''}`),
          ),
        el('ul', { class: 'plain' }),
      ),
    operations.length > 0 &&
      el(
        'details',
        {},
        el('summary', {}, `${count(operations.length, 'operation')} not collected`),
        el('p', { class: 'note' }, operations.join(', ')),
      ),
  );
}
