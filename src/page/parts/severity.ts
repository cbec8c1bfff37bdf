import type { Severity } from '../../findings/report.js';
import { el } from '../dom/element.js';

/** Told by its word and by a shape, never by colour alone. */
const SHAPES: Readonly<Record<Severity, string>> = { critical: '▲', high: '◆', medium: '■', low: '●' };

export const severityMark = (severity: Severity, score?: number): HTMLElement =>
  el(
    'span',
    { class: `severity ${severity}` },
    el('span', { class: 'shape', 'aria-hidden': 'true' }, SHAPES[severity]),
    score === undefined ? severity : `${severity} ${score}`,
  );
