import { CREDENTIAL_WRITE_EXAMPLES } from './credential-writes.js';
import type { ExampleFamily, TechniqueExamples } from './example.js';
import { EXISTING_SERVICE_EXAMPLES } from './existing-services.js';
import { LAUNCH_TEMPLATE_PROFILE_EXAMPLES } from './launch-template-profile.js';
import { MINTED_EXAMPLES } from './minted.js';
import { PASS_ROLE_EXAMPLES } from './pass-role.js';
import { POLICY_REWRITE_EXAMPLES } from './policy-rewrites.js';
import { RESTRAINT_EXAMPLES } from './restraints.js';
import { ROLE_EXAMPLES } from './roles.js';

const FAMILIES: readonly ExampleFamily[] = [
  ROLE_EXAMPLES,
  CREDENTIAL_WRITE_EXAMPLES,
  POLICY_REWRITE_EXAMPLES,
  RESTRAINT_EXAMPLES,
  MINTED_EXAMPLES,
  PASS_ROLE_EXAMPLES,
  EXISTING_SERVICE_EXAMPLES,
  LAUNCH_TEMPLATE_PROFILE_EXAMPLES,
];

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
