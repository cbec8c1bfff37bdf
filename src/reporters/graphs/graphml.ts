import { escapeAttribute, escapeContent } from '../escape/xml.js';
import { ASSET_ATTRIBUTES, type Attribute, type AttributeType, EDGE_ATTRIBUTES } from './attributes.js';
import type { ExportedFile, ExportedGraph } from './exported-graph.js';

const TYPES: Readonly<Record<AttributeType, string>> = { string: 'string', boolean: 'boolean', integer: 'int' };

/** @see http://graphml.graphdrawing.org/primer/graphml-primer.html */
export function renderGraphml({ assets, edges }: ExportedGraph): readonly ExportedFile[] {
  const keys = <Item>(of: 'node' | 'edge', attributes: readonly Attribute<Item>[]): string[] =>
    attributes.map(
      ({ name, type }) => `  <key id="${of[0]}_${name}" for="${of}" attr.name="${name}" attr.type="${TYPES[type]}"/>`,
    );
  const data = <Item>(of: 'n' | 'e', attributes: readonly Attribute<Item>[], item: Item): string =>
    attributes
      .map(({ name, of: value }) => `<data key="${of}_${name}">${escapeContent(String(value(item)))}</data>`)
      .join('');
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
    ...keys('node', ASSET_ATTRIBUTES),
    ...keys('edge', EDGE_ATTRIBUTES),
    '  <graph id="trespass" edgedefault="directed">',
    ...assets.map(
      (asset) => `    <node id="${escapeAttribute(asset.id)}">${data('n', ASSET_ATTRIBUTES, asset)}</node>`,
    ),
    ...edges.map(
      (edge, index) =>
        `    <edge id="e${index}" source="${escapeAttribute(edge.from)}" target="${escapeAttribute(edge.to)}">${data('e', EDGE_ATTRIBUTES, edge)}</edge>`,
    ),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
  return [{ name: '', text }];
}
