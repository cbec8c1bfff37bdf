import { field, objects, text } from '../../model/index.js';
import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticbeanstalk.html */
export const elasticBeanstalk: ServiceCollector = {
  service: 'elastic-beanstalk',
  prefix: 'elasticbeanstalk',
  load: () => import('@aws-sdk/client-elastic-beanstalk'),
  client: 'ElasticBeanstalkClient',
  scope: 'region',
  operations: [
    ...plain('DescribeEnvironments'),
    {
      name: 'DescribeConfigurationSettings',
      each: async (read) =>
        objects(field(await read('DescribeEnvironments'), 'Environments')).flatMap((environment) => {
          const EnvironmentName = text(field(environment, 'EnvironmentName'));
          const ApplicationName = text(field(environment, 'ApplicationName'));
          return EnvironmentName === undefined || ApplicationName === undefined
            ? []
            : [{ id: EnvironmentName, input: { ApplicationName, EnvironmentName } }];
        }),
    },
  ],
};
