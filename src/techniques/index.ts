import { ACCOUNT_ADMINISTRATOR, emitAdministrators } from './account-administrator.js';
import { accountToAccount } from './account-to-account.js';
import { assumeRole } from './assume-role.js';
import { CREDENTIAL_WRITES } from './credential-writes.js';
import { DATA_TECHNIQUES } from './data-read.js';
import { EBS_TECHNIQUES } from './ebs.js';
import { EXISTING_WORKLOADS } from './existing-workload.js';
import { exposedService } from './exposed-service.js';
import { parseFact } from './fact.js';
import { functionCredentials } from './function-credentials.js';
import { imdsCredentialTheft } from './imds-credential-theft.js';
import { ec2InstanceConnect } from './instance-connect.js';
import { INSTANCE_TAKEOVERS } from './instance-takeover.js';
import { WORLD_OPENINGS } from './open-to-the-world.js';
import { PASS_ROLE_TECHNIQUES } from './pass-role.js';
import { POLICY_REWRITES } from './policy-rewrite.js';
import { RDS_TECHNIQUES } from './rds.js';
import { RETAG_RESOURCE } from './retagging.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { userDataSecrets } from './user-data-secrets.js';
import type { World } from './world.js';

export * from './fact.js';
export { makePermissions } from './permissions.js';
export { mentionsResourceTags } from './retagging.js';
export * from './technique.js';
export type { Observations, SecretSighting, World } from './world.js';

const STEPS: readonly Technique[] = [
  exposedService,
  ...WORLD_OPENINGS,
  imdsCredentialTheft,
  functionCredentials,
  userDataSecrets,
  assumeRole,
  accountToAccount,
  ...CREDENTIAL_WRITES,
  ...PASS_ROLE_TECHNIQUES,
  ...EXISTING_WORKLOADS,
  ...INSTANCE_TAKEOVERS,
  ec2InstanceConnect,
  ...EBS_TECHNIQUES,
  ...RDS_TECHNIQUES,
  ...DATA_TECHNIQUES,
];

/** What a person reads about every technique, by id. */
export const TECHNIQUES: readonly TechniqueInfo[] = [
  ...STEPS,
  ...POLICY_REWRITES,
  ACCOUNT_ADMINISTRATOR,
  RETAG_RESOURCE,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/**
 * Every step that any technique makes possible in the world. Rewriting policies comes first: whoever stays capped after it (by a boundary or an
 * organization policy) is asked about again with the policies that an intruder would have written.
 */
export function emitSteps(world: World, emit: Emit): void {
  const elevated = new Set<string>();
  for (const technique of POLICY_REWRITES) {
    technique.steps(world, (clause) => {
      const { kind, id } = parseFact(clause.head);
      if (kind === 'elevated') elevated.add(id);
      emit(clause);
    });
  }
  world.permissions.setElevatable(emitAdministrators(world, emit, [...elevated]));
  for (const technique of STEPS) technique.steps(world, emit);
}
