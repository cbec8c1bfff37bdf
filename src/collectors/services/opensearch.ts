import { idsIn, inBatches, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonopensearchservice.html */
export const opensearch: ServiceCollector = {
  service: 'opensearch',
  prefix: 'es',
  load: () => import('@aws-sdk/client-opensearch'),
  client: 'OpenSearchClient',
  scope: 'region',
  operations: [
    ...plain('ListDomainNames'),
    {
      name: 'DescribeDomains',
      isBatch: true,
      each: async (read) =>
        inBatches(idsIn('DomainNames', 'DomainName')(await read('ListDomainNames')), 5, (DomainNames) => ({
          DomainNames,
        })),
    },
  ],
};
