import { groupBy } from '../model/index.js';
import { CATALOGUE, type CatalogueFamily, EVASIONS, type TechniqueInfo } from '../techniques/index.js';

const PATHFINDING = 'pathfinding.cloud:';

/** The techniques by tactic and by id of pathfinding.cloud, and what is covered and what is not, as Markdown; `page` is where a technique is told. */
export function techniqueIndex(techniques: readonly TechniqueInfo[], page?: (id: string) => string): string {
  const linked = (id: string): string => (page ? `[\`${id}\`](${page(id)})` : `\`${id}\``);
  return [
    '# Techniques',
    `${techniques.length} techniques that a path may be made of: [by tactic](#by-tactic), [by the ids of pathfinding.cloud](#by-id-of-pathfindingcloud), and [what is covered and what is not](#what-is-covered-and-what-is-not). \`trespass techniques ID\` prints one.`,
    '## By tactic',
    ...[...groupBy(techniques, (technique) => technique.tactic)].map(
      ([tactic, members]) =>
        `### ${tactic}\n\n${members.map(({ id, title }) => `- ${linked(id)} ${title}`).join('\n')}`,
    ),
    '## By id of pathfinding.cloud',
    table(['id', 'technique'], pathfindingRows(techniques, linked)),
    '## What is covered and what is not',
    COVERAGE,
    ...CATALOGUE.map((family) => familyTable(family, linked)),
    HIDING,
    table(
      ['whoever goes the path may', 'by any of', 'but'],
      EVASIONS.map(({ what, calls, limit }) => [
        what,
        calls.map(({ action }) => `\`${action}\``).join(', '),
        limit ?? '',
      ]),
    ),
  ].join('\n\n');
}

const COVERAGE =
  'What attackers are known to do in AWS, and what of it is judged. Where no technique is named, it is not, and the last column says why; where one is, that column says what is left out of it. Containers beside ECS’s own calls and what only destroys are not in the list: they are not judged.';

const HIDING =
  '### What hides an attack\n\nNo step of a path: notes of it (`explain`, Markdown, JSON) say what of this the principals on the way may do.';

function familyTable({ title, rows }: CatalogueFamily, linked: (id: string) => string): string {
  const covered = rows.filter(([, by]) => by.length > 0).length;
  return [
    `### ${title}`,
    `${covered} of ${rows.length}.`,
    table(
      ['what', 'techniques', 'left out'],
      rows.map(([what, by, lacks]) => [what, by.length === 0 ? 'not covered' : by.map(linked).join(', '), lacks ?? '']),
    ),
  ].join('\n\n');
}

function pathfindingRows(
  techniques: readonly TechniqueInfo[],
  linked: (id: string) => string,
): readonly (readonly string[])[] {
  const known = techniques.flatMap(({ id, references }) =>
    references.flatMap((reference) =>
      reference.startsWith(PATHFINDING) ? [{ reference: reference.slice(PATHFINDING.length), cell: linked(id) }] : [],
    ),
  );
  return [...groupBy(known, ({ reference }) => reference)]
    .map(([reference, cells]) => [reference, cells.map(({ cell }) => cell).join(', ')])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
