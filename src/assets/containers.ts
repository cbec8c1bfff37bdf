import { field, type JsonObject, parseArn, text } from '../model/index.js';
import { type AssetFamily, type FieldLink, type Link, link, regional } from './declaration.js';

const CLUSTER: FieldLink = ['in-cluster', 'ecs:cluster', 'clusterArn'];

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/Welcome.html */
export const containers: AssetFamily = {
  types: [
    ...['ecs/DescribeClusters', 'ecs/ListClusters'].map((answer) => ({
      type: 'ecs:cluster',
      answer,
      list: answer.endsWith('ListClusters') ? 'clusterArns[]' : 'clusters[]',
      textAs: 'clusterArn',
      identity: { arn: 'clusterArn' },
      name: 'clusterName',
    })),
    {
      type: 'ecs:service',
      answer: 'ecs/DescribeServices',
      keyed: true,
      list: 'services[]',
      identity: { arn: 'serviceArn', bare: (service) => inCluster(service, text(field(service, 'serviceName'))) },
      name: 'serviceName',
      links: [CLUSTER, ...['', 'taskSets[].'].flatMap(linksOfService)],
    },
    {
      type: 'ecs:task-definition',
      answer: 'ecs/DescribeTaskDefinition',
      keyed: true,
      list: 'taskDefinition',
      identity: { arn: 'taskDefinitionArn' },
      name: 'family',
      links: [
        ['runs-as', 'iam:role', 'taskRoleArn'],
        ['uses-role', 'iam:role', 'executionRoleArn'],
      ],
    },
    {
      type: 'ecs:task',
      answer: 'ecs/DescribeTasks',
      keyed: true,
      list: 'tasks[]',
      identity: { arn: 'taskArn' },
      links: [
        CLUSTER,
        ['runs', 'ecs:task-definition', 'taskDefinitionArn'],
        ['runs-on', 'ecs:container-instance', 'containerInstanceArn'],
      ],
      moreLinks: serviceOfTask,
    },
    {
      type: 'ecs:container-instance',
      answer: 'ecs/DescribeContainerInstances',
      keyed: true,
      list: 'containerInstances[]',
      identity: { arn: 'containerInstanceArn' },
      links: [['runs-on', 'ec2:instance', 'ec2InstanceId']],
    },
    {
      type: 'eks:cluster',
      answer: 'eks/DescribeCluster',
      keyed: true,
      list: 'cluster',
      identity: regional('eks', 'cluster/', 'name', 'arn'),
      name: 'name',
      links: [
        ['runs-as', 'iam:role', 'roleArn'],
        ['in-vpc', 'ec2:vpc', 'resourcesVpcConfig.vpcId'],
        ['in-subnet', 'ec2:subnet', 'resourcesVpcConfig.subnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'resourcesVpcConfig.securityGroupIds[]'],
        ['has-security-group', 'ec2:security-group', 'resourcesVpcConfig.clusterSecurityGroupId'],
      ],
    },
    {
      type: 'eks:nodegroup',
      answer: 'eks/DescribeNodegroup',
      keyed: true,
      list: 'nodegroup',
      identity: { arn: 'nodegroupArn', bare: 'nodegroupName' },
      name: 'nodegroupName',
      links: [
        ['in-cluster', 'eks:cluster', 'clusterName'],
        ['nodes-run-as', 'iam:role', 'nodeRole'],
        ['launches-through', 'autoscaling:group', 'resources.autoScalingGroups[].name'],
        ['launches-in', 'ec2:subnet', 'subnets[]'],
      ],
    },
  ],
};

/**
 * What a service says of its tasks, or, where something other than ECS deploys it, its task sets.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
function linksOfService(from: string): readonly FieldLink[] {
  const network = `${from}networkConfiguration.awsvpcConfiguration`;
  return [
    ['runs', 'ecs:task-definition', `${from}taskDefinition`],
    ['registers-in', 'elbv2:target-group', `${from}loadBalancers[].targetGroupArn`],
    ['in-subnet', 'ec2:subnet', `${network}.subnets[]`],
    ['has-security-group', 'ec2:security-group', `${network}.securityGroups[]`],
  ];
}

/** A task that a service started says so in its group, `service:<name>`. */
function serviceOfTask(task: JsonObject): Link[] {
  const group = text(field(task, 'group')) ?? '';
  return group.startsWith('service:')
    ? link('member-of', 'ecs:service', inCluster(task, group.slice('service:'.length)))
    : [];
}

/** A service’s name in its cluster, and that in its region: another cluster may have one of the same name. ARNs made before 2021 lack the cluster. */
function inCluster(record: JsonObject, service: string | undefined): string | undefined {
  const cluster = parseArn(text(field(record, 'clusterArn')) ?? '');
  return cluster && service !== undefined ? `${cluster.region}/${cluster.resource}/${service}` : service;
}
