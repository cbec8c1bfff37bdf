import { field, isObject, type Json, type JsonObject } from '../model/index.js';

/** The body of an answer after a change; `undefined` where it holds nothing of it. */
export type Edit = (body: JsonObject) => JsonObject | undefined;

/** Changes the records of a list for which `edit` has something to change. */
export function editRecords(
  body: JsonObject,
  key: string,
  edit: (record: JsonObject) => JsonObject | undefined,
): JsonObject | undefined {
  const stated = field(body, key);
  if (!Array.isArray(stated)) return undefined;
  let isChanged = false;
  const records = (stated as readonly Json[]).map((record) => {
    const edited = isObject(record) ? edit(record) : undefined;
    if (edited === undefined) return record;
    isChanged = true;
    return edited;
  });
  return isChanged ? { ...body, [key]: records } : undefined;
}

/** Takes out the records of a list that `isMeant` holds for. */
export function removeRecords(
  body: JsonObject,
  key: string,
  isMeant: (record: JsonObject) => boolean,
): JsonObject | undefined {
  const stated = field(body, key);
  if (!Array.isArray(stated)) return undefined;
  const left = (stated as readonly Json[]).filter((record) => !(isObject(record) && isMeant(record)));
  return left.length === stated.length ? undefined : { ...body, [key]: left };
}

/** Adds a record to a list, which may be missing. */
export function addRecord(body: JsonObject, key: string, record: JsonObject): JsonObject {
  const stated = field(body, key);
  return { ...body, [key]: [...(Array.isArray(stated) ? (stated as readonly Json[]) : []), record] };
}

/** The first edit of several that has something to change, on one body. */
export const firstOf = (body: JsonObject, edits: readonly Edit[]): JsonObject | undefined => {
  for (const edit of edits) {
    const edited = edit(body);
    if (edited !== undefined) return edited;
  }
  return undefined;
};
