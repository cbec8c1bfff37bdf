import type { ReportPath } from '../../findings/report.js';
import type { Names } from '../data/page-report.js';
import { type Child, el } from '../dom/element.js';
import { hrefOf } from '../route.js';
import { chain } from './chain.js';
import { severityMark } from './severity.js';

/** A path in a list, as a link to it. */
export const pathCard = (path: ReportPath, names: Names, ...more: readonly Child[]): HTMLElement =>
  el(
    'li',
    {},
    el(
      'a',
      { class: 'card', href: hrefOf('paths', path.id) },
      severityMark(path.severity, path.score),
      chain(path, names),
      ...more,
    ),
  );
