import { at, field, type JsonObject, number, objects, text, texts, unknown } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import type { Registry } from './endpoints.js';
import type { Interface } from './interfaces.js';
import type { Managed } from './managed-thing.js';
import { keyedRecords } from './snapshot-records.js';

/**
 * Tasks of ECS that have an interface of their own, and services for their tasks where none of those was seen.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
 */
export function containerTasks(snapshot: Snapshot, interfaces: ReadonlyMap<string, Interface>): Managed[] {
  const stated = recordsIn(snapshot, 'DescribeServices', 'services').map((service) => ({
    ...service,
    group: `${text(field(service.record, 'clusterArn'))} service:${text(field(service.record, 'serviceName'))}`,
  }));
  const services = new Map(stated.map(({ group, record }) => [group, record]));
  const seen = new Set<string>();
  const tasks = recordsIn(snapshot, 'DescribeTasks', 'tasks').flatMap(({ record, answer }) => {
    const group = `${text(field(record, 'clusterArn'))} ${text(field(record, 'group'))}`;
    const task = taskOf(record, answer, interfaces, services.get(group));
    if (task.length > 0) seen.add(group);
    return task;
  });
  const unseen = stated.flatMap(({ group, record, answer }) => (seen.has(group) ? [] : serviceOf(record, answer)));
  return [...tasks, ...unseen];
}

const recordsIn = (snapshot: Snapshot, operation: string, list: string) =>
  [...keyedRecords(snapshot, 'ecs', operation)].flatMap(([, { record: described, answer }]) =>
    objects(field(described, list)).map((record) => ({ record, answer })),
  );

const common = {
  spansAll: false,
  // What a container listens on need not stand in its definition.
  ports: undefined,
  state: 'available',
} as const;

/** @param service that started the task: where the interface of the task was not collected, it says how the task is placed */
function taskOf(
  record: JsonObject,
  { source }: Answer,
  interfaces: ReadonlyMap<string, Interface>,
  service: JsonObject | undefined,
): Managed[] {
  const asset = text(field(record, 'taskArn'));
  if (asset === undefined || text(field(record, 'lastStatus')) === 'STOPPED') return [];
  const details = objects(field(record, 'attachments'))
    .filter((attachment) => text(field(attachment, 'type')) === 'ElasticNetworkInterface')
    .flatMap((attachment) => objects(field(attachment, 'details')));
  const saying = (name: string): string[] =>
    details.flatMap((detail) => (text(field(detail, 'name')) === name ? (text(field(detail, 'value')) ?? []) : []));
  const subnets = saying('subnetId');
  if (subnets.length === 0) return [];
  const marks = saying('networkInterfaceId');
  const registries = service ? [...new Set([service, ...placersOfTask(service, record)])].flatMap(registriesOf) : [];
  const task = {
    ...common,
    asset,
    type: 'ecs:task',
    subnets,
    groups: undefined,
    isPublic: false,
    address: saying('privateIPv4Address')[0],
    marks,
    source,
    registries,
  };
  if (marks.some((id) => interfaces.has(id))) return [task];
  const placing = service && placingOfTask(service, record);
  if (placing) return [{ ...task, groups: placing.groups, isPublic: placing.isPublic }];
  const publicIf = unknown(
    `the public address of ${asset}`,
    `whether it has one is not known: interface ${marks.join(', ')} was not collected`,
  );
  return [{ ...task, publicIf }];
}

/** Where a service, or a task set, registers its tasks. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html */
const registriesOf = (service: JsonObject): readonly Registry[] =>
  objects(field(service, 'serviceRegistries')).flatMap((registry) => {
    const arn = text(field(registry, 'registryArn'));
    const port = number(field(registry, 'port')) ?? number(field(registry, 'containerPort'));
    return arn === undefined ? [] : [{ arn, port }];
  });

/** How a service places its tasks. */
interface Placing extends Pick<Managed, 'groups' | 'isPublic'> {
  readonly subnets: readonly string[];
}

/** What says how tasks are placed: a service, or each of its task sets, where something other than ECS deploys it. */
function placers(service: JsonObject): readonly JsonObject[] {
  const sets = objects(field(service, 'taskSets'));
  return sets.length > 0 ? sets : [service];
}

/** The task set that started a task, where the task says it; else all that the service has. */
function placersOfTask(service: JsonObject, task: JsonObject): readonly JsonObject[] {
  const all = placers(service);
  const own = all.filter((set) => text(field(set, 'id')) === text(field(task, 'startedBy')));
  return own.length > 0 ? own : all;
}

/**
 * How a task of a service is placed: a task says by which task set it was started. Where it does not, and those of the service differ, it is not known.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
function placingOfTask(service: JsonObject, task: JsonObject): Placing | undefined {
  const [first, ...others] = placersOfTask(service, task).map((one) => placingOf(one, service));
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
}

/** The subnets and groups of tasks (where no group is named, that of the VPC), and whether each gets a public address; `undefined` where nothing says. */
function placingOf(placer: JsonObject, service: JsonObject): Placing | undefined {
  const placing =
    at(placer, 'networkConfiguration', 'awsvpcConfiguration') ??
    at(service, 'networkConfiguration', 'awsvpcConfiguration');
  if (placing === undefined) return undefined;
  const groups = texts(field(placing, 'securityGroups'));
  return {
    subnets: texts(field(placing, 'subnets')),
    groups: groups.length > 0 ? groups : undefined,
    isPublic: text(field(placing, 'assignPublicIp')) === 'ENABLED',
  };
}

/** A service at the places of its tasks, none of which was seen; where its task sets differ, in groups or in having public addresses, that is not known. */
function serviceOf(record: JsonObject, { source }: Answer): Managed[] {
  const asset = text(field(record, 'serviceArn'));
  if (asset === undefined || number(field(record, 'desiredCount')) === 0) return [];
  const placings = placers(record)
    .filter((set) => number(field(set, 'computedDesiredCount')) !== 0)
    .flatMap((set) => placingOf(set, record) ?? []);
  const subnets = [...new Set(placings.flatMap((placing) => placing.subnets))];
  const [first, ...others] = placings;
  if (first === undefined || subnets.length === 0) return [];
  const isAlike = (key: 'groups' | 'isPublic'): boolean =>
    others.every((other) => JSON.stringify(other[key]) === JSON.stringify(first[key]));
  const publicIf = unknown(
    `the public address of ${asset}`,
    'some of its task sets have public addresses, others have none',
  );
  return [
    {
      ...common,
      asset,
      type: 'ecs:service',
      subnets,
      groups: isAlike('groups') ? first.groups : undefined,
      isPublic: isAlike('isPublic') && first.isPublic,
      registries: [record, ...objects(field(record, 'taskSets'))].flatMap(registriesOf),
      ...(!isAlike('isPublic') && { publicIf }),
      marks: [],
      source,
    },
  ];
}
