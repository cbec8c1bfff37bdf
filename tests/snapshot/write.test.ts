import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  memorySnapshot,
  readSnapshot,
  requireSnapshotFolder,
  writeSnapshot,
} from '../../src/snapshot/index.js';
import type { JsonObject } from '../../src/model/index.js';

const ACCOUNT = '111122223333';
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trespass-write-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const answer = (operation: string, body: JsonObject, region = 'us-east-1', service = 'ec2'): Answer => ({
  account: ACCOUNT,
  region,
  service,
  operation,
  source: Object.keys(body).length === 0 ? 'manifest.json' : `${ACCOUNT}/${region}/${service}/${operation}.json`,
  body,
});

const snapshotOf = (...answers: Answer[]) =>
  memorySnapshot({
    accounts: [{ id: ACCOUNT, name: 'shop', regions: ['eu-west-1'] }],
    answers,
    gaps: [
      {
        account: ACCOUNT,
        region: 'us-east-1',
        service: 'ec2',
        operation: 'DescribeImages',
        resource: 'ami-1',
        error: 'X',
        message: 'y',
      },
    ],
    collectedAt: '2026-01-02T03:04:05.000Z',
  });

const filesOf = async (folder: string): Promise<Record<string, string>> => {
  const files: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, path))).isFile()) files[path] = await readFile(join(folder, path), 'utf8');
  }
  return files;
};

