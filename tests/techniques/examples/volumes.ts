import type { JsonObject } from '../../../src/model/index.js';
import { arn, keyArn, type Miniature, type MiniatureKey, type MiniatureVolume, type Says } from '../miniature.js';
import {
  ANN,
  annMay,
  type Example,
  type ExampleFamily,
  fromOffice,
  type TechniqueExamples,
  withMfa,
} from './example.js';

const VOLUME = arn('ec2', 'volume/vol-1');
const SNAPSHOT = 'arn:aws:ec2:us-east-1::snapshot/snap-1';
const NEW_SNAPSHOTS = 'arn:aws:ec2:us-east-1::snapshot/*';
const NEW_VOLUMES = arn('ec2', 'volume/*');
const AWS_KEY = arn('kms', 'alias/aws/ebs');
const KEY = keyArn('k-1');
const HOST = arn('ec2', 'instance/i-own');

type Disk = 'volume' | 'snapshot';

const snapshotRecord = (key: string | undefined): JsonObject => ({
  SnapshotId: 'snap-1',
  OwnerId: '111122223333',
  Encrypted: key !== undefined,
  ...(key !== undefined && { KmsKeyId: key }),
});

/** A volume or a snapshot under some key, and whether its own key is known. */
function disk(on: Disk, key?: string, keys?: Readonly<Record<string, MiniatureKey>>): Miniature {
  const volume: MiniatureVolume = key === undefined ? {} : { key };
  return {
    ...(on === 'volume'
      ? { volumes: { 'vol-1': volume } }
      : { answers: { 'ec2/DescribeSnapshots': { Snapshots: [snapshotRecord(key)] } } }),
    ...(keys && { keys }),
  };
}

const idOf = (on: Disk): string => (on === 'volume' ? VOLUME : SNAPSHOT);

const forServices: Says = {
  Effect: 'Allow',
  Action: 'kms:CreateGrant',
  Resource: KEY,
  Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
};

const SHARE = 'ec2:ModifySnapshotAttribute';

const withBackupAccount: Says = {
  Effect: 'Allow',
  Action: SHARE,
  Resource: '*',
  Condition: { StringEquals: { 'ec2:Add/userId': '444455556666' } },
};

/** Sharing with another account: what is under the AWS-managed key cannot be, what is under another only with its key. */
function sharing(on: Disk, says: readonly string[]): TechniqueExamples {
  return {
    from: ANN,
    reaches: idOf(on),
    access: 'read',
    works: { why: `The ${on} is not encrypted, and Ann may share snapshots of it.`, world: annMay(says, disk(on)) },
    fails: {
      why: `The ${on} is encrypted with the AWS-managed key, under which no snapshot can be shared.`,
      world: annMay(says, disk(on, AWS_KEY)),
    },
    alsoFails: [
      {
        why: `The ${on} is encrypted with a customer-managed key, which Ann may not open to anybody.`,
        world: annMay(says, disk(on, KEY, { 'k-1': {} })),
      },
      {
        why: `The ${on} is encrypted with a customer-managed key, on which services may make grants for Ann, and she none herself.`,
        world: annMay([...says, forServices], disk(on, KEY, { 'k-1': {} })),
      },
      {
        why: 'Ann may share snapshots with one named account alone.',
        world: annMay([...says.filter((call) => !call.startsWith(SHARE)), withBackupAccount], disk(on)),
      },
    ],
    unknown: {
      why: `The ${on} is encrypted with a key that was not collected.`,
      world: annMay(says, disk(on, KEY)),
      because: 'key policy',
    },
  };
}

/** Copying to another key first: the copy may be shared where its origin may not. */
function reencrypting(on: Disk, before: readonly string[]): TechniqueExamples {
  const says = [...before, 'ec2:CopySnapshot', SHARE];
  return {
    from: ANN,
    reaches: idOf(on),
    access: 'read',
    works: {
      why: `The ${on} is under the AWS-managed key, and Ann may copy a snapshot to another key and share that; she has to have such a key.`,
      world: annMay(says, disk(on, AWS_KEY)),
      depends: 'a key that another account can use too',
    },
    fails: { why: 'Ann may copy no snapshot.', world: annMay([...before, SHARE], disk(on, AWS_KEY)) },
    alsoFails: [
      {
        why: `The ${on} is under a customer-managed key that Ann may not use.`,
        world: annMay(says, disk(on, KEY, { 'k-1': {} })),
      },
    ],
    unknown: {
      why: 'Ann may copy snapshots with MFA alone.',
      world: annMay([...before, withMfa('ec2:CopySnapshot'), SHARE], disk(on, AWS_KEY)),
      because: 'aws:MultiFactorAuthPresent',
    },
  };
}

