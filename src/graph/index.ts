export { type AssetGraph, buildAssetGraph, graphOf } from './asset-graph.js';
export type { Connection } from './connection.js';
