import { formatJson } from '../json.js';
import { ASSET_ATTRIBUTES, type Attribute, EDGE_ATTRIBUTES } from './attributes.js';
import type { ExportedFile, ExportedGraph } from './exported-graph.js';

/** `ec2:instance` → `AWS_Ec2Instance`, `exposed-service` → `AWS_ExposedService`: kinds hold letters, digits and underscores alone. */
const kindOf = (text: string): string =>
  `AWS_${text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;

/** Property names are in lower case in BloodHound; what is empty is left out. */
const properties = <Item>(
  attributes: readonly Attribute<Item>[],
  item: Item,
): Record<string, string | boolean | number> =>
  Object.fromEntries(
    attributes.flatMap(({ name, of }) => {
      const value = of(item);
      return value === '' ? [] : [[name.toLowerCase(), value] as const];
    }),
  );

/**
 * Assets as nodes of at most three kinds; relationships and steps as edges. A step that needs several things starts where the intruder
 * acts from and names the rest in `requires`, since BloodHound knows no joins.
 * @see https://bloodhound.specterops.io/opengraph/schema
 */
export function renderOpengraph({ assets, edges }: ExportedGraph): readonly ExportedFile[] {
  const document = {
    metadata: { source_kind: 'AWS_Asset' },
    graph: {
      nodes: assets.map((asset) => ({
        id: asset.id,
        kinds: [kindOf(asset.type), 'AWS_Asset'],
        properties: { ...properties(ASSET_ATTRIBUTES, asset), name: asset.name, objectid: asset.id },
      })),
      edges: edges.map((edge) => ({
        kind: kindOf(edge.kind),
        start: { value: edge.from, match_by: 'id' },
        end: { value: edge.to, match_by: 'id' },
        properties: properties(EDGE_ATTRIBUTES, edge),
      })),
    },
  };
  return [{ name: '', text: formatJson(document) }];
}
