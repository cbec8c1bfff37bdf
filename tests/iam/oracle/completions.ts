import type { PolicyEvaluation } from '../../../src/iam/index.js';
import { isObject, type Json } from '../../../src/model/index.js';
import { type ContextKey, FAMILIES, KEYS, SESSIONS } from './alphabet.js';

/** A value of a key in a request; `undefined` for a request without the key. */
type Value = string | readonly string[] | undefined;

const FRESH: Readonly<Record<ContextKey['kind'], readonly string[]>> = {
  string: ['zzz'],
  strings: ['zzz'],
  arn: ['arn:aws:sqs:eu-west-9:999988887777:zzz'],
  date: ['2031-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
  number: ['999999', '-5'],
  boolean: [],
  address: ['198.51.100.7', '2001:db9::9'],
  binary: ['enp6'],
};

/** Every string anywhere in the policies that stands under a condition key of that name; what `Null` says is no value of it. */
function valuesTestedIn(policies: Json, key: string): readonly string[] {
  if (Array.isArray(policies)) return policies.flatMap((item: Json) => valuesTestedIn(item, key));
  if (!isObject(policies)) return [];
  return Object.entries(policies).flatMap(([name, value]) => {
    if (name === 'Null') return [];
    return name.toLowerCase() === key.toLowerCase() ? [value].flat().map(String) : valuesTestedIn(value ?? null, key);
  });
}

/** Strings that a policy's value tells apart: what it matches, and what lies beside it. */
function samples(kind: ContextKey['kind'], pattern: string): readonly string[] {
  if (kind === 'number') return [Number(pattern) - 1, Number(pattern), Number(pattern) + 1].map(String);
  if (kind === 'date') {
    const time = Date.parse(pattern);
    if (Number.isNaN(time)) return [];
    return [time - 1000, time, time + 1000].map((at) => new Date(at).toISOString());
  }
  if (kind === 'address') return [pattern.split('/')[0] ?? pattern];
  if (kind === 'boolean') return [];
  const one = pattern
    .replaceAll(/\$\{[^}]*\}/g, '*')
    .replaceAll('*', 'z')
    .replaceAll('?', 'q');
  // Operators without wildcards take the pattern as it stands.
  return [one, one.toLowerCase(), pattern];
}

/** Every run of the resource's path segments: what a variable in a `Resource` pattern must be for it to match. */
function piecesOf(resource: string): readonly string[] {
  const pieces = resource.split(/[/:]/);
  return pieces.flatMap((_, from) =>
    pieces.slice(from).map((__, length) => pieces.slice(from, from + length + 1).join('/')),
  );
}

const ALL_KEYS: readonly ContextKey[] = [...KEYS, ...FAMILIES.flatMap((family) => family.keys)];

/** What a variable in a policy's value may come to: the request's value of its key, its default, or any value if the key is open. */
function valuesOfVariable(body: string, { context, unknownKeys = [], chosenKeys = [] }: PolicyEvaluation): string[] {
  const [name = '', fallback = "''"] = body.split(/\s*,\s*/);
  const known = [context?.[name] ?? []].flat();
  const isOpen = [...unknownKeys, ...chosenKeys].includes(name);
  const open = isOpen ? ALL_KEYS.filter((key) => key.name === name).flatMap(({ values }) => values) : [];
  return [...known, ...open, fallback.slice(1, -1), 'zzz'];
}

/** A policy's value with its variables filled in, in all ways. */
function fillVariables(pattern: string, evaluation: PolicyEvaluation): readonly string[] {
  const [variable, body = ''] = /\$\{([^*?$}]+)\}/.exec(pattern) ?? [];
  if (variable === undefined) return [pattern];
  return valuesOfVariable(body, evaluation).flatMap((value) =>
    fillVariables(
      pattern.replace(variable, () => value),
      evaluation,
    ),
  );
}

/** A small set of values of a key, absence among them, in which everything that the policies tell apart is there. */
function domainOf(key: ContextKey, evaluation: PolicyEvaluation): readonly Value[] {
  const { context, principal: _, action: __, resource, unknownKeys: ___, chosenKeys: ____, ...policies } = evaluation;
  const stated = policies as unknown as Json;
  const tested = valuesTestedIn(stated, key.name)
    .flatMap((pattern) => [pattern, ...fillVariables(pattern, evaluation)])
    .flatMap((pattern) => samples(key.kind, pattern));
  const isVariable = JSON.stringify(stated).toLowerCase().includes(`\${${key.name.toLowerCase()}`);
  // What stands for it may be compared with the resource's name or with the value of another key.
  if (isVariable && key.kind === 'string') {
    tested.push(...piecesOf((resource ?? '').split(':').slice(5).join(':')));
    const stated = Object.values(context ?? {}).filter((value) => typeof value === 'string');
    // It may be a part of what it is compared with, as a name is of an ARN.
    tested.push(...stated, ...stated.flatMap(piecesOf));
    tested.push(...KEYS.filter(({ kind }) => kind === 'string').flatMap(({ values }) => values));
  }
  const single = [...new Set([...key.values, ...tested, ...FRESH[key.kind]])];
  if (key.kind !== 'strings') return [undefined, ...single];
  const pairs = single.flatMap((first, index) => single.slice(index + 1).map((second) => [first, second]));
  return [undefined, ...single.map((value) => [value]), ...pairs];
}

