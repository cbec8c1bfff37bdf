export { type AssetGraph, buildAssetGraph } from './asset-graph.js';
export type { Connection } from './connection.js';
