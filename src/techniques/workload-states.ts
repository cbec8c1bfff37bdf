import { at, type Json, sortedUnique, text } from '../model/index.js';

/** What else has to be called on a workload in the state in which it is. */
export interface CallsInState {
  /** `undefined`: no call serves. */
  readonly of: (record: Json | undefined) => readonly string[] | undefined;
  /** All that it asks for in some state. */
  readonly calls: readonly string[];
}

/** By the text of a field; a state that is not named asks for nothing. */
const byState = (field: string, further: ReadonlyMap<string, readonly string[] | undefined>): CallsInState => ({
  of: (record) => {
    const state = text(at(record, field)) ?? '';
    return further.has(state) ? further.get(state) : [];
  },
  calls: sortedUnique([...further.values()].flatMap((calls) => calls ?? [])),
});

/**
 * A stack that failed to be created, or is deleted, can only be deleted.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export const onStack = byState(
  'StackStatus',
  new Map([
    ['ROLLBACK_COMPLETE', undefined],
    ['ROLLBACK_FAILED', undefined],
    ['ROLLBACK_IN_PROGRESS', undefined],
    ['DELETE_COMPLETE', undefined],
    ['DELETE_FAILED', undefined],
    ['DELETE_IN_PROGRESS', undefined],
    ['UPDATE_ROLLBACK_FAILED', ['cloudformation:ContinueUpdateRollback']],
  ]),
);

/** @see https://docs.aws.amazon.com/apprunner/latest/api/API_Service.html */
export const onAppRunnerService = byState(
  'Status',
  new Map([
    ['CREATE_FAILED', undefined],
    ['DELETED', undefined],
    ['DELETE_FAILED', undefined],
    ['PAUSED', ['apprunner:ResumeService']],
  ]),
);

/**
 * What was deleted or deregistered in ECS is told of for a while, and serves no longer.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/delete-task-definition-v2.html
 */
export const inEcs = byState(
  'status',
  new Map([
    ['INACTIVE', undefined],
    ['DELETE_IN_PROGRESS', undefined],
  ]),
);

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSet.html */
export const onStackSet = byState('Status', new Map([['DELETED', undefined]]));

/** @see https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-dev-endpoint.html */
export const onDevEndpoint = byState('Status', new Map([['FAILED', undefined]]));

/** A definition that is deregistered takes no jobs. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_DeregisterJobDefinition.html */
export const onJobDefinition = byState('status', new Map([['INACTIVE', undefined]]));

/** @see https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetCodeInterpreter.html */
export const onAgentTool = byState(
  'status',
  new Map([
    ['CREATE_FAILED', undefined],
    ['DELETED', undefined],
    ['DELETE_FAILED', undefined],
    ['DELETING', undefined],
  ]),
);

/**
 * A runtime that takes tokens of an issuer takes no calls that are signed for IAM.
 * @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-oauth.html
 */
export const onAgentRuntime: CallsInState = {
  ...onAgentTool,
  of: (record) =>
    at(record, 'authorizerConfiguration', 'customJWTAuthorizer') === undefined ? onAgentTool.of(record) : undefined,
};

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeNotebookInstance.html */
export const toOpenNotebook = byState(
  'NotebookInstanceStatus',
  new Map([
    ['Stopped', ['sagemaker:StartNotebookInstance']],
    ['Failed', undefined],
    ['Deleting', undefined],
  ]),
);

const STOP_NOTEBOOK = ['sagemaker:StopNotebookInstance'];

/** Only a notebook that is stopped is changed. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateNotebookInstance.html */
export const toChangeNotebook: CallsInState = {
  of: (record) => {
    const further = toOpenNotebook.of(record);
    return further?.length === 0 ? STOP_NOTEBOOK : further && [];
  },
  calls: STOP_NOTEBOOK,
};
