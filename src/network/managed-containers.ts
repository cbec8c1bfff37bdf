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
  const registries = registriesOf(service);
  const task = {
    ...common,
    asset,
    type: 'ecs:task',
    subnets,
    groups: undefined,
    isPublic: false,
    marks,
    source,
    registries,
  };
  if (marks.some((id) => interfaces.has(id))) return [task];
  const placing = service && placingOf(service);
  if (placing) return [{ ...task, ...placing }];
  const publicIf = unknown(
    `the public address of ${asset}`,
    `whether it has one is not known: interface ${marks.join(', ')} was not collected`,
  );
  return [{ ...task, publicIf }];
}

/** Where a service registers its tasks. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html */
const registriesOf = (service: JsonObject | undefined): readonly Registry[] =>
  objects(service && field(service, 'serviceRegistries')).flatMap((registry) => {
    const arn = text(field(registry, 'registryArn'));
    const port = number(field(registry, 'port')) ?? number(field(registry, 'containerPort'));
    return arn === undefined ? [] : [{ arn, port }];
  });

/** The groups of a service’s tasks (where none is named, that of the VPC), and whether each gets a public address; `undefined` where it does not say. */
function placingOf(service: JsonObject): Pick<Managed, 'groups' | 'isPublic'> | undefined {
  const placing = at(service, 'networkConfiguration', 'awsvpcConfiguration');
  if (placing === undefined) return undefined;
  const groups = texts(field(placing, 'securityGroups'));
  return {
    groups: groups.length > 0 ? groups : undefined,
    isPublic: text(field(placing, 'assignPublicIp')) === 'ENABLED',
  };
}

function serviceOf(record: JsonObject, { source }: Answer): Managed[] {
  const asset = text(field(record, 'serviceArn'));
  const placing = placingOf(record);
  const subnets = texts(at(record, 'networkConfiguration', 'awsvpcConfiguration', 'subnets'));
  if (asset === undefined || !placing || subnets.length === 0 || number(field(record, 'desiredCount')) === 0) return [];
  return [
    {
      ...common,
      asset,
      type: 'ecs:service',
      subnets,
      ...placing,
      registries: registriesOf(record),
      marks: [],
      source,
    },
  ];
}
