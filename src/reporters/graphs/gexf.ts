import { escapeAttribute } from '../escape/xml.js';
import { ASSET_ATTRIBUTES, type Attribute, EDGE_ATTRIBUTES } from './attributes.js';
import { type ExportedFile, type ExportedGraph, edgeLabel } from './exported-graph.js';

/** @see https://gexf.net/schema.html */
export function renderGexf({ assets, edges }: ExportedGraph): readonly ExportedFile[] {
  const declare = <Item>(of: 'node' | 'edge', attributes: readonly Attribute<Item>[]): string[] => [
    `    <attributes class="${of}">`,
    ...attributes.map(({ name, type }, id) => `      <attribute id="${id}" title="${name}" type="${type}"/>`),
    '    </attributes>',
  ];
  const values = <Item>(attributes: readonly Attribute<Item>[], item: Item): string =>
    `<attvalues>${attributes
      .map(({ of }, id) => `<attvalue for="${id}" value="${escapeAttribute(String(of(item)))}"/>`)
      .join('')}</attvalues>`;
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
    '  <meta><creator>trespass</creator></meta>',
    '  <graph defaultedgetype="directed" mode="static">',
    ...declare('node', ASSET_ATTRIBUTES),
    ...declare('edge', EDGE_ATTRIBUTES),
    '    <nodes>',
    ...assets.map(
      (asset) =>
        `      <node id="${escapeAttribute(asset.id)}" label="${escapeAttribute(asset.name)}">${values(ASSET_ATTRIBUTES, asset)}</node>`,
    ),
    '    </nodes>',
    '    <edges>',
    ...edges.map(
      (edge, index) =>
        `      <edge id="${index}" source="${escapeAttribute(edge.from)}" target="${escapeAttribute(edge.to)}" kind="${escapeAttribute(edge.kind)}" label="${escapeAttribute(edgeLabel(edge))}">${values(EDGE_ATTRIBUTES, edge)}</edge>`,
    ),
    '    </edges>',
    '  </graph>',
    '</gexf>',
    '',
  ].join('\n');
  return [{ name: '', text }];
}
