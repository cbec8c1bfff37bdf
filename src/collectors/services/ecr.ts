import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
export const ecr: ServiceCollector = {
  service: 'ecr',
  prefix: 'ecr',
  load: () => import('@aws-sdk/client-ecr'),
  client: 'ECRClient',
  scope: 'region',
  operations: [
    ...plain('DescribeRepositories'),
    perResource(
      'GetRepositoryPolicy',
      'repositoryName',
      'DescribeRepositories',
      idsIn('repositories', 'repositoryName'),
      { absent: ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'] },
    ),
    perResource('ListTagsForResource', 'resourceArn', 'DescribeRepositories', idsIn('repositories', 'repositoryArn'), {
      absent: ['RepositoryNotFoundException'],
    }),
  ],
};
