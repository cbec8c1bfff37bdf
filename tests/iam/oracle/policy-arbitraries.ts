import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/model/index.js';
import { AWS_PRINCIPALS, type ContextKey, FAMILIES, type Family, KEYS, type KeyKind, SERVICES } from './alphabet.js';

const OPERATORS: Readonly<Record<KeyKind, readonly string[]>> = {
  string: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  strings: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringLike', 'StringNotLike'],
  arn: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'StringLike', 'StringEquals', 'StringNotLike'],
  date: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  number: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  boolean: ['Bool'],
  address: ['IpAddress', 'NotIpAddress'],
  binary: ['BinaryEquals'],
};

/** One element alone or a list of up to `most`, as policies write both. */
const oneOrMore = (values: readonly string[], most = 2): fc.Arbitrary<string | string[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most }) },
  );

const otherCase = (name: string): string => name.toUpperCase();

/** `[operator, key, values]` */
type Test = readonly [string, string, Json];

function drawTest(key: ContextKey): fc.Arbitrary<Test> {
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constant(key.name) },
    { weight: 1, arbitrary: fc.constant(otherCase(key.name)) },
  );
  const isNull = fc.tuple(fc.constant('Null'), name, fc.constantFrom<Json>('true', 'false', false));
  const base = fc.constantFrom(...OPERATORS[key.kind]);
  const ifExists = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constant('IfExists') },
  );
  const set =
    key.kind === 'strings'
      ? fc.constantFrom('ForAllValues:', 'ForAnyValue:')
      : fc.oneof(
          { weight: 12, arbitrary: fc.constant('') },
          { weight: 1, arbitrary: fc.constantFrom('ForAllValues:', 'ForAnyValue:') },
        );
  const operator = fc.tuple(set, base, ifExists).map((parts) => parts.join(''));
  const values = oneOrMore(key.patterns, 3);
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(operator, name, values as fc.Arbitrary<Json>) },
    { weight: 1, arbitrary: isNull },
  );
}

/** A `Condition` element of one to three tests over the global keys and `keys`. */
function drawConditions(keys: readonly ContextKey[]): fc.Arbitrary<JsonObject> {
  const test = fc.constantFrom(...KEYS, ...keys).chain(drawTest);
  return fc.array(test, { minLength: 1, maxLength: 3 }).map((tests) => {
    const block = new Map<string, Map<string, Json>>();
    const seen = new Set<string>();
    for (const [operator, key, values] of tests) {
      // The same key twice under one operator is a malformed policy, which is another test's business.
      const identity = `${operator} ${key.toLowerCase()}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      const inner = block.get(operator) ?? new Map<string, Json>();
      block.set(operator, inner.set(key, values));
    }
    return Object.fromEntries([...block].map(([operator, inner]) => [operator, Object.fromEntries(inner)]));
  });
}

const federated = 'arn:aws:iam::111122223333:saml-provider/idp';
const canonical = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

const principalMap = fc.oneof(
  { weight: 8, arbitrary: oneOrMore([...AWS_PRINCIPALS, '*'], 3).map((AWS): JsonObject => ({ AWS })) },
  { weight: 2, arbitrary: oneOrMore(SERVICES).map((Service): JsonObject => ({ Service })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JsonObject>({ Federated: federated }, { CanonicalUser: canonical }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(oneOrMore(AWS_PRINCIPALS), oneOrMore(SERVICES))
      .map(([AWS, Service]): JsonObject => ({ AWS, Service })),
  },
);

const drawPrincipal: fc.Arbitrary<Json> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Json>('*') },
  { weight: 4, arbitrary: principalMap as fc.Arbitrary<Json> },
);

type Shape = 'identity' | 'resource' | 'trust' | 'rcp' | 'endpoint';

function drawStatement(family: Family, shape: Shape, denies: number): fc.Arbitrary<JsonObject> {
  const others = FAMILIES.filter((other) => other !== family).flatMap((other) => other.actions.slice(1, 2));
  const patterns = shape === 'rcp' ? family.actions.filter((action) => action !== '*') : family.actions;
  const actions = fc.oneof({ weight: 9, arbitrary: oneOrMore(patterns) }, { weight: 1, arbitrary: oneOrMore(others) });
  const resources = fc.oneof(
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: oneOrMore(family.resources) },
  );
  const rarely = fc.oneof({ weight: 7, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('Not') });
  const effect =
    shape === 'rcp'
      ? fc.constant('Deny')
      : fc.oneof(
          { weight: 10 - denies, arbitrary: fc.constant('Allow') },
          { weight: denies, arbitrary: fc.constant('Deny') },
        );
  return fc
    .record({
      sid: fc.option(fc.constantFrom('A', 'B'), { nil: undefined, freq: 2 }),
      effect,
      notAction: rarely,
      actions,
      notResource: rarely,
      resources,
      notPrincipal: rarely,
      principal: drawPrincipal,
      condition: fc.option(drawConditions(family.keys), { nil: undefined, freq: 2 }),
    })
    .map((draw): JsonObject => {
      const statement: Record<string, Json> = { Effect: draw.effect };
      if (draw.sid !== undefined) statement['Sid'] = draw.sid;
      statement[`${shape === 'rcp' ? '' : draw.notAction}Action`] = draw.actions;
      if (shape !== 'trust') statement[`${draw.notResource}Resource`] = draw.resources;
      if (shape === 'rcp' || shape === 'endpoint') statement['Principal'] = '*';
      // AWS refuses NotPrincipal beside Allow, and in trust policies altogether.
      const excepts = shape === 'resource' && draw.effect === 'Deny' && draw.notPrincipal === 'Not';
      if (shape === 'resource' || shape === 'trust') statement[excepts ? 'NotPrincipal' : 'Principal'] = draw.principal;
      if (draw.condition !== undefined) statement['Condition'] = draw.condition;
      return statement;
    });
}

/** A policy document of the given shape whose statements are about `family`. `denies`: how many of ten statements deny. */
export function drawPolicy(family: Family, shape: Shape, denies = 3, most = 3): fc.Arbitrary<JsonObject> {
  const version =
    shape === 'rcp'
      ? fc.constant('2012-10-17')
      : fc.oneof(
          { weight: 9, arbitrary: fc.constant('2012-10-17') },
          { weight: 1, arbitrary: fc.constantFrom(undefined, '2008-10-17') },
        );
  const statements = fc.array(drawStatement(family, shape, denies), { minLength: 1, maxLength: most });
  const alone = fc.boolean();
  return fc.tuple(version, statements, alone).map(([Version, drawn, single]): JsonObject => {
    const Statement: Json = single && drawn.length === 1 ? (drawn[0] as JsonObject) : drawn;
    return Version === undefined ? { Statement } : { Version, Statement };
  });
}
