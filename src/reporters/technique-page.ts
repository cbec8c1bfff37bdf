import type { TechniqueInfo } from '../techniques/index.js';

/** Techniques as Markdown. */
export const renderTechniquePages = (techniques: readonly TechniqueInfo[]): string =>
  techniques.map(({ id, title }) => `# ${id}: ${title}\n`).join('\n');
