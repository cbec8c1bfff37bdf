import { at, flag, objects, text, unknown } from '../model/index.js';
import { backOnto, emitZoneHosts, hostTakingNew, ontoHosts } from './attach-hosts.js';
import { KEY_FOR_VOLUME, SHARING, snapshotOf, snapshotsIn, volumesIn } from './ebs.js';
import { fact, type FactKind } from './fact.js';
import { createImage, imageRun, imagesIn, rootVolume } from './image-run.js';
import { startsOf } from './starting.js';
import { type ApiCall, makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import { groupsOf, type World } from './world.js';

const INFO = { tactic: 'Collection', attack: ['T1530', 'T1578.002'] } as const;
const USER_GUIDE = 'https://docs.aws.amazon.com/ebs/latest/userguide';

const attachments = (world: World, volume: string) => objects(at(world.graph.asset(volume)?.record, 'Attachments'));

/** The instance that starts from a volume: the volume can be taken off only when that is stopped. */
const startingFrom = (world: World, volume: string): string | undefined =>
  world.graph
    .incoming(volume, 'has-volume')
    .map(({ from }) => from)
    .find((instance) => rootVolume(world, instance) === volume);

/** What it takes to stop the instance that starts from a volume, and to start it again. */
function restarting(world: World, volume: string): readonly (string | undefined)[] {
  const instance = startingFrom(world, volume) ?? '';
  const asset = world.graph.asset(instance);
  const group = groupsOf(world, 'ec2:instance').find(
    (own) => own.account === asset?.account && own.region === asset.region,
  );
  if (!group) return [undefined];
  const stop = world.permissions.may({ action: 'ec2:StopInstances', resources: group.ids }).of(instance);
  return [stop, startsOf(world, group.ids).get(instance)];
}

const isFree = (world: World, volume: string): boolean => {
  const record = world.graph.asset(volume)?.record;
  return text(at(record, 'State')) === 'available' || flag(at(record, 'MultiAttachEnabled')) === true;
};

const data: readonly FactKind[] = ['data-read'];
const ATTACH_KEY = { service: 'ec2', actions: ['kms:CreateGrant', 'kms:Decrypt'] } as const;

/** The volumes of an instance that are not encrypted. */
const unencryptedVolumesOf = (world: World, instance: string): string[] =>
  world.graph.outgoing(instance, 'has-volume').flatMap(({ to }) => {
    const asset = world.graph.asset(to);
    return asset && flag(at(asset.record, 'Encrypted')) !== true ? [fact('data-read', to)] : [];
  });

/** The copy of an encrypted snapshot is made with the rights of the caller on its key. @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html */
const COPY_TO_KEY: ApiCall = {
  anyOf: ['ec2:CopySnapshot'],
  key: { service: 'ec2', actions: ['kms:Decrypt', 'kms:CreateGrant'] },
};

const SHARE_COPY: ApiCall = {
  anyOf: ['ec2:ModifySnapshotAttribute'],
  context: SHARING,
  on: (group) => snapshotsIn(group.region),
};

/** What is under a key that stays closed to others goes out under another one. */
const reencryption = (of: 'volume' | 'snapshot'): Omit<ResourceStep, 'calls'> => ({
  info: {
    ...INFO,
    tactic: 'Exfiltration',
    attack: ['T1537', 'T1578.001'],
    id: of === 'volume' ? 'ebs-reencrypt-share' : 'ebs-reencrypt-existing-snapshot',
    title:
      of === 'volume'
        ? "Copy a volume's snapshot to another key and share it"
        : 'Copy an existing snapshot to another key and share the copy',
    references: [`${USER_GUIDE}/ebs-copy-snapshot.html`, `${USER_GUIDE}/ebs-modifying-snapshot-permissions.html`],
    premises: [
      `The ${of} is encrypted; with a customer-managed key, whoever copies may use that (kms:Decrypt and kms:CreateGrant by EC2).`,
    ],
    difficulty: { cost: 3, reason: `${of === 'volume' ? 'three' : 'two'} API calls and a second key` },
  },
  on: `ec2:${of}`,
  only: ({ encryption }) => encryption !== 'none',
  when: (_world, id) => [
    unknown(
      'key',
      `whether whoever copies ${of === 'volume' ? `a snapshot of ${id}` : id} may use a key that another account can use too`,
    ),
  ],
  gives: data,
  does:
    of === 'volume'
      ? 'Copy to another key, and share, a snapshot of volume'
      : 'Copy to another key, and share, snapshot',
  evidence: 'is encrypted',
});

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      ...INFO,
      id: 'ebs-copy-volume',
      title: 'Copy a volume directly and attach the copy to a host under control',
      references: [`${USER_GUIDE}/ebs-copying-volume.html`],
      premises: [
        'A host under control in the same availability zone; one principal may call ec2:AttachVolume on it and on new volumes.',
      ],
      detection: ['ec2:CopyVolumes', 'ec2:AttachVolume'],
      difficulty: { cost: 2, reason: 'two API calls and a host' },
    },
    on: 'ec2:volume',
    calls: [
      {
        anyOf: ['ec2:CopyVolumes'],
        with: (group) => [{ action: 'ec2:CopyVolumes', resources: [volumesIn(group)] }],
        key: { service: 'ec2', actions: KEY_FOR_VOLUME },
      },
    ],
    needs: (world, id, group) => [hostTakingNew(world, id, group)],
    gives: data,
    does: 'Copy, and attach the copy of, volume',
    evidence: 'can be copied within its availability zone',
  },
  {
    info: {
      ...INFO,
      id: 'ebs-attach-free-volume',
      title: 'Attach a volume that is free, or that several hosts may have, to a host under control',
      references: [`${USER_GUIDE}/ebs-attaching-volume.html`, `${USER_GUIDE}/ebs-volumes-multi.html`],
      premises: [
        'The volume is attached to nothing, or has Multi-Attach on.',
        'A host under control in the same availability zone; the call is allowed to the same principal on the host, too.',
      ],
      difficulty: { cost: 1, reason: 'one API call and a host' },
    },
    on: 'ec2:volume',
    calls: [{ anyOf: ['ec2:AttachVolume'], key: ATTACH_KEY, onto: ontoHosts }],
    when: (world, id) => (isFree(world, id) ? [] : undefined),
    gives: ['data-read', 'data-write'],
    does: 'Attach volume',
    evidence: 'is attached to nothing, or has Multi-Attach on',
  },
  {
    info: {
      ...INFO,
      id: 'ebs-move-volume',
      title: 'Take a data volume off its instance and attach it to a host under control',
      references: [`${USER_GUIDE}/ebs-detaching-volume.html`],
      premises: [
        'No instance starts from the volume.',
        'A host under control in the same availability zone; the call is allowed to the same principal on the host, too.',
      ],
      difficulty: { cost: 4, reason: 'what uses the volume loses it, which is seen at once' },
    },
    on: 'ec2:volume',
    calls: [{ anyOf: ['ec2:DetachVolume'] }, { anyOf: ['ec2:AttachVolume'], key: ATTACH_KEY, onto: ontoHosts }],
    when: (world, id) =>
      attachments(world, id).length === 0 || isFree(world, id) || startingFrom(world, id) !== undefined
        ? undefined
        : [],
    gives: ['data-read', 'data-write'],
    does: 'Move to a host under control the volume',
    evidence: 'is a data volume of an instance',
  },
  {
    info: {
      tactic: 'Lateral Movement',
      attack: ['T1578.003', 'T1578.005'],
      id: 'ec2-edit-root-volume',
      title: "Edit an instance's root volume on a host under control",
      references: [
        'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html',
        `${USER_GUIDE}/ebs-detaching-volume.html`,
      ],
      premises: [
        'A host under control in the same availability zone; attaching the volume to it is allowed to one principal on both, and so is attaching it to its instance again.',
        'ec2:StopInstances and ec2:StartInstances are allowed on the instance (with kms:CreateGrant on the customer-managed keys of its volumes).',
      ],
      detection: ['ec2:StopInstances', 'ec2:DetachVolume', 'ec2:AttachVolume', 'ec2:StartInstances'],
      difficulty: { cost: 5, reason: 'the instance is away for minutes, which is seen' },
      remediation: 'Limit the calls to those who operate the instances.',
    },
    on: 'ec2:volume',
    calls: [
      { anyOf: ['ec2:DetachVolume'] },
      { anyOf: ['ec2:AttachVolume'], key: ATTACH_KEY, onto: ontoHosts },
      { anyOf: ['ec2:AttachVolume'], key: ATTACH_KEY, onto: backOnto(startingFrom) },
    ],
    when: (world, id) => (startingFrom(world, id) === undefined ? undefined : []),
    needs: restarting,
    gives: (world, id) => [fact('exec', startingFrom(world, id) ?? '')],
    does: 'Stop its instance, edit on a host under control, put back and start from, volume',
    evidence: 'is what an instance starts from',
  },
  {
    ...reencryption('volume'),
    calls: [
      { anyOf: ['ec2:CreateSnapshot'], with: (group) => snapshotOf(group).slice(1) },
      { ...COPY_TO_KEY, on: (group) => snapshotsIn(group.region) },
      SHARE_COPY,
    ],
  },
  {
    ...reencryption('snapshot'),
    calls: [
      { ...COPY_TO_KEY, with: (group) => [{ action: 'ec2:CopySnapshot', resources: [snapshotsIn(group.region)] }] },
      SHARE_COPY,
    ],
  },
  {
    info: {
      ...INFO,
      tactic: 'Exfiltration',
      attack: ['T1537', 'T1578.001'],
      id: 'ec2-image-share',
      title: "Make an image of an instance and share it with the intruder's account",
      references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html'],
      premises: ['A volume of the instance is not encrypted.'],
      difficulty: { cost: 2, reason: 'two API calls' },
    },
    on: 'ec2:instance',
    calls: [createImage, { anyOf: ['ec2:ModifyImageAttribute'], on: imagesIn }],
    gives: unencryptedVolumesOf,
    does: 'Make an image, and share it, of',
    evidence: 'has volumes that are not encrypted',
  },
];

/** Volumes that are copied, moved and imaged rather than snapshotted. */
export const VOLUME_MOVES: readonly Technique[] = [
  ...STEPS.map(makeResourceStep).map(
    (technique, index): Technique => ({
      ...technique,
      steps: (world, emit) => {
        if (index === 0) emitZoneHosts(world, emit);
        technique.steps(world, emit);
      },
    }),
  ),
  imageRun,
];
