import { describe, expect, it } from 'vitest';
import { DEFAULT_CLASSIFICATION, makeClassifier } from '../../src/findings/classification.js';

const { readTags, readName } = makeClassifier(DEFAULT_CLASSIFICATION);
const levelOf = (tags: Record<string, string>) => readTags(new Map(Object.entries(tags)))?.level;

describe('tags', () => {
  it.each([
    ['DataClassification', 'restricted', 'sensitive'],
    ['data-classification', 'Restricted', 'sensitive'],
    ['data_classification', 'highly-confidential', 'sensitive'],
    ['data', 'pii, pci', 'sensitive'],
    ['Sensitivity', 'CardholderData', 'sensitive'],
    ['data', 'public', 'harmless'],
    ['data', 'Non-Sensitive', 'harmless'],
    ['data', 'not_sensitive', 'harmless'],
    ['data', 'non-pii', undefined],
    ['data', 'unrestricted', undefined],
    ['data', 'internal', undefined],
    ['data', 'publications', undefined],
    ['data', '', undefined],
    ['Environment', 'test', undefined],
    ['Name', 'restricted', undefined],
  ])('%s=%s says %s', (key, value, level) => {
    expect(levelOf({ [key]: value })).toBe(level);
  });

  it('that say sensitive count before those that say harmless, in whatever order they come', () => {
    const tags: [string, string][] = [
      ['classification', 'public'],
      ['data', 'pci'],
    ];
    expect(readTags(new Map(tags))).toEqual({ level: 'sensitive', tag: 'data=pci' });
    expect(readTags(new Map([...tags].reverse()))).toEqual({ level: 'sensitive', tag: 'data=pci' });
  });
});

describe('names', () => {
  it.each([
    ['customers', 'customers'],
    ['prod-CustomerArchive-2', 'customer'],
    ['payroll_final', 'payroll'],
    ['non-pii-export', undefined],
    ['customised', undefined],
    ['orders', undefined],
    ['graphic', undefined],
  ])('%s says %s', (name, word) => {
    expect(readName(name)).toBe(word);
  });
});

it('uses the keys and words that it is given, of several words and in any script', () => {
  const own = makeClassifier({
    tags: ['acme:Schutz'],
    sensitive: ['streng geheim'],
    harmless: ['öffentlich'],
    names: [],
  });
  const read = (value: string) => own.readTags(new Map([['ACME:schutz', value]]))?.level;
  expect(read('Streng-Geheim')).toBe('sensitive');
  expect(read('geheim')).toBeUndefined();
  expect(read('Öffentlich')).toBe('harmless');
  expect(own.readTags(new Map([['data', 'pci']]))).toBeUndefined();
  expect(own.readName('customers')).toBeUndefined();
});
