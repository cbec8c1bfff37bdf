import { deflateSync } from 'node:zlib';
import { escapeUnits } from '../json.js';

/** Below this many characters a part is left as it is, so that it can be read in the file. */
const WORTH_PACKING = 20_000;

/**
 * A part of the page's data as an inert block: JSON in which `<` is escaped, so that nothing in it can end the block, or the same deflated (zlib) and
 * in base64, as a JSON string.
 */
export function dataBlock(id: string, value: unknown): string {
  const json = JSON.stringify(value);
  const packed =
    json.length < WORTH_PACKING ? escapeJson(json) : JSON.stringify(deflateSync(json, { level: 9 }).toString('base64'));
  return `<script type="application/json" id="${id}">${packed}</script>`;
}

/** JSON that means the same and holds no character that markup, a terminal or a reader of the file would obey. */
const escapeJson = (json: string): string => json.replace(/[<>&]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits);
