import { field, objects, text } from '../../model/index.js';
import { perResource, plain, type ServiceCollector } from '../declaration.js';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: ServiceCollector = {
  service: 'sns',
  prefix: 'sns',
  load: () => import('@aws-sdk/client-sns'),
  client: 'SNSClient',
  scope: 'region',
  operations: [
    ...plain('ListTopics'),
    perResource(
      'GetTopicAttributes',
      'TopicArn',
      'ListTopics',
      (answer) => objects(field(answer, 'Topics')).flatMap((item) => text(field(item, 'TopicArn')) ?? []),
      { absent: ['NotFound', 'NotFoundException'] },
    ),
  ],
};
