import { field, type JsonObject, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector, textsIn } from '../declaration.js';

const tableNames = textsIn('TableNames');

const tableArns = (answer: JsonObject): string[] =>
  Object.keys(answer).flatMap((name) => text(field(field(field(answer, name), 'Table'), 'TableArn')) ?? []);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export const dynamodb: ServiceCollector = {
  service: 'dynamodb',
  prefix: 'dynamodb',
  load: () => import('@aws-sdk/client-dynamodb'),
  client: 'DynamoDBClient',
  scope: 'region',
  operations: [
    ...plain('ListTables'),
    perResource('DescribeTable', 'TableName', 'ListTables', tableNames, {
      absent: ['ResourceNotFoundException'],
    }),
    perResource('DescribeContinuousBackups', 'TableName', 'ListTables', tableNames, {
      absent: ['TableNotFoundException'],
    }),
    perResource('GetResourcePolicy', 'ResourceArn', 'DescribeTable', tableArns, {
      absent: ['PolicyNotFoundException', 'ResourceNotFoundException'],
    }),
    perResource('ListTagsOfResource', 'ResourceArn', 'DescribeTable', tableArns, {
      absent: ['ResourceNotFoundException'],
    }),
  ],
};
