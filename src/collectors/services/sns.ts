import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

const topicArns = idsIn('Topics', 'TopicArn');
const absent = ['NotFound', 'NotFoundException', 'ResourceNotFoundException'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: ServiceCollector = {
  service: 'sns',
  prefix: 'sns',
  load: () => import('@aws-sdk/client-sns'),
  client: 'SNSClient',
  scope: 'region',
  operations: [
    ...plain('ListTopics'),
    perResource('GetTopicAttributes', 'TopicArn', 'ListTopics', topicArns, { absent }),
    perResource('ListTagsForResource', 'ResourceArn', 'ListTopics', topicArns, { absent }),
  ],
};
