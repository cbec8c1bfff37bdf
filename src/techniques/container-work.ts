import {
  type Asset,
  at,
  type Condition,
  isMentionedOnly,
  type Json,
  number,
  objects,
  partitionOf,
  sortedUnique,
  text,
  unknown,
} from '../model/index.js';
import { instancesByRole } from './instance-role.js';
import { ECS_TASKS, letsIn, rolesTrusting } from './trusted-services.js';
import { groupsOf, type World } from './world.js';

/** Containers that run together, of one task definition: a task, or what a service keeps running. */
export interface ContainerWork {
  readonly id: string;
  /** `undefined` where it was not collected. */
  readonly definition: Asset | undefined;
  /** That it was not. */
  readonly unseen?: Condition;
  /** The role whose credentials its containers are given, as far as it is known. */
  readonly role: string | undefined;
  /** Instances of the account on which it runs. */
  readonly hosts: readonly string[];
  /** Where it is not known on which others it runs: those on which it may. */
  readonly pool?: HostPool;
  /** What is not known of that: on which conditions it may run on those. */
  readonly conditions?: readonly Condition[];
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
  const before = known.get(world.graph);
  if (before) return before;
  const pools = new Pools(world);
  const made = [...tasks(world, pools), ...services(world, pools)];
  known.set(world.graph, made);
  return made;
}

type Runs = Pick<ContainerWork, 'definition' | 'unseen' | 'role'>;

/** What a task or service says of its containers, or that it was not collected; of a service whose task sets differ, what each of them says. */
function runsOf(world: World, work: string): readonly Runs[] {
  const definitions = sortedUnique(world.graph.outgoing(work, 'runs').map(({ to }) => to));
  return definitions.length === 0 ? [runOf(world, work, undefined)] : definitions.map((to) => runOf(world, work, to));
}

function runOf(world: World, work: string, runs: string | undefined): Runs {
  const definition = runs === undefined ? undefined : world.graph.asset(runs);
  if (definition && !isMentionedOnly(definition))
    return { definition, role: workingRole(world, world.graph.outgoing(definition.id, 'runs-as')[0]?.to) };
  const why =
    runs === undefined
      ? `${work} names no task definition`
      : `ecs/DescribeTaskDefinition was not collected for ${runs}`;
  const what = 'which role its tasks have, and whether their containers hold their host, is not known';
  return { definition: undefined, unseen: unknown('ecs:task-definition', `${why}: ${what}`), role: undefined };
}

const workingRole = (world: World, role: string | undefined): string | undefined =>
  role !== undefined && letsIn(world, role, ECS_TASKS) ? role : undefined;

/** The roles of an account that its tasks may have, with the conditions on which they may. */
export const rolesOfTasks = (world: World, account: string): ReadonlyMap<string, readonly Condition[]> =>
  rolesTrusting(world, ECS_TASKS, groupsOf(world, 'iam:role').find((roles) => roles.account === account)?.ids ?? []);

function tasks(world: World, pools: Pools): ContainerWork[] {
  return world.graph.assetsOfType('ecs:task').flatMap((task): ContainerWork[] => {
    const { id, record } = task;
    if (!isThere(record)) return [];
    const hosts = hostsOfTask(world, id);
    const pool = isOnUnseenHost(world, task) ? pools.of(task) : undefined;
    return runsOf(world, id).map((runs) => {
      const own = text(at(record, 'overrides', 'taskRoleArn'));
      const role = own === undefined ? runs.role : workingRole(world, own);
      return { id, ...runs, role, hosts, ...(pool && { pool, conditions: [hostUnseen(task)] }) };
    });
  });
}

const isThere = (task: Json | undefined): boolean => text(at(task, 'lastStatus')) !== 'STOPPED';

const hostsOfTask = ({ graph }: World, task: string): readonly string[] =>
  graph.outgoing(task, 'runs-on').flatMap(({ to }) => graph.outgoing(to, 'runs-on').map((r) => r.to));

/** Whether a task runs on an instance, and it was not collected on which. */
const isOnUnseenHost = (world: World, { id, record }: Asset): boolean =>
  (text(at(record, 'containerInstanceArn')) ?? '') !== '' && hostsOfTask(world, id).length === 0;

const hostUnseen = ({ id, record }: Asset): Condition =>
  unknown(
    'ecs:container-instance',
    `ecs/DescribeContainerInstances was not collected for ${text(at(record, 'containerInstanceArn'))}: on which instance ${id} runs is not known`,
  );

