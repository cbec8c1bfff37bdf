import { TECHNIQUES, type TechniqueInfo } from '../techniques/index.js';

/** What a person reads about each technique, sorted by id; without the code that looks for it. */
export const describeTechniques = (): readonly TechniqueInfo[] =>
  TECHNIQUES.map((technique) => ({
    id: technique.id,
    title: technique.title,
    tactic: technique.tactic,
    attack: technique.attack,
    references: technique.references,
    premises: technique.premises,
    assumptions: technique.assumptions,
    difficulty: technique.difficulty,
    detection: technique.detection,
    remediation: technique.remediation,
  }));
