import { fact } from './fact.js';
import { groupsOf, type SecretSighting, type World } from './world.js';

/** The calls that give the text in which a secret stands, by what holds it; those that are asked of no single resource on `*`. */
const READ_ACTIONS: ReadonlyMap<string, readonly { readonly action: string; readonly onAll?: boolean }[]> = new Map([
  ['ec2:instance', [{ action: 'ec2:DescribeInstanceAttribute' }]],
  ['ec2:launch-template', [{ action: 'ec2:DescribeLaunchTemplateVersions', onAll: true }]],
  ['autoscaling:launch-configuration', [{ action: 'autoscaling:DescribeLaunchConfigurations', onAll: true }]],
  [
    'lambda:function',
    [
      { action: 'lambda:GetFunctionConfiguration' },
      { action: 'lambda:GetFunction' },
      { action: 'lambda:ListFunctions', onAll: true },
    ],
  ],
  ['ecs:task-definition', [{ action: 'ecs:DescribeTaskDefinition', onAll: true }]],
  ['codebuild:project', [{ action: 'codebuild:BatchGetProjects' }]],
  ['elasticbeanstalk:environment', [{ action: 'elasticbeanstalk:DescribeConfigurationSettings' }]],
  ['apprunner:service', [{ action: 'apprunner:DescribeService' }]],
  ['batch:job-definition', [{ action: 'batch:DescribeJobDefinitions', onAll: true }]],
  ['bedrock-agentcore:runtime', [{ action: 'bedrock-agentcore:GetAgentRuntime' }]],
  ['glue:job', [{ action: 'glue:GetJob' }, { action: 'glue:GetJobs', onAll: true }]],
  ['cloudformation:stack', [{ action: 'cloudformation:DescribeStacks' }]],
]);

/** The facts by which an intruder sees the text that holds a secret: running code there, or a permission to read it by the API. */
export function readersOf(world: World, { holder }: SecretSighting): readonly string[] {
  const asset = world.graph.asset(holder);
  const group = groupsOf(world, asset?.type ?? '').find((g) => g.ids.includes(holder));
  const byApi = (READ_ACTIONS.get(asset?.type ?? '') ?? []).flatMap(({ action, onAll }) => {
    if (!asset || !group) return [];
    const may = onAll
      ? world.permissions.may({ action, resources: ['*'], accounts: [asset.account] }).of('*')
      : world.permissions.may({ action, resources: group.ids }).of(holder);
    return may === undefined ? [] : [may];
  });
  return [...placesOf(world, holder).map((place) => fact('exec', place)), ...byApi];
}

/** Where code sees the text that a holder holds: on it, or in what runs it. */
const placesOf = ({ graph }: World, holder: string): readonly string[] => [
  holder,
  ...graph.incoming(holder, 'runs').map(({ from }) => from),
];
