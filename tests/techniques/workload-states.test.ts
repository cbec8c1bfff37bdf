import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, roleArn, type Says, userArn } from './miniature.js';
import { TECHNIQUES } from '../../src/techniques/index.js';
import { reachedFrom } from './reached.js';

const ANN = userArn('ann');
const JOB = roleArn('job');

/** What Ann gets of the role of a workload on which she may make calls. */
function controlOf(trust: string, answers: Readonly<Record<string, JsonObject>>, says: readonly Says[]): unknown {
  const world: Miniature = { users: { ann: { says } }, roles: { job: { trust } }, answers };
  return reachedFrom(world, ANN).assets.get(JOB);
}

const STACK = arn('cloudformation', 'stack/base/1');
const stack = (more: JsonObject, ...says: readonly Says[]): unknown =>
  controlOf(
    'cloudformation.amazonaws.com',
    {
      'cloudformation/DescribeStacks': { Stacks: [{ StackId: STACK, StackName: 'base', RoleARN: JOB, ...more }] },
    },
    says,
  );
const UPDATE = `cloudformation:UpdateStack on ${STACK}`;
const CHANGE_SET = [`cloudformation:CreateChangeSet on ${STACK}`, `cloudformation:ExecuteChangeSet on ${STACK}`];

describe('a stack that keeps its role', () => {
  test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'])(
    'is updated in the state %s',
    (StackStatus) => {
      expect(stack({ StackStatus }, UPDATE)).toBe('control confirmed');
      expect(stack({ StackStatus }, ...CHANGE_SET)).toBe('control confirmed');
    },
  );

  test.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_COMPLETE', 'DELETE_FAILED'])(
    'can only be deleted in the state %s',
    (StackStatus) => {
      expect(stack({ StackStatus }, UPDATE)).toBeUndefined();
      expect(stack({ StackStatus }, ...CHANGE_SET)).toBeUndefined();
    },
  );

  test('is rolled back first where that failed', () => {
    const StackStatus = 'UPDATE_ROLLBACK_FAILED';
    expect(stack({ StackStatus }, UPDATE)).toBeUndefined();
    expect(stack({ StackStatus }, UPDATE, 'cloudformation:ContinueUpdateRollback')).toBe('control confirmed');
  });

  test('is given another role that is passed, after it was rolled back where that failed', () => {
    const OTHER = roleArn('other');
    const given = (StackStatus: string, ...says: readonly Says[]): unknown =>
      reachedFrom(
        {
          users: { ann: { says: [UPDATE, `iam:PassRole on ${OTHER}`, ...says] } },
          roles: { other: { trust: 'cloudformation.amazonaws.com' } },
          answers: {
            'cloudformation/DescribeStacks': { Stacks: [{ StackId: STACK, StackName: 'base', StackStatus }] },
          },
        },
        userArn('ann'),
      ).assets.get(OTHER);
    const rollBack = (of: string): Says => `cloudformation:ContinueUpdateRollback on ${of}`;
    expect(given('UPDATE_COMPLETE')).toBe('control confirmed');
    expect(given('ROLLBACK_COMPLETE')).toBeUndefined();
    expect(given('UPDATE_ROLLBACK_FAILED')).toBeUndefined();
    expect(given('UPDATE_ROLLBACK_FAILED', rollBack(STACK))).toBe('control confirmed');
    expect(given('UPDATE_ROLLBACK_FAILED', rollBack(`${STACK}2`))).toBeUndefined();
  });

  const naming = (Condition: JsonObject): Says => ({
    Effect: 'Allow',
    Action: 'cloudformation:UpdateStack',
    Resource: '*',
    Condition,
  });
  const ROLE = 'cloudformation:RoleArn';
  test.each<[string, JsonObject]>([
    ['any role but another', { StringNotEquals: { [ROLE]: roleArn('other') } }],
    ['no role', { Null: { [ROLE]: 'true' } }],
  ])('is updated where the call may name %s', (_, condition) => {
    expect(stack({}, naming(condition))).toBe('control confirmed');
  });

  test.each<[string, JsonObject]>([
    ['its own', { StringEquals: { [ROLE]: JOB } }],
    ['another', { StringEquals: { [ROLE]: roleArn('other') } }],
    ['some', { Null: { [ROLE]: 'false' } }],
  ])('not where the call has to name %s role, which Ann may not pass', (_, condition) => {
    expect(stack({}, naming(condition))).toBeUndefined();
  });
});

