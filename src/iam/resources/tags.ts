import { at, field, type Json, type JsonObject, makeArn, objects, tagMap, text } from '../../model/index.js';
import type { Answer, Snapshot } from '../../snapshot/index.js';

type Tags = ReadonlyMap<string, string>;

/** A list of records that carry their own tags. */
interface TaggedList {
  readonly client: string;
  readonly operation: string;
  records(body: JsonObject): readonly JsonObject[];
  arn(record: JsonObject, place: Answer): string | undefined;
  readonly tags: string;
}

const ec2 = (
  operation: string,
  list: string,
  id: string,
  kind: string,
  hasAccount = true,
  tags = 'Tags',
): TaggedList => ({
  client: 'ec2',
  operation,
  records: (body) => objects(field(body, list)),
  arn: (record, { region, account }) => {
    const name = text(field(record, id));
    return name === undefined ? undefined : makeArn('ec2', region, hasAccount ? account : '', `${kind}/${name}`);
  },
  tags,
});

const byArn = (client: string, operation: string, list: string, arn: string, tags: string): TaggedList => ({
  client,
  operation,
  records: (body) => objects(field(body, list)),
  arn: (record) => text(field(record, arn)),
  tags,
});

const LISTS: readonly TaggedList[] = [
  {
    ...ec2('DescribeInstances', '', 'InstanceId', 'instance'),
    records: (body) =>
      objects(field(body, 'Reservations')).flatMap((reservation) => objects(field(reservation, 'Instances'))),
  },
  ec2('DescribeVolumes', 'Volumes', 'VolumeId', 'volume'),
  ec2('DescribeSnapshots', 'Snapshots', 'SnapshotId', 'snapshot', false),
  ec2('DescribeImages', 'Images', 'ImageId', 'image', false),
  ec2('DescribeSecurityGroups', 'SecurityGroups', 'GroupId', 'security-group'),
  ec2('DescribeSubnets', 'Subnets', 'SubnetId', 'subnet'),
  ec2('DescribeVpcs', 'Vpcs', 'VpcId', 'vpc'),
  ec2('DescribeNetworkInterfaces', 'NetworkInterfaces', 'NetworkInterfaceId', 'network-interface', true, 'TagSet'),
  ec2('DescribeKeyPairs', 'KeyPairs', 'KeyName', 'key-pair'),
  ec2('DescribeLaunchTemplates', 'LaunchTemplates', 'LaunchTemplateId', 'launch-template'),
  byArn('rds', 'DescribeDBInstances', 'DBInstances', 'DBInstanceArn', 'TagList'),
  byArn('rds', 'DescribeDBClusters', 'DBClusters', 'DBClusterArn', 'TagList'),
  byArn('rds', 'DescribeDBSnapshots', 'DBSnapshots', 'DBSnapshotArn', 'TagList'),
  byArn('rds', 'DescribeDBClusterSnapshots', 'DBClusterSnapshots', 'DBClusterSnapshotArn', 'TagList'),
  byArn('secrets-manager', 'ListSecrets', 'SecretList', 'ARN', 'Tags'),
];

/** Answers that are keyed by resource and hold its tags. */
const KEYED: readonly { client: string; operation: string; service: string; prefix: string; tags: string }[] = [
  { client: 'kms', operation: 'ListResourceTags', service: 'kms', prefix: 'key/', tags: 'Tags' },
  { client: 'lambda', operation: 'ListTags', service: 'lambda', prefix: 'function:', tags: 'Tags' },
  { client: 'dynamodb', operation: 'ListTagsOfResource', service: 'dynamodb', prefix: 'table/', tags: 'Tags' },
  { client: 'sqs', operation: 'ListQueueTags', service: 'sqs', prefix: '', tags: 'Tags' },
  { client: 'sns', operation: 'ListTagsForResource', service: 'sns', prefix: '', tags: 'Tags' },
  { client: 'ecr', operation: 'ListTagsForResource', service: 'ecr', prefix: 'repository/', tags: 'tags' },
  { client: 'ssm', operation: 'ListTagsForResource', service: 'ssm', prefix: 'parameter/', tags: 'TagList' },
];

/** Tags of every resource whose answers carry them, by ARN. A resource that is not in the map has unknown tags. */
export function readTags(snapshot: Snapshot): ReadonlyMap<string, Tags> {
  const found = new Map<string, Tags>();
  for (const { client, operation, records, arn, tags } of LISTS) {
    for (const place of snapshot.answers(client, operation)) {
      for (const record of records(place.body)) {
        const id = arn(record, place);
        if (id !== undefined) found.set(id, tagMap(field(record, tags)));
      }
    }
  }
  for (const { client, operation, service, prefix, tags } of KEYED) {
    for (const place of snapshot.answers(client, operation)) {
      for (const [key, answer] of Object.entries(place.body)) {
        // A queue is asked about by its URL.
        const name = key.startsWith('https://') ? key.slice(key.lastIndexOf('/') + 1) : key;
        const id = key.startsWith('arn:') ? key : makeArn(service, place.region, place.account, prefix + name);
        found.set(id, anyTags(field(answer, tags)));
      }
    }
  }
  readEcsTags(snapshot, found);
  return found;
}

/** `[{Key, Value}]` or `{key: value}`. */
function anyTags(value: Json | undefined): Tags {
  if (Array.isArray(value) || value === undefined) return tagMap(value);
  const entries = Object.entries((value ?? {}) as JsonObject);
  return new Map(entries.flatMap(([key, v]) => (typeof v === 'string' ? [[key, v] as const] : [])));
}

/** ECS gives tags where they were asked for, and says nothing of them where they were not. */
function readEcsTags(snapshot: Snapshot, found: Map<string, Tags>): void {
  const add = (record: JsonObject, arn: string, holder: JsonObject = record) => {
    const id = text(field(record, arn));
    if (id !== undefined && field(holder, 'tags') !== undefined) found.set(id, tagMap(field(holder, 'tags')));
  };
  for (const { body } of snapshot.answers('ecs', 'DescribeClusters')) {
    for (const cluster of objects(field(body, 'clusters'))) add(cluster, 'clusterArn');
  }
  for (const operation of ['DescribeServices', 'DescribeTasks', 'DescribeTaskDefinition'] as const) {
    for (const { body } of snapshot.answers('ecs', operation)) {
      for (const answer of [body, ...objects(Object.values(body) as Json[])]) {
        for (const service of objects(field(answer, 'services'))) add(service, 'serviceArn');
        for (const task of objects(field(answer, 'tasks'))) add(task, 'taskArn');
        const definition = at(answer, 'taskDefinition') as JsonObject | undefined;
        if (definition !== undefined) add(definition, 'taskDefinitionArn', answer);
      }
    }
  }
}
