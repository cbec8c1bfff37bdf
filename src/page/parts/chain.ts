import type { ReportPath } from '../../findings/report.js';
import { stationsOf, straighten } from '../../reporters/path-line.js';
import type { Names } from '../data/page-report.js';
import { el } from '../dom/element.js';

/** The assets that a path passes, in a line. */
export function chain(path: ReportPath, names: Names): HTMLElement {
  const stations = stationsOf(straighten(path));
  return el(
    'span',
    { class: 'chain' },
    stations.map((id, at) => [
      at > 0 && el('span', { class: 'arrow', 'aria-label': 'to', role: 'img' }, '→'),
      el('span', { class: 'station', title: id }, stationName(id, names)),
    ]),
  );
}

const stationName = (id: string, names: Names) => [
  names.kind(id) !== '' && el('span', { class: 'kind' }, names.kind(id)),
  ' ',
  el('bdi', {}, names.short(id)),
];
