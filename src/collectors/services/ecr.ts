import { field, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

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
      (answer) => objects(field(answer, 'repositories')).flatMap((item) => text(field(item, 'repositoryName')) ?? []),
      { absent: ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'] },
    ),
  ],
};
