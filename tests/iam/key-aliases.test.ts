import { describe, expect, it } from 'vitest';
import { readKeyAliases } from '../../src/iam/resources/key-aliases.js';
import { memorySnapshot } from '../../src/snapshot/index.js';

const [account, region] = ['111122223333', 'us-east-1'];
const KEY = `arn:aws:kms:${region}:${account}:key/k-1`;
const place = { account, region, service: 'kms', operation: 'ListAliases' };
const listed = {
  ...place,
  source: `${account}/${region}/kms/ListAliases.json`,
  body: { Aliases: [{ AliasName: 'alias/a', TargetKeyId: 'k-1' }] },
};

describe('the aliases of a key', () => {
  it('are those that were listed; none where others alone were', () => {
    const aliases = readKeyAliases(memorySnapshot({ answers: [listed] }));
    expect(aliases.of(KEY, account, region)).toEqual(['alias/a']);
    expect(aliases.of(KEY.replace('k-1', 'k-2'), account, region)).toEqual([]);
  });

  it('are not known where the list was cut short, or nobody asked', () => {
    const gaps = [{ ...place, error: 'AccessDenied', message: 'refused' }];
    expect(readKeyAliases(memorySnapshot({ answers: [listed], gaps })).of(KEY, account, region)).toBeUndefined();
    expect(readKeyAliases(memorySnapshot({ answers: [] })).of(KEY, account, region)).toBeUndefined();
  });
});
