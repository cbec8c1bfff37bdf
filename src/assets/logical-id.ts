import { type Asset, field, makeArn, number, objects, text } from '../model/index.js';

/**
 * What an asset counts as from one day to the next: an instance of an Auto Scaling group is its group, a Kubernetes node its node group, a
 * task its service, a volume of such an instance the group's volume at that device. Everything else is itself.
 *
 * Only what AWS alone can write decides (tags that begin with `aws:`, a task's group): otherwise a tag could hide a new path
 * under an accepted one.
 * @param find looks an asset up by id, as `AssetGraph.asset` does
 */
export function logicalIdOf(asset: Asset, find: (id: string) => Asset | undefined): string {
  switch (asset.type) {
    case 'ec2:instance':
      return groupOfInstance(asset) ?? asset.id;
    case 'ec2:volume':
      return partOfGroup(asset, objects(field(asset.record, 'Attachments')), 'volume', 'Device', find) ?? asset.id;
    case 'ec2:network-interface': {
      const attachment = field(asset.record, 'Attachment');
      return partOfGroup(asset, objects([attachment ?? null]), 'interface', 'DeviceIndex', find) ?? asset.id;
    }
    case 'ecs:task':
      return serviceOfTask(asset) ?? asset.id;
    case 'rds:db-snapshot':
    case 'rds:db-cluster-snapshot':
      return automatedSnapshot(asset) ?? asset.id;
    default:
      return asset.id;
  }
}

/**
 * The group's ARN holds a random part that changes when the group is made anew, so a `*` stands for it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
 */
function groupOfInstance(instance: Asset): string | undefined {
  const group = instance.tags.get('aws:autoscaling:groupName');
  if (group === undefined || group === '') return undefined;
  const { account, region } = instance;
  const nodeGroup = instance.tags.get('eks:nodegroup-name') ?? '';
  const cluster = instance.tags.get('eks:cluster-name') ?? '';
  // EKS names the group of a managed node group after it; the tags alone could be written by anybody.
  // @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
  if (nodeGroup !== '' && cluster !== '' && group.startsWith(`eks-${nodeGroup}-`)) {
    return makeArn('eks', region, account, `nodegroup/${cluster}/${nodeGroup}/*`);
  }
  return makeArn('autoscaling', region, account, `autoScalingGroup:*:autoScalingGroupName/${group}`);
}

function partOfGroup(
  part: Asset,
  attachments: ReturnType<typeof objects>,
  kind: string,
  place: string,
  find: (id: string) => Asset | undefined,
): string | undefined {
  for (const attachment of attachments) {
    const instance = text(field(attachment, 'InstanceId'));
    const owner =
      instance === undefined ? undefined : find(makeArn('ec2', part.region, part.account, `instance/${instance}`));
    const group = owner && groupOfInstance(owner);
    const slot = field(attachment, place);
    if (group !== undefined) return `${group}#${kind}:${text(slot) ?? number(slot) ?? ''}`;
  }
  return undefined;
}

function serviceOfTask(task: Asset): string | undefined {
  const group = text(field(task.record, 'group')) ?? '';
  const cluster = text(field(task.record, 'clusterArn'))?.split('/').at(-1);
  if (!group.startsWith('service:') || cluster === undefined) return undefined;
  return makeArn('ecs', task.region, task.account, `service/${cluster}/${group.slice('service:'.length)}`);
}

/** RDS replaces its automated snapshots every day; the next day's is the same thing. */
function automatedSnapshot(snapshot: Asset): string | undefined {
  if (text(field(snapshot.record, 'SnapshotType')) !== 'automated') return undefined;
  const { record, region, account } = snapshot;
  const cluster = text(field(record, 'DBClusterIdentifier'));
  const database = text(field(record, 'DBInstanceIdentifier'));
  if (cluster !== undefined) return `${makeArn('rds', region, account, `cluster:${cluster}`)}#automated-snapshot`;
  return database === undefined ? undefined : `${makeArn('rds', region, account, `db:${database}`)}#automated-snapshot`;
}
