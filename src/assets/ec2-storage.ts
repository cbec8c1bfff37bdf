import { field, type JsonObject, objects, text } from '../model/index.js';
import { type AssetFamily, type Link, link, ownerless, regional } from './declaration.js';
import { sharedWith } from './principal-reference.js';

/** EBS snapshots that were copied carry this in place of the volume's id. */
const NO_VOLUME = 'vol-ffffffff';

/**
 * What a copied snapshot is a copy of is said by its description alone, as far as that was left as it is made.
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
 */
const SOURCE = /\bsnap-[0-9a-f]{8,17}\b/;

/** @see https://docs.aws.amazon.com/ebs/latest/userguide/what-is-ebs.html */
export const ec2Storage: AssetFamily = {
  types: [
    {
      type: 'ec2:volume',
      answer: 'ec2/DescribeVolumes',
      list: 'Volumes[]',
      identity: regional('ec2', 'volume/', 'VolumeId'),
      links: [
        ['encrypted-with', 'kms:key', 'KmsKeyId'],
        ['created-from', 'ec2:snapshot', 'SnapshotId'],
      ],
      moreLinks: attachments,
    },
    {
      type: 'ec2:snapshot',
      answer: 'ec2/DescribeSnapshots',
      list: 'Snapshots[]',
      identity: ownerless('ec2', 'snapshot/', 'SnapshotId'),
      links: [['encrypted-with', 'kms:key', 'KmsKeyId']],
      moreLinks: (snapshot) => {
        const volume = text(field(snapshot, 'VolumeId'));
        if (volume !== NO_VOLUME) return link('copy-of', 'ec2:volume', volume);
        return link('copy-of', 'ec2:snapshot', SOURCE.exec(text(field(snapshot, 'Description')) ?? '')?.[0]);
      },
    },
  ],
  details: [
    {
      answer: 'ec2/DescribeSnapshotAttribute',
      about: 'ec2:snapshot',
      moreLinks: (answer) => permissions(answer, 'CreateVolumePermissions'),
    },
    {
      answer: 'ec2/DescribeImageAttribute',
      about: 'ec2:image',
      moreLinks: (answer) => permissions(answer, 'LaunchPermissions'),
    },
  ],
};

/** `[{Group: 'all'}, {UserId: '111122223333'}]` */
const permissions = (answer: JsonObject, key: string): Link[] =>
  objects(field(answer, key)).flatMap((grant) =>
    sharedWith(text(field(grant, 'UserId')) ?? text(field(grant, 'Group')) ?? ''),
  );

function attachments(volume: JsonObject): Link[] {
  const links: Link[] = [];
  for (const attachment of objects(field(volume, 'Attachments'))) {
    const instance = text(field(attachment, 'InstanceId'));
    if (instance === undefined || field(attachment, 'State') === 'detached') continue;
    links.push({ kind: 'has-volume', from: { type: 'ec2:instance', id: instance } });
  }
  return links;
}
