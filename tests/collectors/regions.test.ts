import { describe, expect, it } from 'vitest';
import { regionsOfMember } from '../../src/collectors/regions.js';

const MEMBER = '444455556666';
const HERE = ['eu-west-1', 'us-east-1'];
const THERE = ['ap-east-1', 'us-east-1'];

describe('regions of another account', () => {
  it('are those that it has switched on, where all are meant', async () => {
    const all = { names: HERE, isAll: true };
    expect(await regionsOfMember(all, MEMBER, () => Promise.resolve(THERE))).toEqual({ regions: THERE, gaps: [] });
  });

  it('are those that were named, which it is not asked about', async () => {
    const named = { names: HERE, isAll: false };
    const refuse = (): Promise<never> => Promise.reject(new Error('asked'));
    expect(await regionsOfMember(named, MEMBER, refuse)).toEqual({ regions: HERE, gaps: [] });
  });

  it('are those of the first account where it does not say, which is a gap', async () => {
    const refused = Object.assign(new Error('not allowed'), { name: 'UnauthorizedOperation' });
    const { regions, gaps } = await regionsOfMember({ names: HERE, isAll: true }, MEMBER, () =>
      Promise.reject(refused),
    );
    expect(regions).toEqual(HERE);
    expect(gaps).toEqual([
      {
        account: MEMBER,
        region: 'global',
        service: 'ec2',
        operation: 'DescribeRegions',
        error: 'UnauthorizedOperation',
        message: 'not allowed',
      },
    ]);
  });
});
