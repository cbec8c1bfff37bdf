import { describe, expect, it } from 'vitest';
import { buildAssets, logicalIdOf } from '../../src/assets/index.js';
import type { JsonObject } from '../../src/model/index.js';
import { memorySnapshot } from '../../src/snapshot/index.js';

const ACCOUNT = '111122223333';
const GROUP = 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*:autoScalingGroupName/web';

const tag = (Key: string, Value: string) => ({ Key, Value });

/** The logical ids of everything in the answers, by bare id. */
function logicalIds(answers: Readonly<Record<string, JsonObject>>): ReadonlyMap<string, string> {
  const { assets } = buildAssets(
    memorySnapshot({
      answers: Object.entries(answers).map(([name, body]) => {
        const [service = '', operation = ''] = name.split('/');
        return { account: ACCOUNT, region: 'us-east-1', service, operation, source: name, body };
      }),
    }),
  );
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  return new Map(
    assets.map((asset) => [asset.id.split(/[:/]/).at(-1) ?? '', logicalIdOf(asset, (id) => byId.get(id))]),
  );
}

const instances = (...list: JsonObject[]) => ({ 'ec2/DescribeInstances': { Reservations: [{ Instances: list }] } });

const member = (id: string) => ({ InstanceId: id, Tags: [tag('aws:autoscaling:groupName', 'web')] });

const nodeOfGroup = (id: string, group: string) => ({
  InstanceId: id,
  Tags: [
    tag('aws:autoscaling:groupName', group),
    tag('eks:nodegroup-name', 'workers'),
    tag('eks:cluster-name', 'prod'),
  ],
});

const volumeAt = (volume: string, instance: string, device: string) => ({
  VolumeId: volume,
  Attachments: [{ InstanceId: instance, Device: device, State: 'attached' }],
});

const taskOf = (id: string, group: string) => ({
  taskArn: `arn:aws:ecs:us-east-1:111122223333:task/c/${id}`,
  clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/c',
  group,
});

const dbSnapshot = (id: string, type: string) => ({
  DBSnapshotIdentifier: id,
  DBInstanceIdentifier: 'orders',
  SnapshotType: type,
});

describe('logicalIdOf', () => {
  it('counts an instance of an Auto Scaling group as the group, and its twin as the same', () => {
    const ids = logicalIds(instances(member('i-1'), member('i-2'), { InstanceId: 'i-3' }));
    expect(ids.get('i-1')).toBe(GROUP);
    expect(ids.get('i-2')).toBe(GROUP);
    expect(ids.get('i-3')).toBe('arn:aws:ec2:us-east-1:111122223333:instance/i-3');
  });

  it('counts a node of a managed node group as the node group', () => {
    const ids = logicalIds(instances(nodeOfGroup('i-1', 'eks-workers-0a1b'), nodeOfGroup('i-2', 'eks-workers-9f8e')));
    expect(ids.get('i-1')).toBe('arn:aws:eks:us-east-1:111122223333:nodegroup/prod/workers/*');
    expect(ids.get('i-2')).toBe(ids.get('i-1'));
  });

  it('does not believe tags that anybody can write', () => {
    const forged = { InstanceId: 'i-1', Tags: [tag('eks:nodegroup-name', 'workers'), tag('eks:cluster-name', 'prod')] };
    const moved = {
      InstanceId: 'i-2',
      Tags: [
        tag('aws:autoscaling:groupName', 'web'),
        tag('eks:nodegroup-name', 'workers'),
        tag('eks:cluster-name', 'prod'),
      ],
    };
    const ids = logicalIds(instances(forged, moved));
    expect(ids.get('i-1')).toMatch(/instance\/i-1$/);
    expect(ids.get('i-2')).toBe(GROUP);
  });

  it("counts a member's volume and interface as the group's, told apart by device", () => {
    const ids = logicalIds({
      ...instances(member('i-1'), member('i-2'), { InstanceId: 'i-3' }),
      'ec2/DescribeVolumes': {
        Volumes: [
          volumeAt('vol-1', 'i-1', '/dev/xvda'),
          volumeAt('vol-2', 'i-2', '/dev/xvda'),
          volumeAt('vol-3', 'i-1', '/dev/sdf'),
          volumeAt('vol-4', 'i-3', '/dev/xvda'),
        ],
      },
      'ec2/DescribeNetworkInterfaces': {
        NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Attachment: { InstanceId: 'i-2', DeviceIndex: 0 } }],
      },
    });
    expect(ids.get('vol-1')).toBe(`${GROUP}#volume:/dev/xvda`);
    expect(ids.get('vol-2')).toBe(ids.get('vol-1'));
    expect(ids.get('vol-3')).toBe(`${GROUP}#volume:/dev/sdf`);
    expect(ids.get('vol-4')).toMatch(/volume\/vol-4$/);
    expect(ids.get('eni-1')).toBe(`${GROUP}#interface:0`);
  });

  it('counts a task of a service as the service, and a lone task as itself', () => {
    const ids = logicalIds({
      'ecs/DescribeTasks': { c: { tasks: [taskOf('a1', 'service:api'), taskOf('b2', 'family:job')] } },
    });
    expect(ids.get('a1')).toBe('arn:aws:ecs:us-east-1:111122223333:service/c/api');
    expect(ids.get('b2')).toMatch(/task\/c\/b2$/);
  });

  it("counts RDS's automated snapshots as one a database, and manual ones each as itself", () => {
    const ids = logicalIds({
      'rds/DescribeDBSnapshots': {
        DBSnapshots: [
          dbSnapshot('monday', 'automated'),
          dbSnapshot('tuesday', 'automated'),
          dbSnapshot('release', 'manual'),
        ],
      },
    });
    expect(ids.get('monday')).toBe('arn:aws:rds:us-east-1:111122223333:db:orders#automated-snapshot');
    expect(ids.get('tuesday')).toBe(ids.get('monday'));
    expect(ids.get('release')).toMatch(/snapshot:release$/);
  });
});
