export { type AssetGraph, buildAssetGraph } from './asset-graph.js';
export type { Connection, ConnectionRelationship } from './connection.js';
export type { AssetSearch } from './find-asset.js';
export type { EdgeAttributes, NodeAttributes } from './graphology.js';
