import { field, type Json, type JsonObject, objects, text, texts } from '../model/index.js';

/** What one AWS service is asked, as data: the calls, the permissions policy and the docs all derive from it. */
export interface ServiceCollector {
  /** The SDK client's name without prefix, as the snapshot's folders are named: `elastic-load-balancing-v2`. */
  readonly service: string;
  /** The service's prefix in IAM actions: `elasticloadbalancing`. */
  readonly prefix: string;
  /** Loads the SDK client's package; only a run that collects pays for it. */
  readonly load: () => Promise<object>;
  /** The export of that package that makes a client: `EC2Client`. */
  readonly client: string;
  /** `global`: asked once an account and stored under `global`. */
  readonly scope: 'region' | 'global';
  /** For a global service that one region answers for: which, by partition. There is none in others. The session's own when absent. */
  readonly askedIn?: Readonly<Record<string, string>>;
  readonly operations: readonly Operation[];
}

/** One API operation. Called once for a place; or, with `each`, once for every resource. */
export interface Operation {
  readonly name: string;
  readonly input?: (place: Place) => JsonObject;
  /** The IAM actions that it needs; `<prefix>:<name>` when absent. */
  readonly actions?: readonly string[];
  /** Errors that mean "there is none", by name; with what the message says where a refusal goes by the same name. */
  readonly absent?: readonly (string | AbsentError)[];
  /**
   * What to ask, from the answers of other operations of the same service. An operation whose answer is a gap makes this one a gap
   * too. The answers are stored as one object keyed by `id`; those of the same id are merged.
   */
  readonly each?: (read: Read, place: Place) => Promise<Iterable<Request>>;
  /** Further requests that an answer of `each` leads to, as a tree is walked. */
  readonly leadsTo?: (answer: JsonObject) => Iterable<Request>;
  /** With `each`: the answers are batches of one list and are merged into one response object, not keyed. */
  readonly isBatch?: boolean;
  /** With `each`: the region in whose folder a resource's answer is stored, where that is not the place's own. */
  readonly storeIn?: (id: string, answer: JsonObject) => string;
  /** The one field of a response that holds its list, and what tells of further pages: `DistributionList`. */
  readonly within?: string;
  /** What an answer says that it left out, as a sentence. */
  readonly missing?: (answer: JsonObject) => string | undefined;
}

export interface AbsentError {
  readonly error: string;
  readonly message: string;
}

export interface Request {
  readonly id: string;
  readonly input: JsonObject;
  /** Where it is asked and stored, if not in the place's own region. */
  readonly region?: string;
}

export interface Place {
  readonly account: string;
  /** Region to call. */
  readonly region: string;
}

/** The answer of another operation of the same service and place: a response object, or one object keyed by resource. */
export type Read = (operation: string) => Promise<JsonObject>;

/** Operations that are called without input, by name. */
export const plain = (...names: readonly string[]): Operation[] => names.map((name) => ({ name }));

/** An operation called once for each string that `ids` finds, with the string as the input's field `parameter`. */
export function perResource(
  name: string,
  parameter: string,
  from: string,
  ids: (answer: JsonObject) => readonly string[],
  more: Omit<Operation, 'name' | 'each' | 'input'> & { readonly input?: JsonObject } = {},
): Operation {
  const { input, ...rest } = more;
  return {
    name,
    ...rest,
    each: async (read) => ids(await read(from)).map((id) => ({ id, input: { ...input, [parameter]: id } })),
  };
}

/** Reads the string field `idName` of each object in the list `listName` of a response. */
export const idsIn =
  (listName: string, idName: string) =>
  (answer: Json | undefined): string[] =>
    objects(field(answer, listName)).flatMap((item) => text(field(item, idName)) ?? []);

/** The strings of the list `listName`. */
export const textsIn =
  (listName: string) =>
  (answer: Json | undefined): string[] => [...texts(field(answer, listName))];

/** Cuts a list into requests of at most `size` each, for operations that take many resources at once. */
export const inBatches = (
  items: readonly string[],
  size: number,
  input: (batch: readonly string[]) => JsonObject,
  id?: string,
): Request[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => {
    const batch = items.slice(index * size, index * size + size);
    return { id: id ?? batch[0] ?? '', input: input(batch) };
  });
