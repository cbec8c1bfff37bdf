import { at, field, type JsonObject, number, objects, text, texts } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import type { Managed } from './managed-thing.js';
import { keyedRecords } from './snapshot-records.js';

/**
 * Tasks of ECS that have an interface of their own, and services for their tasks where none of those was seen.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
 */
export function containerTasks(snapshot: Snapshot): Managed[] {
  const seen = new Set<string>();
  const tasks = recordsIn(snapshot, 'DescribeTasks', 'tasks').flatMap(({ record, answer }) => {
    const task = taskOf(record, answer);
    if (task.length > 0) seen.add(`${text(field(record, 'clusterArn'))} ${text(field(record, 'group'))}`);
    return task;
  });
  const services = recordsIn(snapshot, 'DescribeServices', 'services').flatMap(({ record, answer }) => {
    const group = `service:${text(field(record, 'serviceName'))}`;
    return seen.has(`${text(field(record, 'clusterArn'))} ${group}`) ? [] : serviceOf(record, answer);
  });
  return [...tasks, ...services];
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

function taskOf(record: JsonObject, { source }: Answer): Managed[] {
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
  return [{ ...common, asset, type: 'ecs:task', subnets, groups: undefined, isPublic: false, marks, source }];
}

function serviceOf(record: JsonObject, { source }: Answer): Managed[] {
  const asset = text(field(record, 'serviceArn'));
  const placing = at(record, 'networkConfiguration', 'awsvpcConfiguration');
  const subnets = texts(field(placing, 'subnets'));
  if (asset === undefined || subnets.length === 0 || number(field(record, 'desiredCount')) === 0) return [];
  return [
    {
      ...common,
      asset,
      type: 'ecs:service',
      subnets,
      groups: texts(field(placing, 'securityGroups')),
      isPublic: text(field(placing, 'assignPublicIp')) === 'ENABLED',
      marks: [],
      source,
    },
  ];
}
