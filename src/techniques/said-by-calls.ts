import type { ContextValues } from '../iam/index.js';
import { type Condition, groupBy, unknown } from '../model/index.js';
import type { PassRoleService } from './pass-role-services.js';
import { groupsOf, type World } from './world.js';

/** What calls say that is no part of what they are checked on. */
export interface Said {
  readonly calls: ReadonlySet<string>;
  readonly context: ContextValues;
  readonly conditions: readonly Condition[];
}

const IN_CLUSTER: ReadonlySet<string> = new Set(['ecs:RunTask', 'ecs:StartTask', 'ecs:CreateService']);

const CLUSTERS = 'ecs/ListClusters';

const BUILDS: ReadonlySet<string> = new Set([
  'cloudformation:CreateStack',
  'cloudformation:UpdateStack',
  'cloudformation:CreateChangeSet',
  'cloudformation:CreateStackSet',
  'cloudformation:UpdateStackSet',
]);
const RESOURCE_TYPES = 'cloudformation:ResourceTypes';

/**
 * What a row's calls say, where policies tell it apart: in which of the clusters that are there, or of those that were not collected; and which types of resources a template may have: any
 * where they do not say, or those by which a role's rights are had.
 * @returns `undefined` in place of what is the caller's to say
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#resource-types
 */
export function saidBy(
  world: World,
  { needs, create }: PassRoleService,
  account: string,
): readonly (Said | undefined)[] {
  if (create.some((call) => BUILDS.has(call)) && world.iam.looksAt([RESOURCE_TYPES]))
    return [[], ['AWS::IAM::Role']].map((types) => ({
      calls: BUILDS,
      context: { [RESOURCE_TYPES]: types },
      conditions: [],
    }));
  const isInExisting = needs?.some(({ type }) => type === 'ecs:cluster') ?? false;
  if (!isInExisting || !world.iam.looksAt(['ecs:cluster'])) return [undefined];
  const clusters = groupsOf(world, 'ecs:cluster').flatMap((group) => (group.account === account ? group.ids : []));
  const alike = groupBy(clusters, (cluster) => world.iam.likenessOf({ 'ecs:cluster': cluster }));
  if (clusters.length === 0) return [undefined];
  const seen = [...alike.values()].map(
    ([cluster = '']): Said => ({ calls: IN_CLUSTER, context: { 'ecs:cluster': cluster }, conditions: [] }),
  );
  if (world.observed.isCollected(CLUSTERS, account)) return seen;
  const why = `${CLUSTERS} was not collected everywhere in ${account}: whether there is one that policies allow is not known`;
  return [...seen, { calls: IN_CLUSTER, context: {}, conditions: [unknown('ecs:cluster', why)] }];
}
