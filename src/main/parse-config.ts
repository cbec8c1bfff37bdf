import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import {
  type AssetPattern,
  type Classification,
  DEFAULT_CLASSIFICATION,
  type Guardrail,
  SEVERITIES,
  type SensitivityRule,
  type Severity,
} from '../findings/index.js';
import { EXIT, UserError } from '../model/index.js';
import type { Config } from './config.js';

type Place = Node | null | undefined;

/**
 * Reads a configuration file (YAML, and so JSON too). Every mistake is told with its line and column; unknown keys are
 * mistakes, since a misspelt one would be a rule that never holds.
 *
 * @throws UserError whose message begins with `name:line:column`.
 */
export function parseConfig(content: string, name: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, uniqueKeys: true, merge: false });
  const placeOf = (node: Place): string => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return `${line}:${col}`;
  };
  const fail = (node: Place, what: string): never => {
    throw new UserError(`${name}:${placeOf(node)}: ${what}`, EXIT.usage);
  };
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const [message = ''] = problem.message.split(' at line ');
    throw new UserError(`${name}:${line}:${col}: ${message}`, EXIT.usage);
  }
  const reader: Reader = { fail, placeOf };
  const config = { sensitivity: [] as SensitivityRule[], never: [] as Guardrail[], only: [] as Guardrail[] };
  let failOn: Severity | undefined;
  let baseline: string | undefined;
  let classification: Classification | undefined;
  for (const [key, value, node] of entries(reader, document.contents, 'the configuration')) {
    if (key === 'failOn') failOn = readSeverity(reader, value);
    else if (key === 'baseline') baseline = readText(reader, value, key);
    else if (key === 'sensitivity')
      config.sensitivity = items(reader, value, key).map((i) => readSensitivity(reader, i));
    else if (key === 'classification') classification = readClassification(reader, value);
    else if (key === 'never') config.never = items(reader, value, key).map((i) => readGuardrail(reader, i, 'never'));
    else if (key === 'only') config.only = items(reader, value, key).map((i) => readGuardrail(reader, i, 'only'));
    else fail(node, `unknown key "${key}"; there are failOn, baseline, classification, sensitivity, never, only`);
  }
  return {
    ...config,
    ...(failOn && { failOn }),
    ...(baseline !== undefined && { baseline }),
    ...(classification && { classification }),
  };
}

interface Reader {
  fail(node: Place, what: string): never;
  placeOf(node: Place): string;
}

type Entry = readonly [key: string, value: Place, keyNode: Place];

/** The pairs of a mapping; nothing for an empty file. */
function entries(reader: Reader, node: Place, what: string): readonly Entry[] {
  if (node === null || node === undefined || (isScalar(node) && node.value === null)) return [];
  if (!isMap(node)) return reader.fail(node, `${what} should be a mapping of keys to values`);
  return node.items.map((pair: Pair): Entry => {
    if (!isPair(pair) || !isScalar(pair.key) || typeof pair.key.value !== 'string') {
      return reader.fail(pair.key as Place, 'a key should be a text');
    }
    return [pair.key.value, pair.value as Place, pair.key];
  });
}

/** The items of a list; one thing alone counts as a list of one. */
function items(reader: Reader, node: Place, key: string): readonly Place[] {
  if (isSeq(node)) return node.items as Place[];
  if (isMap(node)) return [node];
  return reader.fail(node, `${key} should be a list`);
}

function readText(reader: Reader, node: Place, key: string): string {
  if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
  if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined) return node.source;
  if (isScalar(node) && typeof node.value === 'boolean') return String(node.value);
  return reader.fail(node, `${key} should be a text`);
}

function readSeverity(reader: Reader, node: Place): Severity {
  const value = readText(reader, node, 'the severity');
  return SEVERITIES.find((s) => s === value) ?? reader.fail(node, `"${value}" is none of ${SEVERITIES.join(', ')}`);
}

/** Each list stands in place of the built-in one; those that are not given stay. */
function readClassification(reader: Reader, node: Place): Classification {
  const classification: { -readonly [K in keyof Classification]: Classification[K] } = { ...DEFAULT_CLASSIFICATION };
  for (const [key, value, keyNode] of entries(reader, node, 'classification')) {
    if (key === 'tags' || key === 'sensitive' || key === 'harmless' || key === 'names') {
      if (!isSeq(value)) reader.fail(value, `${key} should be a list`);
      else classification[key] = (value.items as Place[]).map((item) => readText(reader, item, `an item of ${key}`));
    } else {
      reader.fail(keyNode, `unknown key "${key}"; classification has tags, sensitive, harmless and names`);
    }
  }
  return classification;
}

function readSensitivity(reader: Reader, node: Place): SensitivityRule {
  let target: AssetPattern | undefined;
  let severity: Severity | undefined;
  for (const [key, value, keyNode] of entries(reader, node, 'a rule of sensitivity')) {
    if (key === 'target') target = readPattern(reader, value);
    else if (key === 'severity') severity = readSeverity(reader, value);
    else reader.fail(keyNode, `unknown key "${key}"; a rule of sensitivity has target and severity`);
  }
  if (!target) return reader.fail(node, 'a rule of sensitivity needs a target');
  if (!severity) return reader.fail(node, 'a rule of sensitivity needs a severity');
  return { target, severity };
}

function readGuardrail(reader: Reader, node: Place, kind: Guardrail['kind']): Guardrail {
  let from: readonly AssetPattern[] | undefined;
  let to: AssetPattern | undefined;
  for (const [key, value, keyNode] of entries(reader, node, `a rule of ${kind}`)) {
    if (key === 'to') to = readPattern(reader, value);
    else if (key === 'from') from = readSources(reader, value, kind);
    else reader.fail(keyNode, `unknown key "${key}"; a rule of ${kind} has from and to`);
  }
  if (!to) return reader.fail(node, `a rule of ${kind} needs what it is about, as "to"`);
  return { kind, to, place: reader.placeOf(node), ...(from && { from }) };
}

/** `internet` stands for every entry, which is what `never` without `from` says, and what `only` cannot mean. */
function readSources(reader: Reader, node: Place, kind: Guardrail['kind']): readonly AssetPattern[] | undefined {
  const sources = isSeq(node) ? (node.items as Place[]) : [node];
  const internet = sources.find((source) => isScalar(source) && source.value === 'internet');
  if (internet === undefined) return sources.map((source) => readPattern(reader, source));
  if (kind === 'only') reader.fail(internet, 'every path comes from the internet: only from there forbids nothing');
  return undefined;
}

/** A text is an id with `*` for any text; a mapping names parts that must all fit. */
function readPattern(reader: Reader, node: Place): AssetPattern {
  if (isScalar(node)) return { id: readText(reader, node, 'an asset') };
  const pattern: { -readonly [K in keyof AssetPattern]: AssetPattern[K] } = {};
  for (const [key, value, keyNode] of entries(reader, node, 'an asset')) {
    if (key === 'tag') {
      const tags = entries(reader, value, 'tag').map(([tag, v]) => [tag, readText(reader, v, `tag ${tag}`)] as const);
      pattern.tags = new Map(tags);
    } else if (key === 'id' || key === 'type' || key === 'name' || key === 'account') {
      pattern[key] = readText(reader, value, key);
    } else {
      reader.fail(keyNode, `unknown key "${key}"; an asset is given by id, type, name, account or tag`);
    }
  }
  if (Object.keys(pattern).length === 0) reader.fail(node, 'an asset needs an id, type, name, account or tag');
  return pattern;
}
