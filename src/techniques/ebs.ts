import { at, partitionOf, text } from '../model/index.js';
import { permittedTogether } from './alike.js';
import { EACH, fact } from './fact.js';
import { encryptedAlike, type KeyedGroup, keyedGroups, keyWays, waysToOpenKey } from './keys.js';
import type { Permissions, Requirement } from './permissions.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { perhapsShared } from './unseen-sharing.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const INFO = { tactic: 'Exfiltration', attack: ['T1537', 'T1578.001', 'T1530'] } as const;

/** A new snapshot's ARN names no account. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const snapshotsIn = (region: string): string => `arn:${partitionOf(region)}:ec2:${region}::snapshot/*`;

export const volumesIn = ({ region, account }: Pick<KeyedGroup, 'region' | 'account'>): string =>
  `arn:${partitionOf(region)}:ec2:${region}:${account}:volume/*`;

/**
 * What sharing with the intruder's account says of it: one that no policy names, and not everybody.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const SHARING = {
  'ec2:Add/userId': '000000000000',
  'ec2:Add/group': [],
  'ec2:Add/organizationArn': [],
} as const;

const viaEc2 = ({ region }: KeyedGroup): string => `ec2.${region}.amazonaws.com`;

/** One permission on any resource of a form, as a fact. */
function anyOf(
  permissions: Permissions,
  requirement: Requirement,
  ...others: readonly Requirement[]
): string | undefined {
  return permissions.may(requirement, ...others).of(requirement.resources[0] as string);
}

/** Making a snapshot of a volume is checked on the volume and on the new snapshot. */
export const snapshotOf = (group: KeyedGroup): readonly [Requirement, Requirement] => [
  { action: 'ec2:CreateSnapshot', resources: group.ids },
  { action: 'ec2:CreateSnapshot', resources: [snapshotsIn(group.region)], accounts: [group.account] },
];

/** Emits the same step for each of some stores; none where a premise is `undefined`. */
type EmitStores = (ids: readonly string[], body: readonly (string | undefined)[], does: string) => void;

interface DiskSteps {
  readonly info: TechniqueInfo;
  /** Emits for the stores (volumes or snapshots) of a group. */
  readonly forGroup: (world: World, group: KeyedGroup, step: EmitStores) => void;
  readonly on: 'ec2:volume' | 'ec2:snapshot';
  /** Those with whom snapshots are shared may do it too, where it is not known with whom they are. */
  readonly byOthers?: true;
}

const volumeShare: DiskSteps = {
  on: 'ec2:volume',
  info: {
    ...INFO,
    id: 'ebs-snapshot-share',
    title: "Snapshot a volume and share the snapshot with the intruder's account",
    references: [
      'https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.ec2-share-ebs-snapshot/',
      'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
    ],
    premises: [
      'ec2:CreateSnapshot is allowed on the volume, and ec2:ModifySnapshotAttribute on snapshots.',
      'The volume is not encrypted; or its customer-managed key can be opened to the other account (kms:CreateGrant or kms:PutKeyPolicy). A snapshot under the AWS-managed key cannot be shared.',
    ],
    assumptions: [],
    difficulty: { cost: 2, reason: 'two API calls, and copying elsewhere' },
    detection: ['ec2:CreateSnapshot', 'ec2:ModifySnapshotAttribute', 'ec2:SharedSnapshotVolumeCreated'],
    remediation:
      'Encrypt volumes with a key whose policy keeps other accounts out, and limit ec2:ModifySnapshotAttribute.',
  },
  forGroup: (world, group, step) => {
    if (group.encryption === 'aws') return;
    const made = world.permissions.may(...snapshotOf(group));
    if (made.resources.length === 0) return;
    const share = anyOf(world.permissions, {
      action: 'ec2:ModifySnapshotAttribute',
      context: SHARING,
      resources: [snapshotsIn(group.region)],
      accounts: [group.account],
    });
    for (const keyFact of waysToOpenKey(world, group)) {
      for (const { fact: may, resources } of made.parts)
        step(resources, [may, share, ...keyFact], 'Make a snapshot and share it, of volume');
    }
  },
};

const snapshotShare: DiskSteps = {
  on: 'ec2:snapshot',
  info: {
    ...volumeShare.info,
    id: 'ebs-share-existing-snapshot',
    title: "Share an existing snapshot with the intruder's account",
    premises: ['ec2:ModifySnapshotAttribute is allowed on the snapshot.', volumeShare.info.premises[1] as string],
    detection: ['ec2:ModifySnapshotAttribute'],
    difficulty: { cost: 1, reason: 'one API call' },
  },
  forGroup: (world, group, step) => {
    if (group.encryption === 'aws') return;
    const share = world.permissions.may({
      action: 'ec2:ModifySnapshotAttribute',
      context: SHARING,
      resources: group.ids,
      accounts: [group.account],
    });
    if (share.resources.length === 0) return;
    for (const keyFact of waysToOpenKey(world, group)) {
      for (const { fact: may, resources } of share.parts)
        step(resources, [may, ...keyFact], 'Share with another account snapshot');
    }
  },
};

