import { field, type JsonObject, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

const each = (answer: JsonObject, name: string): string[] =>
  objects(field(answer, 'repositories')).flatMap((item) => text(field(item, name)) ?? []);

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
      (answer) => each(answer, 'repositoryName'),
      { absent: ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'] },
    ),
    perResource(
      'ListTagsForResource',
      'resourceArn',
      'DescribeRepositories',
      (answer) => each(answer, 'repositoryArn'),
      { absent: ['RepositoryNotFoundException'] },
    ),
  ],
};
