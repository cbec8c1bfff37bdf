import { sortedUnique } from '../model/index.js';
import { ACCOUNT_ADMINISTRATOR, emitAdministrators, emitElevatedAdministrators } from './account-administrator.js';
import { ADMINISTER_ACCOUNT, emitAdministered } from './administered.js';
import { accountToAccount } from './account-to-account.js';
import { assumeRole } from './assume-role.js';
import { codeDeployRevision } from './codedeploy.js';
import { cognitoBindRole, cognitoIdentityPool } from './cognito-identity-pool.js';
import { CONTAINER_TECHNIQUES } from './containers.js';
import { CREDENTIAL_WRITES } from './credential-writes.js';
import { DATA_TECHNIQUES } from './data-read.js';
import { DATABASE_COPIES } from './database-copies.js';
import { elasticacheLogin } from './caches.js';
import { ecsEnableExec } from './ecs-enable-exec.js';
import { ecsExecuteCommand } from './ecs-execute-command.js';
import { EBS_TECHNIQUES } from './ebs.js';
import { EXISTING_WORKLOADS } from './existing-workload.js';
import { exposedApi } from './exposed-api.js';
import { exposedOriginBucket } from './exposed-origin-bucket.js';
import { exposedOriginFunction } from './exposed-origin-function.js';
import { exposedPrivateApi } from './exposed-private-api.js';
import { exposedFunction } from './exposed-function.js';
import { exposedService } from './exposed-service.js';
import { makeChangedWorlds, removalsOf } from './changed-worlds.js';
import { adminId, fact, parseFact } from './fact.js';
import { sshFoundKey } from './found-ssh-key.js';
import { functionRoleSwap } from './function-role-swap.js';
import { functionCredentials } from './function-credentials.js';
import { glueScript } from './glue-script.js';
import { HOST_ACCESS } from './host-access.js';
import { PERMISSION_SET_ASSIGNMENTS, PERMISSION_SET_REWRITES } from './identity-center.js';
import { imagePush } from './image-push.js';
import { imdsForgedRequest } from './imds-forged-request.js';
import { imdsCredentialTheft } from './imds-credential-theft.js';
import { ec2InstanceConnect } from './instance-connect.js';
import { instanceConnectEndpoint } from './instance-connect-endpoint.js';
import { INSTANCE_TAKEOVERS } from './instance-takeover.js';
import { invokeFunction } from './invoke-function.js';
import { launchTemplatePoisoning } from './launch-template-poisoning.js';
import { launchTemplateProfile } from './launch-template-profile.js';
import { FURTHER_NETWORK_CHANGES, openedStoreReach } from './opened-stores.js';
import { openCognitoTrust } from './open-cognito-trust.js';
import { openOidcTrust } from './open-oidc-trust.js';
import { WORLD_OPENINGS } from './open-to-the-world.js';
import { PASS_ROLE_TECHNIQUES } from './pass-role.js';
import { MINTED_ADMINISTRATORS } from './minted-administrator.js';
import { NETWORK_STORES } from './network-stores.js';
import type { ChangedWorld } from './permissions.js';
import { emitPolicyGains, makeGainedWorlds, POLICY_GAINS } from './policy-gains.js';
import { POLICY_REWRITES } from './policy-rewrite.js';
import { emitRestraintRemovals, RESTRAINT_REMOVALS } from './restraint-removal.js';
import { findRestraints } from './restraints.js';
import { profileRoleSwap } from './profile-role-swap.js';
import { profileSwap } from './profile-swap.js';
import { RDS_TECHNIQUES } from './rds.js';
import { RDS_SNAPSHOTS } from './rds-snapshots.js';
import { samlProviderMetadata } from './saml-provider.js';
import { sharedDatabaseSnapshot } from './shared-database-snapshot.js';
import { RETAG_RESOURCE } from './retagging.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { STORE_POLICIES } from './store-policies.js';
import { storePolicyDelete } from './policy-deletion.js';
import { sightedDatabaseCredential } from './sighted-credentials.js';
import { TABLE_COPIES } from './table-copies.js';
import { userDataSecrets } from './user-data-secrets.js';
import { VOLUME_MOVES } from './volume-moves.js';
import { workloadCredentials } from './workload-credentials.js';
import type { World } from './world.js';

export * from './catalogue/index.js';
export * from './evasion.js';
export { isTableProtected } from './deletion-protection.js';
export * from './fact.js';
export { actingIn } from './acting.js';
export { ADMINISTER_ACCOUNT, DATA_STORES } from './administered.js';
export { type CallPlace, callContexts, findCallPlaces, unseenContext } from './call-places.js';
export { makePermissions } from './permissions.js';
export { isServiceLinked } from './policy-rewrite.js';
export { mentionsResourceTags } from './retagging.js';
export * from './technique.js';
export type { Observations, SecretSighting, Weakness, World } from './world.js';

