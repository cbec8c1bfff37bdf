import { CREDENTIAL_WRITE_EXAMPLES } from './credential-writes.js';
import type { ExampleFamily, TechniqueExamples } from './example.js';
import { EXISTING_SERVICE_EXAMPLES } from './existing-services.js';
import { FEDERATION_EXAMPLES } from './federation.js';
import { LAUNCH_TEMPLATE_PROFILE_EXAMPLES } from './launch-template-profile.js';
import { MINTED_EXAMPLES } from './minted.js';
import { PASS_ROLE_EXAMPLES } from './pass-role.js';
import { POLICY_GAIN_EXAMPLES } from './policy-gains.js';
import { POLICY_REWRITE_EXAMPLES } from './policy-rewrites.js';
import { RESTRAINT_EXAMPLES } from './restraints.js';
import { ROLE_EXAMPLES } from './roles.js';
import { WORKLOAD_EXAMPLES } from './workloads.js';
import { IDENTITY_CENTER_EXAMPLES } from './identity-center.js';
import { HOST_EXAMPLES } from './hosts.js';
import { VOLUME_EXAMPLES } from './volumes.js';
import { DATABASE_EXAMPLES } from './databases.js';
import { DATABASE_COPY_EXAMPLES } from './database-copies.js';
import { STORE_EXAMPLES } from './stores.js';
import { NETWORK_STORE_EXAMPLES } from './network-stores.js';
import { NETWORK_CHANGE_EXAMPLES } from './network-changes.js';
import { DISTRIBUTION_EXAMPLES } from './distributions.js';
import { API_EXAMPLES } from './apis.js';
import { CACHE_EXAMPLES } from './caches.js';
import { ENTRY_EXAMPLES } from './entries.js';
import { CONTAINER_EXAMPLES } from './containers.js';
import { CREDENTIAL_EXAMPLES } from './credentials.js';
import { SSH_KEY_EXAMPLES } from './ssh-keys.js';
import { SSM_EXAMPLES } from './ssm.js';

const FAMILIES: readonly ExampleFamily[] = [
  ROLE_EXAMPLES,
  CREDENTIAL_WRITE_EXAMPLES,
  POLICY_REWRITE_EXAMPLES,
  POLICY_GAIN_EXAMPLES,
  RESTRAINT_EXAMPLES,
  MINTED_EXAMPLES,
  PASS_ROLE_EXAMPLES,
  EXISTING_SERVICE_EXAMPLES,
  LAUNCH_TEMPLATE_PROFILE_EXAMPLES,
  FEDERATION_EXAMPLES,
  WORKLOAD_EXAMPLES,
  IDENTITY_CENTER_EXAMPLES,
  HOST_EXAMPLES,
  VOLUME_EXAMPLES,
  DATABASE_EXAMPLES,
  DATABASE_COPY_EXAMPLES,
  STORE_EXAMPLES,
  NETWORK_STORE_EXAMPLES,
  NETWORK_CHANGE_EXAMPLES,
  API_EXAMPLES,
  DISTRIBUTION_EXAMPLES,
  CACHE_EXAMPLES,
  ENTRY_EXAMPLES,
  CREDENTIAL_EXAMPLES,
  CONTAINER_EXAMPLES,
  SSM_EXAMPLES,
  SSH_KEY_EXAMPLES,
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
