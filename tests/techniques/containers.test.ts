import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, miniature, roleArn, userArn } from './miniature.js';
import { DATABASE, databaseIn } from './miniature-database.js';
import { reachedFrom } from './reached.js';

const HOST = arn('ec2', 'instance/i-node');
const CLUSTER = arn('ecs', 'cluster/shop');
const DEFINITION = arn('ecs', 'task-definition/web:1');
const SERVICE = arn('ecs', 'service/shop/web');
const TASK = arn('ecs', 'task/shop/t1');
const NODE = arn('ecs', 'container-instance/shop/c1');
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';

interface Cluster {
  readonly definition?: JsonObject;
  readonly service?: JsonObject;
  /** Tasks as ECS describes them; not collected when absent. */
  readonly tasks?: readonly JsonObject[];
  readonly options?: JsonObject;
  /** As ECS describes them: the one on `i-node` when absent. */
  readonly nodes?: readonly JsonObject[];
}

const ON_NODE: JsonObject = { containerInstanceArn: NODE, ec2InstanceId: 'i-node' };

/** A cluster with the instance `i-node`, whose role lets the agent join, beside one of another role. */
const cluster = ({ definition = {}, service = {}, tasks, options = {}, nodes = [ON_NODE] }: Cluster): Miniature => ({
  roles: {
    node: { profile: true, says: ['ecs:RegisterContainerInstance'] },
    other: { profile: true, says: ['s3:ListAllMyBuckets'] },
    job: { trust: 'ecs-tasks.amazonaws.com' },
  },
  users: { robot: { keys: [KEY_ID] } },
  instances: { 'i-node': { role: 'node', ...options }, 'i-other': { role: 'other' } },
  ...(tasks === undefined && { missing: ['ecs/ListTasks', 'ecs/DescribeTasks', 'ecs/DescribeContainerInstances'] }),
  answers: {
    'ecs/ListClusters': { clusterArns: [CLUSTER] },
    'ecs/DescribeServices': {
      [CLUSTER]: {
        services: [
          { serviceArn: SERVICE, serviceName: 'web', clusterArn: CLUSTER, taskDefinition: DEFINITION, ...service },
        ],
      },
    },
    'ecs/DescribeTaskDefinition': {
      [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION, taskRoleArn: roleArn('job'), ...definition } },
    },
    ...(tasks && {
      'ecs/DescribeContainerInstances': {
        [CLUSTER]: { containerInstances: [...nodes] },
      },
      'ecs/DescribeTasks': { [CLUSTER]: { tasks: [...tasks] } },
    }),
  },
});

/** The same, with another role that tasks may have. */
const withSecond = (world: Miniature): Miniature => ({
  ...world,
  roles: { ...world.roles, second: { trust: 'ecs-tasks.amazonaws.com' } },
});

const task = (more: JsonObject = {}): JsonObject => ({
  taskArn: TASK,
  clusterArn: CLUSTER,
  taskDefinitionArn: DEFINITION,
  group: 'service:web',
  lastStatus: 'RUNNING',
  containerInstanceArn: NODE,
  ...more,
});

