import { field, type JsonObject, objects, text } from '../../model/index.js';
import { type Operation, perResource, plain, type Request, type ServiceCollector } from '../declaration.js';

const ids = (listName: string, idName: string) => (answer: JsonObject) =>
  objects(field(answer, listName)).flatMap((item) => text(field(item, idName)) ?? []);

const balancers = ids('LoadBalancers', 'LoadBalancerArn');
const targetGroups = ids('TargetGroups', 'TargetGroupArn');

/** DescribeTags takes at most twenty resources. */
const inTwenties = (arns: readonly string[]): Request[] =>
  Array.from({ length: Math.ceil(arns.length / 20) }, (_, index) => {
    const ResourceArns = arns.slice(index * 20, index * 20 + 20);
    return { id: ResourceArns[0] ?? '', input: { ResourceArns } };
  });

const tags: Operation = {
  name: 'DescribeTags',
  isBatch: true,
  each: async (read) =>
    inTwenties([
      ...balancers(await read('DescribeLoadBalancers')),
      ...targetGroups(await read('DescribeTargetGroups')),
    ]),
};

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html */
export const elasticLoadBalancingV2: ServiceCollector = {
  service: 'elastic-load-balancing-v2',
  prefix: 'elasticloadbalancing',
  load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  client: 'ElasticLoadBalancingV2Client',
  scope: 'region',
  operations: [
    ...plain('DescribeLoadBalancers', 'DescribeTargetGroups'),
    perResource('DescribeLoadBalancerAttributes', 'LoadBalancerArn', 'DescribeLoadBalancers', balancers, {
      absent: ['LoadBalancerNotFound', 'LoadBalancerNotFoundException'],
    }),
    perResource('DescribeListeners', 'LoadBalancerArn', 'DescribeLoadBalancers', balancers, {
      absent: ['LoadBalancerNotFound', 'LoadBalancerNotFoundException'],
    }),
    perResource(
      'DescribeRules',
      'ListenerArn',
      'DescribeListeners',
      (answer) =>
        Object.keys(answer).flatMap((id) => ids('Listeners', 'ListenerArn')((field(answer, id) ?? {}) as JsonObject)),
      { absent: ['ListenerNotFound', 'ListenerNotFoundException'] },
    ),
    perResource('DescribeTargetGroupAttributes', 'TargetGroupArn', 'DescribeTargetGroups', targetGroups, {
      absent: ['TargetGroupNotFound', 'TargetGroupNotFoundException'],
    }),
    perResource('DescribeTargetHealth', 'TargetGroupArn', 'DescribeTargetGroups', targetGroups, {
      absent: ['TargetGroupNotFound', 'TargetGroupNotFoundException'],
    }),
    tags,
  ],
};
