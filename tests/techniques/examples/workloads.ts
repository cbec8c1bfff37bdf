import type { JsonObject } from '../../../src/model/index.js';
import { arn, type Miniature, roleArn, type Says } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, fromOffice, ifTagged, type TechniqueExamples, withMfa } from './example.js';

const JOB = roleArn('job');
const getsJob = { from: ANN, reaches: JOB, access: 'control' } as const;

/** What Ann may do, beside a workload that runs with a role. */
const beside =
  (answers: Readonly<Record<string, JsonObject>>, trust: string) =>
  (...says: readonly Says[]): Miniature =>
    annMay(says, { roles: { job: { trust } }, answers });

const FUNCTION = arn('lambda', 'function:shop');
const withFunction = (role: JsonObject = { Role: JOB }) =>
  beside(
    { 'lambda/ListFunctions': { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION, ...role }] } },
    'lambda.amazonaws.com',
  );

/** Calls on a function: all of them work, without the last they do not, on another function neither. */
const onFunction = (...calls: readonly string[]): TechniqueExamples => ({
  ...getsJob,
  works: {
    why: `Ann may call ${calls.join(', ')} on a function that runs with a role.`,
    world: withFunction()(...calls.map((call) => `${call} on ${FUNCTION}`)),
  },
  fails: {
    why: `The function on which Ann may call ${calls.at(-1)} is another one.`,
    world: withFunction()(...calls.map((call, at) => `${call} on ${FUNCTION}${at === calls.length - 1 ? '-2' : ''}`)),
  },
  unknown: {
    why: `Ann may call ${calls.at(-1)} on functions with a tag, and the tags of this one were not collected.`,
    world: withFunction()(
      ...calls.slice(0, -1).map((call) => `${call} on ${FUNCTION}`),
      ifTagged(`${calls.at(-1)} on ${FUNCTION}`),
    ),
    because: 'aws:ResourceTag/stage',
  },
});

const PROJECT = arn('codebuild', 'project/site');
const withProject = (more: JsonObject = { serviceRole: JOB }) =>
  beside(
    { 'codebuild/BatchGetProjects': { projects: [{ name: 'site', arn: PROJECT, ...more }] } },
    'codebuild.amazonaws.com',
  );
const BATCH = { serviceRole: JOB, buildBatchConfig: { serviceRole: JOB } };

const STACK = arn('cloudformation', 'stack/base/1');
const withStack = (more: JsonObject = { RoleARN: JOB }) =>
  beside(
    { 'cloudformation/DescribeStacks': { Stacks: [{ StackId: STACK, StackName: 'base', ...more }] } },
    'cloudformation.amazonaws.com',
  );

const ENDPOINT = arn('glue', 'devEndpoint/dev');
const withEndpoint = (more: JsonObject = { RoleArn: JOB }) =>
  beside({ 'glue/GetDevEndpoints': { DevEndpoints: [{ EndpointName: 'dev', ...more }] } }, 'glue.amazonaws.com');

const NOTEBOOK = arn('sagemaker', 'notebook-instance/lab');
const withNotebook = (status: string) =>
  beside(
    {
      'sagemaker/ListNotebookInstances': {
        NotebookInstances: [{ NotebookInstanceArn: NOTEBOOK, NotebookInstanceName: 'lab' }],
      },
      'sagemaker/DescribeNotebookInstance': {
        lab: {
          NotebookInstanceArn: NOTEBOOK,
          NotebookInstanceName: 'lab',
          NotebookInstanceStatus: status,
          RoleArn: JOB,
        },
      },
    },
    'sagemaker.amazonaws.com',
  );
const RESTART = [
  'sagemaker:StopNotebookInstance',
  'sagemaker:UpdateNotebookInstance',
  'sagemaker:StartNotebookInstance',
];
const LIFECYCLE = 'sagemaker:CreateNotebookInstanceLifecycleConfig';