const STEPS: readonly Technique[] = [
  exposedService,
  exposedFunction,
  exposedApi,
  exposedPrivateApi,
  exposedOriginBucket,
  exposedOriginFunction,
  ...WORLD_OPENINGS,
  openOidcTrust,
  openCognitoTrust,
  cognitoIdentityPool,
  imdsCredentialTheft,
  imdsForgedRequest,
  functionCredentials,
  ...CONTAINER_TECHNIQUES,
  workloadCredentials,
  invokeFunction,
  userDataSecrets,
  sightedDatabaseCredential,
  assumeRole,
  accountToAccount,
  ...CREDENTIAL_WRITES,
  ...PASS_ROLE_TECHNIQUES,
  cognitoBindRole,
  samlProviderMetadata,
  ...MINTED_ADMINISTRATORS,
  ...PERMISSION_SET_ASSIGNMENTS,
  ...EXISTING_WORKLOADS,
  ecsExecuteCommand,
  ecsEnableExec,
  imagePush,
  glueScript,
  ...INSTANCE_TAKEOVERS,
  ...HOST_ACCESS,
  codeDeployRevision,
  profileSwap,
  profileRoleSwap,
  functionRoleSwap,
  launchTemplatePoisoning,
  launchTemplateProfile,
  ec2InstanceConnect,
  instanceConnectEndpoint,
  sshFoundKey,
  ...EBS_TECHNIQUES,
  ...VOLUME_MOVES,
  ...RDS_TECHNIQUES,
  ...RDS_SNAPSHOTS,
  openedStoreReach,
  ...DATABASE_COPIES,
  sharedDatabaseSnapshot,
  ...DATA_TECHNIQUES,
  ...TABLE_COPIES,
  ...STORE_POLICIES,
  storePolicyDelete,
  ...NETWORK_STORES,
  elasticacheLogin,
];

/** What a person reads about every technique, by id. */
export const TECHNIQUES: readonly TechniqueInfo[] = [
  ...STEPS,
  ...FURTHER_NETWORK_CHANGES,
  ...POLICY_REWRITES,
  ...PERMISSION_SET_REWRITES,
  ...POLICY_GAINS,
  ...RESTRAINT_REMOVALS,
  ACCOUNT_ADMINISTRATOR,
  ADMINISTER_ACCOUNT,
  RETAG_RESOURCE,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/**
 * Every step that any technique makes possible in the world. What changes policies comes first: whoever stays capped after it (by a boundary or an
 * organization policy), or is held back no longer, is asked about again with the policies that an intruder would have left.
 */
export function emitSteps(world: World, emit: Emit): void {
  const administered = new Set<string>();
  const emitNoting: Emit = (clause) => {
    if (clause.head.startsWith(ADMINISTRATOR)) administered.add(clause.head.slice(ADMINISTRATOR.length));
    emit(clause);
  };
  changePolicies(world, emitNoting);
  world.permissions.completeWorlds();
  for (const technique of STEPS) technique.steps(world, emitNoting);
  emitAdministered(world, emit, administered);
}

const ADMINISTRATOR = fact('admin', adminId(''));

/** Emits the changes of policies, until the worlds that they make allow no further ones. */
function changePolicies(world: World, emit: Emit): void {
  const administrators = emitAdministrators(world, emit);
  const restraints = findRestraints(world);
  const elevated = new Set<string>();
  const variants = new Set<string>();
  const gained = new Set<string>();
  const emitted = new Set<string>();
  const emitOnce: Emit = (clause) => {
    const key = [clause.label.technique.id, clause.head, ...clause.body, ...(clause.each ?? [])].join('\n');
    if (emitted.has(key)) return;
    emitted.add(key);
    emit(clause);
  };
  for (let round = 1; ; round++) {
    const newly = new Set<string>();
    for (const technique of [...POLICY_REWRITES, ...PERMISSION_SET_REWRITES]) {
      technique.steps(world, (clause) => {
        const { kind, id } = parseFact(clause.head);
        if (kind === 'elevated' && !elevated.has(id)) newly.add(id);
        emitOnce(clause);
      });
    }
    for (const id of newly) elevated.add(id);
    const capped = emitElevatedAdministrators(world, emit, [...newly], administrators);
    if (capped.length > 0) world.permissions.addWorlds([elevatedWorld(world, `elevated ${round}`, capped)]);
    const removable = emitRestraintRemovals(world, emitOnce, restraints, administrators);
    const gains = emitPolicyGains(world, emitOnce, administrators);
    const worlds = [
      ...makeChangedWorlds(world, emit, restraints, removable, elevated, variants),
      ...makeGainedWorlds(world, emit, { gains, removals: removalsOf(restraints, removable) }, gained),
    ];
    if (worlds.length === 0) return;
    world.permissions.addWorlds(worlds);
  }
}

const elevatedWorld = (world: World, name: string, principals: readonly string[]): ChangedWorld => ({
  name,
  iam: world.iam,
  elevated: true,
  principals: sortedUnique(principals),
  needs: (principal) => [fact('elevated', principal)],
});
