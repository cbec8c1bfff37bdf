import { describe, expect, it } from 'vitest';
import { matchesAsset, matchesGlob } from '../../src/findings/asset-pattern.js';
import type { Asset } from '../../src/model/index.js';

describe('a pattern', () => {
  it.each([
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['a*b*c', 'aXbYbc', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
  ])('%j on %j is %j', (pattern, text, fits) => expect(matchesGlob(pattern, text)).toBe(fits));

  it('takes no more than pattern times text', () => {
    const start = performance.now();
    expect(matchesGlob(`${'a*'.repeat(50)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('an asset', () => {
  const asset: Asset = {
    id: 'arn:aws:rds:us-east-1:111122223333:db:orders',
    type: 'rds:db-instance',
    account: '111122223333',
    region: 'us-east-1',
    name: 'orders',
    tags: new Map([
      ['data', 'pci'],
      ['__proto__', 'x'],
    ]),
    source: '',
    record: {},
  };
  it.each([
    [{ id: '*:db:orders' }, true],
    [{ id: '*:db:order' }, false],
    [{ type: 'rds:db-instance', account: '111122223333' }, true],
    [{ type: 'rds:db-instance', account: '999988887777' }, false],
    [{ name: 'ord*' }, true],
    [{ tags: new Map([['data', 'pci']]) }, true],
    [{ tags: new Map([['data', 'p*']]), name: 'billing' }, false],
    [{ tags: new Map([['owner', '*']]) }, false],
    [{ tags: new Map([['__proto__', '*']]) }, true],
  ])('%j fits: %j', (pattern, fits) => expect(matchesAsset(pattern, asset.id, asset)).toBe(fits));

  it('that the graph does not know fits by its id alone', () => {
    expect(matchesAsset({ id: 'aws:admin/*' }, 'aws:admin/111122223333', undefined)).toBe(true);
    expect(matchesAsset({ type: 'aws:admin' }, 'aws:admin/111122223333', undefined)).toBe(false);
  });
});
