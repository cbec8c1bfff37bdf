import type { TechniqueInfo } from '../techniques/index.js';

/** A technique as a page of Markdown; `more` are further sections, before the references. */
export function techniquePage(technique: TechniqueInfo, more: readonly string[] = []): string {
  const { cost, reason } = technique.difficulty;
  return [
    `# ${technique.title}`,
    `\`${technique.id}\` · ${[technique.tactic, ...technique.attack.map(attackLink)].join(' · ')}`,
    ...section('The intruder needs', technique.premises),
    ...section('Taken for granted', technique.assumptions),
    `## Difficulty\n\n${cost} of 10${reason === '' ? '' : `: ${reason}`}.`,
    ...section('Where to look for it', technique.detection),
    `## Fix\n\n${technique.remediation}`,
    ...more,
    ...section('References', technique.references.map(referenceLink)),
  ].join('\n\n');
}

/** Several techniques, one after the other. */
export const renderTechniquePages = (techniques: readonly TechniqueInfo[]): string =>
  `${techniques.map((technique) => techniquePage(technique)).join('\n\n')}\n`;

const section = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [`## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`];

/** @see https://attack.mitre.org/techniques/ */
const attackLink = (id: string): string => `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`;

const PATHFINDING = 'pathfinding.cloud:';

/** Where a reference is found. */
function referenceLink(reference: string): string {
  if (!reference.startsWith(PATHFINDING)) return `<${reference}>`;
  return `[${reference}](https://pathfinding.cloud/paths/${reference.slice(PATHFINDING.length)})`;
}
