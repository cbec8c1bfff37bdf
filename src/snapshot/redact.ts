import { isObject, type Json, type JsonObject, text } from '../model/index.js';
import { findSecrets, findVariableSecrets, isRedacted, redactedText } from './secrets.js';

/**
 * Replaces what may hold secrets in an answer, keeping AWS's shape: user data and the values of environment variables always,
 * other free texts (build specifications, stack parameters, job arguments) where a secret is found in them. In their place stands `[redacted]` or
 * `[redacted: <kind> [<access key id>], …]`, which `findSecrets` reads again. Doing it twice changes nothing.
 * Goes by the names of fields, wherever they stand, so that no operation is forgotten.
 */
export function redactAnswer(body: JsonObject): JsonObject {
  return redactObject(body, '');
}

type Rule = (value: Json, parent: string) => Json;

/** By field name: how its value is redacted. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['UserData', (value) => (isObject(value) ? mapValues(value, (inner) => redactText(inner)) : redactText(value))],
  ['Variables', (value, parent) => (parent === 'Environment' ? redactVariables(value) : value)],
  ['EnvironmentVariables', redactVariables],
  ['RuntimeEnvironmentVariables', redactVariables],
  ['environment', redactPairs],
  ['environmentVariables', (value) => (isObject(value) ? redactVariables(value) : redactPairs(value))],
  ['environmentVariablesOverride', redactPairs],
  ['OptionSettings', redactOptions],
  ['Parameters', redactNamed('ParameterKey', 'ParameterValue')],
  ['Outputs', redactNamed('OutputKey', 'OutputValue')],
  ...['DefaultArguments', 'NonOverridableArguments', 'ConnectionProperties'].map((name): [string, Rule] => [
    name,
    redactSuspectVariables,
  ]),
  ...[
    'MasterUserPassword',
    'SecretAccessKey',
    'SessionToken',
    'KeyMaterial',
    'PrivateKey',
    'ClientSecret',
    'AuthToken',
    // Of what CloudFront sends along to an origin, which often is how the origin knows it.
    'HeaderValue',
  ].map((name): [string, Rule] => [name, redactText]),
  ...[
    'buildspec',
    'ParameterValue',
    'OutputValue',
    'command',
    'entryPoint',
    'definition',
    'TemplateBody',
    'Description',
  ].map((name): [string, Rule] => [name, redactSuspectText]),
]);

function redactValue(original: Json | undefined, key: string, parent: string): Json | undefined {
  if (original === undefined || original === null) return original;
  const value = RULES.get(key)?.(original, parent) ?? original;
  // What a rule leaves is looked through too: redacting twice changes nothing.
  if (typeof value !== 'object') return value;
  if (!isObject(value)) {
    const items = (value as readonly Json[]).map((item) => redactValue(item, '', key) as Json);
    return items.some((item, index) => item !== (value as readonly Json[])[index]) ? items : value;
  }
  return redactObject(value, key);
}

/** Copies only what changes: most of an answer is passed on as it is. */
function redactObject(value: JsonObject, key: string): JsonObject {
  let changed: [string, Json | undefined][] | undefined;
  const keys = Object.keys(value);
  for (const [index, name] of keys.entries()) {
    const redacted = redactValue(value[name], name, key);
    if (redacted === value[name]) continue;
    changed ??= keys.map((k) => [k, value[k]]);
    changed[index] = [name, redacted];
  }
  return changed ? Object.fromEntries(changed) : value;
}

function redactText(value: Json): Json {
  if (typeof value === 'string') return value === '' || isRedacted(value) ? value : redactedText(findSecrets(value));
  return value;
}

function redactSuspectText(value: Json): Json {
  if (Array.isArray(value)) return redactEach(value as readonly Json[]);
  if (typeof value !== 'string' || isRedacted(value)) return value;
  const findings = findSecrets(value);
  return findings.length > 0 ? redactedText(findings) : value;
}

function redactEach(items: readonly Json[]): Json {
  const redacted = items.map((item) => (typeof item === 'string' ? redactSuspectText(item) : item));
  return redacted.some((item, index) => item !== items[index]) ? redacted : items;
}

function redactVariables(value: Json): Json {
  if (!isObject(value)) return value;
  return mapValues(value, (inner, name) => redactVariable(name, inner));
}

function redactSuspectVariables(value: Json): Json {
  if (!isObject(value)) return value;
  return mapValues(value, (inner, name) =>
    typeof inner === 'string' && findVariableSecrets(name, inner).length > 0 ? redactVariable(name, inner) : inner,
  );
}

/** `[{name, value}]`; a CodeBuild variable of another type than PLAINTEXT only names where its value is kept. */
function redactPairs(value: Json): Json {
  if (!Array.isArray(value)) return value;
  return (value as readonly Json[]).map((pair) => {
    if (!isObject(pair) || !Object.hasOwn(pair, 'value')) return pair;
    const type = text(pair['type']);
    if (type === 'PARAMETER_STORE' || type === 'SECRETS_MANAGER') return pair;
    return { ...pair, value: redactVariable(text(pair['name']) ?? '', pair['value'] ?? null) };
  });
}

/** Pairs as CloudFormation has them: a value in which a secret is found by itself or by its name. */
function redactNamed(nameField: string, valueField: string): Rule {
  return (value) =>
    mapItems(value, (pair) => {
      const held = isObject(pair) ? pair[valueField] : undefined;
      if (!isObject(pair) || typeof held !== 'string') return pair;
      const name = text(pair[nameField]) ?? '';
      return findVariableSecrets(name, held).length > 0 ? { ...pair, [valueField]: redactVariable(name, held) } : pair;
    });
}

/** Settings of Elastic Beanstalk: the application's environment always, others where a secret is found. */
function redactOptions(value: Json): Json {
  return mapItems(value, (option) => {
    const name = isObject(option) ? (text(option['OptionName']) ?? '') : '';
    const held = isObject(option) ? option['Value'] : undefined;
    if (!isObject(option) || typeof held !== 'string') return option;
    const isEnvironment = option['Namespace'] === 'aws:elasticbeanstalk:application:environment';
    return isEnvironment || findVariableSecrets(name, held).length > 0
      ? { ...option, Value: redactVariable(name, held) }
      : option;
  });
}

function redactVariable(name: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  return isRedacted(value) ? value : redactedText(findVariableSecrets(name, value));
}

/** The list itself where nothing in it changes. */
function mapItems(value: Json, change: (item: Json) => Json): Json {
  if (!Array.isArray(value)) return value;
  const items = (value as readonly Json[]).map(change);
  return items.some((item, index) => item !== (value as readonly Json[])[index]) ? items : value;
}

const mapValues = (value: JsonObject, change: (inner: Json, name: string) => Json): JsonObject =>
  Object.fromEntries(Object.keys(value).map((name) => [name, change(value[name] ?? null, name)]));