describe('what is not in service', () => {
  const APP = arn('apprunner', 'service/web/1');
  const app = (Status: string, ...says: readonly Says[]): unknown =>
    controlOf(
      'tasks.apprunner.amazonaws.com',
      {
        'apprunner/DescribeService': {
          [APP]: {
            Service: {
              ServiceArn: APP,
              ServiceName: 'web',
              Status,
              InstanceConfiguration: { InstanceRoleArn: JOB },
            },
          },
        },
      },
      says,
    );
  test('an App Runner service is deleted, or paused and resumed', () => {
    expect(app('RUNNING', 'apprunner:UpdateService')).toBe('control confirmed');
    expect(app('DELETED', 'apprunner:UpdateService')).toBeUndefined();
    expect(app('PAUSED', 'apprunner:UpdateService')).toBeUndefined();
    expect(app('PAUSED', 'apprunner:UpdateService', 'apprunner:ResumeService')).toBe('control confirmed');
  });

  test('an App Runner service is given a role, after it was resumed', () => {
    const Service = { ServiceArn: APP, ServiceName: 'web' };
    const given = (Status: string, ...says: readonly Says[]): unknown =>
      reachedFrom(
        {
          users: { ann: { says: ['apprunner:UpdateService', `iam:PassRole on ${JOB}`, ...says] } },
          roles: { job: { trust: 'tasks.apprunner.amazonaws.com' } },
          answers: {
            'apprunner/ListServices': { ServiceSummaryList: [Service] },
            'apprunner/DescribeService': { [APP]: { Service: { ...Service, Status } } },
          },
        },
        userArn('ann'),
      ).steps.get(JOB);
    const GIVEN = ['pass-role-apprunner-update-service'];
    expect(given('RUNNING')).toEqual(GIVEN);
    expect(given('PAUSED')).toBeUndefined();
    expect(given('PAUSED', 'apprunner:ResumeService')).toEqual(GIVEN);
    expect(given('DELETED', 'apprunner:ResumeService')).toBeUndefined();
  });

  test('what has to be called first is among the events to look for', () => {
    const detectionOf = (id: string): readonly string[] => TECHNIQUES.find((one) => one.id === id)?.detection ?? [];
    expect(detectionOf('sagemaker-lifecycle')).toContain('sagemaker:StopNotebookInstance');
    expect(detectionOf('sagemaker-notebook-url')).toContain('sagemaker:StartNotebookInstance');
    expect(detectionOf('pass-role-apprunner-update-service')).toContain('apprunner:ResumeService');
    expect(detectionOf('ecr-push-image')).toContain('apprunner:ResumeService');
  });

  const endpoint = (Status: string): unknown =>
    controlOf(
      'glue.amazonaws.com',
      { 'glue/GetDevEndpoints': { DevEndpoints: [{ EndpointName: 'dev', RoleArn: JOB, Status }] } },
      ['glue:UpdateDevEndpoint'],
    );
  test('a development endpoint failed', () => {
    expect([endpoint('READY'), endpoint('FAILED')]).toEqual(['control confirmed', undefined]);
  });

  const definition = (status: string): unknown =>
    controlOf(
      'ecs-tasks.amazonaws.com',
      {
        'batch/DescribeJobDefinitions': {
          jobDefinitions: [
            {
              jobDefinitionArn: arn('batch', 'job-definition/nightly:1'),
              jobDefinitionName: 'nightly',
              status,
              containerProperties: { jobRoleArn: JOB },
            },
          ],
        },
        'batch/DescribeJobQueues': {
          jobQueues: [{ jobQueueArn: arn('batch', 'job-queue/all'), state: 'ENABLED', status: 'VALID' }],
        },
      },
      ['batch:SubmitJob'],
    );
  test('a job definition is deregistered', () => {
    expect([definition('ACTIVE'), definition('INACTIVE')]).toEqual(['control confirmed', undefined]);
  });

  const RUNTIME = arn('bedrock-agentcore', 'runtime/help-1');
  const runtime = (more: JsonObject): unknown =>
    controlOf(
      'bedrock-agentcore.amazonaws.com',
      {
        'bedrock-agentcore-control/GetAgentRuntime': {
          'help-1': { agentRuntimeId: 'help-1', agentRuntimeArn: RUNTIME, roleArn: JOB, ...more },
        },
      },
      ['bedrock-agentcore:InvokeAgentRuntimeCommand'],
    );
  test('an agent runtime was not made, or takes the tokens of an issuer', () => {
    expect(runtime({ status: 'READY' })).toBe('control confirmed');
    expect(runtime({ status: 'CREATE_FAILED' })).toBeUndefined();
    const customJWTAuthorizer = { discoveryUrl: 'https://issuer.example/.well-known/openid-configuration' };
    expect(runtime({ status: 'READY', authorizerConfiguration: { customJWTAuthorizer } })).toBeUndefined();
  });

  const NOTEBOOK = arn('sagemaker', 'notebook-instance/lab');
  const notebook = (NotebookInstanceStatus: string, ...says: readonly string[]): unknown =>
    controlOf(
      'sagemaker.amazonaws.com',
      {
        'sagemaker/DescribeNotebookInstance': {
          lab: {
            NotebookInstanceArn: NOTEBOOK,
            NotebookInstanceName: 'lab',
            NotebookInstanceStatus,
            RoleArn: JOB,
          },
        },
      },
      says.map((call) => `sagemaker:${call}`),
    );
  const SCRIPT = ['CreateNotebookInstanceLifecycleConfig', 'UpdateNotebookInstance', 'StartNotebookInstance'];
  test('a notebook is stopped before it is changed, where it is not', () => {
    expect(notebook('Stopped', ...SCRIPT)).toBe('control confirmed');
    expect(notebook('InService', ...SCRIPT)).toBeUndefined();
    expect(notebook('InService', ...SCRIPT, 'StopNotebookInstance')).toBe('control confirmed');
    expect(notebook('Failed', ...SCRIPT, 'StopNotebookInstance')).toBeUndefined();
  });

  const MACHINE = arn('states', 'stateMachine:flow');
  const machine = (type: string, start: string): unknown =>
    controlOf(
      'states.amazonaws.com',
      { 'sfn/DescribeStateMachine': { [MACHINE]: { stateMachineArn: MACHINE, name: 'flow', type, roleArn: JOB } } },
      ['states:UpdateStateMachine', start],
    );
  test('only an express state machine is waited for', () => {
    expect(machine('STANDARD', 'states:StartExecution')).toBe('control confirmed');
    expect(machine('EXPRESS', 'states:StartExecution')).toBe('control confirmed');
    expect(machine('EXPRESS', 'states:StartSyncExecution')).toBe('control confirmed');
    expect(machine('STANDARD', 'states:StartSyncExecution')).toBeUndefined();
  });
});

describe('what ECS no longer runs', () => {
  const CLUSTER = arn('ecs', 'cluster/shop');
  const DEFINITION = arn('ecs', 'task-definition/web:1');
  const task = (cluster: string, definition: string): unknown =>
    controlOf(
      'ecs-tasks.amazonaws.com',
      {
        'ecs/ListClusters': { clusterArns: [CLUSTER] },
        'ecs/DescribeClusters': { clusters: [{ clusterArn: CLUSTER, clusterName: 'shop', status: cluster }] },
        'ecs/DescribeTaskDefinition': {
          [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', status: definition } },
        },
      },
      ['ecs:RunTask', `iam:PassRole on ${JOB}`],
    );
  test('is a deleted cluster, or a deregistered task definition', () => {
    expect(task('ACTIVE', 'ACTIVE')).toBe('control confirmed');
    expect(task('INACTIVE', 'ACTIVE')).toBeUndefined();
    expect(task('ACTIVE', 'INACTIVE')).toBeUndefined();
  });
});
