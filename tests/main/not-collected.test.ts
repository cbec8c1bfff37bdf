import { describe, expect, it } from 'vitest';
import { notCollected } from '../../src/main/not-collected.js';
import { memorySnapshot } from '../../src/snapshot/index.js';

const inRegion = (region: string): readonly string[] =>
  notCollected(memorySnapshot({ accounts: [{ id: '111122223333', regions: [region] }], answers: [] }));

describe('what was not collected', () => {
  it('is listed by account and region', () => {
    expect(inRegion('eu-west-1')).toContain('111122223333/eu-west-1/ec2/DescribeInstances');
    expect(inRegion('eu-west-1')).toContain('111122223333/global/iam/GetAccountAuthorizationDetails');
    expect(inRegion('eu-west-1')).toContain('111122223333/global/global-accelerator/ListAccelerators');
  });

  it('is not what there is not in the partition', () => {
    for (const region of ['cn-north-1', 'us-gov-west-1'])
      expect(inRegion(region).filter((name) => name.includes('global-accelerator'))).toEqual([]);
    expect(inRegion('cn-north-1')).toContain('111122223333/global/iam/GetAccountAuthorizationDetails');
  });
});
