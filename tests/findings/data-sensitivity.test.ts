import { describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import { applySensitivity, type SensitivityRule } from '../../src/findings/index.js';
import type { JsonObject } from '../../src/model/index.js';
import { arn, miniature, tagList } from '../techniques/miniature.js';

type Tags = Readonly<Record<string, string>>;

interface World {
  readonly volumes?: Readonly<Record<string, { readonly from?: string; readonly tags?: Tags }>>;
  readonly snapshots?: Readonly<
    Record<string, { readonly of?: string; readonly tags?: Tags; readonly description?: string }>
  >;
  readonly images?: Readonly<Record<string, { readonly of: readonly string[]; readonly tags?: Tags }>>;
  readonly databases?: Readonly<Record<string, Tags>>;
  readonly databaseSnapshots?: Readonly<Record<string, { readonly of: string; readonly tags?: Tags }>>;
  readonly buckets?: Readonly<Record<string, Tags>>;
  readonly findings?: readonly JsonObject[];
}

/** One open host whose role may do everything with disks, databases and buckets. */
function analyze({ volumes, snapshots, images, databases, databaseSnapshots, buckets, findings }: World) {
  const entries = <T>(of: Readonly<Record<string, T>> | undefined) => Object.entries(of ?? {});
  const answers: Record<string, JsonObject> = {
    'ec2/DescribeVolumes': {
      Volumes: entries(volumes).map(([VolumeId, { from, tags }]) => ({
        VolumeId,
        AvailabilityZone: 'us-east-1a',
        State: 'available',
        Encrypted: false,
        ...(from !== undefined && { SnapshotId: from }),
        Tags: tagList(tags),
      })),
    },
    'ec2/DescribeSnapshots': {
      Snapshots: entries(snapshots).map(([SnapshotId, { of, tags, description }]) => ({
        SnapshotId,
        ...(description !== undefined && { Description: description }),
        OwnerId: '111122223333',
        VolumeId: of ?? 'vol-ffffffff',
        State: 'completed',
        Encrypted: false,
        Tags: tagList(tags),
      })),
    },
    'ec2/DescribeImages': {
      Images: entries(images).map(([ImageId, { of, tags }]) => ({
        ImageId,
        OwnerId: '111122223333',
        BlockDeviceMappings: of.map((SnapshotId) => ({ Ebs: { SnapshotId } })),
        Tags: tagList(tags),
      })),
    },
    'rds/DescribeDBInstances': {
      DBInstances: entries(databases).map(([name, tags]) => ({
        DBInstanceIdentifier: name,
        DBInstanceArn: arn('rds', `db:${name}`),
        Engine: 'postgres',
        DBInstanceStatus: 'available',
        TagList: tagList(tags),
      })),
    },
    'rds/DescribeDBSnapshots': {
      DBSnapshots: entries(databaseSnapshots).map(([name, { of, tags }]) => ({
        DBSnapshotIdentifier: name,
        DBSnapshotArn: arn('rds', `snapshot:${name}`),
        DBInstanceIdentifier: of,
        SnapshotType: 'manual',
        Status: 'available',
        TagList: tagList(tags),
      })),
    },
    'global/s3/ListBuckets': { Buckets: entries(buckets).map(([Name]) => ({ Name })) },
    's3/GetBucketLocation': Object.fromEntries(entries(buckets).map(([name]) => [name, {}])),
    's3/GetBucketTagging': Object.fromEntries(
      entries(buckets).map(([name, tags]) => [name, { TagSet: tagList(tags) }]),
    ),
    ...(findings && { 'macie2/GetFindings': { findings } }),
  };
  return openAnalysis(
    miniature({
      roles: {
        web: {
          trust: 'ec2.amazonaws.com',
          profile: true,
          says: ['s3:GetObject', 'ec2:ModifySnapshotAttribute', 'ec2:CreateSnapshot', 'rds:ModifyDBSnapshotAttribute'],
        },
      },
      instances: { 'i-web': { role: 'web', open: true } },
      answers,
    }),
    { toolVersion: '0.0.0' },
  );
}

const volume = (id: string) => arn('ec2', `volume/${id}`);
const snapshot = (id: string) => `arn:aws:ec2:us-east-1::snapshot/${id}`;
const image = (id: string) => `arn:aws:ec2:us-east-1::image/${id}`;
const bucket = (name: string) => `arn:aws:s3:::${name}`;
const RESTRICTED = { DataClassification: 'restricted' };
const PUBLIC = { DataClassification: 'public' };

const finding = (name: string, more: JsonObject = {}): JsonObject => ({
  type: 'SensitiveData:S3Object/Credentials',
  category: 'CLASSIFICATION',
  archived: false,
  sample: false,
  resourcesAffected: { s3Bucket: { arn: bucket(name), name } },
  ...more,
});

describe('what a store says of itself', () => {
  it('is its tag, then what Macie found, then its name', () => {
    const { data } = analyze({
      buckets: {
        a: RESTRICTED,
        b: {},
        'customers-c': {},
        d: {},
        'customers-e': PUBLIC,
        f: { DataClassification: 'tbd' },
      },
      findings: [finding('a'), finding('b')],
    });
    expect(data.of(bucket('a'))).toEqual({
      level: 'sensitive',
      basis: 'tag',
      reason: 'its tag DataClassification=restricted says that it is sensitive',
    });
    expect(data.of(bucket('b'))).toEqual({
      level: 'sensitive',
      basis: 'macie',
      reason: 'Amazon Macie found credentials (SensitiveData:S3Object/Credentials) in it',
    });
    expect(data.of(bucket('customers-c'))).toEqual({
      level: 'sensitive',
      basis: 'name',
      reason: 'its name says customers',
    });
    expect(data.of(bucket('d'))).toBeUndefined();
    expect(data.of(bucket('customers-e')), 'a name never beats a tag').toMatchObject({
      level: 'harmless',
      basis: 'tag',
    });
    expect(data.of(bucket('f')), 'an unknown value says nothing').toBeUndefined();
  });

  it('is what was found in it where a tag says the contrary', () => {
    const { data } = analyze({ buckets: { a: PUBLIC }, findings: [finding('a')] });
    expect(data.of(bucket('a'))).toEqual({
      level: 'sensitive',
      basis: 'macie',
      reason:
        'Amazon Macie found credentials (SensitiveData:S3Object/Credentials) in it, though its tag DataClassification=public says that it is not sensitive',
    });
  });

  it.each([
    ['a sample', { sample: true }],
    ['an archived finding', { archived: true }],
    ['a finding about the settings of the bucket', { type: 'Policy:IAMUser/S3BucketPublic' }],
  ])('is not %s', (_, more) => {
    expect(analyze({ buckets: { a: {} }, findings: [finding('a', more)] }).data.of(bucket('a'))).toBeUndefined();
  });
});

describe('what holds a copy', () => {
  it('is as sensitive as what was copied, over any number of copies', () => {
    const { data } = analyze({
      volumes: { 'vol-1': { tags: RESTRICTED }, 'vol-2': { from: 'snap-1' } },
      snapshots: { 'snap-1': { of: 'vol-1' } },
      images: { 'ami-1': { of: ['snap-1'] } },
      databases: { orders: RESTRICTED },
      databaseSnapshots: { 'orders-old': { of: 'orders' } },
    });
    expect(data.of(snapshot('snap-1'))?.reason).toBe(
      'it is a backup of vol-1, whose tag DataClassification=restricted says that it is sensitive',
    );
    expect(data.of(volume('vol-2'))?.reason).toBe(
      'it is made from snap-1, which goes back to vol-1, whose tag DataClassification=restricted says that it is sensitive',
    );
    expect(data.of(image('ami-1'))).toMatchObject({ level: 'sensitive', basis: 'tag' });
    expect(data.of(arn('rds', 'snapshot:orders-old'))?.reason).toBe(
      'it is a backup of orders, whose tag DataClassification=restricted says that it is sensitive',
    );
  });

  it('is harmless as what was copied, whatever its name', () => {
    const { data } = analyze({
      databases: { demo: PUBLIC },
      databaseSnapshots: { 'customers-demo': { of: 'demo' } },
    });
    expect(data.of(arn('rds', 'snapshot:customers-demo'))).toMatchObject({ level: 'harmless', basis: 'tag' });
  });

  it('says itself what it holds where it was made harmless, and so do its own copies', () => {
    const { data } = analyze({
      volumes: { 'vol-1': { tags: RESTRICTED }, 'vol-2': { from: 'snap-1' } },
      snapshots: { 'snap-1': { of: 'vol-1', tags: PUBLIC } },
    });
    expect(data.of(snapshot('snap-1'))?.level).toBe('harmless');
    expect(data.of(volume('vol-2'))?.level).toBe('harmless');
    expect(data.originsOf(volume('vol-2'))).toEqual([snapshot('snap-1')]);
  });

  it('of several things is harmless only where all of them are, and sensitive where one is', () => {
    const { data } = analyze({
      snapshots: {
        'snap-1': { tags: PUBLIC },
        'snap-2': { tags: PUBLIC },
        'snap-3': {},
        'snap-4': { tags: RESTRICTED },
      },
      images: {
        'ami-1': { of: ['snap-1', 'snap-2'] },
        'ami-2': { of: ['snap-1', 'snap-3'] },
        'ami-3': { of: ['snap-1', 'snap-4'] },
      },
    });
    expect(data.of(image('ami-1'))?.level).toBe('harmless');
    expect(data.of(image('ami-2'))).toBeUndefined();
    expect(data.of(image('ami-3'))?.level).toBe('sensitive');
  });

  it('does not tell what the original holds', () => {
    const { data } = analyze({
      volumes: { 'vol-1': {} },
      snapshots: { 'snap-1': { of: 'vol-1', tags: RESTRICTED } },
    });
    expect(data.of(volume('vol-1'))).toBeUndefined();
  });

  it('is rated also where answers go round in a circle', () => {
    const { data } = analyze({
      volumes: { 'vol-1': { from: 'snap-1' } },
      snapshots: { 'snap-1': { of: 'vol-1' } },
    });
    expect(data.of(volume('vol-1'))).toBeUndefined();
    expect(data.originsOf(volume('vol-1'))).toEqual([snapshot('snap-1')]);
  });
});

describe('severity', () => {
  const pathTo = (world: World, target: string) => {
    const path = analyze(world)
      .report()
      .paths.find((p) => p.target.members.includes(target));
    if (!path) throw new Error(`no path to ${target}`);
    return path;
  };
  const bare = pathTo({ buckets: { a: {} } }, bucket('a'));

  it.each([
    [10, { buckets: { a: RESTRICTED } }],
    [10, { buckets: { a: {} }, findings: [finding('a')] }],
    [-30, { buckets: { a: PUBLIC } }],
    [0, { buckets: { a: { DataClassification: 'tbd' } } }],
    [0, { buckets: { a: {}, customers: RESTRICTED }, findings: [finding('customers')] }],
  ])('changes by %d, in words, and the path stays the same', (points, world: World) => {
    const path = pathTo(world, bucket('a'));
    expect(path.score - bare.score).toBe(points);
    expect(path.id).toBe(bare.id);
    expect(path.factors.length - bare.factors.length).toBe(points === 0 ? 0 : 1);
  });

  it('changes by 5 for a name', () => {
    const named = pathTo({ buckets: { 'a-customers': {} } }, bucket('a-customers'));
    expect(named.score - bare.score).toBe(5);
    expect(named.factors).toContain('+5: its name says customers');
  });

  it('of disks that are one target is that of the worst named, and a renamed disk opens no new path', () => {
    const disks = (name: string): World => ({
      snapshots: { 'snap-1': { tags: { Name: 'logs' } }, 'snap-2': { tags: { Name: name } } },
    });
    const before = pathTo(disks('data'), snapshot('snap-1'));
    const after = pathTo(disks('payroll'), snapshot('snap-1'));
    expect(after.id).toBe(before.id);
    expect(after.target.members).toEqual([snapshot('snap-1'), snapshot('snap-2')]);
    expect(after.factors).toContain('+5: of one of them (payroll): its name says payroll');
    expect(after.score - before.score).toBe(5);
  });
});

describe('the configuration', () => {
  const world: World = {
    databases: { orders: {} },
    databaseSnapshots: { nightly: { of: 'orders' }, scrubbed: { of: 'orders', tags: PUBLIC } },
  };
  const rated = (rules: readonly SensitivityRule[]) => {
    const analysis = analyze(world);
    const report = applySensitivity(analysis.report(), rules, {
      find: (id) => analysis.graph.asset(id),
      data: analysis.data,
    });
    return new Map(report.paths.map((path) => [path.target.name, path]));
  };

  it('rates backups as what they are backups of, but for those that say themselves what they hold', () => {
    const before = rated([]);
    const after = rated([{ target: { name: 'orders' }, severity: 'low' }]);
    expect(before.get('nightly')?.severity).toBe('high');
    expect(after.get('nightly')?.severity).toBe('low');
    expect(after.get('nightly')?.factors.at(-1)).toBe(
      'the configuration rates orders, whose data it leads to, low: lowered from high',
    );
    expect(after.get('scrubbed')).toEqual(before.get('scrubbed'));
  });

  it('is asked about the backup itself first', () => {
    const after = rated([
      { target: { name: 'orders' }, severity: 'low' },
      { target: { name: 'nightly' }, severity: 'critical' },
    ]);
    expect(after.get('nightly')?.severity).toBe('critical');
  });

  it('does not make a path to many things milder because one of them is', () => {
    const analysis = analyze({ snapshots: { 'snap-1': {}, 'snap-2': {} } });
    const rate = (id: string, severity: 'low' | 'critical') =>
      applySensitivity(analysis.report(), [{ target: { id }, severity }], {
        find: (asset) => analysis.graph.asset(asset),
        data: analysis.data,
      }).paths.map((path) => path.severity);
    expect(rate('*', 'low')).toEqual(['low']);
    expect(rate(snapshot('snap-2'), 'low')).toEqual(['high']);
    expect(rate(snapshot('snap-2'), 'critical')).toEqual(['critical']);
  });
});

describe('a snapshot that was copied', () => {
  const SOURCE = 'snap-0a1b2c3d4e5f60718';
  const copied = (description?: string) =>
    analyze({
      volumes: { 'vol-1': { tags: RESTRICTED } },
      snapshots: { [SOURCE]: { of: 'vol-1' }, 'snap-copy': description === undefined ? {} : { description } },
    }).data.of(snapshot('snap-copy'));

  it('holds what the one that its description names holds', () => {
    expect(copied(`[Copied ${SOURCE} from us-east-1]`)).toMatchObject({ level: 'sensitive', basis: 'tag' });
  });

  it('holds nothing that is known, where the description names none', () => {
    expect(copied('monthly')?.level).not.toBe('sensitive');
    expect(copied()?.level).not.toBe('sensitive');
  });
});
