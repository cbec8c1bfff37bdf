import { idsIn, type Operation, perResource, type ServiceCollector } from '../declaration.js';

const actions = ['apigateway:GET'];

const perApi = (name: string): Operation =>
  perResource(name, 'ApiId', 'GetApis', idsIn('Items', 'ApiId'), { actions, absent: ['NotFoundException'] });

/** HTTP and WebSocket APIs. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html */
export const apiGatewayV2: ServiceCollector = {
  service: 'apigatewayv2',
  prefix: 'apigateway',
  load: () => import('@aws-sdk/client-apigatewayv2'),
  client: 'ApiGatewayV2Client',
  scope: 'region',
  operations: [
    { name: 'GetApis', actions },
    perApi('GetRoutes'),
    perApi('GetIntegrations'),
    perApi('GetStages'),
    { name: 'GetVpcLinks', actions },
  ],
};