function services(world: World, pools: Pools): ContainerWork[] {
  return world.graph.assetsOfType('ecs:service').flatMap((service): ContainerWork[] => {
    const { id } = service;
    const members = world.graph
      .incoming(id, 'member-of')
      .flatMap(({ from }) => world.graph.asset(from) ?? [])
      .filter((task) => isThere(task.record));
    const hosts = sortedUnique(members.flatMap((task) => hostsOfTask(world, task.id)));
    const conditions = unplaced(world, service, members);
    const pool = conditions.length > 0 ? pools.of(service) : undefined;
    return runsOf(world, id).map((runs) => ({ id, ...runs, hosts, ...(pool && { pool, conditions }) }));
  });
}

/** What is not known of where the tasks of a service run: nothing where the host of each is known, or there are none. */
function unplaced(world: World, service: Asset, members: readonly Asset[]): readonly Condition[] {
  const [unseen] = members.filter((task) => isOnUnseenHost(world, task));
  if (unseen) return [hostUnseen(unseen)];
  const why = members.length === 0 && isOnInstances(service.record) ? whyUnplaced(world, service) : undefined;
  return why === undefined
    ? []
    : [unknown('ecs:task', `${why}: on which instances tasks of ${service.id} run is not known`)];
}

/** Whether a service's tasks are put on instances of the account, as far as it says, or any of its task sets where it has such. */
function isOnInstances(service: Asset['record']): boolean {
  const sets = objects(at(service, 'taskSets'));
  return (sets.length > 0 ? sets : [service]).some((placed) => {
    const providers = objects(at(placed, 'capacityProviderStrategy')).flatMap(
      (p) => text(at(p, 'capacityProvider')) ?? [],
    );
    if (providers.length > 0) return providers.some((provider) => !provider.startsWith('FARGATE'));
    return (text(at(placed, 'launchType')) ?? 'EC2') === 'EC2';
  });
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

const clusterOf = ({ record }: Asset): string | undefined => text(at(record, 'clusterArn'));

/** The instances of clusters, found once for each. */
class Pools {
  private readonly known = new Map<string, HostPool>();
  /** Clusters of which not all instances were collected: a task runs on one that was not. */
  private readonly partlySeen: ReadonlySet<string | undefined>;

  constructor(private readonly world: World) {
    const tasks = world.graph.assetsOfType('ecs:task').filter(({ record }) => isThere(record));
    this.partlySeen = new Set(tasks.filter((task) => isOnUnseenHost(world, task)).map(clusterOf));
  }

  /** Those of the cluster of a task or service; `undefined` where there are none. */
  of(work: Asset): HostPool | undefined {
    const cluster = clusterOf(work);
    if (cluster === undefined) return undefined;
    const pool = this.known.get(cluster) ?? { cluster, instances: this.hostsIn(cluster, work) };
    this.known.set(cluster, pool);
    return pool.instances.length > 0 ? pool : undefined;
  }

  private hostsIn(cluster: string, { account, region }: Asset): readonly string[] {
    const own = registeredHosts(this.world, account, region, cluster);
    return own.length > 0 && !this.partlySeen.has(cluster)
      ? own
      : sortedUnique([...own, ...joiningHosts(this.world, account, region, cluster)]);
  }
}

function registeredHosts(world: World, account: string, region: string, cluster: string): readonly string[] {
  const registered = `:container-instance/${cluster.slice(cluster.lastIndexOf('/') + 1)}/`;
  const inPlace = groupsOf(world, 'ecs:container-instance').find((g) => g.account === account && g.region === region);
  return sortedUnique(
    (inPlace?.ids ?? [])
      .filter((id) => id.includes(registered))
      .flatMap((id) => world.graph.outgoing(id, 'runs-on').map(({ to }) => to)),
  );
}

/** Instances whose role lets the agent of ECS join a cluster. */
function joiningHosts(world: World, account: string, region: string, cluster: string): readonly string[] {
  const place = `arn:${partitionOf(region)}:ec2:${region}:${account}:`;
  return [...instancesByRole(world)].flatMap(([{ role }, instances]) => {
    const there = instances.filter((instance) => instance.startsWith(place));
    return there.length > 0 && mayJoin(world, role, cluster) ? there : [];
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
