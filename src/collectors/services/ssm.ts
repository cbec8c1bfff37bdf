import { plain, type ServiceCollector } from '../declaration.js';

/** Names of parameters, never a value, and the hosts whose agent reports. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssm: ServiceCollector = {
  service: 'ssm',
  prefix: 'ssm',
  load: () => import('@aws-sdk/client-ssm'),
  client: 'SSMClient',
  scope: 'region',
  operations: [
    ...plain('DescribeInstanceInformation'),
    { name: 'DescribeParameters', input: () => ({ MaxResults: 50 }) },
    {
      name: 'GetServiceSetting',
      absent: ['ServiceSettingNotFound'],
      // Which role Default Host Management gives to instances that have none.
      each: async () => [DEFAULT_HOST_MANAGEMENT].map((id) => ({ id, input: { SettingId: id } })),
    },
  ],
};

const DEFAULT_HOST_MANAGEMENT = '/ssm/managed-instance/default-ec2-instance-management-role';
