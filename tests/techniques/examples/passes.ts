import type { JsonObject } from '../../../src/model/index.js';
import { arn } from '../miniature.js';

/** What a role is passed to, written down apart from the rules: the service that assumes it, and every call that is needed. */
export interface Passing {
  readonly service: string;
  readonly calls: readonly string[];
  /** An instance profile holds the role. */
  readonly profile?: true;
  readonly needs?: readonly Existing[];
  /** A service to which a second role is passed in the same call. */
  readonly alongside?: string;
  /** All that the service does with the role is to move what is in stores: it is asked for a bucket that the role reads. */
  readonly moves?: true;
  /** What the role itself has to be allowed. */
  readonly roleMay?: string;
  /** The same calls, by name, each on a thing for which not all of them are allowed. */
  readonly apart?: Readonly<Record<string, string>>;
}

export type Existing =
  | 'cluster'
  | 'container-instance'
  | 'task-definition'
  | 'service'
  | 'glue-job'
  | 'stack-set'
  | 'stack'
  | 'project'
  | 'state-machine'
  | 'apprunner-service'
  | 'job-queue'
  | 'instance-profile';

const CLUSTER = arn('ecs', 'cluster/shop');
const INSTANCE = arn('ecs', 'container-instance/shop/c1');
const DEFINITION = arn('ecs', 'task-definition/web:1');
const SERVICE = arn('ecs', 'service/shop/web');

/** A queue that takes jobs. */
export const QUEUE: Readonly<Record<string, JsonObject>> = {
  'batch/DescribeJobQueues': {
    jobQueues: [{ jobQueueName: 'main', jobQueueArn: arn('batch', 'job-queue/main'), state: 'ENABLED' }],
  },
};

/** Answers that hold what has to exist, and those that say that there is none. */
export const EXISTING: Readonly<
  Record<
    Existing,
    {
      readonly name: string;
      /** Where it was not collected, one may run with the role already, which is an easier way. */
      readonly mayHaveRole?: true;
      readonly there: Readonly<Record<string, JsonObject>>;
      readonly none: Readonly<Record<string, JsonObject>>;
    }
  >
> = {
  cluster: {
    name: 'ECS cluster',
    there: { 'ecs/ListClusters': { clusterArns: [CLUSTER] } },
    none: { 'ecs/ListClusters': { clusterArns: [] } },
  },
  'container-instance': {
    name: 'container instance',
    there: {
      'ecs/DescribeContainerInstances': {
        [CLUSTER]: { containerInstances: [{ containerInstanceArn: INSTANCE }] },
      },
    },
    none: { 'ecs/DescribeContainerInstances': { [CLUSTER]: { containerInstances: [] } } },
  },
  'task-definition': {
    name: 'task definition',
    there: {
      'ecs/DescribeTaskDefinition': {
        [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION } },
      },
    },
    none: { 'ecs/DescribeTaskDefinition': {} },
  },
  service: {
    name: 'ECS service',
    there: { 'ecs/DescribeServices': { [CLUSTER]: { services: [{ serviceArn: SERVICE, serviceName: 'web' }] } } },
    none: { 'ecs/DescribeServices': { [CLUSTER]: { services: [] } } },
  },
  'glue-job': {
    name: 'Glue job',
    there: { 'glue/GetJobs': { Jobs: [{ Name: 'nightly' }] } },
    none: { 'glue/GetJobs': { Jobs: [] } },
  },
  'stack-set': {
    name: 'stack set',
    there: {
      'cloudformation/ListStackSets': {
        Summaries: [{ StackSetName: 'base', StackSetId: 'base:1', Status: 'ACTIVE' }],
      },
    },
    none: {
      'cloudformation/ListStackSets': {
        Summaries: [{ StackSetName: 'base', StackSetId: 'base:1', Status: 'DELETED' }],
      },
    },
  },
  stack: {
    name: 'stack',
    mayHaveRole: true,
    there: {
      'cloudformation/DescribeStacks': {
        Stacks: [{ StackId: arn('cloudformation', 'stack/base/1'), StackName: 'base', StackStatus: 'CREATE_COMPLETE' }],
      },
    },
    none: { 'cloudformation/DescribeStacks': { Stacks: [] } },
  },
  project: {
    name: 'CodeBuild project',
    mayHaveRole: true,
    there: { 'codebuild/BatchGetProjects': { projects: [{ name: 'web', arn: arn('codebuild', 'project/web') }] } },
    none: { 'codebuild/BatchGetProjects': { projects: [] } },
  },
  'state-machine': {
    name: 'state machine',
    there: {
      'sfn/ListStateMachines': {
        stateMachines: [{ name: 'nightly', stateMachineArn: arn('states', 'stateMachine:nightly') }],
      },
    },
    none: { 'sfn/ListStateMachines': { stateMachines: [] } },
  },
  'apprunner-service': {
    name: 'App Runner service',
    there: {
      'apprunner/ListServices': {
        ServiceSummaryList: [{ ServiceName: 'web', ServiceArn: arn('apprunner', 'service/web/1') }],
      },
    },
    none: { 'apprunner/ListServices': { ServiceSummaryList: [] } },
  },
  'job-queue': {
    name: 'job queue',
    there: QUEUE,
    none: { 'batch/DescribeJobQueues': { jobQueues: [] } },
  },
  'instance-profile': { name: 'instance profile', there: {}, none: {} },
};

