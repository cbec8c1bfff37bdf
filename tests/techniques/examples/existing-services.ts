import type { JsonObject } from '../../../src/model/index.js';
import { arn, roleArn } from '../miniature.js';
import { ANN, annMay, type ExampleFamily, type TechniqueExamples } from './example.js';
import { QUEUE } from './passes.js';

/** Something that runs with a role in a service, and the calls by which its code is made another. */
interface Running {
  /** What a person calls it. */
  readonly noun: string;
  readonly service: string;
  readonly operation: string;
  /** What the operation answers where it runs with a role. */
  readonly with: (role: string) => JsonObject;
  readonly calls: readonly [string, ...string[]];
  /** What has to be there besides. */
  readonly there?: Readonly<Record<string, JsonObject>>;
}

const INTERPRETER = arn('bedrock-agentcore', 'code-interpreter-custom/notes-1');
const RUNTIME = arn('bedrock-agentcore', 'runtime/help-1');
const BROWSER = arn('bedrock-agentcore', 'browser-custom/shop-1');
const APP = arn('apprunner', 'service/web/0123456789abcdef0123456789abcdef');

const RUNNING: Readonly<Record<string, Running>> = {
  'apprunner-update-service': {
    noun: 'App Runner service',
    service: 'tasks.apprunner.amazonaws.com',
    operation: 'apprunner/DescribeService',
    with: (role) => ({
      [APP]: { Service: { ServiceArn: APP, ServiceName: 'web', InstanceConfiguration: { InstanceRoleArn: role } } },
    }),
    calls: ['apprunner:UpdateService'],
  },
  'batch-submit-job': {
    noun: 'job definition',
    service: 'ecs-tasks.amazonaws.com',
    operation: 'batch/DescribeJobDefinitions',
    with: (role) => ({
      jobDefinitions: [
        {
          jobDefinitionArn: arn('batch', 'job-definition/nightly:1'),
          jobDefinitionName: 'nightly',
          containerProperties: { jobRoleArn: role },
        },
      ],
    }),
    calls: ['batch:SubmitJob'],
    there: QUEUE,
  },
  'agentcore-existing-interpreter': {
    noun: 'code interpreter',
    service: 'bedrock-agentcore.amazonaws.com',
    operation: 'bedrock-agentcore-control/GetCodeInterpreter',
    with: (role) => ({
      'notes-1': {
        codeInterpreterId: 'notes-1',
        codeInterpreterArn: INTERPRETER,
        name: 'notes',
        executionRoleArn: role,
      },
    }),
    calls: ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
  },
  'agentcore-existing-runtime': {
    noun: 'agent runtime',
    service: 'bedrock-agentcore.amazonaws.com',
    operation: 'bedrock-agentcore-control/GetAgentRuntime',
    with: (role) => ({
      'help-1': { agentRuntimeId: 'help-1', agentRuntimeArn: RUNTIME, agentRuntimeName: 'help', roleArn: role },
    }),
    calls: ['bedrock-agentcore:InvokeAgentRuntimeCommand'],
  },
  'agentcore-existing-browser': {
    noun: 'browser',
    service: 'bedrock-agentcore.amazonaws.com',
    operation: 'bedrock-agentcore-control/GetBrowser',
    with: (role) => ({
      'shop-1': { browserId: 'shop-1', browserArn: BROWSER, name: 'shop', executionRoleArn: role },
    }),
    calls: ['bedrock-agentcore:StartBrowserSession', 'bedrock-agentcore:ConnectBrowserAutomationStream'],
  },
  'airflow-update-environment': {
    noun: 'Airflow environment',
    service: 'airflow-env.amazonaws.com',
    operation: 'mwaa/GetEnvironment',
    with: (role) => ({
      flows: { Environment: { Name: 'flows', Arn: arn('airflow', 'environment/flows'), ExecutionRoleArn: role } },
    }),
    calls: ['airflow:UpdateEnvironment'],
  },
};

/** Making what runs with a role in a managed service run the intruder's code. */
export const EXISTING_SERVICE_EXAMPLES: ExampleFamily = Object.fromEntries(
  Object.entries(RUNNING).map(([id, running]) => [id, examplesOf(running)]),
);

function examplesOf({ noun, service, operation, with: runningWith, calls, there }: Running): TechniqueExamples {
  const roles = { strong: { trust: service }, weak: { trust: service } };
  const world = (says: readonly string[], role: string) =>
    annMay(says, { roles, answers: { ...there, [operation]: runningWith(roleArn(role)) } });
  const [first, ...others] = calls;
  return {
    from: ANN,
    reaches: roleArn('strong'),
    access: 'control',
    works: {
      why: `The ${noun} runs with the role, and Ann may call ${calls.join(' and ')}.`,
      world: world(calls, 'strong'),
    },
    fails: {
      why: `The ${noun} runs with another role.`,
      world: world(calls, 'weak'),
    },
    alsoFails: calls.map((call) => ({
      why: `Ann may not call ${call}.`,
      world: world(
        calls.filter((other) => other !== call),
        'strong',
      ),
    })),
    unknown: {
      why: `Which role a${/^[aeiou]/i.test(noun) ? 'n' : ''} ${noun} runs with was not collected, and the role trusts ${service}.`,
      world: { ...world([first, ...others], 'strong'), missing: [operation] },
      because: operation,
    },
  };
}
