import { field, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

/** Names and policies of secrets; never a value. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsManager: ServiceCollector = {
  service: 'secrets-manager',
  prefix: 'secretsmanager',
  load: () => import('@aws-sdk/client-secrets-manager'),
  client: 'SecretsManagerClient',
  scope: 'region',
  operations: [
    ...plain('ListSecrets'),
    perResource(
      'GetResourcePolicy',
      'SecretId',
      'ListSecrets',
      (answer) => objects(field(answer, 'SecretList')).flatMap((item) => text(field(item, 'Name')) ?? []),
      { absent: ['ResourceNotFoundException'] },
    ),
  ],
};
