import type { Requirement } from './permissions.js';

/** What calls are checked on that make something, or use what was just made: ARNs after the account, of which the name is the intruder's to choose. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'airflow:CreateEnvironment': ['environment/*'],
  'amplify:CreateBranch': ['apps/*/branches/*'],
  'amplify:StartJob': ['apps/*/branches/*/jobs/*'],
  'apprunner:CreateService': ['service/*/*'],
  'apprunner:UpdateService': ['service/*/*'],
  'autoscaling:CreateAutoScalingGroup': ['autoScalingGroup:*:autoScalingGroupName/*'],
  'autoscaling:CreateLaunchConfiguration': ['launchConfiguration:*:launchConfigurationName/*'],
  'batch:RegisterJobDefinition': ['job-definition/*'],
  'batch:SubmitJob': ['job-definition/*'],
  'bedrock-agentcore:CreateAgentRuntimeEndpoint': ['runtime/*'],
  'bedrock-agentcore:CreateWorkloadIdentity': [
    'workload-identity-directory/*',
    'workload-identity-directory/*/workload-identity/*',
  ],
  'bedrock-agentcore:InvokeAgentRuntime': ['runtime/*', 'runtime/*/runtime-endpoint/*'],
  'bedrock-agentcore:InvokeAgentRuntimeCommand': ['runtime/*', 'runtime/*/runtime-endpoint/*'],
  'bedrock-agentcore:InvokeCodeInterpreter': ['code-interpreter-custom/*'],
  'bedrock-agentcore:StartBrowserSession': ['browser-custom/*'],
  'bedrock-agentcore:StartCodeInterpreterSession': ['code-interpreter-custom/*'],
  'braket:CreateJob': ['job/*'],
  'cloudformation:CreateChangeSet': ['stack/*/*'],
  'cloudformation:CreateStack': ['stack/*/*'],
  'cloudformation:CreateStackInstances': ['stackset/*:*'],
  'cloudformation:ExecuteChangeSet': ['stack/*/*'],
  'cloudformation:UpdateStack': ['stack/*/*'],
  'cloudformation:UpdateStackSet': ['stackset/*:*'],
  'codebuild:CreateProject': ['project/*'],
  'codebuild:StartBuild': ['project/*'],
  'codebuild:StartBuildBatch': ['project/*'],
  'codebuild:UpdateProject': ['project/*'],
  'codepipeline:CreatePipeline': ['*'],
  'datapipeline:ActivatePipeline': ['pipeline/*'],
  'datapipeline:PutPipelineDefinition': ['pipeline/*'],
  'datasync:CreateTask': ['location/*'],
  'datasync:StartTaskExecution': ['task/*'],
  'dynamodb:GetRecords': ['table/*/stream/*'],
  'ec2:CreateFleet': ['fleet/*', 'instance/*'],
  'ec2:CreateLaunchTemplate': ['launch-template/*'],
  'ec2:RequestSpotInstances': ['spot-instances-request/*'],
  'ecs:CreateCluster': ['cluster/*'],
  'ecs:CreateService': ['service/*/*'],
  'ecs:RegisterContainerInstance': ['cluster/*'],
  'ecs:RegisterTaskDefinition': ['task-definition/*:*'],
  'ecs:RunTask': ['task-definition/*:*'],
  'ecs:StartTask': ['task-definition/*:*'],
  'ecs:UpdateService': ['service/*/*'],
  'emr-serverless:StartJobRun': ['/applications/*'],
  'events:PutRule': ['rule/*'],
  'events:PutTargets': ['rule/*'],
  'fis:CreateExperimentTemplate': ['experiment-template/*', 'action/*'],
  'fis:StartExperiment': ['experiment-template/*', 'experiment/*'],
  'gamelift:RequestUploadCredentials': ['build/*'],
  'glue:CreateJob': ['job/*'],
  'glue:CreateSession': ['session/*'],
  'glue:CreateTrigger': ['trigger/*'],
  'glue:RunStatement': ['session/*'],
  'glue:StartJobRun': ['job/*'],
  'glue:UpdateJob': ['job/*'],
  'iam:AddRoleToInstanceProfile': ['instance-profile/*'],
  'iam:CreateInstanceProfile': ['instance-profile/*'],
  'iam:RemoveRoleFromInstanceProfile': ['instance-profile/*'],
  'imagebuilder:CreateComponent': ['component/*/*/*'],
  'imagebuilder:CreateImage': ['image/*/*/*'],
  'imagebuilder:CreateImageRecipe': ['image-recipe/*/*'],
  'imagebuilder:CreateInfrastructureConfiguration': ['infrastructure-configuration/*'],
  'iot:AttachPolicy': ['cert/*'],
  'iot:CreatePolicy': ['policy/*'],
  'iot:CreateRoleAlias': ['rolealias/*'],
  'kinesis:GetRecords': ['stream/*'],
  'kinesisanalytics:StartApplication': ['application/*'],
  'lambda:AddPermission': ['function:*'],
  'lambda:CreateFunction': ['function:*'],
  'lambda:InvokeFunction': ['function:*'],
  'omics:StartRun': ['run/*'],
  'pipes:CreatePipe': ['pipe/*'],
  'sagemaker:CreateEndpoint': ['endpoint/*', 'endpoint-config/*'],
  'sagemaker:CreateEndpointConfig': ['endpoint-config/*'],
  'sagemaker:CreateHyperParameterTuningJob': ['hyper-parameter-tuning-job/*'],
  'sagemaker:CreateModel': ['model/*'],
  'sagemaker:CreateNotebookInstance': ['notebook-instance/*'],
  'sagemaker:CreateNotebookInstanceLifecycleConfig': ['notebook-instance-lifecycle-config/*'],
  'sagemaker:CreatePipeline': ['pipeline/*'],
  'sagemaker:CreatePresignedNotebookInstanceUrl': ['notebook-instance/*'],
  'sagemaker:CreateProcessingJob': ['processing-job/*'],
  'sagemaker:CreateTrainingJob': ['training-job/*'],
  'sagemaker:CreateTransformJob': ['transform-job/*'],
  'sagemaker:StartPipelineExecution': ['pipeline/*'],
  'scheduler:CreateSchedule': ['schedule/*/*'],
  'sqs:ReceiveMessage': ['*'],
  'ssm:CreateDocument': ['document/*'],
  'states:CreateStateMachine': ['stateMachine:*'],
  'states:StartExecution': ['stateMachine:*'],
  'states:StartSyncExecution': ['stateMachine:*'],
  'states:UpdateStateMachine': ['stateMachine:*'],
  'transfer:CreateUser': ['server/*'],
  // Checked on the document in one of two spellings; which one policies have to name is told differently.
  'ssm:StartAutomationExecution': ['*'],
};

