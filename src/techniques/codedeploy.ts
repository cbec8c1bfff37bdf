import { type Condition, onceForBoth, partitionOf, unknown } from '../model/index.js';
import { roleOfInstance } from './instance-role.js';
import { canRun, onceStarted, RUNS_OR_STARTED, startedFirst } from './starting.js';
import type { KeyedGroup } from './keys.js';
import { makeResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import { rolesTrusting } from './trusted-services.js';
import { groupsOf, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/codedeploy/latest/userguide';

const some =
  (resource: string) =>
  ({ region, account }: KeyedGroup): string =>
    `arn:${partitionOf(region)}:codedeploy:${region}:${account}:${resource}`;

/**
 * Which instances deployment groups deploy to is not collected. A group has a role that CodeDeploy assumes, and the agent of an instance works with the
 * instance's role: without either, no deployment gets there.
 */
function mayBeDeployedTo(world: World, instance: string, group: KeyedGroup): readonly Condition[] | undefined {
  if (!canRun(world, instance) || !roleOfInstance(world, instance)) return undefined;
  const ofRole = ifServiceRole(world, group);
  if (ofRole === undefined) return undefined;
  return [...ofRole, unknown('deployment group', `whether CodeDeploy deploys to ${instance} is not collected`)];
}

/** What has to hold for CodeDeploy to assume a role of the account; `undefined` where there is none that trusts it. */
const ifServiceRole = onceForBoth((world: World, { region, account }: KeyedGroup): readonly Condition[] | undefined => {
  const own = groupsOf(world, 'iam:role').filter((group) => group.account === account);
  const ways = ['codedeploy.amazonaws.com', `codedeploy.${region}.amazonaws.com`].flatMap((service) =>
    own.flatMap(({ ids }) => [...rolesTrusting(world, service, ids).values()]),
  );
  const [only, ...others] = new Map(ways.map((conditions) => [JSON.stringify(conditions), conditions])).values();
  if (only === undefined || ways.some((conditions) => conditions.length === 0)) return only && [];
  if (others.length === 0) return only;
  return [
    unknown('role of CodeDeploy', `each role of ${account} that trusts CodeDeploy does so on conditions of its own`),
  ];
});

/** Code on instances that CodeDeploy deploys to, by a revision of the intruder's. */
export const codeDeployRevision: Technique = makeResourceStep({
  info: {
    id: 'codedeploy-revision',
    title: 'Deploy a revision of one’s own to an instance',
    tactic: 'Lateral Movement',
    attack: ['T1072', 'T1651'],
    references: [
      'pathfinding.cloud:codedeploy-001',
      `${GUIDE}/reference-appspec-file-structure-hooks.html`,
      `${GUIDE}/auth-and-access-control-permissions-reference.html`,
      `${GUIDE}/getting-started-create-iam-instance-profile.html`,
    ],
    premises: [
      'A role of the account trusts CodeDeploy, and a deployment group with it deploys to the instance.',
      'The instance runs the agent of CodeDeploy, with a role that reads the bucket of the revision.',
      RUNS_OR_STARTED,
    ],
    difficulty: { cost: 3, reason: 'a revision with a script, put where the agent reads it' },
    remediation: 'Limit codedeploy:CreateDeployment to the pipeline that deploys, on its own deployment groups.',
  },
  on: 'ec2:instance',
  calls: [
    { anyOf: ['codedeploy:CreateDeployment'], on: some('deploymentgroup:*/*') },
    { anyOf: ['codedeploy:RegisterApplicationRevision'], on: some('application:*') },
    { anyOf: ['codedeploy:GetDeploymentConfig'], on: some('deploymentconfig:*') },
  ],
  when: mayBeDeployedTo,
  needs: startedFirst,
  first: onceStarted,
  gives: ['exec'],
  does: 'Deploy a revision with a script to',
  evidence: 'has a role, as the agent of CodeDeploy needs',
});