const MACHINE = arn('states', 'stateMachine:flow');
const withMachine = beside(
  {
    'sfn/ListStateMachines': { stateMachines: [{ stateMachineArn: MACHINE, name: 'flow' }] },
    'sfn/DescribeStateMachine': { [MACHINE]: { stateMachineArn: MACHINE, name: 'flow', roleArn: JOB } },
  },
  'states.amazonaws.com',
);

const CLUSTER = arn('ecs', 'cluster/shop');
const ON_CLUSTER = `ecs:ExecuteCommand on ${CLUSTER}`;
const TASK = arn('ecs', 'task/shop/t1');
const DEFINITION = arn('ecs', 'task-definition/web:1');
/** A running task, and what its role may do. */
const withTask = (enableExecuteCommand: boolean, channel: Says): Miniature =>
  annMay([`ecs:ExecuteCommand on ${TASK}`, ON_CLUSTER], {
    roles: { job: { trust: 'ecs-tasks.amazonaws.com', says: [channel] } },
    answers: {
      'ecs/ListClusters': { clusterArns: [CLUSTER] },
      'ecs/DescribeTasks': {
        [CLUSTER]: {
          tasks: [{ taskArn: TASK, taskDefinitionArn: DEFINITION, lastStatus: 'RUNNING', enableExecuteCommand }],
        },
      },
      'ecs/DescribeTaskDefinition': {
        [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION, taskRoleArn: JOB } },
      },
    },
  });

const SERVICE = arn('ecs', 'service/shop/web');
/** A service that was deployed with execute-command off, and what Ann may do. */
const withService = (says: readonly Says[], type = 'ECS'): Miniature =>
  annMay(says, {
    roles: { job: { trust: 'ecs-tasks.amazonaws.com', says: ['ssmmessages:CreateDataChannel'] } },
    answers: {
      'ecs/ListClusters': { clusterArns: [CLUSTER] },
      'ecs/DescribeServices': {
        [CLUSTER]: {
          services: [
            {
              serviceArn: SERVICE,
              serviceName: 'web',
              clusterArn: CLUSTER,
              taskDefinition: DEFINITION,
              status: 'ACTIVE',
              enableExecuteCommand: false,
              deploymentController: { type },
            },
          ],
        },
      },
      'ecs/DescribeTaskDefinition': {
        [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION, taskRoleArn: JOB } },
      },
    },
  });
const UPDATE_SERVICE = `ecs:UpdateService on ${SERVICE}`;
const IN_CLUSTER = `ecs:ExecuteCommand on ${arn('ecs', 'task/shop/*')}`;

/** Ann may configure a function that runs with no role of interest. */
const mayPass = (...says: readonly Says[]): Miniature => withFunction({ Role: roleArn('plain') })(...says);
const PASS = `iam:PassRole on ${JOB}`;
const CONFIGURE = `lambda:UpdateFunctionConfiguration on ${FUNCTION}`;

const SCRIPT = 'arn:aws:s3:::scripts/nightly.py';
const GLUE_JOB = arn('glue', 'job/nightly');
const withGlueJob = (more: JsonObject) =>
  beside(
    {
      'glue/GetJobs': {
        Jobs: [{ Name: 'nightly', Role: JOB, Command: { ScriptLocation: 's3://scripts/nightly.py' }, ...more }],
      },
    },
    'glue.amazonaws.com',
  );
/** Runs bring no code of their own. */
const FIXED = {
  NonOverridableArguments: {
    '--scriptLocation': 's3://scripts/nightly.py',
    '--extra-py-files': '',
    '--extra-jars': '',
    '--additional-python-modules': '',
  },
};

