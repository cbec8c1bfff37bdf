import { perResource, type ServiceCollector, textsIn } from '../declaration.js';

const queueUrls = textsIn('QueueUrls');
const ABSENT = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqs: ServiceCollector = {
  service: 'sqs',
  prefix: 'sqs',
  load: () => import('@aws-sdk/client-sqs'),
  client: 'SQSClient',
  scope: 'region',
  operations: [
    // Without a page size SQS stops at a thousand queues and gives no token.
    { name: 'ListQueues', input: () => ({ MaxResults: 1000 }) },
    perResource('GetQueueAttributes', 'QueueUrl', 'ListQueues', queueUrls, {
      input: { AttributeNames: ['Policy', 'QueueArn', 'KmsMasterKeyId'] },
      absent: ABSENT,
    }),
    perResource('ListQueueTags', 'QueueUrl', 'ListQueues', queueUrls, { absent: ABSENT }),
  ],
};
