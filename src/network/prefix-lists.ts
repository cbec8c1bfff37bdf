import { field, objects, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { keyedRecords, recordsOf } from './snapshot-records.js';

/** The CIDRs of each prefix list whose entries are known. */
export type PrefixLists = ReadonlyMap<string, readonly string[]>;

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
