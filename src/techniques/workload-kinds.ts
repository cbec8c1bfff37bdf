import type { Asset } from '../model/index.js';
import { ECS_TASKS, letsIn } from './trusted-services.js';
import type { World } from './world.js';

/** What runs with a role already, and how one knows it. */
export interface WorkloadKind {
  /** Its asset type. */
  readonly type: string;
  /** The operation that says of each which role it runs with (`<service>/<Operation>`). */
  readonly operation: string;
  /** An operation that only lists them. */
  readonly listing?: string;
  /** The service that the role has to trust. */
  readonly service: string;
  /** What its ARNs begin with after the account, with a wildcard. */
  readonly form: string;
  /** What a person calls one. */
  readonly noun: string;
}

export const FUNCTION: WorkloadKind = {
  type: 'lambda:function',
  operation: 'lambda/ListFunctions',
  service: 'lambda.amazonaws.com',
  form: 'function:*',
  noun: 'a function',
};
export const PROJECT: WorkloadKind = {
  type: 'codebuild:project',
  operation: 'codebuild/BatchGetProjects',
  listing: 'codebuild/ListProjects',
  service: 'codebuild.amazonaws.com',
  form: 'project/*',
  noun: 'a build project',
};
export const STACK: WorkloadKind = {
  type: 'cloudformation:stack',
  operation: 'cloudformation/DescribeStacks',
  service: 'cloudformation.amazonaws.com',
  form: 'stack/*',
  noun: 'a stack',
};
export const DEV_ENDPOINT: WorkloadKind = {
  type: 'glue:dev-endpoint',
  operation: 'glue/GetDevEndpoints',
  service: 'glue.amazonaws.com',
  form: 'devEndpoint/*',
  noun: 'a development endpoint',
};
export const NOTEBOOK: WorkloadKind = {
  type: 'sagemaker:notebook-instance',
  operation: 'sagemaker/DescribeNotebookInstance',
  listing: 'sagemaker/ListNotebookInstances',
  service: 'sagemaker.amazonaws.com',
  form: 'notebook-instance/*',
  noun: 'a notebook',
};
export const STATE_MACHINE: WorkloadKind = {
  type: 'states:state-machine',
  operation: 'sfn/DescribeStateMachine',
  listing: 'sfn/ListStateMachines',
  service: 'states.amazonaws.com',
  form: 'stateMachine:*',
  noun: 'a state machine',
};
export const APP_RUNNER: WorkloadKind = {
  type: 'apprunner:service',
  operation: 'apprunner/DescribeService',
  listing: 'apprunner/ListServices',
  service: 'tasks.apprunner.amazonaws.com',
  form: 'service/*',
  noun: 'an App Runner service',
};
export const JOB_DEFINITION: WorkloadKind = {
  type: 'batch:job-definition',
  operation: 'batch/DescribeJobDefinitions',
  service: ECS_TASKS,
  form: 'job-definition/*',
  noun: 'a job definition',
};
export const INTERPRETER: WorkloadKind = {
  type: 'bedrock-agentcore:code-interpreter',
  operation: 'bedrock-agentcore-control/GetCodeInterpreter',
  listing: 'bedrock-agentcore-control/ListCodeInterpreters',
  service: 'bedrock-agentcore.amazonaws.com',
  form: 'code-interpreter-custom/*',
  noun: 'a code interpreter',
};
export const AGENT_RUNTIME: WorkloadKind = {
  type: 'bedrock-agentcore:runtime',
  operation: 'bedrock-agentcore-control/GetAgentRuntime',
  listing: 'bedrock-agentcore-control/ListAgentRuntimes',
  service: 'bedrock-agentcore.amazonaws.com',
  form: 'runtime/*',
  noun: 'an agent runtime',
};
export const BROWSER: WorkloadKind = {
  type: 'bedrock-agentcore:browser',
  operation: 'bedrock-agentcore-control/GetBrowser',
  listing: 'bedrock-agentcore-control/ListBrowsers',
  service: 'bedrock-agentcore.amazonaws.com',
  form: 'browser-custom/*',
  noun: 'a browser',
};
export const AIRFLOW: WorkloadKind = {
  type: 'airflow:environment',
  operation: 'mwaa/GetEnvironment',
  listing: 'mwaa/ListEnvironments',
  service: 'airflow-env.amazonaws.com',
  form: 'environment/*',
  noun: 'an Airflow environment',
};
export const GLUE_JOB: WorkloadKind = {
  type: 'glue:job',
  operation: 'glue/GetJobs',
  listing: 'glue/GetJobs',
  service: 'glue.amazonaws.com',
  form: 'job/*',
  noun: 'a Glue job',
};

const MANAGED: readonly WorkloadKind[] = [
  AGENT_RUNTIME,
  AIRFLOW,
  APP_RUNNER,
  BROWSER,
  DEV_ENDPOINT,
  GLUE_JOB,
  INTERPRETER,
  JOB_DEFINITION,
  NOTEBOOK,
  PROJECT,
];

/** Types of what runs code with a role, beside instances, functions and the tasks of ECS. */
export const MANAGED_WORKLOADS: readonly string[] = MANAGED.map(({ type }) => type);

const services = new Map([...MANAGED, FUNCTION, STACK, STATE_MACHINE].map(({ type, service }) => [type, service]));

/** The role that gives a workload its credentials. */
export function roleOfWorkload(world: World, { id, type }: Pick<Asset, 'id' | 'type'>): string | undefined {
  const role = world.graph.outgoing(id, 'runs-as')[0]?.to;
  const service = services.get(type);
  return role !== undefined && (service === undefined || letsIn(world, role, service)) ? role : undefined;
}