describe('writing a snapshot', () => {
  it('gives back on reading what was written', async () => {
    const snapshot = snapshotOf(
      answer('DescribeVpcs', { Vpcs: [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-2' }], Other: { a: 1 } }),
      answer('DescribeSubnets', {}),
      answer('ListUsers', { Users: [], Total: 0 }, 'global', 'iam'),
      answer('DescribeSnapshotAttribute', JSON.parse('{"__proto__": {"x": 1}, "snap-1": {}}') as JsonObject),
    );
    await writeSnapshot(join(root, 'out'), snapshot, {
      tool: { name: 'trespass', version: '1' },
      startedAt: '2026-01-02T03:00:00.000Z',
    });
    const again = await readSnapshot(join(root, 'out'));
    expect(again.everyAnswer).toEqual(snapshot.everyAnswer);
    expect(again.accounts).toEqual(snapshot.accounts);
    expect(again.gaps).toEqual(snapshot.gaps);
    expect(again.collectedAt).toBe(snapshot.collectedAt);
    expect(JSON.parse(await readFile(join(root, 'out', 'manifest.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'trespass', version: '1' },
      startedAt: '2026-01-02T03:00:00.000Z',
      accounts: [{ id: ACCOUNT, name: 'shop', empty: { 'us-east-1': ['ec2/DescribeSubnets'] } }],
    });
  });

  it('gives back any answer, however it is split', async () => {
    const value = fc.jsonValue({ maxDepth: 2, noUnicodeString: false });
    const body = fc.oneof(
      fc.record({ Items: fc.array(value, { minLength: 1, maxLength: 20 }), Total: fc.integer() }),
      fc.dictionary(fc.string({ maxLength: 6 }), fc.record({ Of: value }), { minKeys: 1, maxKeys: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.integer({ min: 1, max: 100 }), async (written, partLength) => {
        const folder = await mkdtemp(join(root, 'any-'));
        await writeSnapshot(folder, snapshotOf(answer('List', written as JsonObject)), { partLength });
        const again = (await readSnapshot(folder)).answer(ACCOUNT, 'us-east-1', 'ec2', 'List')?.body;
        // Through JSON once: it does not know -0.
        expect(again).toEqual(JSON.parse(JSON.stringify(written)));
      }),
      { numRuns: 60, seed: 20260102 },
    );
  });

  it('can be read by its owner alone', async () => {
    const folder = join(root, 'out');
    await mkdir(folder, { mode: 0o755 });
    await writeSnapshot(folder, snapshotOf(answer('DescribeVpcs', { Vpcs: [1] })));
    for (const path of ['', ...(await readdir(folder, { recursive: true }))]) {
      const found = await stat(join(folder, path));
      expect(found.mode & 0o777, path).toBe(found.isDirectory() ? 0o700 : 0o600);
    }
  });

  it('gives the same bytes for the same snapshot, and leaves nothing of an older one', async () => {
    const folder = join(root, 'out');
    await writeSnapshot(
      folder,
      snapshotOf(answer('DescribeImages', { Images: [1, 2, 3] }), answer('DescribeVpcs', { Vpcs: [0] })),
      { partLength: 2 },
    );
    const snapshot = snapshotOf(answer('DescribeVpcs', { Vpcs: [1] }), answer('DescribeSubnets', {}));
    await writeSnapshot(folder, snapshot);
    await writeSnapshot(join(root, 'other'), snapshot);
    const files = await filesOf(folder);
    expect(Object.keys(files)).toEqual([`${ACCOUNT}/us-east-1/ec2/DescribeVpcs.json`, 'manifest.json']);
    expect(files).toEqual(await filesOf(join(root, 'other')));
  });

  it('does not touch a folder that is no snapshot, nor write through a link', async () => {
    await writeFile(join(root, 'thesis.txt'), 'mine');
    await expect(writeSnapshot(root, snapshotOf())).rejects.toMatchObject({ name: 'UserError', exitCode: 2 });
    expect(await readdir(root)).toEqual(['thesis.txt']);
    const folder = join(root, 'out');
    await mkdir(join(folder, 'x'), { recursive: true });
    await writeFile(join(folder, 'manifest.json'), '{"name": "an extension"}');
    await expect(writeSnapshot(folder, snapshotOf())).rejects.toMatchObject({ exitCode: 2 });
    await rm(join(folder, 'x'), { recursive: true });
    await writeFile(join(folder, 'manifest.json'), '{"schemaVersion": 1}');
    await symlink(join(root, 'thesis.txt'), join(folder, ACCOUNT));
    await writeSnapshot(folder, snapshotOf(answer('DescribeVpcs', { Vpcs: [1] })));
    expect(await readFile(join(root, 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it('keeps the older one until the new one is whole, whatever stops it', async () => {
    const folder = join(root, 'out');
    await writeSnapshot(folder, snapshotOf(answer('DescribeVpcs', { Vpcs: [0] })));
    const before = await filesOf(folder);
    const stops = answer('\0', { Vpcs: [1] });
    await expect(writeSnapshot(folder, snapshotOf(answer('DescribeVpcs', { Vpcs: [1] }), stops))).rejects.toThrow();
    expect((await readSnapshot(folder)).everyAnswer.map(({ body }) => body)).toEqual([{ Vpcs: [0] }]);
    await writeSnapshot(folder, snapshotOf(answer('DescribeVpcs', { Vpcs: [0] })));
    expect(await filesOf(folder)).toEqual(before);
  });

  it('says before it is asked to write whether it could', async () => {
    await writeFile(join(root, 'thesis.txt'), 'mine');
    await expect(requireSnapshotFolder(root)).rejects.toMatchObject({ name: 'UserError', exitCode: 2 });
    await expect(requireSnapshotFolder(join(root, 'thesis.txt'))).rejects.toMatchObject({ exitCode: 2 });
    const folder = join(root, 'out');
    await expect(requireSnapshotFolder(folder)).resolves.toBeUndefined();
    expect(await readdir(root)).toEqual(['thesis.txt']);
    await writeSnapshot(folder, snapshotOf());
    await expect(requireSnapshotFolder(folder)).resolves.toBeUndefined();
  });

  it('says where it cannot write', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(writeSnapshot(join(root, 'file'), snapshotOf())).rejects.toMatchObject({ name: 'UserError' });
    await chmod(root, 0o700);
  });

  it('redacts what an answer holds in user data and environments', async () => {
    await writeSnapshot(
      join(root, 'out'),
      snapshotOf(
        answer('DescribeInstanceAttribute', {
          'i-1': { UserData: { Value: Buffer.from('PASSWORD=hunter2').toString('base64') } },
        }),
        answer(
          'ListFunctions',
          { Functions: [{ Environment: { Variables: { STAGE: 'hunter2' } } }] },
          'us-east-1',
          'lambda',
        ),
      ),
    );
    const stored = Object.values(await filesOf(join(root, 'out'))).join('\n');
    expect(stored).not.toContain('hunter2');
    expect(stored).not.toContain('aHVudGVyMg');
    expect(stored).toContain('[redacted: password]');
  });
});
