import { field, type JsonObject, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

const functionNames = (answer: JsonObject): string[] =>
  objects(field(answer, 'Functions')).flatMap((item) => text(field(item, 'FunctionName')) ?? []);

const absent = ['ResourceNotFoundException'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda: ServiceCollector = {
  service: 'lambda',
  prefix: 'lambda',
  load: () => import('@aws-sdk/client-lambda'),
  client: 'LambdaClient',
  scope: 'region',
  operations: [
    ...plain('ListFunctions', 'ListEventSourceMappings'),
    perResource('GetPolicy', 'FunctionName', 'ListFunctions', functionNames, { absent }),
    // The first knows the URL of the function itself, the second those of its aliases too.
    perResource('GetFunctionUrlConfig', 'FunctionName', 'ListFunctions', functionNames, { absent }),
    perResource('ListFunctionUrlConfigs', 'FunctionName', 'ListFunctions', functionNames, { absent }),
    perResource(
      'ListTags',
      'Resource',
      'ListFunctions',
      (answer) => objects(field(answer, 'Functions')).flatMap((item) => text(field(item, 'FunctionArn')) ?? []),
      { absent },
    ),
  ],
};
