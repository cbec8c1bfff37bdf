import { gunzipSync } from 'node:zlib';
import { EXIT, type Json, UserError } from '../model/index.js';
import { locateJsonError } from './locate-json-error.js';
import { LIMITS } from './stored-file.js';
import { tooLarge } from './folder-files.js';

/**
 * Parses one file of a snapshot; `gz` files are unpacked first.
 * Throws a `UserError` that names the file, line and column where it is no JSON, too large or nested too deeply.
 */
export function parseJsonFile(path: string, bytes: Uint8Array): Json {
  const text = decode(path, path.endsWith('.gz') ? unzip(path, bytes) : bytes);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    const place = locateJsonError(text);
    const where = place ? `${path}:${place.line}:${place.column}` : path;
    throw new UserError(
      `${where}: this is not valid JSON: ${place?.reason ?? 'it cannot be parsed'}.`,
      EXIT.unreadable,
    );
  }
  if (Object.values(value ?? {}).some((child) => isDeeper(child, LIMITS.jsonDepth - 1))) {
    throw new UserError(`${path}: JSON nested more than ${LIMITS.jsonDepth} levels deep is not read.`, EXIT.unreadable);
  }
  return value;
}

function unzip(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: LIMITS.fileBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(path);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path}: this cannot be unpacked as gzip: ${reason}.`, EXIT.unreadable);
  }
}

/** UTF-8, or the UTF-16 that a PowerShell redirection of the AWS CLI writes; a byte order mark is not part of the text. */
function decode(path: string, bytes: Uint8Array): string {
  if (bytes.length > LIMITS.fileBytes) throw tooLarge(path);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return buffer.subarray(2).toString('utf16le');
  const hasMark = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
  return (hasMark ? buffer.subarray(3) : buffer).toString('utf8');
}

/**
 * Looks at every value, so it makes nothing: parsed JSON has no properties but its own. An answer itself, which can have thousands of keys, is not for this:
 * one such object makes the loop over the keys of all others slower.
 */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isDeeper(value[i], levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper((value as Readonly<Record<string, unknown>>)[key], levels - 1)) return true;
  return false;
}