/** Reading under a customer-managed key: its policy decides. */
function reading(on: Disk, says: readonly string[], withKey: string): TechniqueExamples {
  const world = (more: readonly string[], keys?: Readonly<Record<string, MiniatureKey>>) =>
    annMay([...says, ...more], disk(on, KEY, keys));
  return {
    from: ANN,
    reaches: idOf(on),
    access: 'read',
    works: {
      why: `Ann may read the blocks of snapshots, and decrypt with the key of the ${on}.`,
      world: world([`${withKey} on ${KEY}`], { 'k-1': {} }),
    },
    fails: { why: 'Ann may not decrypt with the key.', world: world([], { 'k-1': {} }) },
    unknown: {
      why: 'The key was not collected.',
      world: world([`${withKey} on ${KEY}`]),
      because: 'key policy',
    },
  };
}

/** The intruder's host with a role, in some zone. */
const onHost = (says: readonly Says[], more: Miniature, zone?: string): Miniature => ({
  ...more,
  roles: { own: { profile: true, says } },
  instances: { 'i-own': { role: 'own', ...(zone !== undefined && { zone }) }, ...more.instances },
});

/** Attaching to the intruder's host. */
const attaching = (
  on: Disk,
  works: Example,
  fails: Example,
  unknown: TechniqueExamples['unknown'],
): TechniqueExamples => ({ from: HOST, reaches: idOf(on), access: 'read', works, fails, unknown });

const COPY = ['ec2:CreateVolume', 'ec2:AttachVolume'];
const USE_KEY = ['kms:Decrypt', 'kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext'].map(
  (call) => `${call} on ${KEY}`,
);
const KNOWN = { 'k-1': {} };

const copies = (on: Disk, says: readonly string[]): TechniqueExamples =>
  attaching(
    on,
    {
      why: `The role of the host may make a volume of a snapshot under the key of the ${on}, and attach it.`,
      world: onHost([...says, ...USE_KEY], disk(on, KEY, KNOWN)),
    },
    {
      why: 'The role may not make grants on the key, which attaching takes.',
      world: onHost([...says, ...USE_KEY.filter((call) => !call.startsWith('kms:CreateGrant'))], disk(on, KEY, KNOWN)),
    },
    {
      why: 'The key was not collected.',
      world: onHost([...says, ...USE_KEY], disk(on, KEY)),
      because: 'key policy',
    },
  );

/** A data volume of another instance. */
const OF_OTHER: Miniature = {
  instances: { 'i-other': {} },
  volumes: { 'vol-1': { on: 'i-other', device: '/dev/sdf' } },
};
const rootOfOther = (key?: string): Miniature => ({
  instances: { 'i-other': {} },
  volumes: { 'vol-1': { on: 'i-other', ...(key !== undefined && { key }) } },
});
const FREE: Miniature = { volumes: { 'vol-1': {} } };
const OTHER_ZONE = 'us-east-1b';
const elsewhere = 'The host is in another availability zone: a volume does not leave its own.';

const imaging = (says: readonly string[], gated: readonly Says[]): TechniqueExamples => ({
  from: ANN,
  reaches: VOLUME,
  access: 'read',
  works: {
    why: 'Ann may make images, and an instance has a volume that is not encrypted.',
    world: annMay(says, rootOfOther()),
  },
  fails: {
    why: 'The volume is encrypted with a customer-managed key, whose use Ann is not allowed.',
    world: annMay(says, { ...rootOfOther(KEY), keys: KNOWN }),
  },
  unknown: {
    why: 'Ann may make images with MFA alone.',
    world: annMay(gated, rootOfOther()),
    because: 'aws:MultiFactorAuthPresent',
  },
});

