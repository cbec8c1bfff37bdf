import { isMentionedOnly, onceForBoth, sortedUnique, unknown } from '../model/index.js';
import type { KeyedGroup } from './keys.js';
import type { ReadableStore } from './readable-stores.js';
import type { World } from './world.js';

/** Stores that something else names where they were not listed: which key encrypts them is not known. One array for each kind of store, so that equal questions are seen to be equal. */
export const namedAlone = onceForBoth((world: World, { on, named }: ReadableStore): readonly KeyedGroup[] => {
  if (!named) return [];
  const ids = named.by.flatMap(([type, kind]) => world.graph.endsOfType(type, kind).flat());
  return sortedUnique(ids).flatMap((id): readonly KeyedGroup[] => {
    const asset = world.graph.asset(id);
    if (asset?.type !== on || !isMentionedOnly(asset)) return [];
    const { account, region } = asset;
    if (world.observed.answer(named.listing, account, region) !== undefined) return [];
    if (world.observed.isCollected(named.listing, account)) return [];
    const why = `${named.listing} was not collected: which key encrypts ${id} is not known`;
    const conditions = [unknown('key', why)];
    return [{ account, region, ids: [id], accounts: [account], encryption: 'customer', conditions }];
  });
});
