import { JSDOM } from 'jsdom';
import type { Mermaid } from 'mermaid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/findings/index.js';
import { namesOf } from '../../src/reporters/asset-names.js';
import { escapeMermaid } from '../../src/reporters/escape/mermaid.js';
import { drawPath } from '../../src/reporters/mermaid.js';
import { printable } from '../../src/reporters/printable.js';
import { FIXTURE_NAMES, reportOfFixture } from './fixture-reports.js';
import { renderWith } from './render.js';
import { HOSTILE, hostileReport, reportOf, samplePath, step } from './sample-report.js';

let mermaid: Mermaid;
beforeAll(async () => {
  // Mermaid cleans what it reads with DOMPurify, which needs a document.
  const { window } = new JSDOM('');
  Object.assign(globalThis, { window, document: window.document });
  mermaid = (await import('mermaid')).default;
});

/** What a drawing holds once Mermaid has read it: labels as a person sees them. */
interface Drawing {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly label: string; readonly to: string }[];
}

interface FlowDb {
  getVertices(): ReadonlyMap<string, { readonly id: string; readonly text?: string }>;
  getEdges(): readonly { readonly start: string; readonly end: string; readonly text: string }[];
}

/** Mermaid's own reading; throws where it cannot parse. */
async function read(text: string): Promise<Drawing> {
  await mermaid.parse(text);
  const { db } = (await mermaid.mermaidAPI.getDiagramFromText(text)) as unknown as { db: FlowDb };
  const labels = new Map([...db.getVertices()].map(([id, vertex]) => [id, decode(vertex.text ?? '')]));
  return {
    nodes: [...labels.values()],
    edges: db.getEdges().map(({ start, end, text: label }) => ({
      from: labels.get(start) ?? '',
      label: decode(label),
      to: labels.get(end) ?? '',
    })),
  };
}

/** Mermaid puts `#35;` aside as `ﬂ°°35¶ß` while it parses, and turns it into `&#35;` for the page. */
const decode = (text: string): string =>
  text.replaceAll(/(?:ﬂ°°|&#|#)(\d+)(?:¶ß|;)/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe("Mermaid's own parser", () => {
  it.each(['flowchart LR\n  a["x', 'flowchart LR\n  a["x"]"]', 'flowchart LR\n  a["x"] -->|"y" b'])(
    'refuses what is no drawing: %j',
    async (text) => {
      await expect(read(text)).rejects.toThrow();
    },
  );

  it.each([
    ['no path', reportOf([])],
    ['the sample', reportOf([samplePath({})])],
  ])('reads %s', async (_, report) => {
    const { edges } = await read(await renderWith('mermaid', report));
    expect(edges).toHaveLength(report.paths.flatMap(({ steps }) => steps).length);
  });

  describe.each(FIXTURE_NAMES)('the drawings of %s', (fixture) => {
    let report: Report;
    beforeAll(async () => {
      report = await reportOfFixture(fixture);
    });

    it('as one, with every asset and step of the paths once', async () => {
      const { nodes, edges } = await read(await renderWith('mermaid', report));
      const steps = report.paths.flatMap((path) => path.steps);
      const assets = new Set(steps.flatMap(({ from, to }) => [from, to]));
      const { labelOf } = namesOf(report);
      expect([...nodes].sort()).toEqual([...assets].map((id) => printable(labelOf(id))).sort());
      expect(edges).toHaveLength(new Set(steps.map(({ from, technique, to }) => `${from} ${technique} ${to}`)).size);
    });

    it('of each path by itself, and those in the Markdown', async () => {
      for (const path of report.paths) {
        const { edges } = await read(drawPath(path, namesOf(report)));
        const steps = new Map(path.steps.map((part) => [`${part.from} ${part.technique} ${part.to}`, part]));
        expect(edges.map(({ label }) => label)).toEqual([...steps.values()].map(({ technique }) => technique));
      }
      const markdown = await renderWith('markdown', report, { all: true });
      const blocks = [...markdown.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, block = '']) => block);
      expect(blocks).toHaveLength(report.paths.length);
      for (const block of blocks) expect((await read(block)).edges).not.toEqual([]);
    });
  });
});

describe('names in a drawing', () => {
  const NAMES = [
    HOSTILE,
    'end',
    'graph LR',
    'subgraph x',
    '"]; click n0 "javascript:alert(1)"',
    '%%{init: {"securityLevel": "loose"}}%%',
    '---\ntitle: x\n---',
    'a & b --> c',
    '`**bold** [a](https://evil.example)`',
    '#quot;#35;&lt;script&gt;',
    ':::class',
    '@{ shape: cyl }',
    'fa:fa-ban',
    '1. list',
    '$$x^2$$',
    '😀 名前 שם اسم',
  ];

  it.each(NAMES)('bring nothing in but themselves: %j', async (name) => {
    const path = samplePath({ entry: { ...samplePath({}).entry, name } });
    const { nodes, edges } = await read(await renderWith('mermaid', reportOf([path])));
    expect(edges).toHaveLength(3);
    expect(nodes).toHaveLength(4);
    expect(nodes[1]).toBe(`instance ${printable(name)} (i-0aaaabbbbccccdddd)`);
  });

  it('of techniques on edges too', async () => {
    const path = samplePath({ steps: [step({ technique: HOSTILE })] });
    const { edges } = await read(await renderWith('mermaid', reportOf([path])));
    expect(edges.map(({ label }) => label)).toEqual([printable(HOSTILE)]);
  });

  it('in a report that is hostile throughout', async () => {
    const report = hostileReport();
    const { edges } = await read(await renderWith('mermaid', report));
    expect(edges).toHaveLength(3);
    expect(edges[2]?.to).toContain('__proto__');
  });

  it('are escaped letter by letter', () => {
    expect(escapeMermaid('a"b')).toBe('a#34;b');
    expect(escapeMermaid('orders-1 (db-0abc)')).toBe('orders-1 (db-0abc)');
  });
});

describe('a drawing of many paths', () => {
  const many = (count: number, name: string) =>
    reportOf(
      Array.from({ length: count }, (_, at) =>
        samplePath({
          id: `p-${at}`,
          steps: [step({ from: `arn:aws:iam::111122223333:role/${name}-${at}`, to: `arn:aws:s3:::${name}-${at}` })],
        }),
      ),
    );

  it.each([
    ['by edges', many(500, 'short')],
    ['by length', many(399, 'x'.repeat(200))],
  ])('ends before what Mermaid draws, %s, and counts the rest', async (_, report) => {
    const text = await renderWith('mermaid', report);
    expect(text.length).toBeLessThan(50_000);
    const { nodes, edges } = await read(text);
    expect(edges.length).toBeLessThanOrEqual(500);
    expect(nodes.at(-1)).toBe(`${report.paths.length - edges.length} more paths are not drawn`);
  });
});
