import type { Gap, JsonObject } from '../../src/model/index.js';
import { type Answer, memorySnapshot, type WholeSnapshot } from '../../src/snapshot/index.js';
import { authorizationDetails } from './miniature-iam.js';
import { keys } from './miniature-keys.js';
import { network } from './miniature-network.js';
import { ACCOUNT, type Miniature, REGION } from './miniature-world.js';

export * from './miniature-world.js';

/** The accounts as a snapshot, in the shapes that AWS answers. */
export function miniature(world: Miniature): WholeSnapshot {
  const further = Object.entries(world.accounts ?? {}).flatMap(([account, own]) =>
    answersOf(account, principalBodies(own, account)),
  );
  return memorySnapshot({ answers: [...answersOf(ACCOUNT, bodiesOf(world)), ...further], gaps: gapsOf(world) });
}

const gapsOf = ({ refused = [] }: Miniature): readonly Gap[] =>
  refused.map((place) => ({ account: ACCOUNT, ...placeOf(place), error: 'AccessDenied', message: 'not allowed' }));

/** What was asked for and answered with nothing, unless a world says otherwise: of what runs with a role there is no more than it says. */
const NOTHING = [
  'apprunner/DescribeService',
  'auto-scaling/DescribeAutoScalingGroups',
  'batch/DescribeJobDefinitions',
  'bedrock-agentcore-control/GetAgentRuntime',
  'bedrock-agentcore-control/GetBrowser',
  'bedrock-agentcore-control/GetCodeInterpreter',
  'cloudformation/DescribeStacks',
  'codebuild/BatchGetProjects',
  'cognito-identity/DescribeIdentityPool',
  'cognito-identity/GetIdentityPoolRoles',
  'ecs/DescribeTasks',
  'glue/GetDevEndpoints',
  'lambda/ListFunctions',
  'mwaa/GetEnvironment',
  'sagemaker/DescribeNotebookInstance',
  'sfn/DescribeStateMachine',
];

function bodiesOf(world: Miniature): Readonly<Record<string, JsonObject>> {
  const bodies: Record<string, JsonObject> = {
    ...Object.fromEntries(NOTHING.map((operation) => [operation, {}])),
    'ssm/GetServiceSetting': { '/ssm/managed-instance/default-ec2-instance-management-role': null },
    ...principalBodies(world, ACCOUNT),
    ...network(world),
    ...keys(world),
    'ec2/DescribeInstanceAttribute': Object.fromEntries(
      Object.entries(world.instances ?? {}).flatMap(([id, { userData }]) =>
        userData === undefined
          ? []
          : [[id, { InstanceId: id, UserData: { Value: Buffer.from(userData).toString('base64') } }]],
      ),
    ),
    ...world.answers,
  };
  const missing = new Set([...(world.missing ?? []), ...(world.refused ?? [])]);
  return Object.fromEntries(Object.entries(bodies).filter(([place]) => !missing.has(place)));
}

function principalBodies(world: Miniature, account: string): Record<string, JsonObject> {
  const users = Object.entries(world.users ?? {});
  return {
    'global/iam/GetAccountAuthorizationDetails': authorizationDetails(world, account),
    'global/iam/ListAccessKeys': Object.fromEntries(
      users.map(([name, { keys }]) => [
        name,
        { AccessKeyMetadata: (keys ?? []).map((AccessKeyId) => ({ UserName: name, AccessKeyId, Status: 'Active' })) },
      ]),
    ),
    'global/iam/GetLoginProfile': Object.fromEntries(
      users.filter(([, u]) => u.password).map(([name]) => [name, { LoginProfile: { UserName: name } }]),
    ),
  };
}

const answersOf = (account: string, bodies: Readonly<Record<string, JsonObject>>): readonly Answer[] =>
  Object.entries(bodies).map(([place, body]): Answer => {
    const { region, service, operation } = placeOf(place);
    return {
      account,
      region,
      service,
      operation,
      body,
      source: `${account}/${region}/${service}/${operation}.json`,
    };
  });

/** Where an answer named as in {@link Miniature.answers} stands. */
function placeOf(place: string): Pick<Answer, 'region' | 'service' | 'operation'> {
  const isGlobal = place.startsWith('global/');
  const [service = '', operation = ''] = (isGlobal ? place.slice('global/'.length) : place).split('/');
  return { region: isGlobal ? 'global' : REGION, service, operation };
}
