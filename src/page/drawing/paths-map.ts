import type { ReportPath, Severity } from '../../findings/report.js';
import type { Names } from '../data/page-report.js';
import { el } from '../dom/element.js';
import { hrefOf } from '../route.js';
import { type CanvasLine, type Card, drawCanvas } from './canvas.js';
import { zoomFrame } from './zoom-frame.js';

const WIDTH = 164;
const HEIGHT = 50;
/** More than this is no drawing for one look. */
const MOST_CARDS = 26;

/** The worst paths as one drawing, in which each asset stands once; and how many paths are in it. */
export function pathsMap(
  paths: readonly ReportPath[],
  names: Names,
): { readonly element: HTMLElement; readonly drawn: number } {
  const assets = new Set<string>();
  const targets = new Map<string, Severity>();
  const lines = new Map<string, CanvasLine & { readonly techniques: Set<string> }>();
  let drawn = 0;
  for (const { steps, severity } of paths) {
    const own = steps.flatMap(({ from, to, requires }) => [from, to, ...requires]);
    const fresh = new Set(own.filter((id) => !assets.has(id)));
    if (assets.size + fresh.size > MOST_CARDS) continue;
    drawn++;
    for (const id of fresh) assets.add(id);
    const last = steps.at(-1)?.to ?? '';
    if (!targets.has(last)) targets.set(last, severity);
    for (const { from, to, requires, technique } of steps) {
      for (const source of new Set([from, ...requires])) {
        if (source === to) continue;
        const key = `${source}\n${to}`;
        const line = lines.get(key) ?? { from: source, to, class: 'attack-step', techniques: new Set() };
        lines.set(key, line);
        line.techniques.add(technique);
      }
    }
  }
  const cards = [...assets].map(
    (id): Card => ({
      id,
      width: id === 'internet' ? 96 : WIDTH,
      height: HEIGHT,
      element: mapCard(id, targets.get(id), names),
    }),
  );
  const frame = zoomFrame('The worst paths', 'map');
  frame.show(drawCanvas(cards, [...lines.values()], { layers: 58, boxes: 12 }));
  return { element: frame.element, drawn };
}

const mapCard = (id: string, severity: Severity | undefined, names: Names): HTMLElement =>
  el(
    'a',
    {
      class: `node asset${id === 'internet' ? ' internet' : ''}${severity === undefined ? '' : ` target ${severity}`}`,
      href: hrefOf('graph', id),
      title: names.full(id),
    },
    id !== 'internet' &&
      el('span', { class: 'kind' }, [names.kind(id), severity ?? ''].filter((word) => word !== '').join(' · ')),
    el('bdi', { class: 'name' }, names.short(id)),
  );
