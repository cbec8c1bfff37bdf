import { field, objects, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { hasIps, type IpSet } from './ip-set.js';
import { keyedRecords, recordsOf } from './snapshot-records.js';
import { readCidrs } from './vpcs.js';

/** The CIDRs of each prefix list whose entries are known. */
export type PrefixLists = ReadonlyMap<string, readonly string[]>;

/**
 * The addresses from which CloudFront asks origins, by IPv4 and by IPv6, as far as the entries of these lists are known.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html#managed-prefix-list
 */
export function readCloudFront(snapshot: Snapshot, lists: PrefixLists): readonly IpSet[] {
  const named = (['DescribeManagedPrefixLists', 'DescribePrefixLists'] as const).flatMap((operation) =>
    recordsOf(snapshot, 'ec2', operation, 'PrefixLists'),
  );
  const ids = new Set(
    named.flatMap(({ record }) => {
      const isOfCloudFront = CLOUDFRONT.has(text(field(record, 'PrefixListName')) ?? '');
      const isOfAws = (text(field(record, 'OwnerId')) ?? 'AWS') === 'AWS';
      return isOfCloudFront && isOfAws ? (text(field(record, 'PrefixListId')) ?? []) : [];
    }),
  );
  return [...ids].map((id) => readCidrs(lists.get(id) ?? [])).filter(hasIps);
}

const CLOUDFRONT: ReadonlySet<string> = new Set([
  'com.amazonaws.global.cloudfront.origin-facing',
  'com.amazonaws.global.ipv6.cloudfront.origin-facing',
]);

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
export function readPrefixLists(snapshot: Snapshot): PrefixLists {
  const lists = new Map<string, readonly string[]>();
  for (const { record } of recordsOf(snapshot, 'ec2', 'DescribePrefixLists', 'PrefixLists')) {
    const id = text(field(record, 'PrefixListId'));
    if (id !== undefined) lists.set(id, texts(field(record, 'Cidrs')));
  }
  for (const [id, { record }] of keyedRecords(snapshot, 'ec2', 'GetManagedPrefixListEntries'))
    lists.set(
      id,
      objects(field(record, 'Entries')).flatMap((entry) => text(field(entry, 'Cidr')) ?? []),
    );
  return lists;
}
