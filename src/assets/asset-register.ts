import { type Asset, bareOf, type JsonObject } from '../model/index.js';

/**
 * An asset, to which answers about it are added. All are made with the same fields in the same order, absent ones too: objects of one
 * shape are read several times faster than of many.
 */
export interface DraftAsset extends Asset {
  readonly name: string | undefined;
  details: Map<string, JsonObject> | undefined;
}

/** Assets, each under a number of its own: how many came before it. */
export class AssetRegister {
  readonly assets: DraftAsset[] = [];
  /** What other records call each. */
  readonly bares: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** Takes up an asset whose id is not known yet. */
  add(asset: DraftAsset, bare: string): number {
    this.#numbers.set(asset.id, this.assets.length);
    this.bares.push(bare);
    return this.assets.push(asset) - 1;
  }

  /** Takes up an asset, in place of the one with its id if there is one. */
  put(asset: DraftAsset): number {
    const bare = bareOf(asset.id);
    const known = this.numberOf(asset.id);
    if (known === undefined) return this.add(asset, bare);
    this.assets[known] = asset;
    this.bares[known] = bare;
    return known;
  }
}
