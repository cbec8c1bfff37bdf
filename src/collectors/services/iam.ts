import { field, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

const NO_SUCH = ['NoSuchEntity', 'NoSuchEntityException'];

const userNames = (answer: Parameters<typeof field>[0]): string[] =>
  objects(field(answer, 'Users')).flatMap((user) => text(field(user, 'UserName')) ?? []);

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iam: ServiceCollector = {
  service: 'iam',
  prefix: 'iam',
  load: () => import('@aws-sdk/client-iam'),
  client: 'IAMClient',
  scope: 'global',
  operations: [
    { name: 'GetAccountAuthorizationDetails', input: () => ({ MaxItems: 1000 }) },
    { name: 'ListUsers', input: () => ({ MaxItems: 1000 }) },
    ...plain(
      'GetAccountSummary',
      'ListAccountAliases',
      'ListInstanceProfiles',
      'ListOpenIDConnectProviders',
      'ListSAMLProviders',
    ),
    perResource('ListAccessKeys', 'UserName', 'ListUsers', userNames, { absent: NO_SUCH }),
    perResource('ListMFADevices', 'UserName', 'ListUsers', userNames, { absent: NO_SUCH }),
    perResource('GetLoginProfile', 'UserName', 'ListUsers', userNames, { absent: NO_SUCH }),
    perResource('GetOpenIDConnectProvider', 'OpenIDConnectProviderArn', 'ListOpenIDConnectProviders', (answer) =>
      objects(field(answer, 'OpenIDConnectProviderList')).flatMap((item) => text(field(item, 'Arn')) ?? []),
    ),
    perResource('GetSAMLProvider', 'SAMLProviderArn', 'ListSAMLProviders', (answer) =>
      objects(field(answer, 'SAMLProviderList')).flatMap((item) => text(field(item, 'Arn')) ?? []),
    ),
  ],
};
