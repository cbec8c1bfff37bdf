import { fact } from './fact.js';
import { keyedGroupOf, type KeyedGroup, type KeyWay, keyWays } from './keys.js';
import type { Requirement } from './permissions.js';
import { type SecretSighting, type World } from './world.js';

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

/** Calls by which code of the caller's runs where the text is: it sees it there, whatever key keeps it. */
const RUN_ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['lambda:function', ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration']],
  ['codebuild:project', ['codebuild:StartBuild']],
]);

/**
 * The ways by which an intruder sees the text that holds a secret, each a body of facts: running code there, or a permission to read it by the API, in the
 * region of what holds it. Variables of a function under a key of the account are told to those alone who may decrypt with the key.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
export function readersOf(world: World, { holder }: SecretSighting): readonly (readonly string[])[] {
  const asset = world.graph.asset(holder);
  const group = keyedGroupOf(world, asset?.type ?? '', holder);
  const isFunction = asset?.type === 'lambda:function';
  const keys =
    isFunction && group ? keyWays(world, group, `lambda.${group.region}.amazonaws.com`, ['kms:Decrypt']) : UNCHECKED;
  const byApi = (READ_ACTIONS.get(asset?.type ?? '') ?? []).flatMap(({ action, onAll }) =>
    keys.flatMap(({ also, body }) => {
      if (!group) return [];
      const may = onAll
        ? world.permissions.may(onAllOf(world, action, group), ...also).of('*')
        : world.permissions.may({ action, resources: group.ids }, ...also).of(holder);
      return may === undefined ? [] : [[may, ...body]];
    }),
  );
  const byCode = (RUN_ACTIONS.get(asset?.type ?? '') ?? []).flatMap((action) => {
    const may = world.permissions.may({ action, resources: group?.ids ?? [] }).of(holder);
    return may === undefined ? [] : [[may]];
  });
  return [...placesOf(world, holder).map((place) => [fact('exec', place)]), ...byApi, ...byCode];
}

const UNCHECKED: readonly KeyWay[] = [{ also: [], body: [] }];

/** A call that names no resource says by its region alone what it is about. */
const onAllOf = (world: World, action: string, { account, region }: KeyedGroup): Requirement => ({
  action,
  resources: ANYTHING,
  accounts: [account],
  ...(world.iam.looksAt(['aws:RequestedRegion']) && { context: { 'aws:RequestedRegion': region } }),
});

const ANYTHING = ['*'];

/** Where code sees the text that a holder holds: on it, or in what runs it. */
const placesOf = ({ graph }: World, holder: string): readonly string[] => [
  holder,
  ...graph.incoming(holder, 'runs').map(({ from }) => from),
];
