import pLimit, { type LimitFunction } from 'p-limit';
import { byCode, field, type Gap, isObject, type JsonObject } from '../model/index.js';
import { mergeResponses, redactAnswer } from '../snapshot/index.js';
import { askPatiently } from './ask-patiently.js';
import { type ClientOptions, openClient, type ServiceClient } from './clients.js';
import type { Operation, Place, Read, Request, ServiceCollector } from './declaration.js';
import { errorName, readFailure } from './failure.js';
import { askPages, PageError } from './pages.js';
import { plainAnswer } from './plain-answer.js';

/** The answer of one operation as it will be stored. */
export interface CollectedAnswer {
  readonly region: string;
  readonly operation: string;
  readonly body: JsonObject;
}

export interface Collected {
  readonly answers: readonly CollectedAnswer[];
  readonly gaps: readonly Gap[];
}

export interface ServiceRun {
  readonly collector: ServiceCollector;
  readonly place: Place;
  /** The folder: the place's region or `global`. */
  readonly storedIn: string;
  readonly client: ClientOptions;
  /** Bounds the calls under way over the whole run. */
  readonly limit: LimitFunction;
  readonly onOperation: (operation: string) => void;
}

/** Calls under way for one service in one region; AWS throttles by these. */
const CALLS_PER_CLIENT = 8;

/** Another operation that this one needs could not be had. */
class NeedsGap extends Error {
  override readonly name = 'NeedsGap';
}

/** An answer that is not of the shape that AWS documents. */
class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

interface Outcome {
  readonly bodies: ReadonlyMap<string, JsonObject>;
  readonly gaps: readonly Gap[];
  /** No answer at all: what depends on it cannot be asked. */
  readonly isLost: boolean;
}

/** Asks one service in one place everything that is declared. Never throws for what AWS answers: that becomes gaps. */
export async function collectService(run: ServiceRun): Promise<Collected> {
  const clients = new Map<string, Promise<ServiceClient>>();
  const clientOf = (region: string): Promise<ServiceClient> => {
    const known = clients.get(region) ?? openClient(run.collector, run.client, region);
    clients.set(region, known);
    return known;
  };
  const inService = pLimit(CALLS_PER_CLIENT);
  const ask = async (operation: string, input: JsonObject, region: string): Promise<JsonObject> => {
    const client = await clientOf(region);
    return askPatiently(() => inService(() => run.limit(async () => plainAnswer(await client.send(operation, input)))));
  };

  const outcomes = new Map<string, Promise<Outcome>>();
  const read: Read = async (operation) => {
    const outcome = await outcomes.get(operation);
    if (!outcome) throw new TypeError(`${run.collector.service} declares ${operation} after what reads it`);
    if (outcome.isLost) throw new NeedsGap(`needs ${run.collector.service}/${operation}, which is a gap`);
    return mergeResponses([...outcome.bodies.values(), {}]);
  };
  for (const operation of run.collector.operations) {
    const outcome = operation.each ? askEach(run, operation, ask, read) : askOnce(run, operation, ask);
    outcomes.set(
      operation.name,
      outcome.then((result) => {
        run.onOperation(operation.name);
        return result;
      }),
    );
  }
  try {
    const answers: CollectedAnswer[] = [];
    const gaps: Gap[] = [];
    for (const [operation, outcome] of outcomes) {
      const { bodies, gaps: own } = await outcome;
      for (const [region, body] of bodies) answers.push({ region, operation, body: redactAnswer(body) });
      gaps.push(...own);
    }
    return { answers, gaps };
  } finally {
    await Promise.allSettled(outcomes.values());
    for (const client of clients.values()) await client.then((c) => c.destroy()).catch(() => undefined);
  }
}

type Ask = (operation: string, input: JsonObject, region: string) => Promise<JsonObject>;

async function askOnce(run: ServiceRun, operation: Operation, ask: Ask): Promise<Outcome> {
  const input = operation.input?.(run.place) ?? {};
  const { answer, failure } = await askOne(operation, ask, input, run.place.region);
  const gaps = failure ? [gapOf(run, operation, failure)] : [];
  return {
    bodies: answer ? new Map([[run.storedIn, answer]]) : new Map(),
    gaps,
    isLost: failure !== undefined && answer === undefined,
  };
}

interface Reply {
  /** What came; with a failure too where some pages did. */
  readonly answer?: JsonObject;
  readonly isAbsent?: boolean;
  readonly failure?: { readonly error: string; readonly message: string };
}

async function askOne(operation: Operation, ask: Ask, input: JsonObject, region: string): Promise<Reply> {
  try {
    const pages = await askPages(async (page) => listIn(operation, await ask(operation.name, page, region)), input);
    const answer = asAnswered(operation, mergeResponses(pages));
    const missing = operation.missing?.(answer);
    return { answer, ...(missing !== undefined && { failure: { error: 'Incomplete', message: missing } }) };
  } catch (error) {
    const cause = error instanceof PageError ? error.cause : error;
    if (isAbsence(operation, cause)) return { answer: {}, isAbsent: true };
    const failure = readFailure(cause);
    const pages = error instanceof PageError ? error.pages : [];
    if (pages.length === 0) return { failure };
    return {
      answer: asAnswered(operation, mergeResponses(pages)),
      failure: { ...failure, message: `after ${pages.length} pages: ${failure.message}` },
    };
  }
}

