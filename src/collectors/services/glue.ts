import { plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html */
export const glue: ServiceCollector = {
  service: 'glue',
  prefix: 'glue',
  load: () => import('@aws-sdk/client-glue'),
  client: 'GlueClient',
  scope: 'region',
  operations: plain('GetJobs', 'GetDevEndpoints', 'GetTriggers'),
};
