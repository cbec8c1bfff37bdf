import { idsIn, perResource, type ServiceCollector } from '../declaration.js';

const pools = idsIn('IdentityPools', 'IdentityPoolId');
const absent = ['ResourceNotFoundException'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html */
export const cognitoIdentity: ServiceCollector = {
  service: 'cognito-identity',
  prefix: 'cognito-identity',
  load: () => import('@aws-sdk/client-cognito-identity'),
  client: 'CognitoIdentityClient',
  scope: 'region',
  operations: [
    { name: 'ListIdentityPools', input: () => ({ MaxResults: 60 }) },
    perResource('DescribeIdentityPool', 'IdentityPoolId', 'ListIdentityPools', pools, { absent }),
    perResource('GetIdentityPoolRoles', 'IdentityPoolId', 'ListIdentityPools', pools, { absent }),
  ],
};
