import { idsIn, perResource, type ServiceCollector } from '../declaration.js';

const apis = idsIn('items', 'id');
const actions = ['apigateway:GET'];
const absent = ['NotFoundException'];

/** REST APIs. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html */
export const apiGateway: ServiceCollector = {
  service: 'api-gateway',
  prefix: 'apigateway',
  load: () => import('@aws-sdk/client-api-gateway'),
  client: 'APIGatewayClient',
  scope: 'region',
  operations: [
    { name: 'GetRestApis', actions, input: () => ({ limit: 500 }) },
    perResource('GetResources', 'restApiId', 'GetRestApis', apis, {
      actions,
      absent,
      input: { limit: 500, embed: ['methods'] },
    }),
    { name: 'GetVpcLinks', actions, input: () => ({ limit: 500 }) },
    perResource('GetStages', 'restApiId', 'GetRestApis', apis, { actions, absent }),
  ],
};