/** The part of a response that pages are merged of. One that has nothing there, not even how many there are, says not that there are none. */
function listIn({ within }: Operation, response: JsonObject): JsonObject {
  if (within === undefined) return response;
  const list = field(response, within);
  if (!isObject(list) || Object.keys(list).length === 0) throw new UnreadableAnswer(`the answer has no ${within}`);
  return list;
}

/** Pages as one response; of a list within one, what counts the first page is left out. */
function asAnswered({ within }: Operation, merged: JsonObject): JsonObject {
  if (within === undefined) return merged;
  const lists = Object.entries(merged).filter(([, value]) => Array.isArray(value));
  return lists.length === 0 ? {} : { [within]: Object.fromEntries(lists) };
}

function isAbsence({ absent = [] }: Operation, cause: unknown): boolean {
  const name = errorName(cause);
  const message = cause instanceof Error ? cause.message : '';
  return absent.some((known) =>
    typeof known === 'string' ? known === name : known.error === name && message.includes(known.message),
  );
}

async function askEach(run: ServiceRun, operation: Operation, ask: Ask, read: Read): Promise<Outcome> {
  let requests: Request[];
  try {
    requests = [...((await operation.each?.(read, run.place)) ?? [])];
  } catch (cause) {
    if (!(cause instanceof NeedsGap)) throw cause;
    return lost([gapOf(run, operation, { error: 'NotAsked', message: cause.message })]);
  }
  const answersByRegion = new Map<string, Map<string, JsonObject[]>>();
  const gaps: Gap[] = [];
  const seen = new Set<string>();
  let asked = 0;
  while (requests.length > 0) {
    const found: Request[] = [];
    const replies = await Promise.all(
      requests.map(({ input, region }) => askOne(operation, ask, input, region ?? run.place.region)),
    );
    for (const [index, { id, region }] of requests.entries()) {
      const reply = replies[index] ?? {};
      asked += 1;
      seen.add(id);
      const stored = reply.answer && operation.storeIn ? operation.storeIn(id, reply.answer) : (region ?? run.storedIn);
      if (reply.failure) gaps.push({ ...gapOf(run, operation, reply.failure), region: stored, resource: id });
      if (!reply.answer) continue;
      // A region whose resources have none of it is answered too: with nothing.
      const byId = answersByRegion.get(stored) ?? new Map<string, JsonObject[]>();
      answersByRegion.set(stored, byId);
      if (reply.isAbsent) continue;
      byId.set(id, [...(byId.get(id) ?? []), reply.answer]);
      found.push(...(operation.leadsTo?.(reply.answer) ?? []));
    }
    requests = found.filter(({ id }) => !seen.has(id));
  }
  const common = gaps.length === asked ? commonGap(gaps) : undefined;
  if (common) return lost([common]);
  const bodies = new Map([...answersByRegion].map(([region, byId]) => [region, bodyOf(operation, byId)]));
  if (bodies.size === 0 && gaps.length === 0) bodies.set(run.storedIn, {});
  gaps.sort((a, b) => byCode(`${a.region}/${a.resource}`, `${b.region}/${b.resource}`));
  return { bodies, gaps, isLost: false };
}

const lost = (gaps: readonly Gap[]): Outcome => ({ bodies: new Map(), gaps, isLost: true });

/** One gap for a call that failed for every resource in the same way, as a missing permission makes it. */
function commonGap(gaps: readonly Gap[]): Gap | undefined {
  const [first] = gaps;
  if (!first || gaps.some((gap) => gap.error !== first.error || gap.region !== first.region)) return undefined;
  const { resource, ...gap } = first;
  return { ...gap, message: `for each of ${gaps.length} resources, such as ${resource}: ${gap.message}` };
}

/** Sorted by id, so that the bytes do not tell in which order the calls came back. */
function bodyOf(operation: Operation, byId: ReadonlyMap<string, readonly JsonObject[]>): JsonObject {
  const sorted = [...byId].sort(([a], [b]) => byCode(a, b));
  if (operation.isBatch) return mergeResponses([...sorted.flatMap(([, bodies]) => bodies), {}]);
  return Object.fromEntries(sorted.map(([id, bodies]) => [id, mergeResponses(bodies)]));
}

const gapOf = (run: ServiceRun, operation: Operation, failure: { error: string; message: string }): Gap => ({
  account: run.place.account,
  region: run.storedIn,
  service: run.collector.service,
  operation: operation.name,
  error: failure.error,
  message: failure.message,
});
