import * as fc from 'fast-check';
import type { NamedPolicy, PolicyEvaluation } from '../../../src/iam/index.js';
import type { JsonObject } from '../../../src/model/index.js';
import {
  ANYBODY,
  type ContextKey,
  FAMILIES,
  type Family,
  HOME,
  KEYS,
  ROLES,
  SERVICES,
  SESSIONS,
  USERS,
} from './alphabet.js';
import { drawPolicy } from './policy-arbitraries.js';

/** Policies and several requests that all of them have a say in. */
export interface Scene {
  readonly family: Family;
  readonly policies: Pick<
    PolicyEvaluation,
    | 'identityPolicies'
    | 'permissionsBoundary'
    | 'sessionPolicy'
    | 'serviceControlPolicies'
    | 'resourceControlPolicies'
    | 'resourcePolicy'
    | 'vpcEndpointPolicy'
  >;
  readonly requests: readonly Request[];
}

export interface Request {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

const full: JsonObject = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

const named = (name: string, document: fc.Arbitrary<JsonObject>): fc.Arbitrary<NamedPolicy> =>
  document.map((drawn) => ({ name, document: drawn }));

const numbered = (prefix: string, documents: readonly JsonObject[]): NamedPolicy[] =>
  documents.map((document, index) => ({ name: `${prefix}-${index}`, document }));

const sometimes = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary });

/** Levels of an organization, each with policies, mostly the one that allows everything. */
const drawLevels = (prefix: string, policy: fc.Arbitrary<JsonObject>): fc.Arbitrary<NamedPolicy[][]> =>
  fc
    .array(fc.array(policy, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })
    .map((levels) => levels.map((level, index) => numbered(`${prefix}-${index}`, level)));

const orFull = (policy: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(full) }, { weight: 1, arbitrary: policy });

function drawValue(key: ContextKey): fc.Arbitrary<string | readonly string[]> {
  const value = fc.constantFrom(...key.values);
  return key.kind === 'strings' ? fc.uniqueArray(value, { minLength: 1, maxLength: 2 }) : value;
}

/** A request context in which each key is present twice out of three times. */
export function drawContext(keys: readonly ContextKey[]): fc.Arbitrary<Request['context']> {
  return fc.tuple(...keys.map((key) => fc.option(drawValue(key), { nil: undefined, freq: 3 }))).map((values) =>
    Object.fromEntries(
      keys.flatMap((key, index) => {
        const value = values[index];
        return value === undefined ? [] : [[key.name, value] as const];
      }),
    ),
  );
}

const drawPrincipal = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SESSIONS) },
  { weight: 5, arbitrary: fc.constantFrom(...USERS) },
  { weight: 2, arbitrary: fc.constantFrom(...ROLES) },
  { weight: 1, arbitrary: fc.constantFrom(...SERVICES) },
  { weight: 1, arbitrary: fc.constant(ANYBODY) },
  { weight: 1, arbitrary: fc.constant(`arn:aws:iam::${HOME}:root`) },
);

const drawRequest = (family: Family): fc.Arbitrary<Request> =>
  fc
    .tuple(drawPrincipal, fc.constantFrom(...family.requests), drawContext([...KEYS, ...family.keys]))
    .map(([principal, [action, resource], context]) => ({ principal, action, resource, context }));

/** Policies of all types about one family of resources, and `count` requests. */
export function drawScene(count: number): fc.Arbitrary<Scene> {
  return fc.constantFrom(...FAMILIES).chain((family) => {
    const resourceShape = family.service === 'sts' ? 'trust' : 'resource';
    const identity = fc.array(drawPolicy(family, 'identity', 1), { minLength: 0, maxLength: 3 });
    const own = named('own', drawPolicy(family, resourceShape, 2, 4));
    return fc.record({
      family: fc.constant(family),
      policies: fc
        .record({
          identityPolicies: identity.map((documents) => numbered('identity', documents)),
          permissionsBoundary: sometimes(4, named('boundary', orFull(drawPolicy(family, 'identity', 1)))),
          sessionPolicy: sometimes(3, named('session', orFull(drawPolicy(family, 'identity', 1)))),
          serviceControlPolicies: sometimes(3, drawLevels('scp', orFull(drawPolicy(family, 'identity', 1)))),
          resourceControlPolicies: sometimes(1, drawLevels('rcp', drawPolicy(family, 'rcp', 0, 1))),
          resourcePolicy: family.needsOwnPolicy ? own : family.owned ? sometimes(7, own) : fc.constant(undefined),
          vpcEndpointPolicy: sometimes(1, named('endpoint', drawPolicy(family, 'endpoint'))),
        })
        .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, policy]) => policy !== undefined))),
      requests: fc.array(drawRequest(family), { minLength: count, maxLength: count }),
    });
  });
}
