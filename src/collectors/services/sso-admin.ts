import { field, type JsonObject, objects, text, texts } from '../../model/index.js';
import type { ServiceCollector } from '../declaration.js';

/**
 * IAM Identity Center. Only the account that owns an instance (and one that it delegates to) may list its permission sets: others see the
 * instance alone.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
 */
export const ssoAdmin: ServiceCollector = {
  service: 'sso-admin',
  prefix: 'sso',
  load: () => import('@aws-sdk/client-sso-admin'),
  client: 'SSOAdminClient',
  scope: 'region',
  operations: [
    { name: 'ListInstances' },
    {
      name: 'ListPermissionSets',
      each: async (read, { account }) =>
        objects(field(await read('ListInstances'), 'Instances'))
          .filter((instance) => (text(field(instance, 'OwnerAccountId')) ?? account) === account)
          .flatMap((instance) => text(field(instance, 'InstanceArn')) ?? [])
          .map((InstanceArn) => ({ id: InstanceArn, input: { InstanceArn } })),
    },
    {
      name: 'DescribePermissionSet',
      absent: ['ResourceNotFoundException'],
      each: async (read) =>
        setsOf(await read('ListPermissionSets')).map(({ InstanceArn, PermissionSetArn }) => ({
          id: PermissionSetArn,
          input: { InstanceArn, PermissionSetArn },
        })),
    },
  ],
};

const setsOf = (listed: JsonObject): readonly { readonly InstanceArn: string; readonly PermissionSetArn: string }[] =>
  Object.entries(listed).flatMap(([InstanceArn, answer]) =>
    texts(field(answer, 'PermissionSets')).map((PermissionSetArn) => ({ InstanceArn, PermissionSetArn })),
  );
