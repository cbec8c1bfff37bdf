import { at, groupKeyed, partitionOf, text } from '../model/index.js';
import { diskWays, keysOfDisks, nameOfKeys } from './disk-keys.js';
import { KEY_FOR_VOLUME, snapshotsIn } from './ebs.js';
import { EACH, fact } from './fact.js';
import { type KeyedGroup, keyedGroups } from './keys.js';
import { launchRequirements } from './pass-role.js';
import type { ApiCall } from './resource-steps.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

export const imagesIn = ({ region }: KeyedGroup): string => `arn:${partitionOf(region)}:ec2:${region}::image/*`;

/** Making an image is checked on the instance, the image and the snapshots of its volumes. */
export const createImage = {
  anyOf: ['ec2:CreateImage'],
  with: (group: KeyedGroup) => [
    { action: 'ec2:CreateImage', resources: [imagesIn(group)] },
    { action: 'ec2:CreateImage', resources: [snapshotsIn(group.region)] },
  ],
} satisfies ApiCall;

/** The volume from which an instance starts, as far as it was collected. */
export function rootVolume(world: World, instance: string): string | undefined {
  const device = text(at(world.graph.asset(instance)?.record, 'RootDeviceName'));
  return world.graph
    .outgoing(instance, 'has-volume')
    .map((r) => r.to)
    .find((volume) => {
      const attachments = at(world.graph.asset(volume)?.record, 'Attachments');
      return (
        Array.isArray(attachments) && attachments.some((a) => device !== undefined && text(at(a, 'Device')) === device)
      );
    });
}

/** An image may leave data volumes out, but not the one from which the instance starts: its key is needed too. */
export const imageRun: Technique = {
  id: 'ec2-image-run',
  title: 'Make an image of an instance and start it with user data of the intruder',
  tactic: 'Collection',
  attack: ['T1530', 'T1578.002'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/creating-an-ami-ebs.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html',
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html',
  ],
  premises: [
    'A principal under the intruder’s control may call ec2:CreateImage on the instance, and one ec2:RunInstances.',
    'Where customer-managed keys encrypt the volume, or the one from which the instance starts: whoever starts the copy may call kms:Decrypt, kms:CreateGrant and kms:GenerateDataKeyWithoutPlaintext on them, or somebody opens them first (kms:CreateGrant or kms:PutKeyPolicy).',
  ],
  assumptions: ['The copy can send out what it holds, or be logged in to.'],
  difficulty: { cost: 3, reason: 'an image and a new instance, which are seen' },
  detection: ['ec2:CreateImage', 'ec2:RunInstances'],
  remediation: 'Limit ec2:CreateImage to those who operate it.',
  steps: (world, emit) => {
    for (const group of keyedGroups(world, 'ec2:instance')) {
      const { region, account, ids } = group;
      const imaged = world.permissions.may({ action: 'ec2:CreateImage', resources: ids }, ...createImage.with(group));
      const launched = `arn:${partitionOf(region)}:ec2:${region}:${account}:instance/*`;
      for (const { fact: may, resources } of imaged.parts)
        for (const { volumes, keyed } of volumesByKeys(world, resources))
          for (const { also, body, conditions } of diskWays(world, keyed, KEY_FOR_VOLUME)) {
            const launch = world.permissions
              .may(
                { action: 'ec2:RunInstances', resources: [launched] },
                ...launchRequirements(partitionOf(region), account),
                ...also,
              )
              .of(launched);
            if (launch === undefined) continue;
            emit({
              head: fact('data-read', EACH),
              body: [may, launch, ...body],
              each: volumes,
              conditions,
              label: {
                technique: imageRun,
                detail: (volume) => ({
                  text: `Make an image, and start a copy, of the instance of ${nameOf(world, volume)}.`,
                  evidence: [stated(world, volume, 'is a volume of an instance that can be imaged')],
                  fix: imageRun.remediation,
                }),
              },
            });
          }
    }
  },
};

/** The volumes of some instances that were collected, by the keys that a copy of each takes. */
function volumesByKeys(
  world: World,
  instances: readonly string[],
): readonly { readonly volumes: readonly string[]; readonly keyed: readonly KeyedGroup[] }[] {
  const keys = new Map<string, readonly KeyedGroup[]>();
  const volumes = instances.flatMap((instance) => {
    const root = rootVolume(world, instance);
    return world.graph.outgoing(instance, 'has-volume').flatMap(({ to: volume }) => {
      if (!world.graph.asset(volume)) return [];
      const keyed = keysOfDisks(world, root === undefined || root === volume ? [volume] : [root, volume]);
      const name = nameOfKeys(keyed);
      if (!keys.has(name)) keys.set(name, keyed);
      return [{ volume, name }];
    });
  });
  return [...groupKeyed(volumes, ({ name }) => name)].map(([name, own]) => ({
    volumes: own.map(({ volume }) => volume),
    keyed: keys.get(name) ?? [],
  }));
}