/** Who a principal may be: a role stands for one of its sessions, nobody knows which, so for those of the alphabet and another. */
function sessionsOf(principal: string): readonly string[] {
  const [, partition = '', account = '', role] =
    /^arn:([^:]*):iam::(\d*):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  if (role === undefined) return [principal];
  const prefix = `arn:${partition}:sts::${account}:assumed-role/${role}/`;
  return [...SESSIONS.filter((session) => session.startsWith(prefix)), `${prefix}zzz`];
}

/** An account of nobody who asks. */
const NOBODYS = '000000000000';

/** The account whose principal asks. */
const accountOf = (principal: string): string | undefined => /(?<=:|\/)\d{12}(?=:|$)/.exec(principal)?.[0];

/** The entries of a deny's `NotPrincipal` that AWS may or may not heed: those of an account that is not listed beside them. */
function splitExempt(
  statement: Json,
  account: string,
): { readonly sure: readonly Json[]; readonly open: readonly Json[] } {
  const listed =
    isObject(statement) && isObject(statement['NotPrincipal']) ? statement['NotPrincipal']['AWS'] : undefined;
  const entries = listed === undefined ? [] : [listed].flat();
  const isWhole = entries.some(
    (entry) => entry === '*' || entry === account || entry === `arn:aws:iam::${account}:root`,
  );
  const isOpen = (entry: Json): boolean => !isWhole && typeof entry === 'string' && accountOf(entry) === account;
  return { sure: entries.filter((entry) => !isOpen(entry)), open: entries.filter(isOpen) };
}

/**
 * The resource's policy as AWS may heed it. Its documentation says that a `NotPrincipal` that lists a user, role or session without the account
 * "might" deny it too: the policy with that account listed as well, and the policy without those entries.
 */
function heeded(evaluation: PolicyEvaluation): readonly PolicyEvaluation[] {
  const { principal, resourcePolicy } = evaluation;
  const account = accountOf(principal);
  const document = resourcePolicy?.document;
  // To list an account spares its root user, whom nothing is open about.
  if (account === undefined || principal.endsWith(':root') || !isObject(document)) return [evaluation];
  const statements = [document['Statement'] ?? []].flat();
  if (statements.every((statement) => splitExempt(statement, account).open.length === 0)) return [evaluation];
  return [true, false].map((counts) => {
    const rewritten = statements.map((statement) => {
      const { sure, open } = splitExempt(statement, account);
      if (open.length === 0 || !isObject(statement) || !isObject(statement['NotPrincipal'])) return statement;
      const listed = counts ? [...sure, ...open, account] : [...sure, NOBODYS];
      return { ...statement, NotPrincipal: { ...statement['NotPrincipal'], AWS: listed } };
    });
    return {
      ...evaluation,
      resourcePolicy: { ...resourcePolicy, name: 'own', document: { ...document, Statement: rewritten } },
    };
  });
}

/**
 * The evaluation with each of `keys` set to every value of its domain in turn, every session that a role may stand for, and what AWS may
 * make of its `NotPrincipal`: nothing unknown, nothing chosen.
 */
export function* completions(evaluation: PolicyEvaluation, keys: readonly ContextKey[]): Generator<PolicyEvaluation> {
  for (const principal of sessionsOf(evaluation.principal))
    for (const read of heeded({ ...evaluation, principal })) yield* fillIn(read, keys);
}

function* fillIn(evaluation: PolicyEvaluation, keys: readonly ContextKey[]): Generator<PolicyEvaluation> {
  const [key, ...rest] = keys;
  if (key === undefined) {
    const { unknownKeys: _, chosenKeys: __, ...known } = evaluation;
    yield known;
    return;
  }
  for (const value of domainOf(key, evaluation)) {
    const context = { ...evaluation.context, ...(value !== undefined && { [key.name]: value }) };
    yield* fillIn({ ...evaluation, context }, rest);
  }
}

/** The evaluation with `keys` taken out of what is known about the request. */
export function forget(evaluation: PolicyEvaluation, keys: readonly ContextKey[]): PolicyEvaluation {
  const names = new Set(keys.map(({ name }) => name));
  const known = Object.entries(evaluation.context ?? {}).filter(([name]) => !names.has(name));
  return { ...evaluation, context: Object.fromEntries(known) };
}
