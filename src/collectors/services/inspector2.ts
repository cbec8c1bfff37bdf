import type { ServiceCollector } from '../declaration.js';

const equals = (value: string) => ({ comparison: 'EQUALS', value });

/** Open findings of instances; the milder ones are many and confirm nothing. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoninspector2.html */
export const inspector2: ServiceCollector = {
  service: 'inspector2',
  prefix: 'inspector2',
  load: () => import('@aws-sdk/client-inspector2'),
  client: 'Inspector2Client',
  scope: 'region',
  operations: [
    {
      name: 'ListFindings',
      input: () => ({
        maxResults: 100,
        filterCriteria: {
          findingStatus: [equals('ACTIVE')],
          resourceType: [equals('AWS_EC2_INSTANCE')],
          severity: [equals('CRITICAL'), equals('HIGH')],
        },
      }),
    },
  ],
};