const profileArn = (name: string): string => arn('iam', `instance-profile/${name}`);
const ec2 = (...calls: readonly string[]): Passing => ({ service: 'ec2.amazonaws.com', calls, profile: true });
const tasks = (needs: readonly Existing[], ...calls: readonly string[]): Passing => ({
  service: 'ecs-tasks.amazonaws.com',
  calls,
  needs,
});
const to = (service: string, ...calls: readonly string[]): Passing => ({ service: `${service}.amazonaws.com`, calls });

export const PASSES: Readonly<Record<string, Passing>> = {
  'pass-role-apprunner-service': to('tasks.apprunner', 'apprunner:CreateService'),
  'pass-role-apprunner-update-service': {
    ...to('tasks.apprunner', 'apprunner:UpdateService'),
    needs: ['apprunner-service'],
    apart: { 'apprunner:UpdateService': arn('apprunner', 'service/other/2') },
  },
  'pass-role-cloudformation-change-set': to(
    'cloudformation',
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
  ),
  'pass-role-cloudformation-update-stack': {
    ...to('cloudformation', 'cloudformation:UpdateStack'),
    needs: ['stack'],
    apart: { 'cloudformation:UpdateStack': arn('cloudformation', 'stack/other/*') },
  },
  'pass-role-codebuild-update-project': {
    ...to('codebuild', 'codebuild:UpdateProject', 'codebuild:StartBuild'),
    needs: ['project'],
    apart: { 'codebuild:StartBuild': arn('codebuild', 'project/other') },
  },
  'pass-role-update-state-machine': {
    ...to('states', 'states:UpdateStateMachine', 'states:StartSyncExecution'),
    needs: ['state-machine'],
    apart: { 'states:StartSyncExecution': arn('states', 'stateMachine:other') },
  },
  'pass-role-sagemaker-transform': to('sagemaker', 'sagemaker:CreateModel', 'sagemaker:CreateTransformJob'),
  'pass-role-batch-job': {
    ...to('ecs-tasks', 'batch:RegisterJobDefinition', 'batch:SubmitJob'),
    needs: ['job-queue'],
  },
  'pass-role-agentcore-interpreter': to(
    'bedrock-agentcore',
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ),
  'pass-role-agentcore-runtime': to(
    'bedrock-agentcore',
    'bedrock-agentcore:CreateAgentRuntime',
    'bedrock-agentcore:CreateAgentRuntimeEndpoint',
    'bedrock-agentcore:CreateWorkloadIdentity',
    'bedrock-agentcore:InvokeAgentRuntimeCommand',
  ),
  'pass-role-agentcore-browser': to(
    'bedrock-agentcore',
    'bedrock-agentcore:CreateBrowser',
    'bedrock-agentcore:StartBrowserSession',
    'bedrock-agentcore:ConnectBrowserAutomationStream',
  ),
  'pass-role-braket-job': to('braket', 'braket:CreateJob'),
  'pass-role-cloudformation-stack': to('cloudformation', 'cloudformation:CreateStack'),
  'pass-role-cloudformation-stack-set': to(
    'cloudformation',
    'cloudformation:CreateStackSet',
    'cloudformation:CreateStackInstances',
  ),
  'pass-role-cloudformation-update-stack-set': {
    ...to('cloudformation', 'cloudformation:UpdateStackSet'),
    needs: ['stack-set'],
    apart: { 'cloudformation:UpdateStackSet': arn('cloudformation', 'stackset/other:*') },
  },
  'pass-role-cloudcontrol': to('cloudformation', 'cloudformation:CreateResource'),
  'pass-role-codebuild-project': to('codebuild', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  'pass-role-codebuild-batch': to('codebuild', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'),
  'pass-role-datapipeline-role': to(
    'datapipeline',
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ),
  'pass-role-datapipeline': {
    ...ec2('datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition', 'datapipeline:ActivatePipeline'),
    alongside: 'datapipeline.amazonaws.com',
  },
  'pass-role-ec2-instance': ec2('ec2:RunInstances'),
  'pass-role-ec2-new-profile': {
    ...to('ec2', 'iam:AddRoleToInstanceProfile', 'ec2:RunInstances', 'iam:CreateInstanceProfile'),
    apart: { 'iam:AddRoleToInstanceProfile': profileArn('a-*'), 'iam:CreateInstanceProfile': profileArn('b-*') },
  },
  'pass-role-ec2-swap-profile': {
    ...to('ec2', 'iam:AddRoleToInstanceProfile', 'ec2:RunInstances', 'iam:RemoveRoleFromInstanceProfile'),
    needs: ['instance-profile'],
    apart: {
      'iam:AddRoleToInstanceProfile': profileArn('other'),
      'iam:RemoveRoleFromInstanceProfile': profileArn('gone'),
    },
  },
  'pass-role-ec2-spot': ec2('ec2:RequestSpotInstances'),
  'pass-role-ec2-fleet': ec2('ec2:CreateLaunchTemplate', 'ec2:CreateFleet', 'ec2:RunInstances'),
  'pass-role-autoscaling-template': ec2(
    'ec2:CreateLaunchTemplate',
    'autoscaling:CreateAutoScalingGroup',
    'ec2:RunInstances',
  ),
  'pass-role-autoscaling-configuration': ec2(
    'autoscaling:CreateLaunchConfiguration',
    'autoscaling:CreateAutoScalingGroup',
  ),
  'pass-role-ecs-new-cluster-service': tasks(
    [],
    'ecs:RegisterTaskDefinition',
    'ecs:CreateCluster',
    'ecs:CreateService',
  ),
  'pass-role-ecs-new-cluster-task': tasks([], 'ecs:RegisterTaskDefinition', 'ecs:CreateCluster', 'ecs:RunTask'),
  'pass-role-ecs-service': tasks(['cluster'], 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  'pass-role-ecs-update-service': {
    ...tasks(['service'], 'ecs:RegisterTaskDefinition', 'ecs:UpdateService'),
    apart: { 'ecs:UpdateService': arn('ecs', 'service/shop/other') },
  },
  'pass-role-ecs-task': tasks(['cluster'], 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  'pass-role-ecs-start-task': tasks(['cluster', 'container-instance'], 'ecs:RegisterTaskDefinition', 'ecs:StartTask'),
  'pass-role-ecs-rogue-instance': tasks(
    ['cluster', 'task-definition'],
    'ecs:RegisterContainerInstance',
    'ecs:StartTask',
  ),
  'pass-role-ecs-run-task-override': tasks(['cluster', 'task-definition'], 'ecs:RunTask'),
  'pass-role-ecs-start-task-override': tasks(['cluster', 'container-instance', 'task-definition'], 'ecs:StartTask'),
  'pass-role-emr-cluster': { ...ec2('elasticmapreduce:RunJobFlow'), alongside: 'elasticmapreduce.amazonaws.com' },
  'pass-role-emr-serverless': to('emr-serverless', 'emr-serverless:CreateApplication', 'emr-serverless:StartJobRun'),
  'pass-role-gamelift-fleet': to(
    'gamelift',
    'gamelift:CreateBuild',
    'gamelift:RequestUploadCredentials',
    'gamelift:CreateFleet',
  ),
  'pass-role-glue-dev-endpoint': to('glue', 'glue:CreateDevEndpoint'),
  'pass-role-glue-job': {
    ...to('glue', 'glue:CreateJob', 'glue:StartJobRun'),
    apart: { 'glue:CreateJob': arn('glue', 'job/a-*'), 'glue:StartJobRun': arn('glue', 'job/b-*') },
  },
  'pass-role-glue-job-trigger': to('glue', 'glue:CreateJob', 'glue:CreateTrigger'),
  'pass-role-glue-update-job': {
    ...to('glue', 'glue:UpdateJob', 'glue:StartJobRun'),
    needs: ['glue-job'],
    apart: { 'glue:StartJobRun': arn('glue', 'job/other') },
  },
  'pass-role-glue-update-job-trigger': {
    ...to('glue', 'glue:UpdateJob', 'glue:CreateTrigger'),
    needs: ['glue-job'],
    apart: { 'glue:UpdateJob': arn('glue', 'job/other') },
  },
  'pass-role-glue-session': to('glue', 'glue:CreateSession', 'glue:RunStatement'),
  'pass-role-imagebuilder': ec2(
    'imagebuilder:CreateComponent',
    'imagebuilder:CreateImageRecipe',
    'imagebuilder:CreateInfrastructureConfiguration',
    'imagebuilder:CreateImage',
  ),
  'pass-role-managed-flink': to(
    'kinesisanalytics',
    'kinesisanalytics:CreateApplication',
    'kinesisanalytics:StartApplication',
  ),
  'pass-role-lambda-function': to('lambda', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  'pass-role-lambda-event-source': {
    ...to('lambda', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
    roleMay: 'sqs:ReceiveMessage',
  },
  'pass-role-lambda-permission': to('lambda', 'lambda:CreateFunction', 'lambda:AddPermission'),
  'pass-role-omics-run': to('omics', 'omics:CreateWorkflow', 's3:GetObject', 'omics:StartRun'),
  'pass-role-sagemaker-notebook': to(
    'sagemaker',
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
  ),
  'pass-role-sagemaker-training': to('sagemaker', 'sagemaker:CreateTrainingJob'),
  'pass-role-sagemaker-processing': to('sagemaker', 'sagemaker:CreateProcessingJob'),
  'pass-role-sagemaker-tuning': to('sagemaker', 'sagemaker:CreateHyperParameterTuningJob'),
  'pass-role-scheduler': to('scheduler', 'scheduler:CreateSchedule'),
  'pass-role-ssm-automation': to('ssm', 'ssm:CreateDocument', 'ssm:StartAutomationExecution'),
  'pass-role-ssm-activation': to('ssm', 'ssm:CreateActivation'),
  'pass-role-state-machine': to('states', 'states:CreateStateMachine', 'states:StartExecution'),
  'pass-role-test-state': to('states', 'states:TestState'),
  'pass-role-events-target': to('events', 'events:PutRule', 'events:PutTargets'),
  'pass-role-amplify-app': to('amplify', 'amplify:CreateApp', 'amplify:CreateBranch', 'amplify:StartJob'),
  'pass-role-pipe': to('pipes', 'pipes:CreatePipe'),
  'pass-role-fault-injection': to('fis', 'fis:CreateExperimentTemplate', 'fis:StartExperiment'),
  'pass-role-code-pipeline': to('codepipeline', 'codepipeline:CreatePipeline'),
  'pass-role-airflow': to('airflow-env', 'airflow:CreateEnvironment'),
  'pass-role-transfer-user': { ...to('transfer', 'transfer:CreateServer', 'transfer:CreateUser'), moves: true },
  'pass-role-data-sync': {
    ...to('datasync', 'datasync:CreateLocationS3', 'datasync:CreateTask', 'datasync:StartTaskExecution'),
    moves: true,
  },
  'pass-role-s3-batch': { ...to('batchoperations.s3', 's3:CreateJob'), moves: true },
  'pass-role-iot-alias': to(
    'credentials.iot',
    'iot:CreateRoleAlias',
    'iot:CreateKeysAndCertificate',
    'iot:CreatePolicy',
    'iot:AttachPolicy',
  ),
  'pass-role-appsync': to('appsync', 'appsync:CreateGraphqlApi', 'appsync:CreateDataSource', 'appsync:CreateResolver'),
  'pass-role-api-integration': to('apigateway', 'apigateway:POST', 'apigateway:PUT'),
  'pass-role-sagemaker-endpoint': to(
    'sagemaker',
    'sagemaker:CreateModel',
    'sagemaker:CreateEndpointConfig',
    'sagemaker:CreateEndpoint',
  ),
  'pass-role-sagemaker-pipeline': to('sagemaker', 'sagemaker:CreatePipeline', 'sagemaker:StartPipelineExecution'),
};
