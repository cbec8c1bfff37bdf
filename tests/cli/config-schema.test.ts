import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../scripts/docs/config-schema.js';
import { parseConfig } from '../../src/main/parse-config.js';

const validate = new Ajv({ strict: false }).compile(configSchema());

/** What the program's reader and an editor say of a file. */
const verdicts = (text: string): { readonly reader: boolean; readonly schema: boolean } => {
  let reader = true;
  try {
    parseConfig(text, 'trespass.config.yaml');
  } catch {
    reader = false;
  }
  return { reader, schema: validate(parse(text) ?? {}) };
};

const [, SAMPLE = ''] =
  /```yaml\n(failOn:[\s\S]*?)```/.exec(readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8')) ?? [];

describe('the schema of the configuration and its reader', () => {
  it.each<[string, string]>([
    ['an empty file', ''],
    ['the sample of the documentation', SAMPLE],
    ['one rule instead of a list', 'never: { to: { name: orders } }'],
    ['an account as a number', 'never: [{ from: internet, to: { account: 111122223333 } }]'],
    ['several sources', "only: [{ to: 'arn:*', from: [{ name: api }, { type: 'ec2:instance' }] }]"],
    ['the internet among several', "never: [{ to: 'arn:*', from: [internet, { type: 'ec2:instance' }] }]"],
    ['lists of words', 'classification: { tags: [a], sensitive: [], harmless: [public], names: [x] }'],
  ])('both take %s', (_, text) => {
    expect(verdicts(text)).toEqual({ reader: true, schema: true });
  });

  it.each<[string, string]>([
    ['an unknown key', 'fail-on: high'],
    ['an unknown severity', 'failOn: worst'],
    ['a rule without a target', 'sensitivity: [{ severity: low }]'],
    ['a rule without a severity', 'sensitivity: [{ target: x }]'],
    ['a guardrail without an end', 'never: [{ from: internet }]'],
    ['a guardrail that forbids nothing', 'only: [{ to: x, from: internet }]'],
    ['one that forbids nothing among others', 'only: [{ to: x, from: [{ name: api }, internet] }]'],
    ['an asset of nothing', 'never: [{ to: {} }]'],
    ['an asset by an unknown key', 'never: [{ to: { colour: red } }]'],
    ['words that are no list', 'classification: { tags: a }'],
    ['a list at the top', '[1, 2]'],
    ['an empty baseline', "baseline: ''"],
  ])('both refuse %s', (_, text) => {
    expect(verdicts(text)).toEqual({ reader: false, schema: false });
  });
});
