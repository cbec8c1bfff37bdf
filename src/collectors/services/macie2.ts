import { field, texts } from '../../model/index.js';
import { inBatches, type ServiceCollector } from '../declaration.js';

const equals = (...values: readonly string[]) => ({ eq: values });

/** GetFindings takes 50 ids at most. */
const BATCH = 50;

/**
 * What Macie found in buckets: where, and of which kind; never the data itself. One number in one object is a finding of low severity, and says
 * nothing about a bucket. @see https://docs.aws.amazon.com/macie/latest/user/findings-severity.html
 */
export const macie2: ServiceCollector = {
  service: 'macie2',
  prefix: 'macie2',
  load: () => import('@aws-sdk/client-macie2'),
  client: 'Macie2Client',
  scope: 'region',
  operations: [
    {
      name: 'ListFindings',
      input: () => ({
        maxResults: BATCH,
        findingCriteria: {
          criterion: {
            category: equals('CLASSIFICATION'),
            archived: equals('false'),
            'severity.description': equals('High', 'Medium'),
          },
        },
      }),
      absent: [{ error: 'AccessDeniedException', message: 'Macie is not enabled' }],
    },
    {
      name: 'GetFindings',
      isBatch: true,
      each: async (read) =>
        inBatches([...texts(field(await read('ListFindings'), 'findingIds'))], BATCH, (batch) => ({
          findingIds: [...batch],
        })),
    },
  ],
};
