import { EXIT, field, type JsonObject, UserError } from '../model/index.js';
import { refuseUnknownKeys } from './batch.js';

/** The assets of a batch question `{"assets": […]}`; `{"asset": "…"}` is one of them. */
export function questionAssets(question: JsonObject): readonly string[] {
  refuseUnknownKeys(question, ['assets', 'asset']);
  const assets = field(question, 'assets') ?? field(question, 'asset');
  const all = typeof assets === 'string' ? [assets] : assets;
  if (!Array.isArray(all) || all.length === 0 || !all.every((asset) => typeof asset === 'string')) {
    throw new UserError('the question has no list "assets" of texts', EXIT.usage);
  }
  return all as readonly string[];
}

/** Either assets or a batch, not both and not none. */
export function requireAssets(assets: readonly string[], batch: string | undefined): void {
  if (batch !== undefined && assets.length > 0) {
    throw new UserError('--batch stands for the assets: give one or the other', EXIT.usage);
  }
  if (batch === undefined && assets.length === 0) throw new UserError('name an ASSET, or give --batch', EXIT.usage);
}
