import type { ExampleFamily, TechniqueExamples } from './example.js';
import { CREDENTIAL_WRITE_EXAMPLES } from './credential-writes.js';

const FAMILIES: readonly ExampleFamily[] = [CREDENTIAL_WRITE_EXAMPLES];

/** The examples of every technique, by its id. */
export const EXAMPLES: ReadonlyMap<string, TechniqueExamples> = gather(FAMILIES);

function gather(families: readonly ExampleFamily[]): ReadonlyMap<string, TechniqueExamples> {
  const byId = new Map<string, TechniqueExamples>();
  for (const family of families) {
    for (const [id, examples] of Object.entries(family)) {
      if (byId.has(id)) throw new RangeError(`${id} has examples twice`);
      byId.set(id, examples);
    }
  }
  return byId;
}
