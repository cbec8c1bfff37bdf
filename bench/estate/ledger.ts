import type { Json, JsonObject } from '../../src/model/index.js';
import type { Random } from '../random.js';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
export const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
export const WHEN = '2025-03-14T09:26:53.000Z';

export const arn = (service: string, resource: string, region: string = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;

export const tags = (pairs: Readonly<Record<string, string>>): Json =>
  Object.entries(pairs).map(([Key, Value]) => ({ Key, Value }));

/** Collects answers while an estate is made: records of lists, and answers by key. */
export interface Ledger {
  readonly random: Random;
  /** An id such as AWS gives: `i-0` and 16 hexadecimal digits. */
  id(prefix: string): string;
  /** Adds a record to the list `field` of an operation's answer. */
  record(operation: string, field: string, record: Json, region?: string): void;
  /** Adds the answer about one resource to an operation that is called once a resource. */
  keyed(operation: string, key: string, answer: JsonObject, region?: string): void;
  answers(): readonly EstateAnswer[];
}

export interface EstateAnswer {
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly body: JsonObject;
}

export function makeLedger(random: Random): Ledger {
  const bodies = new Map<string, Record<string, Json[] | JsonObject>>();
  const bodyOf = (operation: string, region: string): Record<string, Json[] | JsonObject> => {
    const place = `${region}/${operation}`;
    const body = bodies.get(place) ?? {};
    bodies.set(place, body);
    return body;
  };
  return {
    random,
    id: (prefix) => `${prefix}-0${random.hex(16)}`,
    record: (operation, field, record, region = REGION) => {
      const list = (bodyOf(operation, region)[field] ??= []);
      if (Array.isArray(list)) list.push(record);
    },
    keyed: (operation, key, answer, region = REGION) => {
      bodyOf(operation, region)[key] = answer;
    },
    answers: () =>
      [...bodies].map(([place, body]) => {
        const [region = '', service = '', operation = ''] = place.split('/');
        return { region, service, operation, body };
      }),
  };
}
