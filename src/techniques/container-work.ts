import {
  type Asset,
  at,
  type Condition,
  type Json,
  number,
  objects,
  partitionOf,
  sortedUnique,
  text,
  unknown,
} from '../model/index.js';
import { instancesByRole } from './instance-role.js';
import { groupsOf, type World } from './world.js';

/** Containers that run together, of one task definition: a task, or what a service keeps running. */
export interface ContainerWork {
  readonly id: string;
  readonly definition: Asset | undefined;
  /** The role whose credentials its containers are given. */
  readonly role: string | undefined;
  /** Instances of the account on which it runs. */
  readonly hosts: readonly string[];
  /** Where it is not known on which it runs: those on which it may. */
  readonly pool?: HostPool;
  /** What is not known of that. */
  readonly conditions: readonly Condition[];
}

/** Instances of a cluster; one object for all of its services. */
export interface HostPool {
  readonly cluster: string;
  readonly instances: readonly string[];
}

const DESCRIBE = 'ecs/DescribeTasks';
const LIST = 'ecs/ListTasks';

const known = new WeakMap<World['graph'], readonly ContainerWork[]>();

/** Every task that runs, and every service. */
export function containerWork(world: World): readonly ContainerWork[] {
  const made = known.get(world.graph) ?? [...tasks(world), ...services(world)];
  known.set(world.graph, made);
  return made;
}

const definitionOf = ({ graph }: World, work: string): Asset | undefined => {
  const [runs] = graph.outgoing(work, 'runs');
  return runs && graph.asset(runs.to);
};

const roleOf = ({ graph }: World, definition: Asset | undefined): string | undefined =>
  definition && graph.outgoing(definition.id, 'runs-as')[0]?.to;

function tasks(world: World): ContainerWork[] {
  return world.graph.assetsOfType('ecs:task').flatMap(({ id, record }): ContainerWork[] => {
    if (!isThere(record)) return [];
    const definition = definitionOf(world, id);
    const role = text(at(record, 'overrides', 'taskRoleArn')) ?? roleOf(world, definition);
    return [{ id, definition, role, hosts: hostsOfTask(world, id), conditions: [] }];
  });
}

const isThere = (task: Json | undefined): boolean => text(at(task, 'lastStatus')) !== 'STOPPED';

const hostsOfTask = ({ graph }: World, task: string): readonly string[] =>
  graph.outgoing(task, 'runs-on').flatMap(({ to }) => graph.outgoing(to, 'runs-on').map((r) => r.to));

function services(world: World): ContainerWork[] {
  const pools = new Map<string, HostPool>();
  return world.graph.assetsOfType('ecs:service').map((service): ContainerWork => {
    const { id, record } = service;
    const definition = definitionOf(world, id);
    const members = world.graph
      .incoming(id, 'member-of')
      .map(({ from }) => from)
      .filter((task) => isThere(world.graph.asset(task)?.record));
    const hosts = sortedUnique(members.flatMap((task) => hostsOfTask(world, task)));
    const work = { id, definition, role: roleOf(world, definition), hosts, conditions: [] };
    const why = members.length === 0 && isOnInstances(record) ? whyUnplaced(world, service) : undefined;
    const cluster = text(at(record, 'clusterArn'));
    if (why === undefined || cluster === undefined) return work;
    const pool = pools.get(cluster) ?? { cluster, instances: possibleHosts(world, service, cluster) };
    pools.set(cluster, pool);
    if (pool.instances.length === 0) return work;
    const unplaced = unknown('ecs:task', `${why}: on which instances tasks of ${id} run is not known`);
    return { ...work, pool, conditions: [unplaced] };
  });
}

/** Whether a service's tasks are put on instances of the account, as far as it says. */
function isOnInstances(service: Asset['record']): boolean {
  const providers = objects(at(service, 'capacityProviderStrategy')).flatMap(
    (p) => text(at(p, 'capacityProvider')) ?? [],
  );
  if (providers.length > 0) return providers.some((provider) => !provider.startsWith('FARGATE'));
  return (text(at(service, 'launchType')) ?? 'EC2') === 'EC2';
}

/** Why it is not known where a service’s tasks run; `undefined` where it is known that there are none. */
function whyUnplaced(world: World, { account, record }: Asset): string | undefined {
  const isSeen =
    world.observed.isCollected(DESCRIBE, account) ||
    (world.observed.isCollected(LIST, account) &&
      !groupsOf(world, 'ecs:task').some((group) => group.account === account));
  if (!isSeen) return `${DESCRIBE} was not collected everywhere in ${account}`;
  return (number(at(record, 'desiredCount')) ?? 0) > 0 ? 'none of the tasks that are to run was there' : undefined;
}

/** The instances of the service’s cluster; where none is known, those whose role lets the agent of ECS join it. */
function possibleHosts(world: World, { account, region }: Asset, cluster: string): readonly string[] {
  const registered = `:container-instance/${cluster.slice(cluster.lastIndexOf('/') + 1)}/`;
  const own = (
    groupsOf(world, 'ecs:container-instance').find((g) => g.account === account && g.region === region)?.ids ?? []
  )
    .filter((id) => id.includes(registered))
    .flatMap((id) => world.graph.outgoing(id, 'runs-on').map(({ to }) => to));
  if (own.length > 0) return sortedUnique(own);
  const place = `arn:${partitionOf(region)}:ec2:${region}:${account}:`;
  return [...instancesByRole(world)].flatMap(([{ role }, instances]) => {
    const inPlace = instances.filter((instance) => instance.startsWith(place));
    return inPlace.length > 0 && mayJoin(world, role, cluster) ? inPlace : [];
  });
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
function mayJoin(world: World, role: string, cluster: string): boolean {
  const { verdict } = world.iam.evaluate({
    principal: role,
    action: 'ecs:RegisterContainerInstance',
    resource: cluster,
  });
  return verdict !== 'explicit-deny' && verdict !== 'implicit-deny';
}
