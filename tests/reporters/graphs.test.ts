import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { MultiDirectedGraph } from 'graphology';
import gexf from 'graphology-gexf';
import graphml from 'graphology-graphml';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportGraph } from '../../src/main/export-graph.js';
import { openSnapshotFile } from '../../src/main/open-snapshot.js';
import { type ExportedAsset, type ExportedGraph, GRAPH_FORMATS } from '../../src/reporters/graphs/index.js';
import { HOSTILE } from './sample-report.js';

const WEB_SHOP = fileURLToPath(new URL('../../fixtures/web-shop', import.meta.url));

async function render(format: string, graph: ExportedGraph): Promise<readonly string[]> {
  const found = GRAPH_FORMATS.find(({ name }) => name === format);
  if (!found) throw new Error(`no format ${format}`);
  return (await found.load())(graph).map(({ text }) => text);
}

const asset = (id: string, name: string): ExportedAsset => ({
  id,
  type: 'ec2:instance',
  name,
  account: '111122223333',
  region: 'us-east-1',
  tags: { [HOSTILE]: HOSTILE },
  isMentionedOnly: false,
  isExposed: true,
  paths: 2,
});

const hostile: ExportedGraph = {
  assets: [asset('a', HOSTILE), asset('b', '</graph><script>alert(1)</script>')],
  edges: [
    { from: 'a', to: 'b', kind: 'in-subnet' },
    {
      from: 'a',
      to: 'b',
      kind: 'exposed-service',
      step: {
        title: 'Enter',
        attack: ['T1190'],
        requires: ['a'],
        isConditional: true,
        text: HOSTILE,
        fix: '"',
        paths: ['p-1'],
      },
    },
  ],
};

let webShop: ExportedGraph;
beforeAll(async () => {
  webShop = exportGraph((await openSnapshotFile(WEB_SHOP, { toolVersion: '0.0.0' })).analysis);
});

describe('what is exported', () => {
  it('has the assets, their relationships and the steps of the paths, with both ends of each', () => {
    const ids = new Set(webShop.assets.map(({ id }) => id));
    expect(ids.size).toBe(webShop.assets.length);
    for (const { from, to } of webShop.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
    const steps = webShop.edges.filter(({ step }) => step !== undefined);
    expect(steps.map(({ kind }) => kind)).toContain('imds-credential-theft');
    expect(webShop.edges.length - steps.length).toBeGreaterThan(100);
    expect(webShop.assets.filter(({ isExposed }) => isExposed).map(({ name }) => name)).toEqual(['catalog', 'web']);
    // The press kit lies open to everybody: one step of one path.
    expect(steps.filter(({ kind }) => kind === 'public-snapshot')).toHaveLength(1);
  });
});

describe.each(['the fixture', 'hostile names'])('%s', (which) => {
  const graphOf = (): ExportedGraph => (which === 'the fixture' ? webShop : hostile);

  it('is read again from GraphML and GEXF by another program', async () => {
    const graph = graphOf();
    const [markup = ''] = await render('graphml', graph);
    const [exchange = ''] = await render('gexf', graph);
    for (const read of [graphml.parse(MultiDirectedGraph, markup), gexf.parse(MultiDirectedGraph, exchange)]) {
      expect(read.nodes().sort()).toEqual(graph.assets.map(({ id }) => id).sort());
      expect(read.size).toBe(graph.edges.length);
      for (const { id, type, paths, isExposed } of graph.assets)
        expect(read.getNodeAttributes(id)).toMatchObject({ type, paths, exposed: isExposed });
      const kinds = read.mapEdges((_, { kind }, from, to) => `${from} ${String(kind)} ${to}`).sort();
      expect(kinds).toEqual(graph.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`).sort());
    }
  });

  it('keeps to the schema of OpenGraph', async () => {
    const [text = ''] = await render('opengraph', graphOf());
    const document: unknown = JSON.parse(text);
    const validate = new Ajv2020({ strict: false }).compile(OPENGRAPH);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    const { graph } = document as { graph: { nodes: { id: string }[]; edges: { start: { value: string } }[] } };
    expect(graph.nodes).toHaveLength(graphOf().assets.length);
    expect(graph.edges).toHaveLength(graphOf().edges.length);
  });

  it('gives rows that a bulk loader takes', async () => {
    const graph = graphOf();
    const [nodes = [], relationships = []] = (await render('opencypher', graph)).map(readCsv);
    const [nodeHeader = [], ...nodeRows] = nodes;
    const [edgeHeader = [], ...edgeRows] = relationships;
    expect(nodeHeader.slice(0, 2)).toEqual([':ID', ':LABEL']);
    expect(edgeHeader.slice(0, 4)).toEqual([':ID', ':START_ID', ':END_ID', ':TYPE']);
    const properties = [...nodeHeader.slice(2), ...edgeHeader.slice(4)];
    for (const header of properties) expect(header).toMatch(/^\w+:(string|boolean|int)$/);
    for (const row of nodeRows) expect(row).toHaveLength(nodeHeader.length);
    for (const row of edgeRows) expect(row).toHaveLength(edgeHeader.length);
    const ids = new Set(nodeRows.map(([id]) => id));
    expect(ids.size).toBe(graph.assets.length);
    expect(new Set(edgeRows.map(([id]) => id)).size).toBe(graph.edges.length);
    for (const [, from, to, type] of edgeRows) {
      expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
      expect(type).toMatch(/^[A-Z0-9_]+$/);
    }
  });
});

/** Records of RFC 4180. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

/** The published schema in brief: ids, at most three kinds, and properties that are plain values or lists of one type. */
const PROPERTIES = {
  type: 'object',
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'array'],
    items: { type: ['string', 'number', 'boolean'] },
  },
  propertyNames: { pattern: '^[a-z0-9_]+$' },
};
const END = {
  type: 'object',
  required: ['value'],
  properties: { match_by: { enum: ['id', 'name'] }, value: { type: 'string', minLength: 1 }, kind: { type: 'string' } },
  additionalProperties: false,
};
const KIND = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' };
const OPENGRAPH = {
  type: 'object',
  required: ['graph'],
  properties: {
    metadata: { type: 'object', properties: { source_kind: KIND }, additionalProperties: false },
    graph: {
      type: 'object',
      required: ['nodes', 'edges'],
      additionalProperties: false,
      properties: {
        nodes: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'kinds'],
            additionalProperties: false,
            properties: {
              id: { type: 'string', minLength: 1 },
              kinds: { type: 'array', items: KIND, minItems: 1, maxItems: 3 },
              properties: PROPERTIES,
            },
          },
        },
        edges: {
          type: 'array',
          items: {
            type: 'object',
            required: ['start', 'end', 'kind'],
            additionalProperties: false,
            properties: { kind: KIND, start: END, end: END, properties: PROPERTIES },
          },
        },
      },
    },
  },
};
