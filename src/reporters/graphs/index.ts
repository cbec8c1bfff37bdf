import type { GraphFormat } from './exported-graph.js';

export type { ExportedAsset, ExportedEdge, ExportedGraph } from './exported-graph.js';

/** Every format in which the graph can be given to other programs, in the order in which help lists them. */
export const GRAPH_FORMATS: readonly GraphFormat[] = [
  {
    name: 'graphml',
    description: 'GraphML, for Gephi, yEd, Cytoscape and graph libraries',
    isFolder: false,
    load: async () => (await import('./graphml.js')).renderGraphml,
  },
  {
    name: 'gexf',
    description: 'GEXF 1.3, for Gephi',
    isFolder: false,
    load: async () => (await import('./gexf.js')).renderGexf,
  },
  {
    name: 'opengraph',
    description: 'BloodHound OpenGraph JSON',
    isFolder: false,
    load: async () => (await import('./opengraph.js')).renderOpengraph,
  },
  {
    name: 'opencypher',
    description: 'two CSV files that Amazon Neptune and Neo4j load in bulk',
    isFolder: true,
    load: async () => (await import('./opencypher.js')).renderOpencypher,
  },
];