/** Disks: snapshots that are shared and read, volumes that are copied, moved and imaged. */
export const VOLUME_EXAMPLES: ExampleFamily = {
  'ebs-snapshot-share': sharing('volume', [
    `ec2:CreateSnapshot on ${VOLUME}`,
    `ec2:CreateSnapshot on ${NEW_SNAPSHOTS}`,
    `ec2:ModifySnapshotAttribute on ${NEW_SNAPSHOTS}`,
  ]),
  'ebs-share-existing-snapshot': sharing('snapshot', [`ec2:ModifySnapshotAttribute on ${SNAPSHOT}`]),
  'ebs-snapshot-blocks': reading(
    'volume',
    ['ec2:CreateSnapshot', 'ebs:ListSnapshotBlocks', 'ebs:GetSnapshotBlock'],
    'kms:Decrypt',
  ),
  'ebs-read-blocks': reading(
    'snapshot',
    [`ebs:ListSnapshotBlocks on ${SNAPSHOT}`, `ebs:GetSnapshotBlock on ${SNAPSHOT}`],
    'kms:Decrypt',
  ),
  'ebs-snapshot-attach': copies('volume', ['ec2:CreateSnapshot', ...COPY]),
  'ebs-attach-snapshot-copy': copies('snapshot', COPY),
  'ebs-copy-volume': attaching(
    'volume',
    {
      why: 'The role of the host may copy volumes and attach the copy.',
      world: onHost(['ec2:CopyVolumes', 'ec2:AttachVolume'], rootOfOther()),
    },
    { why: elsewhere, world: onHost(['ec2:CopyVolumes', 'ec2:AttachVolume'], rootOfOther(), OTHER_ZONE) },
    {
      why: 'The volume is encrypted with a key that was not collected.',
      world: onHost(['ec2:CopyVolumes', 'ec2:AttachVolume'], rootOfOther(KEY)),
      because: 'key policy',
    },
  ),
  'ebs-attach-free-volume': attaching(
    'volume',
    {
      why: 'The volume is attached to nothing, and the role of the host may attach it.',
      world: onHost(['ec2:AttachVolume'], FREE),
    },
    { why: elsewhere, world: onHost(['ec2:AttachVolume'], FREE, OTHER_ZONE) },
    {
      why: 'The volume is encrypted with a key that was not collected.',
      world: onHost(['ec2:AttachVolume'], { volumes: { 'vol-1': { key: KEY } } }),
      because: 'key policy',
    },
  ),
  'ebs-move-volume': {
    ...attaching(
      'volume',
      {
        why: 'The role of the host may take a data volume off another instance and attach it.',
        world: onHost(
          ['ec2:DetachVolume', `ec2:AttachVolume on ${NEW_VOLUMES}`, `ec2:AttachVolume on ${HOST}`],
          OF_OTHER,
        ),
      },
      {
        why: 'The instance starts from the volume, which cannot be taken off while it runs.',
        world: onHost(
          ['ec2:DetachVolume', `ec2:AttachVolume on ${NEW_VOLUMES}`, `ec2:AttachVolume on ${HOST}`],
          rootOfOther(),
        ),
      },
      {
        why: 'The role may take volumes off from the addresses of one office alone.',
        world: onHost(
          [fromOffice('ec2:DetachVolume'), `ec2:AttachVolume on ${NEW_VOLUMES}`, `ec2:AttachVolume on ${HOST}`],
          OF_OTHER,
        ),
        because: 'aws:SourceIp',
      },
    ),
  },
  'ebs-reencrypt-share': reencrypting('volume', ['ec2:CreateSnapshot']),
  'ebs-reencrypt-existing-snapshot': reencrypting('snapshot', []),
  'ec2-image-share': imaging(
    ['ec2:CreateImage', 'ec2:ModifyImageAttribute'],
    [withMfa('ec2:CreateImage'), 'ec2:ModifyImageAttribute'],
  ),
  'ec2-image-run': imaging(['ec2:CreateImage', 'ec2:RunInstances'], [withMfa('ec2:CreateImage'), 'ec2:RunInstances']),
};