/** Calls that are checked on no resource: a statement that names some does not allow them. */
const ON_NOTHING: ReadonlySet<string> = new Set([
  'amplify:CreateApp',
  'appsync:CreateDataSource',
  'appsync:CreateGraphqlApi',
  'appsync:CreateResolver',
  'bedrock-agentcore:ConnectBrowserAutomationStream',
  'bedrock-agentcore:CreateAgentRuntime',
  'bedrock-agentcore:CreateBrowser',
  'bedrock-agentcore:CreateCodeInterpreter',
  'cloudformation:CreateResource',
  'cloudformation:CreateStackSet',
  'datapipeline:CreatePipeline',
  'datasync:CreateLocationS3',
  'elasticmapreduce:RunJobFlow',
  'emr-serverless:CreateApplication',
  'gamelift:CreateBuild',
  'gamelift:CreateFleet',
  'glue:CreateDevEndpoint',
  'iot:CreateKeysAndCertificate',
  'kinesisanalytics:CreateApplication',
  'lambda:CreateEventSourceMapping',
  'omics:CreateWorkflow',
  's3:CreateJob',
  'ssm:CreateActivation',
  'states:TestState',
  'transfer:CreateServer',
]);

/** Whether a call is checked on no resource. @see {@link callRequirements} */
export const isOnNothing = (action: string): boolean => ON_NOTHING.has(action);

/**
 * What a call of a principal of an account is checked on that makes something there, or uses what was just made: all of these together.
 * @throws Error for an action of which this is not told
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function callRequirements(action: string, partition: string, account: string): readonly Requirement[] {
  if (isOnNothing(action)) return [{ action, resources: ['*'], accounts: [account] }];
  const [service = ''] = action.split(':');
  // ARNs of these have no account.
  if (service === 'apigateway') return [{ action, resources: [`arn:${partition}:apigateway:*::/*`] }];
  if (service === 's3') return [{ action, resources: [`arn:${partition}:s3:::*/*`] }];
  const forms = FORMS[action];
  if (forms === undefined) throw new Error(`what ${action} is checked on is not told`);
  const region = service === 'iam' ? '' : '*';
  return forms.map((form) => ({ action, resources: [`arn:${partition}:${service}:${region}:${account}:${form}`] }));
}
