import type { JsonObject } from '../../../src/model/index.js';
import { arn, type Miniature, roleArn } from '../miniature.js';
import { ADMIN, type ExampleFamily } from './example.js';

const HOST = arn('ec2', 'instance/i-web');
const CLUSTER = arn('ecs', 'cluster/shop');
const CONTAINER_INSTANCE = arn('ecs', 'container-instance/shop/c1');
const TASK = arn('ecs', 'task/shop/t1');
const SERVICE = arn('ecs', 'service/shop/web');
const DEFINITION = arn('ecs', 'task-definition/web:1');

interface Task {
  /** The instance that it runs on; none where Fargate runs it. */
  readonly on?: string;
  readonly definition?: JsonObject;
  readonly instance?: Exclude<Miniature['instances'], undefined>[string];
  readonly seen?: boolean;
}

/** A task of the service `web`, on the instance `i-web` of role `web`, beside another instance. */
const withTask = ({ on = 'i-web', definition = {}, instance = {}, seen = true }: Task): Miniature => ({
  roles: {
    web: { profile: true, says: ['ecs:RegisterContainerInstance'] },
    job: { trust: 'ecs-tasks.amazonaws.com' },
  },
  instances: { 'i-web': { role: 'web', tokens: 'optional', ...instance }, 'i-other': {} },
  ...(!seen && { missing: ['ecs/ListTasks', 'ecs/DescribeTasks'] }),
  answers: {
    'ecs/ListClusters': { clusterArns: [CLUSTER] },
    'ecs/DescribeServices': {
      [CLUSTER]: {
        services: [
          {
            serviceArn: SERVICE,
            serviceName: 'web',
            clusterArn: CLUSTER,
            launchType: 'EC2',
            taskDefinition: DEFINITION,
          },
        ],
      },
    },
    'ecs/DescribeContainerInstances': {
      [CLUSTER]: { containerInstances: [{ containerInstanceArn: CONTAINER_INSTANCE, ec2InstanceId: on }] },
    },
    'ecs/DescribeTasks': {
      [CLUSTER]: {
        tasks: [
          {
            taskArn: TASK,
            clusterArn: CLUSTER,
            taskDefinitionArn: DEFINITION,
            group: 'service:web',
            lastStatus: 'RUNNING',
            containerInstanceArn: CONTAINER_INSTANCE,
          },
        ],
      },
    },
    'ecs/DescribeTaskDefinition': {
      [DEFINITION]: {
        taskDefinition: { taskDefinitionArn: DEFINITION, taskRoleArn: roleArn('job'), ...definition },
      },
    },
  },
});

const container = (name: string, more: JsonObject = {}): JsonObject => ({ name, image: name, ...more });
const PRIVILEGED = container('shop', { privileged: true });
const containers = (...containerDefinitions: JsonObject[]): JsonObject => ({ containerDefinitions });
const mounting = (sourcePath: string, readOnly: boolean): JsonObject => ({
  ...containers(container('shop', { mountPoints: [{ sourceVolume: 'host', containerPath: '/host', readOnly }] })),
  volumes: [{ name: 'host', host: { sourcePath } }],
});

const NOTEBOOK = arn('sagemaker', 'notebook-instance/lab');
const notebook = (role: string, more: JsonObject = {}): Miniature => ({
  roles: {
    job: { trust: 'sagemaker.amazonaws.com', says: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*', ...more }] },
  },
  answers: {
    'sagemaker/DescribeNotebookInstance': {
      lab: { NotebookInstanceName: 'lab', NotebookInstanceArn: NOTEBOOK, RoleArn: role },
    },
  },
});

/** From a container to its role, its host and its neighbours, and back. */
export const CONTAINER_EXAMPLES: ExampleFamily = {
  'ecs-task-credentials': {
    from: TASK,
    reaches: roleArn('job'),
    access: 'control',
    works: { why: 'The task runs with the role.', world: withTask({}) },
    fails: { why: 'The task runs with no role.', world: withTask({ definition: { taskRoleArn: '' } }) },
    unknown: {
      from: HOST,
      why: 'Whether a task of the service runs on the instance was not collected.',
      world: withTask({ seen: false }),
      because: 'ecs:task',
    },
  },
  'workload-credentials': {
    from: NOTEBOOK,
    reaches: ADMIN,
    access: 'admin',
    works: { why: 'The notebook runs with a role that administers the account.', world: notebook(roleArn('job')) },
    fails: { why: 'The notebook runs with another role.', world: notebook(roleArn('other')) },
    unknown: {
      why: 'The role administers the account from the addresses of one office alone.',
      world: notebook(roleArn('job'), { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
      because: 'aws:SourceIp',
    },
  },
  'ecs-host-containers': {
    from: HOST,
    reaches: TASK,
    access: 'control',
    works: { why: 'The task runs on the instance.', world: withTask({}) },
    fails: { why: 'The task runs on another instance.', world: withTask({ on: 'i-other' }) },
    unknown: {
      from: 'internet',
      why: 'Whether the internet reaches the instance is not known, as network ACLs were not collected.',
      world: { ...withTask({ instance: { open: true } }), missing: ['ec2/DescribeNetworkAcls'] },
      because: 'network ACL',
    },
  },
  'ecs-container-escape': {
    from: TASK,
    reaches: HOST,
    access: 'control',
    works: { why: 'The one container is privileged.', world: withTask({ definition: containers(PRIVILEGED) }) },
    fails: { why: 'The container is not privileged.', world: withTask({ definition: containers(container('shop')) }) },
    alsoFails: [
      {
        why: 'The privileged container runs on another instance.',
        world: withTask({ on: 'i-other', definition: containers(PRIVILEGED) }),
      },
      {
        why: 'The container may only read a directory of the host.',
        world: withTask({ definition: mounting('/etc', true) }),
      },
      {
        why: 'The container has a directory of data alone.',
        world: withTask({ definition: mounting('/data', false) }),
      },
    ],
    unknown: {
      why: 'One of two containers is privileged, and in which of them the intruder is, is not known.',
      world: withTask({ definition: containers(container('log'), PRIVILEGED) }),
      because: 'container',
    },
  },
  'ecs-container-metadata': {
    from: TASK,
    reaches: roleArn('web'),
    access: 'control',
    works: { why: 'The metadata service asks for no token.', world: withTask({}) },
    fails: {
      why: 'The metadata service asks for a token, and its answer does not live to cross the bridge.',
      world: withTask({ instance: { tokens: 'required' } }),
    },
    alsoFails: [
      { why: 'The task is on no network.', world: withTask({ definition: { networkMode: 'none' } }) },
      { why: 'The metadata service is off.', world: withTask({ instance: { metadata: 'disabled' } }) },
    ],
    unknown: {
      why: 'Whether the metadata service asks for a token was not collected.',
      world: withTask({ instance: { tokens: 'unstated' } }),
      because: 'metadata service',
    },
  },
};
