import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

const absent = ['ResourceNotFoundException'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockagentcore.html */
export const bedrockAgentCoreControl: ServiceCollector = {
  service: 'bedrock-agentcore-control',
  prefix: 'bedrock-agentcore',
  load: () => import('@aws-sdk/client-bedrock-agentcore-control'),
  client: 'BedrockAgentCoreControlClient',
  scope: 'region',
  operations: [
    ...plain('ListAgentRuntimes', 'ListBrowsers', 'ListCodeInterpreters'),
    perResource('GetAgentRuntime', 'agentRuntimeId', 'ListAgentRuntimes', idsIn('agentRuntimes', 'agentRuntimeId'), {
      absent,
    }),
    perResource('GetBrowser', 'browserId', 'ListBrowsers', idsIn('browserSummaries', 'browserId'), { absent }),
    perResource(
      'GetCodeInterpreter',
      'codeInterpreterId',
      'ListCodeInterpreters',
      idsIn('codeInterpreterSummaries', 'codeInterpreterId'),
      { absent },
    ),
  ],
};