/** EBS tells KMS of the volume, or of the snapshot that is a copy. @see https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html */
const EBS_CONTEXT = 'kms:EncryptionContext:aws:ebs:id';

const bareId = (asset: string): string => asset.slice(asset.lastIndexOf('/') + 1);

/**
 * The volume that a snapshot was made of; `undefined` for a copy of another snapshot, which names one that is none.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
 */
function volumeBefore(world: World, snapshot: string): string | undefined {
  const volume = text(at(world.graph.asset(snapshot)?.record, 'VolumeId'));
  return volume === 'vol-ffffffff' ? undefined : volume;
}

/** The ways to have blocks of some disks of a group decrypted: of those for which EBS tells KMS of volumes that no policy tells apart. */
const blockKeyWays = (world: World, group: KeyedGroup, volumeOf: (id: string) => string | undefined) =>
  encryptedAlike(world, group, EBS_CONTEXT, volumeOf).flatMap(({ ids, context }) =>
    keyWays(world, group, viaEc2(group), ['kms:Decrypt'], context).map((way) => ({ ...way, among: ids })),
  );

const READ_BLOCKS = ['ebs:ListSnapshotBlocks', 'ebs:GetSnapshotBlock'];

const volumeBlocks: DiskSteps = {
  on: 'ec2:volume',
  info: {
    ...INFO,
    attack: ['T1530', 'T1578.001'],
    id: 'ebs-snapshot-blocks',
    title: 'Snapshot a volume and read its blocks by the EBS direct APIs',
    references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-accessing-snapshot.html'],
    premises: [
      'ec2:CreateSnapshot is allowed on the volume.',
      'ebs:ListSnapshotBlocks and ebs:GetSnapshotBlock are allowed on snapshots; with a customer-managed key, kms:Decrypt too, or what opens the key first (kms:CreateGrant or kms:PutKeyPolicy).',
    ],
    assumptions: [],
    difficulty: { cost: 2, reason: 'API calls only; the disk is put together from blocks' },
    detection: ['ec2:CreateSnapshot', 'ebs:GetSnapshotBlock (data event)'],
    remediation: 'Deny ebs:GetSnapshotBlock to everything that is not a backup tool.',
  },
  forGroup: (world, group, step) => {
    const made = world.permissions.may(...snapshotOf(group));
    if (made.resources.length === 0) return;
    for (const { also, body, among } of blockKeyWays(world, group, bareId)) {
      const [list, get] = READ_BLOCKS.map((action) =>
        anyOf(
          world.permissions,
          { action, resources: [snapshotsIn(group.region)], accounts: [group.account] },
          ...(action === 'ebs:GetSnapshotBlock' ? also : []),
        ),
      );
      for (const { ids, body: may } of permittedTogether(among, [made]))
        step(ids, [...may, list, get, ...body], 'Make a snapshot and read its blocks, of volume');
    }
  },
};

const snapshotBlocks: DiskSteps = {
  on: 'ec2:snapshot',
  byOthers: true,
  info: {
    ...volumeBlocks.info,
    id: 'ebs-read-blocks',
    title: 'Read the blocks of an existing snapshot by the EBS direct APIs',
    premises: [volumeBlocks.info.premises[1] as string],
    detection: ['ebs:GetSnapshotBlock (data event)'],
  },
  forGroup: (world, group, step) => {
    const list = world.permissions.may({
      action: 'ebs:ListSnapshotBlocks',
      resources: group.ids,
      accounts: group.accounts,
    });
    if (list.resources.length === 0) return;
    for (const { also, body: opened, among } of blockKeyWays(world, group, (id) => volumeBefore(world, id))) {
      const get = world.permissions.may(
        { action: 'ebs:GetSnapshotBlock', resources: group.ids, accounts: group.accounts },
        ...also,
      );
      for (const { ids, body } of permittedTogether(among, [list, get]))
        step(ids, [...body, ...opened], 'Read the blocks of snapshot');
    }
  },
};

export const KEY_FOR_VOLUME = ['kms:Decrypt', 'kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext'];

const volumeAttach: DiskSteps = {
  on: 'ec2:volume',
  info: {
    ...INFO,
    attack: ['T1578.002', 'T1578.001'],
    id: 'ebs-snapshot-attach',
    title: 'Snapshot a volume, make a new one of it, and attach that to a host under control',
    references: ['https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html'],
    premises: [
      'ec2:CreateSnapshot is allowed on the volume, ec2:CreateVolume and ec2:AttachVolume on new volumes.',
      'The intruder runs code on an instance of the same region, to which it may attach.',
      'With a customer-managed key: kms:Decrypt, kms:CreateGrant and kms:GenerateDataKeyWithoutPlaintext for the maker of the volume, or what opens the key to it first (kms:CreateGrant or kms:PutKeyPolicy).',
    ],
    assumptions: [],
    difficulty: { cost: 3, reason: 'four API calls and a host' },
    detection: ['ec2:CreateSnapshot', 'ec2:CreateVolume', 'ec2:AttachVolume'],
    remediation: 'Limit ec2:CreateVolume and ec2:AttachVolume by tag; encrypt with a customer-managed key.',
  },
  forGroup: (world, group, step) => {
    const made = world.permissions.may(...snapshotOf(group));
    for (const { fact: may, resources } of made.parts)
      attachCopies(
        world,
        group,
        { ids: resources, held: [may] },
        step,
        'Make a snapshot and attach a copy, of volume',
        [group.account],
      );
  },
};

