import { makeArn } from '../model/index.js';
import type { AssetFamily, Identity } from './declaration.js';

/** ARNs of API Gateway name no account. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html */
export const apiArn = (collection: string, region: string, id: string): string =>
  makeArn('apigateway', region, '', `/${collection}/${id}`);

const identityIn = (collection: string, bare: string): Identity => ({
  bare,
  make: (id, { region }) => apiArn(collection, region, id),
});

export const apis: AssetFamily = {
  types: [
    {
      type: 'apigateway:rest-api',
      answer: 'api-gateway/GetRestApis',
      list: 'items[]',
      identity: identityIn('restapis', 'id'),
      name: 'name',
    },
    {
      type: 'apigateway:api',
      answer: 'apigatewayv2/GetApis',
      list: 'Items[]',
      identity: identityIn('apis', 'ApiId'),
      name: 'Name',
    },
    {
      type: 'apigateway:rest-vpc-link',
      answer: 'api-gateway/GetVpcLinks',
      list: 'items[]',
      identity: identityIn('vpclinks', 'id'),
      name: 'name',
      links: [['leads-to', 'elbv2:load-balancer', 'targetArns[]']],
    },
    {
      type: 'apigateway:vpc-link',
      answer: 'apigatewayv2/GetVpcLinks',
      list: 'Items[]',
      identity: identityIn('vpclinks', 'VpcLinkId'),
      name: 'Name',
      links: [
        ['in-subnet', 'ec2:subnet', 'SubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroupIds[]'],
      ],
    },
  ],
  details: [
    ...['GetResources', 'GetStages'].map((operation) => ({
      answer: `api-gateway/${operation}`,
      about: 'apigateway:rest-api',
    })),
    ...['GetRoutes', 'GetIntegrations', 'GetStages'].map((operation) => ({
      answer: `apigatewayv2/${operation}`,
      about: 'apigateway:api',
    })),
  ],
};
