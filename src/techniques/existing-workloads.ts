import type { ContextValues } from '../iam/index.js';
import { at, type Condition, type Json, text, unknown } from '../model/index.js';
import { NEEDS_QUEUE, type QueueWay, queueWays } from './job-queues.js';
import type { TechniqueInfo } from './technique.js';
import type { ResourceGroup, World } from './world.js';
import {
  AGENT_RUNTIME,
  AIRFLOW,
  APP_RUNNER,
  BROWSER,
  DEV_ENDPOINT,
  FUNCTION,
  GLUE_JOB,
  INTERPRETER,
  JOB_DEFINITION,
  NOTEBOOK,
  PROJECT,
  STACK,
  STATE_MACHINE,
  type WorkloadKind,
} from './workload-kinds.js';
import {
  type CallsInState,
  onAgentRuntime,
  onAgentTool,
  onAppRunnerService,
  onDevEndpoint,
  onJobDefinition,
  onStack,
  toChangeNotebook,
  toOpenNotebook,
} from './workload-states.js';

/** A way to make what runs with a role already run the intruder's code. */
export interface ExistingWorkload {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'assumptions'>;
  readonly on: WorkloadKind;
  /** Calls on it; each may be made by another principal under the intruder's control. */
  readonly actions: readonly string[];
  /** Calls that name no resource. */
  readonly besides?: readonly string[];
  /** A call on a resource that is made for it, as the ARN of that begins after the account. */
  readonly makes?: { readonly action: string; readonly resource: string };
  /** Calls on it of which one is enough, which also another principal may make. */
  readonly either?: (record: Json | undefined) => readonly string[];
  /** What the calls say, where a policy looks at it. */
  readonly says?: ContextValues;
  /** Further calls on it in the state in which it is; `undefined`: it cannot work in that state. */
  readonly when?: CallsInState;
  /** What is not known of it in the state in which it is. */
  readonly depends?: (workload: string, record: Json | undefined) => readonly Condition[];
  /** What the first of the calls is checked for besides, and what it takes; any of these ways. */
  readonly through?: (
    world: World,
    place: Omit<ResourceGroup, 'ids' | 'region'> & { readonly region?: string },
  ) => readonly QueueWay[];
  /** A premise beside the calls and the role. */
  readonly premise?: string;
  readonly gives?: 'creds' | 'act-as';
  readonly does: string;
}

const INVOKED = 'The function is invoked by what invokes it today: an event, a URL, a schedule.';

/**
 * A call may bring the settings that a project lacks, with a role that starts the builds; the builds themselves run with that of the project.
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuildBatch.html
 */
const batchSettingsOf = (project: string): string =>
  `${project} has none, and whether a call may bring them (buildBatchConfigOverride) without passing a role is not documented`;

/** Arguments of a run that name code to be run with it. */
const CODE_ARGUMENTS = ['--scriptLocation', '--extra-py-files', '--extra-jars', '--additional-python-modules'];

/** Without a role of its own a call leaves the stack the one that it has, which is not passed again. */
const KEEPS_ROLE: ContextValues = { 'cloudformation:RoleArn': [] };
const UPDATABLE =
  'The stack can be updated: it is neither deleted nor rolled back at its creation; one whose update was not rolled back takes cloudformation:ContinueUpdateRollback first.';

const isFixed = (record: Json | undefined, argument: string): boolean =>
  at(record, 'NonOverridableArguments', argument) !== undefined;

