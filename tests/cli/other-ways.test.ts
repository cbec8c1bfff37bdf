import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedReport } from '../../src/findings/index.js';
import { runCli, WEB_SHOP } from './run-cli.js';

const WEB = 'i-0b0f7307b0f4a81c0';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-ways-'));
  await runCli(['baseline', WEB_SHOP, '--out', at('baseline.json')]);
  for (const name of ['better', 'worse']) {
    cpSync(WEB_SHOP, at(name), { recursive: true });
    takeProfileOff(at(name));
  }
  openLegacy(at('worse'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Changes an answer in place. */
function edit(snapshot: string, file: string, change: (answer: never) => void): void {
  const path = join(snapshot, '111122223333', file);
  const answer: unknown = JSON.parse(readFileSync(path, 'utf8'));
  change(answer as never);
  writeFileSync(path, JSON.stringify(answer));
}

/** Ends the easier way to the database, over the role of the host; that somebody guesses the login was possible all along. */
function takeProfileOff(snapshot: string): void {
  edit(
    snapshot,
    'us-east-1/ec2/DescribeInstances.json',
    ({ Reservations }: { Reservations: { Instances: { InstanceId: string; IamInstanceProfile?: object }[] }[] }) => {
      for (const { Instances } of Reservations)
        for (const instance of Instances) if (instance.InstanceId === WEB) delete instance.IamInstanceProfile;
    },
  );
  edit(
    snapshot,
    'us-east-1/ec2/DescribeIamInstanceProfileAssociations.json',
    (answer: { IamInstanceProfileAssociations: { InstanceId: string }[] }) => {
      answer.IamInstanceProfileAssociations = answer.IamInstanceProfileAssociations.filter(
        ({ InstanceId }) => InstanceId !== WEB,
      );
    },
  );
}

/** Lets the internet in to another host. */
function openLegacy(snapshot: string): void {
  edit(
    snapshot,
    'us-east-1/ec2/DescribeSecurityGroups.json',
    ({ SecurityGroups }: { SecurityGroups: { GroupId: string; IpPermissions: object[] }[] }) => {
      const group = SecurityGroups.find(({ GroupId }) => GroupId === 'sg-0c01800aa445b82af');
      group?.IpPermissions.push({
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      });
    },
  );
}

const check = async (snapshot: string, ...args: readonly string[]): Promise<[number | null, ComparedReport]> => {
  const { code, out } = await runCli(['check', snapshot, '--format', 'json', ...args]);
  return [code, JSON.parse(out) as ComparedReport];
};

describe('a change that ends the easier of two ways', () => {
  it.each([
    ['a baseline', () => ['--baseline', at('baseline.json')]],
    ['an earlier snapshot', () => ['--reference', WEB_SHOP]],
  ])('opens nothing, by %s', async (_, flags) => {
    const [code, { comparison, paths }] = await check(at('better'), ...flags());
    const way = paths.find(({ entry, target }) => entry.id.endsWith(WEB) && target.name === 'orders');
    expect(way?.steps.map(({ technique }) => technique)).not.toContain('rds-master-password');
    expect(comparison.paths.find(({ id }) => id === way?.id)?.state).toBe('unchanged');
    expect([code, comparison.counts.new]).toEqual([0, 0]);
  });

  it('hides nothing that it opens besides', async () => {
    const [code, { comparison, paths }] = await check(at('worse'), '--baseline', at('baseline.json'));
    const fresh = comparison.paths.filter(({ state }) => state === 'new').map(({ id }) => id);
    expect(code).toBe(1);
    expect(fresh.length).toBeGreaterThan(0);
    for (const { entry } of paths.filter(({ id }) => fresh.includes(id))) expect(entry.name).toBe('legacy');
  });

  it('is told as what it is by a snapshot, where the baseline does not know of it', async () => {
    const old = JSON.parse(readFileSync(at('baseline.json'), 'utf8')) as Record<string, unknown>;
    delete old['otherWays'];
    writeFileSync(at('old.json'), JSON.stringify(old));
    const [code, { comparison }] = await check(at('better'), '--baseline', at('old.json'), '--reference', WEB_SHOP);
    expect(code).toBe(1);
    expect(comparison.paths.find(({ state }) => state === 'new')?.because).toEqual([
      'it was possible in the reference too, behind an easier way between the same ends that is gone',
    ]);
  });
});
