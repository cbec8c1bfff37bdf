import { type ExportedAsset, type ExportedEdge, edgeLabel } from './exported-graph.js';

export type AttributeType = 'string' | 'boolean' | 'integer';

/** A column of an export: what every asset, or every edge, is said to have. */
export interface Attribute<Item> {
  readonly name: string;
  readonly type: AttributeType;
  readonly of: (item: Item) => string | boolean | number;
}

export const ASSET_ATTRIBUTES: readonly Attribute<ExportedAsset>[] = [
  { name: 'type', type: 'string', of: (asset) => asset.type },
  { name: 'name', type: 'string', of: (asset) => asset.name },
  { name: 'account', type: 'string', of: (asset) => asset.account },
  { name: 'region', type: 'string', of: (asset) => asset.region },
  { name: 'tags', type: 'string', of: ({ tags }) => (Object.keys(tags).length === 0 ? '' : JSON.stringify(tags)) },
  { name: 'mentionedOnly', type: 'boolean', of: (asset) => asset.isMentionedOnly },
  { name: 'exposed', type: 'boolean', of: (asset) => asset.isExposed },
  { name: 'paths', type: 'integer', of: (asset) => asset.paths },
];

export const EDGE_ATTRIBUTES: readonly Attribute<ExportedEdge>[] = [
  { name: 'kind', type: 'string', of: (edge) => edge.kind },
  { name: 'title', type: 'string', of: edgeLabel },
  { name: 'step', type: 'boolean', of: (edge) => edge.step !== undefined },
  { name: 'attack', type: 'string', of: ({ step }) => step?.attack.join(' ') ?? '' },
  { name: 'requires', type: 'string', of: ({ step }) => step?.requires.join(' ') ?? '' },
  { name: 'conditional', type: 'boolean', of: ({ step }) => step?.isConditional ?? false },
  { name: 'text', type: 'string', of: ({ step }) => step?.text ?? '' },
  { name: 'fix', type: 'string', of: ({ step }) => step?.fix ?? '' },
  { name: 'paths', type: 'string', of: ({ step }) => step?.paths.join(' ') ?? '' },
];