describe('what code in a container gets', () => {
  test('a service is entered in one of its tasks', () => {
    const { steps } = reachedFrom(cluster({ tasks: [task()] }), SERVICE);
    expect(steps.get(roleArn('job'))).toEqual(['ecs-task-credentials']);
  });

  test('the role that the task was started with goes before that of its definition', () => {
    const started = task({ overrides: { taskRoleArn: roleArn('second') } });
    const { assets } = reachedFrom(withSecond(cluster({ tasks: [started] })), TASK);
    expect(assets.get(roleArn('second'))).toBe('control confirmed');
    expect(assets.has(roleArn('job'))).toBe(false);
  });

  test('no role that lets ECS in no longer', () => {
    const started = task({ overrides: { taskRoleArn: roleArn('other') } });
    const { assets } = reachedFrom(cluster({ tasks: [started] }), TASK);
    expect(assets.has(roleArn('other'))).toBe(false);
    expect(assets.has(roleArn('job'))).toBe(false);
  });

  test('an access key in the environment of the definition', () => {
    const environment = [
      { name: 'AWS_ACCESS_KEY_ID', value: KEY_ID },
      { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    ];
    const definition = { containerDefinitions: [{ name: 'shop', environment }] };
    const { steps } = reachedFrom(cluster({ definition, tasks: [task()] }), TASK);
    expect(steps.get(userArn('robot'))).toEqual(['user-data-secrets']);
  });

  test.each([
    ['on the network of its host', { networkMode: 'host' }],
    ['with an interface of its own', { networkMode: 'awsvpc' }],
  ])('the metadata service answers a task %s, token or not', (_, definition) => {
    const { steps } = reachedFrom(cluster({ definition, tasks: [task()] }), TASK);
    expect(steps.get(roleArn('node'))).toEqual(['ecs-container-metadata']);
  });

  test('on Fargate there is no host', () => {
    const fargate = task({ containerInstanceArn: '', launchType: 'FARGATE' });
    const definition = { networkMode: 'awsvpc', containerDefinitions: [{ name: 'shop', privileged: true }] };
    const service = { launchType: 'FARGATE', desiredCount: 1 };
    const { assets } = reachedFrom(cluster({ definition, service, tasks: [fargate] }), TASK);
    expect([...assets.keys()]).toEqual([roleArn('job')]);
  });
});

describe('where tasks run', () => {
  const SOCKET = {
    containerDefinitions: [{ name: 'shop', mountPoints: [{ sourceVolume: 'docker', readOnly: true }] }],
    volumes: [{ name: 'docker', host: { sourcePath: '/var/run/docker.sock' } }],
  };

  test('from an instance into its tasks, and from the socket of its daemon back', () => {
    const world = cluster({ definition: SOCKET, tasks: [task()] });
    expect(reachedFrom(world, HOST).assets.get(roleArn('job'))).toBe('control confirmed');
    expect(reachedFrom(world, TASK).assets.get(HOST)).toBe('control confirmed');
    const other = arn('ec2', 'instance/i-other');
    expect([...reachedFrom(world, other).assets.keys()]).toEqual([roleArn('other')]);
  });

  test.each([
    [true, 'control confirmed'],
    [false, undefined],
  ])('a shell in a task whose container is privileged (%s) leads to its host', (privileged, host) => {
    const world = cluster({
      definition: { containerDefinitions: [{ name: 'shop', privileged }] },
      tasks: [task({ enableExecuteCommand: true })],
    });
    const { assets } = reachedFrom(
      {
        ...world,
        users: { ann: { says: [`ecs:ExecuteCommand on ${TASK}`, `ecs:ExecuteCommand on ${CLUSTER}`] } },
        roles: { ...world.roles, job: { trust: 'ecs-tasks.amazonaws.com', says: ['ssmmessages:*'] } },
      },
      userArn('ann'),
    );
    expect(assets.get(TASK)).toBe('control confirmed');
    expect(assets.get(HOST)).toBe(host);
  });

  describe('of a service that something other than ECS deploys', () => {
    const second = arn('ecs', 'task-definition/web:2');
    const deployed = (
      taskSets: readonly JsonObject[],
      definitions: readonly string[] = [DEFINITION, second],
    ): Miniature => {
      const world = cluster({ tasks: [], service: { taskDefinition: '', launchType: '', desiredCount: 1, taskSets } });
      const roles = { ...world.roles, later: { trust: 'ecs-tasks.amazonaws.com' } };
      const described = definitions.map((id) => [
        id,
        { taskDefinition: { taskDefinitionArn: id, taskRoleArn: roleArn(id === second ? 'later' : 'job') } },
      ]);
      return {
        ...world,
        roles,
        answers: { ...world.answers, 'ecs/DescribeTaskDefinition': Object.fromEntries(described) as JsonObject },
      };
    };
    const reached = (mini: Miniature) => {
      const { assets } = reachedFrom(mini, SERVICE);
      return [assets.get(roleArn('job')), assets.get(roleArn('later'))];
    };
    const set = (taskDefinition: string): JsonObject => ({ id: 'ecs-svc/1', taskDefinition, launchType: 'FARGATE' });

    test('task sets say which roles its tasks have', () => {
      expect(reached(deployed([set(DEFINITION)]))).toEqual(['control confirmed', undefined]);
      expect(reached(deployed([set(DEFINITION), set(second)]))).toEqual(['control confirmed', 'control confirmed']);
      expect(reached(deployed([set(DEFINITION), set(second)], [DEFINITION]))).toEqual([
        'control confirmed',
        'control conditional',
      ]);
    });

    test('and whether they run on instances', () => {
      const onInstances = deployed([{ ...set(DEFINITION), launchType: 'EC2' }]);
      const unseen = {
        ...onInstances,
        missing: ['ecs/ListTasks', 'ecs/DescribeTasks', 'ecs/DescribeContainerInstances'],
      };
      expect(reachedFrom(unseen, HOST).assets.get(roleArn('job'))).toBe('control conditional');
      const fargate = { ...deployed([set(DEFINITION)]), missing: unseen.missing };
      expect(reachedFrom(fargate, HOST).assets.has(roleArn('job'))).toBe(false);
    });
  });

  test('a stopped task is nowhere', () => {
    const world = cluster({ tasks: [task({ lastStatus: 'STOPPED' })], service: { desiredCount: 0 } });
    expect([...reachedFrom(world, HOST).assets.keys()]).toEqual([roleArn('node')]);
  });

  test('where tasks were not collected, instances that may join the cluster may run those of a service', () => {
    const world = cluster({ service: { launchType: 'EC2' } });
    expect(reachedFrom(world, HOST).assets.get(roleArn('job'))).toBe('control conditional');
    const other = arn('ec2', 'instance/i-other');
    expect(reachedFrom(world, other).assets.has(roleArn('job'))).toBe(false);
  });

  test('a container of such a service that holds its host may hold any of those', () => {
    const privileged = { containerDefinitions: [{ name: 'shop', privileged: true }] };
    const world = cluster({ service: { launchType: 'EC2' }, definition: privileged });
    const { assets, steps } = reachedFrom(world, SERVICE);
    expect(assets.get(HOST)).toBe('control conditional');
    expect(steps.get(HOST)).toEqual(['ecs-container-escape']);
    expect(assets.get(roleArn('node'))).toBe('control conditional');
    expect(assets.has(arn('ec2', 'instance/i-other'))).toBe(false);
    const plain = cluster({ service: { launchType: 'EC2' } });
    expect(reachedFrom(plain, SERVICE).assets.has(HOST)).toBe(false);
  });

  test.each([
    ['launched on Fargate', { launchType: 'FARGATE' }],
    ['placed by a strategy of Fargate alone', { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }],
  ])('a service that is %s runs on no instance', (_, service) => {
    expect(reachedFrom(cluster({ service }), HOST).assets.has(SERVICE)).toBe(false);
  });

  test('a service that is to run tasks and had none when the account was read may run one on any instance of its cluster', () => {
    const world = cluster({ tasks: [], service: { desiredCount: 1 } });
    expect(reachedFrom(world, HOST).assets.get(roleArn('job'))).toBe('control conditional');
    expect(reachedFrom(cluster({ tasks: [], service: { desiredCount: 0 } }), HOST).assets.has(SERVICE)).toBe(false);
  });
});

describe('where it was not collected on which instance a task runs', () => {
  const privileged = { containerDefinitions: [{ name: 'shop', privileged: true }] };
  const OTHER = arn('ec2', 'instance/i-other');

  test.each([
    ['task', TASK],
    ['service', SERVICE],
  ])('its %s may run on any instance that may join the cluster', (_, work) => {
    const world = cluster({ definition: privileged, tasks: [task()], nodes: [] });
    expect(reachedFrom(world, HOST).assets.get(work)).toBe('control conditional');
    const { assets } = reachedFrom(world, work);
    expect(assets.get(HOST)).toBe('control conditional');
    expect(assets.get(roleArn('node'))).toBe('control conditional');
    expect(assets.has(OTHER)).toBe(false);
    expect(reachedFrom(world, OTHER).assets.has(work)).toBe(false);
  });

  test('a service runs for certain where one of its tasks is seen, and perhaps where the other is not', () => {
    const unseen = task({ taskArn: arn('ecs', 'task/shop/t2'), containerInstanceArn: NODE.replace('c1', 'c2') });
    const both = cluster({ tasks: [task(), unseen] });
    const joins = { ...both, roles: { ...both.roles, other: { profile: true, says: ['ecs:*'] } } };
    expect(reachedFrom(joins, HOST).assets.get(SERVICE)).toBe('control confirmed');
    expect(reachedFrom(joins, OTHER).assets.get(SERVICE)).toBe('control conditional');
    expect(reachedFrom(joins, OTHER).assets.has(TASK)).toBe(false);
    const one = cluster({ tasks: [task()] });
    expect(reachedFrom({ ...one, roles: joins.roles }, OTHER).assets.has(SERVICE)).toBe(false);
  });

  test('both the certain host and a possible one give their roles to a container', () => {
    const unseen = task({ taskArn: arn('ecs', 'task/shop/t2'), containerInstanceArn: NODE.replace('c1', 'c2') });
    const both = cluster({ definition: { networkMode: 'host' }, tasks: [task(), unseen] });
    const { assets } = reachedFrom(
      { ...both, roles: { ...both.roles, other: { profile: true, says: ['ecs:*'] } } },
      SERVICE,
    );
    expect(assets.get(roleArn('node'))).toBe('control confirmed');
    expect(assets.get(roleArn('other'))).toBe('control conditional');
  });
});

describe('where the definition of a task was not collected', () => {
  const unseen = (world: Miniature): Miniature => ({
    ...world,
    missing: ['ecs/DescribeTaskDefinition'],
    roles: { ...world.roles, fn: { trust: 'lambda.amazonaws.com', says: ['ssmmessages:*'] } },
  });
  const talking = (world: Miniature, says: readonly string[]): Miniature => ({
    ...world,
    roles: { ...world.roles, job: { trust: 'ecs-tasks.amazonaws.com', says: ['ssmmessages:*'] } },
    users: { ann: { says } },
  });

  test.each([
    ['task', TASK],
    ['service', SERVICE],
  ])('what a %s has is not known', (_, work) => {
    const { assets, steps } = reachedFrom(unseen(cluster({ tasks: [task()], options: { tokens: 'required' } })), work);
    expect(assets.get(roleArn('job'))).toBe('control conditional');
    expect(steps.get(roleArn('job'))).toEqual(['ecs-task-credentials']);
    expect(assets.get(HOST)).toBe('control conditional');
    expect(assets.get(roleArn('node'))).toBe('control conditional');
    expect(assets.has(roleArn('fn'))).toBe(false);
    expect(assets.has(arn('ec2', 'instance/i-other'))).toBe(false);
  });

  test('the condition names what was not collected', () => {
    const world = unseen(cluster({ tasks: [task()] }));
    const { reaches } = openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([TASK]);
    const conditions = reaches.find(({ asset }) => asset === HOST)?.conditions ?? [];
    expect(conditions.map(({ key }) => key)).toEqual(['ecs:task-definition']);
    expect(conditions[0]?.values[0]).toContain(`ecs/DescribeTaskDefinition was not collected for ${DEFINITION}`);
  });

  test('the role that the task was started with is known all the same', () => {
    const started = task({ overrides: { taskRoleArn: roleArn('second') }, containerInstanceArn: '' });
    const { assets } = reachedFrom(unseen(withSecond(cluster({ tasks: [started] }))), TASK);
    expect(assets.get(roleArn('second'))).toBe('control confirmed');
    expect(assets.has(roleArn('job'))).toBe(false);
  });

  test('on Fargate there is no host to leave it for', () => {
    const { assets } = reachedFrom(unseen(cluster({ tasks: [task({ containerInstanceArn: '' })] })), TASK);
    expect([...assets.keys()]).toEqual([roleArn('job')]);
  });

  test.each([
    ['a shell in a task', [`ecs:ExecuteCommand on ${TASK}`], { enableExecuteCommand: true }],
    ['execute-command turned on for a service', ['ecs:ExecuteCommand', 'ecs:UpdateService'], {}],
  ])('%s may be one with any role of tasks that may talk', (_, says, more) => {
    const world = unseen(talking(cluster({ tasks: [task(more)] }), says));
    const { assets } = reachedFrom(world, userArn('ann'));
    expect(assets.get(roleArn('job'))).toBe('control conditional');
    expect(assets.has(roleArn('fn'))).toBe(false);
    const mute = { ...world, roles: { ...world.roles, job: { trust: 'ecs-tasks.amazonaws.com' } } };
    expect(reachedFrom(mute, userArn('ann')).assets.has(roleArn('job'))).toBe(false);
    expect(reachedFrom(mute, userArn('ann')).assets.has(TASK)).toBe(false);
  });
});

describe('services of one name in two clusters', () => {
  const LAB = arn('ecs', 'cluster/lab');
  const LAB_SERVICE = arn('ecs', 'service/lab/web');
  const LAB_NODE = arn('ecs', 'container-instance/lab/c9');
  const inLab = task({ taskArn: arn('ecs', 'task/lab/t9'), clusterArn: LAB, containerInstanceArn: LAB_NODE });
  const two = (services: JsonObject): Miniature => {
    const shop = cluster({
      tasks: [task(), inLab],
      nodes: [ON_NODE, { containerInstanceArn: LAB_NODE, ec2InstanceId: 'i-other' }],
    });
    const described = shop.answers?.['ecs/DescribeServices'];
    return { ...shop, answers: { ...shop.answers, 'ecs/DescribeServices': { ...described, ...services } } };
  };

  test.each([
    ['', LAB_SERVICE],
    [', by an ARN without the cluster', arn('ecs', 'service/web')],
  ])('each has its own tasks%s', (_, serviceArn) => {
    const world = two({
      [LAB]: { services: [{ serviceArn, serviceName: 'web', clusterArn: LAB, taskDefinition: DEFINITION }] },
    });
    const other = reachedFrom(world, arn('ec2', 'instance/i-other')).assets;
    expect([other.get(serviceArn), other.get(SERVICE)]).toEqual(['control confirmed', undefined]);
    const host = reachedFrom(world, HOST).assets;
    expect([host.get(serviceArn), host.get(SERVICE)]).toEqual([undefined, 'control confirmed']);
  });

  test('a task whose service was not described belongs to no other one', () => {
    expect(reachedFrom(two({}), arn('ec2', 'instance/i-other')).assets.has(SERVICE)).toBe(false);
  });
});

describe('tasks on the network', () => {
  const placed = (group: string, assignPublicIp: string): Miniature => ({
    roles: { job: { trust: 'ecs-tasks.amazonaws.com', says: ['s3:GetObject'] } },
    answers: {
      'ecs/DescribeServices': {
        [CLUSTER]: {
          services: [
            {
              serviceArn: SERVICE,
              serviceName: 'web',
              clusterArn: CLUSTER,
              launchType: 'FARGATE',
              desiredCount: 1,
              taskDefinition: DEFINITION,
              networkConfiguration: {
                awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group], assignPublicIp },
              },
            },
          ],
        },
      },
      'ecs/DescribeTaskDefinition': {
        [DEFINITION]: { taskDefinition: { taskDefinitionArn: DEFINITION, taskRoleArn: roleArn('job') } },
      },
      'global/s3/ListBuckets': { Buckets: [{ Name: 'invoices' }] },
      ...databaseIn('sg-from-hosts'),
    },
  });
  const entriesOf = (mini: Miniature) =>
    openAnalysis(miniature(mini), { toolVersion: '0.0.0' })
      .report()
      .paths.filter(({ target }) => target.id === 'arn:aws:s3:::invoices')
      .map(({ entry, steps }) => [entry.id, ...steps.map((s) => s.technique)]);

  test('the internet enters a service with a public address, and has its role', () => {
    expect(entriesOf(placed('sg-open', 'ENABLED'))).toEqual([
      [SERVICE, 'exposed-service', 'ecs-task-credentials', 's3-read'],
    ]);
  });

  test.each([
    ['a group that lets nobody in', placed('sg-closed', 'ENABLED')],
    ['a group that lets one office in', placed('sg-office', 'ENABLED')],
    ['no public address', placed('sg-open', 'DISABLED')],
  ])('no way in: %s', (_, mini) => {
    expect(entriesOf(mini)).toEqual([]);
  });

  test('code in a task connects to what lets its group in', () => {
    const { steps } = reachedFrom(placed('sg-closed', 'DISABLED'), SERVICE);
    expect(steps.get(DATABASE)).toEqual(['network-connection', 'rds-found-credential']);
    expect(reachedFrom(placed('sg-office', 'DISABLED'), SERVICE).assets.has(DATABASE)).toBe(false);
  });
});