const IMAGE = '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web';
const REPOSITORY = arn('ecr', 'repository/shop/web');
const PUSH = ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'].map(
  (call) => `ecr:${call} on ${REPOSITORY}`,
);
/** A service that runs an image of a repository, and what Ann may do. */
const withImage = (
  says: readonly Says[],
  { image = `${IMAGE}:stable`, imageTagMutability = 'MUTABLE', type = 'ECS' } = {},
): Miniature => {
  const world = withService(says, type);
  return {
    ...world,
    answers: {
      ...world.answers,
      'ecs/DescribeTaskDefinition': {
        [DEFINITION]: {
          taskDefinition: {
            taskDefinitionArn: DEFINITION,
            taskRoleArn: JOB,
            containerDefinitions: [{ name: 'web', image }],
          },
        },
      },
      'ecr/DescribeRepositories': {
        repositories: [{ repositoryArn: REPOSITORY, repositoryName: 'shop/web', imageTagMutability }],
      },
    },
  };
};

/** What runs with a role already. */
export const WORKLOAD_EXAMPLES: ExampleFamily = {
  'lambda-update-code': onFunction('lambda:UpdateFunctionCode'),
  'lambda-update-code-invoke': onFunction('lambda:UpdateFunctionCode', 'lambda:InvokeFunction'),
  'lambda-update-code-permission': onFunction('lambda:UpdateFunctionCode', 'lambda:AddPermission'),
  'lambda-update-configuration': onFunction('lambda:UpdateFunctionConfiguration'),
  'codebuild-start-build': {
    ...getsJob,
    works: {
      why: 'Ann may start builds, with a build specification of her own, in a project that has a role.',
      world: withProject()(`codebuild:StartBuild on ${PROJECT}`),
    },
    fails: {
      why: 'The project runs with another role.',
      world: withProject({ serviceRole: roleArn('other') })(`codebuild:StartBuild on ${PROJECT}`),
    },
    unknown: {
      why: 'Ann may start builds from the addresses of one office alone.',
      world: withProject()(fromOffice(`codebuild:StartBuild on ${PROJECT}`)),
      because: 'aws:SourceIp',
    },
  },
  'codebuild-start-build-batch': {
    ...getsJob,
    works: {
      why: 'Ann may start batch builds in a project that is set up for them.',
      world: withProject(BATCH)(`codebuild:StartBuildBatch on ${PROJECT}`),
    },
    fails: {
      why: 'Ann may start batch builds in another project alone.',
      world: withProject(BATCH)(`codebuild:StartBuildBatch on ${arn('codebuild', 'project/other')}`),
    },
    unknown: {
      why: 'The project has no settings for batch builds, and whether Ann may bring them is not documented.',
      world: withProject()(`codebuild:StartBuildBatch on ${PROJECT}`),
      because: 'batch settings',
    },
  },
  'cloudformation-update-stack': {
    ...getsJob,
    works: {
      why: 'Ann may update a stack, which keeps the role that it was made with.',
      world: withStack()(`cloudformation:UpdateStack on ${STACK}`),
    },
    fails: {
      why: 'The stack has no role: it is updated with the caller’s own rights.',
      world: withStack({})(`cloudformation:UpdateStack on ${STACK}`),
    },
    unknown: {
      why: 'Ann may update stacks with MFA alone.',
      world: withStack()(withMfa(`cloudformation:UpdateStack on ${STACK}`)),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'cloudformation-change-set': {
    ...getsJob,
    works: {
      why: 'Ann may make and execute change sets on a stack that has a role.',
      world: withStack()(`cloudformation:CreateChangeSet on ${STACK}`, `cloudformation:ExecuteChangeSet on ${STACK}`),
    },
    fails: {
      why: 'Ann may make change sets, and execute none.',
      world: withStack()(`cloudformation:CreateChangeSet on ${STACK}`),
    },
    unknown: {
      why: 'Ann may execute change sets from the addresses of one office alone.',
      world: withStack()(
        `cloudformation:CreateChangeSet on ${STACK}`,
        fromOffice(`cloudformation:ExecuteChangeSet on ${STACK}`),
      ),
      because: 'aws:SourceIp',
    },
  },
  'glue-start-job': {
    ...getsJob,
    works: {
      why: 'Ann may start a job that has a role, with arguments of her own.',
      world: withGlueJob({})(`glue:StartJobRun on ${GLUE_JOB}`),
    },
    fails: {
      why: 'The job holds all arguments fast that name code.',
      world: withGlueJob(FIXED)(`glue:StartJobRun on ${GLUE_JOB}`),
    },
    alsoFails: [
      {
        why: 'Ann may start another job alone.',
        world: withGlueJob({})(`glue:StartJobRun on ${arn('glue', 'job/other')}`),
      },
    ],
    unknown: {
      why: 'Ann may start jobs from the addresses of one office alone.',
      world: withGlueJob({})(fromOffice(`glue:StartJobRun on ${GLUE_JOB}`)),
      because: 'aws:SourceIp',
    },
  },
  'glue-update-dev-endpoint': {
    ...getsJob,
    works: {
      why: 'Ann may put a key of hers into a development endpoint that has a role.',
      world: withEndpoint()(`glue:UpdateDevEndpoint on ${ENDPOINT}`),
    },
    fails: {
      why: 'The endpoint has another role.',
      world: withEndpoint({ RoleArn: roleArn('other') })(`glue:UpdateDevEndpoint on ${ENDPOINT}`),
    },
    unknown: {
      why: 'Ann may change endpoints from the addresses of one office alone.',
      world: withEndpoint()(fromOffice(`glue:UpdateDevEndpoint on ${ENDPOINT}`)),
      because: 'aws:SourceIp',
    },
  },
  'sagemaker-notebook-url': {
    ...getsJob,
    works: {
      why: 'Ann may open a notebook that is in service.',
      world: withNotebook('InService')(`sagemaker:CreatePresignedNotebookInstanceUrl on ${NOTEBOOK}`),
    },
    fails: {
      why: 'The notebook is stopped, and Ann may not start it.',
      world: withNotebook('Stopped')(`sagemaker:CreatePresignedNotebookInstanceUrl on ${NOTEBOOK}`),
    },
    unknown: {
      why: 'Ann may open notebooks from the addresses of one office alone.',
      world: withNotebook('InService')(fromOffice(`sagemaker:CreatePresignedNotebookInstanceUrl on ${NOTEBOOK}`)),
      because: 'aws:SourceIp',
    },
  },
  'sagemaker-lifecycle': {
    ...getsJob,
    works: {
      why: 'Ann may make a lifecycle configuration, and stop, change and start a notebook.',
      world: withNotebook('InService')(LIFECYCLE, ...RESTART),
    },
    fails: { why: 'Ann may make no lifecycle configuration.', world: withNotebook('InService')(...RESTART) },
    unknown: {
      why: 'Ann may make lifecycle configurations with MFA alone.',
      world: withNotebook('InService')(withMfa(LIFECYCLE), ...RESTART),
      because: 'aws:MultiFactorAuthPresent',
    },
  },
  'state-machine-update': {
    ...getsJob,
    works: {
      why: 'Ann may rewrite a state machine and start it.',
      world: withMachine(`states:UpdateStateMachine on ${MACHINE}`, `states:StartExecution on ${MACHINE}`),
    },
    fails: {
      why: 'Ann may rewrite the state machine, and start another one.',
      world: withMachine(`states:UpdateStateMachine on ${MACHINE}`, `states:StartExecution on ${MACHINE}-2`),
    },
    unknown: {
      why: 'Ann may rewrite state machines from the addresses of one office alone.',
      world: withMachine(fromOffice(`states:UpdateStateMachine on ${MACHINE}`), `states:StartExecution on ${MACHINE}`),
      because: 'aws:SourceIp',
    },
  },
  'lambda-role-swap': {
    ...getsJob,
    works: {
      why: 'Ann may pass the role to Lambda, and configure a function that has another one.',
      world: mayPass(PASS, CONFIGURE),
    },
    fails: {
      why: 'The function that Ann may configure is another one, which is not there.',
      world: mayPass(PASS, `${CONFIGURE}-2`),
    },
    alsoFails: [
      {
        why: 'Ann may pass the role to EC2 alone.',
        world: mayPass(
          {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: JOB,
            Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
          },
          CONFIGURE,
        ),
      },
    ],
    unknown: {
      why: 'Ann may configure functions from the addresses of one office alone.',
      world: mayPass(PASS, fromOffice(CONFIGURE)),
      because: 'aws:SourceIp',
    },
  },
  'ecs-enable-execute-command': {
    ...getsJob,
    works: {
      why: 'Ann may update the service and open shells in its cluster; the role of its tasks may open channels.',
      world: withService([UPDATE_SERVICE, IN_CLUSTER, ON_CLUSTER]),
    },
    fails: {
      why: 'Ann may open shells in a task that runs today, and in no new one.',
      world: withService([UPDATE_SERVICE, `ecs:ExecuteCommand on ${TASK}`, ON_CLUSTER]),
    },
    alsoFails: [
      {
        why: 'The service is deployed by CodeDeploy.',
        world: withService([UPDATE_SERVICE, IN_CLUSTER, ON_CLUSTER], 'CODE_DEPLOY'),
      },
    ],
    unknown: {
      why: 'Ann may update services from the addresses of one office alone.',
      world: withService([fromOffice(UPDATE_SERVICE), IN_CLUSTER, ON_CLUSTER]),
      because: 'aws:SourceIp',
    },
  },
  'ecr-push-image': {
    ...getsJob,
    works: {
      why: 'Ann may push to the repository of which the service runs a tag, and have the service deployed.',
      world: withImage([...PUSH, UPDATE_SERVICE]),
    },
    fails: {
      why: 'The service names the image by its digest.',
      world: withImage([...PUSH, UPDATE_SERVICE], { image: `${IMAGE}@sha256:${'0'.repeat(64)}` }),
    },
    alsoFails: [
      {
        why: 'The tags of the repository are immutable.',
        world: withImage([...PUSH, UPDATE_SERVICE], { imageTagMutability: 'IMMUTABLE' }),
      },
      { why: 'Ann may upload layers, and put no image.', world: withImage([...PUSH.slice(0, 3), UPDATE_SERVICE]) },
      {
        why: 'The service runs an image of another repository.',
        world: withImage([...PUSH, UPDATE_SERVICE], { image: `${IMAGE}-2:stable` }),
      },
    ],
    unknown: {
      why: 'Ann may not have the service deployed, and when somebody does is not known.',
      world: withImage(PUSH),
      because: 'deployment',
    },
  },
  'ecs-execute-command': {
    ...getsJob,
    works: {
      why: 'The task was started with execute-command on, and its role may open channels.',
      world: withTask(true, 'ssmmessages:CreateDataChannel'),
    },
    fails: {
      why: 'The task was started with execute-command off.',
      world: withTask(false, 'ssmmessages:CreateDataChannel'),
    },
    alsoFails: [{ why: 'The role of the task may open no channel.', world: withTask(true, 's3:GetObject') }],
    unknown: {
      why: 'The role of the task may open channels from one VPC alone, and where the task calls from is not known.',
      world: withTask(true, {
        Effect: 'Allow',
        Action: 'ssmmessages:CreateDataChannel',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
      }),
      because: 'aws:SourceVpc',
    },
  },
  'glue-script-overwrite': {
    ...getsJob,
    works: {
      why: 'Ann may write the object that is the script of a job, and start the job.',
      world: withGlueJob(FIXED)(`s3:PutObject on ${SCRIPT}`, `glue:StartJobRun on ${GLUE_JOB}`),
    },
    fails: {
      why: 'Ann may write into another folder of the bucket.',
      world: withGlueJob(FIXED)('s3:PutObject on arn:aws:s3:::scripts/drafts/*', `glue:StartJobRun on ${GLUE_JOB}`),
    },
    unknown: {
      why: 'Ann may write the script from the addresses of one office alone.',
      world: withGlueJob(FIXED)(fromOffice(`s3:PutObject on ${SCRIPT}`), `glue:StartJobRun on ${GLUE_JOB}`),
      because: 'aws:SourceIp',
    },
  },
};
