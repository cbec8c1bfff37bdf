import { inBatches, plain, type ServiceCollector, textsIn } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html */
export const codebuild: ServiceCollector = {
  service: 'codebuild',
  prefix: 'codebuild',
  load: () => import('@aws-sdk/client-codebuild'),
  client: 'CodeBuildClient',
  scope: 'region',
  operations: [
    ...plain('ListProjects'),
    {
      name: 'BatchGetProjects',
      isBatch: true,
      each: async (read) => inBatches(textsIn('projects')(await read('ListProjects')), 100, (names) => ({ names })),
    },
  ],
};
