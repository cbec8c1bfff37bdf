import { printable } from '../printable.js';
import { ASSET_ATTRIBUTES, type Attribute, type AttributeType, EDGE_ATTRIBUTES } from './attributes.js';
import type { ExportedFile, ExportedGraph } from './exported-graph.js';

/** Names that both loaders know. */
const TYPES: Readonly<Record<AttributeType, string>> = { string: 'string', boolean: 'boolean', integer: 'int' };

/** Quoted always: data for a loader, not for a spreadsheet, so that nothing is put before a formula. */
const quote = (value: string | boolean | number): string =>
  typeof value === 'string' ? `"${printable(value).replaceAll('"', '""')}"` : String(value);

const headers = <Item>(attributes: readonly Attribute<Item>[]): string[] =>
  attributes.map(({ name, type }) => `${name}:${TYPES[type]}`);

const rows = (lines: readonly (readonly (string | boolean | number)[])[]): string =>
  lines.map((line) => `${line.map(quote).join(',')}\n`).join('');

/** `ec2:instance` → `EC2_INSTANCE`: a label that needs no quotes in a query. */
const labelOf = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/**
 * `nodes.csv` and `relationships.csv`.
 * @see https://docs.aws.amazon.com/neptune/latest/userguide/bulk-load-tutorial-format-opencypher.html
 * @see https://neo4j.com/docs/operations-manual/current/import/#import-tool-header-format
 */
export function renderOpencypher({ assets, edges }: ExportedGraph): readonly ExportedFile[] {
  const nodes = [':ID', ':LABEL', ...headers(ASSET_ATTRIBUTES)].join(',');
  const relationships = [':ID', ':START_ID', ':END_ID', ':TYPE', ...headers(EDGE_ATTRIBUTES)].join(',');
  return [
    {
      name: 'nodes.csv',
      text: `${nodes}\n${rows(assets.map((asset) => [asset.id, labelOf(asset.type), ...ASSET_ATTRIBUTES.map(({ of }) => of(asset))]))}`,
    },
    {
      name: 'relationships.csv',
      text: `${relationships}\n${rows(
        edges.map((edge, index) => [
          `e${index}`,
          edge.from,
          edge.to,
          labelOf(edge.kind),
          ...EDGE_ATTRIBUTES.map(({ of }) => of(edge)),
        ]),
      )}`,
    },
  ];
}
