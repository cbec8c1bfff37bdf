import { at, balancerOfListener, field, type Json, type JsonObject, objects, text } from '../model/index.js';
import { type AssetFamily, type Link, link, regional } from './declaration.js';
import { valuesAt } from './path.js';

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/what-is-load-balancing.html */
export const loadBalancing: AssetFamily = {
  types: [
    {
      type: 'globalaccelerator:accelerator',
      answer: 'global-accelerator/ListAccelerators',
      list: 'Accelerators[]',
      identity: { arn: 'AcceleratorArn' },
      name: 'Name',
    },
    {
      type: 'elbv2:load-balancer',
      answer: 'elastic-load-balancing-v2/DescribeLoadBalancers',
      list: 'LoadBalancers[]',
      identity: { arn: 'LoadBalancerArn' },
      name: 'LoadBalancerName',
      alsoCalled: 'DNSName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VpcId'],
        ['in-subnet', 'ec2:subnet', 'AvailabilityZones[].SubnetId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[]'],
        ['has-address', 'ec2:elastic-ip', 'AvailabilityZones[].LoadBalancerAddresses[].AllocationId'],
      ],
    },
    {
      type: 'elbv2:target-group',
      answer: 'elastic-load-balancing-v2/DescribeTargetGroups',
      list: 'TargetGroups[]',
      identity: { arn: 'TargetGroupArn' },
      name: 'TargetGroupName',
      links: [['in-vpc', 'ec2:vpc', 'VpcId']],
      moreLinks: (group) =>
        valuesAt(group, 'LoadBalancerArns[]').flatMap((balancer) =>
          typeof balancer === 'string'
            ? [{ kind: 'forwards-to', from: { type: 'elbv2:load-balancer', id: balancer } }]
            : [],
        ),
    },
    {
      type: 'elb:load-balancer',
      answer: 'elastic-load-balancing/DescribeLoadBalancers',
      list: 'LoadBalancerDescriptions[]',
      identity: regional('elasticloadbalancing', 'loadbalancer/', 'LoadBalancerName'),
      name: 'LoadBalancerName',
      alsoCalled: 'DNSName',
      links: [
        ['in-vpc', 'ec2:vpc', 'VPCId'],
        ['in-subnet', 'ec2:subnet', 'Subnets[]'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[]'],
        ['forwards-to', 'ec2:instance', 'Instances[].InstanceId'],
      ],
    },
  ],
  details: [
    { answer: 'elastic-load-balancing-v2/DescribeListeners', about: 'elbv2:load-balancer', moreLinks: listenerLinks },
    {
      answer: 'elastic-load-balancing-v2/DescribeRules',
      about: 'elbv2:load-balancer',
      assetIn: balancerOfListener,
      moreLinks: (answer) => forwards(valuesAt(answer, 'Rules[].Actions[]')),
    },
    {
      answer: 'elastic-load-balancing-v2/DescribeTags',
      about: ['elbv2:load-balancer', 'elbv2:target-group'],
      list: 'TagDescriptions[]',
      nameField: 'ResourceArn',
      tags: 'Tags',
    },
    { answer: 'elastic-load-balancing-v2/DescribeLoadBalancerAttributes', about: 'elbv2:load-balancer' },
    { answer: 'elastic-load-balancing-v2/DescribeTargetGroupAttributes', about: 'elbv2:target-group' },
    { answer: 'elastic-load-balancing-v2/DescribeTargetHealth', about: 'elbv2:target-group', moreLinks: targetLinks },
    { answer: 'elastic-load-balancing/DescribeLoadBalancerAttributes', about: 'elb:load-balancer' },
  ],
};

function listenerLinks(answer: JsonObject): Link[] {
  return forwards(valuesAt(answer, 'Listeners[].DefaultActions[]'));
}

function forwards(actions: readonly Json[]): Link[] {
  return actions.flatMap((action) => [
    ...link('forwards-to', 'elbv2:target-group', text(field(action, 'TargetGroupArn'))),
    ...objects(at(action, 'ForwardConfig', 'TargetGroups')).flatMap((group) =>
      link('forwards-to', 'elbv2:target-group', text(field(group, 'TargetGroupArn'))),
    ),
  ]);
}

/** A target is an instance id, an address (which names no asset by itself), a function's ARN or a balancer's ARN. */
function targetLinks(answer: JsonObject): Link[] {
  return objects(field(answer, 'TargetHealthDescriptions')).flatMap((description) => {
    const id = text(at(description, 'Target', 'Id')) ?? '';
    if (id.startsWith('i-')) return link('targets', 'ec2:instance', id);
    if (id.includes(':lambda:')) return link('targets', 'lambda:function', id.replace(/(:function:[^:]+):.*$/, '$1'));
    if (id.includes(':elasticloadbalancing:')) return link('targets', 'elbv2:load-balancer', id);
    return [];
  });
}