export const WORKLOADS: readonly ExistingWorkload[] = [
  {
    info: {
      id: 'lambda-update-code-invoke',
      title: 'Replace the code of a function and invoke it',
      references: ['pathfinding.cloud:lambda-004'],
      assumptions: ['No code signing is enforced.'],
    },
    on: FUNCTION,
    actions: ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
    does: 'Replace the code of, and invoke, function',
  },
  {
    info: {
      id: 'lambda-update-code-permission',
      title: 'Replace the code of a function and let oneself invoke it',
      references: ['pathfinding.cloud:lambda-005'],
      assumptions: ['No code signing is enforced.'],
    },
    on: FUNCTION,
    actions: ['lambda:UpdateFunctionCode', 'lambda:AddPermission'],
    does: 'Replace the code of, and add a permission to invoke, function',
  },
  {
    info: {
      id: 'lambda-update-code',
      title: 'Replace the code of a function and wait for it to run',
      references: ['pathfinding.cloud:lambda-003'],
      assumptions: [INVOKED, 'No code signing is enforced.'],
    },
    on: FUNCTION,
    actions: ['lambda:UpdateFunctionCode'],
    does: 'Replace the code of function',
  },
  {
    info: {
      id: 'lambda-update-configuration',
      title: 'Add a layer or environment that runs code in a function',
      references: [
        'https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html',
        'https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html',
      ],
      assumptions: [INVOKED, 'The runtime loads code from a layer or by its environment.'],
    },
    on: FUNCTION,
    actions: ['lambda:UpdateFunctionConfiguration'],
    does: 'Add a layer that hijacks function',
  },
  {
    info: {
      id: 'codebuild-start-build',
      title: 'Start a build with another build specification',
      references: ['pathfinding.cloud:codebuild-002'],
      assumptions: [],
    },
    on: PROJECT,
    actions: ['codebuild:StartBuild'],
    does: 'Start a build with an own build specification in project',
  },
  {
    info: {
      id: 'codebuild-start-build-batch',
      title: 'Start a batch build with another build specification',
      references: ['pathfinding.cloud:codebuild-003'],
      assumptions: [],
    },
    on: PROJECT,
    actions: ['codebuild:StartBuildBatch'],
    depends: (project, record) =>
      at(record, 'buildBatchConfig') === undefined ? [unknown('batch settings', batchSettingsOf(project))] : [],
    premise: 'The project is set up for batch builds, or takes the settings for them from the call.',
    does: 'Start a batch build with an own build specification in project',
  },
  {
    info: {
      id: 'cloudformation-update-stack',
      title: 'Update a stack that keeps its service role',
      references: ['pathfinding.cloud:cloudformation-002'],
      assumptions: [],
    },
    on: STACK,
    actions: ['cloudformation:UpdateStack'],
    says: KEEPS_ROLE,
    when: onStack,
    premise: UPDATABLE,
    gives: 'act-as',
    does: 'Update, keeping its role, stack',
  },
  {
    info: {
      id: 'cloudformation-change-set',
      title: 'Execute a change set on a stack that keeps its service role',
      references: ['pathfinding.cloud:cloudformation-005'],
      assumptions: [],
    },
    on: STACK,
    actions: ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
    says: KEEPS_ROLE,
    when: onStack,
    premise: UPDATABLE,
    gives: 'act-as',
    does: 'Make and execute a change set, keeping its role, on stack',
  },
  {
    info: {
      id: 'glue-start-job',
      title: 'Start a Glue job with another script or module',
      references: [
        'https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html',
        'https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html',
      ],
      assumptions: [
        'The role may read the bucket of the intruder that holds the script; or the job reaches the index of Python packages for a module.',
      ],
    },
    on: GLUE_JOB,
    actions: ['glue:StartJobRun'],
    when: { of: (record) => (CODE_ARGUMENTS.every((name) => isFixed(record, name)) ? undefined : []), calls: [] },
    premise: `The job does not hold all of ${CODE_ARGUMENTS.join(', ')} fast (NonOverridableArguments): a run’s own arguments go before those of the job.`,
    does: 'Start, with an own script, job',
  },
  {
    info: {
      id: 'glue-update-dev-endpoint',
      title: 'Add a key to a Glue development endpoint',
      references: ['pathfinding.cloud:glue-002'],
      assumptions: ['The endpoint can be reached over SSH.'],
    },
    on: DEV_ENDPOINT,
    actions: ['glue:UpdateDevEndpoint'],
    when: onDevEndpoint,
    does: 'Add an own key to, and log in to, development endpoint',
  },
  {
    info: {
      id: 'sagemaker-notebook-url',
      title: 'Open an existing SageMaker notebook',
      references: ['pathfinding.cloud:sagemaker-004'],
      assumptions: [],
    },
    on: NOTEBOOK,
    actions: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
    when: toOpenNotebook,
    premise: 'The notebook is in service, or sagemaker:StartNotebookInstance is allowed on it.',
    does: 'Open, by a presigned address, notebook',
  },
  {
    info: {
      id: 'sagemaker-lifecycle',
      title: 'Put a lifecycle script into a SageMaker notebook',
      references: ['pathfinding.cloud:sagemaker-005'],
      assumptions: [],
    },
    on: NOTEBOOK,
    makes: {
      action: 'sagemaker:CreateNotebookInstanceLifecycleConfig',
      resource: 'notebook-instance-lifecycle-config/*',
    },
    actions: ['sagemaker:UpdateNotebookInstance', 'sagemaker:StartNotebookInstance'],
    when: toChangeNotebook,
    premise: 'The notebook is stopped, or sagemaker:StopNotebookInstance is allowed on it.',
    does: 'Restart, with a lifecycle script, notebook',
  },
  {
    info: {
      id: 'state-machine-update',
      title: 'Rewrite a state machine',
      references: ['pathfinding.cloud:stepfunctions-002'],
      assumptions: [],
    },
    on: STATE_MACHINE,
    actions: ['states:UpdateStateMachine'],
    either: (record) =>
      text(at(record, 'type')) === 'STANDARD'
        ? ['states:StartExecution']
        : ['states:StartExecution', 'states:StartSyncExecution'],
    premise:
      "Somebody under the intruder's control may start it: states:StartExecution, or states:StartSyncExecution for an express one.",
    gives: 'act-as',
    does: 'Rewrite and start state machine',
  },
  {
    info: {
      id: 'apprunner-update-service',
      title: 'Swap the image of an App Runner service',
      references: [
        'pathfinding.cloud:apprunner-002',
        'https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html',
      ],
      assumptions: ['The intruder brings a container image, or uses a public one with a command of its own.'],
    },
    on: APP_RUNNER,
    actions: ['apprunner:UpdateService'],
    when: onAppRunnerService,
    premise: 'The service runs, or apprunner:ResumeService is allowed on one that is paused.',
    does: 'Swap the image and the start command of App Runner service',
  },
  {
    info: {
      id: 'batch-submit-job',
      title: 'Submit a job with another command',
      references: [
        'pathfinding.cloud:batch-002',
        'https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html',
      ],
      assumptions: ['The image of the definition has a shell or a client of AWS.'],
    },
    on: JOB_DEFINITION,
    actions: ['batch:SubmitJob'],
    when: onJobDefinition,
    through: queueWays,
    premise: NEEDS_QUEUE,
    does: 'Submit, with an own command, a job of definition',
  },
  {
    info: {
      id: 'agentcore-existing-interpreter',
      title: 'Run code in an existing AgentCore code interpreter',
      references: [
        'pathfinding.cloud:bedrock-002',
        'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/code-interpreter-tool.html',
      ],
      assumptions: ['The interpreter is ready.'],
    },
    on: INTERPRETER,
    when: onAgentTool,
    actions: ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
    does: 'Run code in code interpreter',
  },
  {
    info: {
      id: 'agentcore-existing-runtime',
      title: 'Run a command in an existing AgentCore runtime',
      references: [
        'pathfinding.cloud:bedrock-004',
        'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agents-tools-runtime.html',
      ],
      assumptions: ['The runtime is ready.'],
    },
    on: AGENT_RUNTIME,
    when: onAgentRuntime,
    premise: 'The runtime has no issuer of tokens of its own (customJWTAuthorizer).',
    actions: ['bedrock-agentcore:InvokeAgentRuntimeCommand'],
    does: 'Run a command in agent runtime',
  },
  {
    info: {
      id: 'agentcore-existing-browser',
      title: 'Drive an existing AgentCore browser to its metadata service',
      references: [
        'pathfinding.cloud:bedrock-007',
        'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/browser-tool.html',
      ],
      assumptions: ['The browser is ready.'],
    },
    on: BROWSER,
    when: onAgentTool,
    actions: ['bedrock-agentcore:StartBrowserSession'],
    besides: ['bedrock-agentcore:ConnectBrowserAutomationStream'],
    does: 'Drive to its metadata service browser',
  },
  {
    info: {
      id: 'airflow-update-environment',
      title: 'Point an Airflow environment at a startup script or workflows of one’s own',
      references: ['https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html'],
      assumptions: ['The role may read the bucket in which the intruder puts the script or the workflows.'],
    },
    on: AIRFLOW,
    actions: ['airflow:UpdateEnvironment'],
    does: 'Change the startup script or the workflows of Airflow environment',
  },
];