const snapshotAttach: DiskSteps = {
  on: 'ec2:snapshot',
  byOthers: true,
  info: {
    ...volumeAttach.info,
    id: 'ebs-attach-snapshot-copy',
    title: 'Make a volume of an existing snapshot and attach it to a host under control',
    premises: [
      'ec2:CreateVolume is allowed on the snapshot, and ec2:AttachVolume on new volumes.',
      ...volumeAttach.info.premises.slice(1),
    ],
    detection: ['ec2:CreateVolume', 'ec2:AttachVolume'],
  },
  forGroup: (world, group, step) =>
    attachCopies(
      world,
      group,
      { ids: group.ids, held: [] },
      step,
      'Make a volume and attach it, of snapshot',
      group.accounts,
    ),
};

/** Creating a volume and attaching it to a host that is under control; `held` is what had to be had for a snapshot to exist. */
function attachCopies(
  world: World,
  group: KeyedGroup,
  { ids, held }: { readonly ids: readonly string[]; readonly held: readonly string[] },
  step: EmitStores,
  does: string,
  accounts: readonly string[],
): void {
  // A shared snapshot becomes a volume of the account that it is shared with.
  for (const account of accounts) {
    const place = { ...group, account };
    const hosts = hostsToAttachTo(world, place);
    if (hosts === undefined) continue;
    for (const { also, body } of keyWays(world, group, viaEc2(group), KEY_FOR_VOLUME)) {
      const create = anyOf(world.permissions, { action: 'ec2:CreateVolume', resources: [volumesIn(place)] }, ...also);
      step(ids, [...held, create, hosts, ...body], does);
    }
  }
}

const hostFact = ({ account, region }: KeyedGroup): string => fact('may', `attach-host ${account} ${region}`);

/** The fact of controlling some host in the region, with the permission to attach volumes to it; emitted by {@link emitAttachHosts}. */
function hostsToAttachTo(world: World, group: KeyedGroup): string | undefined {
  const isThere = groupsOf(world, 'ec2:instance').some(
    (hosts) => hosts.account === group.account && hosts.region === group.region,
  );
  return isThere ? hostFact(group) : undefined;
}

const isTerminated = (world: World, instance: string): boolean =>
  text(at(world.graph.asset(instance)?.record, 'State', 'Name')) === 'terminated';

/** `attach-host ← exec instance ∧ may attach new volumes to it`, for each running instance. */
function emitAttachHosts(world: World, emit: Emit): void {
  for (const group of keyedGroups(world, 'ec2:instance')) {
    const attach = world.permissions.may(
      { action: 'ec2:AttachVolume', resources: group.ids },
      { action: 'ec2:AttachVolume', resources: [volumesIn(group)] },
    );
    for (const { fact: may, resources } of attach.parts) {
      emit({
        head: hostFact(group),
        body: [fact('exec', EACH), may],
        each: resources.filter((instance) => !isTerminated(world, instance)),
        cost: 0,
        label: {
          technique: volumeAttach.info,
          inner: true,
          detail: (instance) => ({ text: '', evidence: [stated(world, instance, 'is a host to attach to')], fix: '' }),
        },
      });
    }
  }
}

export const EBS_TECHNIQUES: readonly Technique[] = [
  volumeShare,
  snapshotShare,
  volumeBlocks,
  snapshotBlocks,
  volumeAttach,
  snapshotAttach,
].map(makeTechnique);

function makeTechnique(disk: DiskSteps): Technique {
  const { info, on } = disk;
  return {
    ...info,
    steps: (world, emit) => {
      if (disk === volumeAttach) emitAttachHosts(world, emit);
      for (const group of [...keyedGroups(world, on), ...(disk.byOthers ? perhapsShared(world, on) : [])]) {
        disk.forGroup(world, group, (ids, body, does) => {
          if (body.includes(undefined)) return;
          emit({
            head: fact('data-read', EACH),
            body: body.filter((b) => b !== undefined),
            each: ids,
            conditions: group.conditions,
            label: {
              technique: info,
              detail: (id) => ({
                text: `${does} ${nameOf(world, id)}.`,
                evidence: [
                  stated(
                    world,
                    id,
                    group.key
                      ? `is encrypted with ${group.key}`
                      : group.encryption === 'aws'
                        ? 'is encrypted with the AWS-managed key'
                        : 'is not encrypted',
                  ),
                ],
                fix: info.remediation,
              }),
            },
          });
        });
      }
    },
  };
}
