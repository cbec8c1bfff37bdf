import { field, isObject, type JsonObject, objects, onceFor, text } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';

/** A raw record with where it stands. */
export interface Found {
  readonly record: JsonObject;
  readonly answer: Answer;
  /** Who owns it, where the record itself does not say. */
  readonly owner?: string;
}

/** The records in list `key` of every answer to an operation. */
export function recordsOf(snapshot: Snapshot, service: string, operation: string, key: string): Found[] {
  const found: Found[] = [];
  for (const answer of snapshot.answers(service, operation))
    for (const record of objects(field(answer.body, key))) found.push({ record, answer });
  return found;
}

/** `[resource id, response]` of an operation that is called once a resource. */
export function* keyedRecords(
  snapshot: Snapshot,
  service: string,
  operation: string,
): Generator<readonly [string, Found]> {
  for (const answer of snapshot.answers(service, operation))
    for (const [id, record] of Object.entries(answer.body)) if (isObject(record)) yield [id, { record, answer }];
}

/** Whether AWS refused an operation that is called once a resource, altogether or for this one. */
export const wasRefused = (
  snapshot: Snapshot,
  { account, region }: Pick<Answer, 'account' | 'region'>,
  service: string,
  operation: string,
  resource: string,
): boolean =>
  snapshot.coverage(account, region, service, operation) === 'gap' ||
  refusedResources(snapshot).has([account, region, service, operation, resource].join(' '));

const refusedResources = onceFor(
  ({ gaps }: Snapshot): ReadonlySet<string> =>
    new Set(
      gaps.flatMap(({ account, region, service, operation, resource }) =>
        resource === undefined ? [] : [[account, region, service, operation, resource].join(' ')],
      ),
    ),
);

/** Whether such an operation was answered for a resource of which there is no record: it had none. */
export const isAnswered = (
  snapshot: Snapshot,
  place: Pick<Answer, 'account' | 'region'>,
  service: string,
  operation: string,
  resource: string,
): boolean =>
  snapshot.coverage(place.account, place.region, service, operation) === 'answered' &&
  !wasRefused(snapshot, place, service, operation, resource);

/**
 * Records by their id. A shared resource is described by several accounts; its owner's description is taken, because only
 * the owner sees all of it.
 */
export function indexById<T, F extends Found = Found>(
  found: readonly F[],
  idKey: string,
  read: (id: string, found: F) => T,
  ownerKey = 'OwnerId',
): Map<string, T> {
  const byId = new Map<string, T>();
  /** Those that no owner has described yet. */
  const foreign = new Set<string>();
  for (const item of found) {
    const id = text(field(item.record, idKey));
    if (id === undefined) continue;
    const isAgain = byId.has(id);
    if (isAgain && !foreign.has(id)) continue;
    const isOwner = (item.owner ?? text(field(item.record, ownerKey))) === item.answer.account;
    if (isAgain && !isOwner) continue;
    byId.set(id, read(id, item));
    if (isAgain) foreign.delete(id);
    else if (!isOwner) foreign.add(id);
  }
  return byId;
}
