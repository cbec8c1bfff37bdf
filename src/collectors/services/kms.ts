import { field, type JsonObject, objects, text } from '../../model/index.js';
import { plain, perResource, type ServiceCollector } from '../declaration.js';

const keyIds = (answer: JsonObject): string[] =>
  objects(field(answer, 'Keys')).flatMap((key) => text(field(key, 'KeyId')) ?? []);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kms: ServiceCollector = {
  service: 'kms',
  prefix: 'kms',
  load: () => import('@aws-sdk/client-kms'),
  client: 'KMSClient',
  scope: 'region',
  operations: [
    { name: 'ListKeys', input: () => ({ Limit: 1000 }) },
    ...plain('ListAliases'),
    perResource('DescribeKey', 'KeyId', 'ListKeys', keyIds, { absent: ['NotFoundException'] }),
    perResource('GetKeyPolicy', 'KeyId', 'ListKeys', keyIds, {
      input: { PolicyName: 'default' },
      absent: ['NotFoundException'],
    }),
    perResource('ListGrants', 'KeyId', 'ListKeys', keyIds, { absent: ['NotFoundException'] }),
    perResource('ListResourceTags', 'KeyId', 'ListKeys', keyIds, { absent: ['NotFoundException'] }),
  ],
};
