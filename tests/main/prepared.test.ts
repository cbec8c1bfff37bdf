import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canBeHeld } from '../../src/findings/index.js';
import type { Analysis } from '../../src/main/analysis.js';
import { type OpenedAnalysis, openSnapshotFile } from '../../src/main/open-snapshot.js';
import { openPrepared } from '../../src/main/prepared/open-prepared.js';
import { prepareSnapshot } from '../../src/main/prepared/prepare.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const OPTIONS = { toolVersion: '1.2.3' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-prepared-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const accounts = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

async function prepared(snapshot: string, file = join(folder, 'prepared')): Promise<OpenedAnalysis> {
  await prepareSnapshot(snapshot, file, OPTIONS);
  const opened = await openPrepared(snapshot, file, OPTIONS);
  if (!opened) throw new Error('what was prepared is not used');
  return opened;
}

describe.each(accounts)('what was prepared of %s', (name) => {
  let fresh: Analysis;
  let kept: Analysis;
  let reads: readonly ReadonlySet<string>[];
  beforeAll(async () => {
    const openedFresh = await openSnapshotFile(join(FIXTURES, name), OPTIONS);
    const openedKept = await prepared(join(FIXTURES, name), join(folder, name));
    fresh = openedFresh.analysis;
    kept = openedKept.analysis;
    reads = [openedFresh.reads, openedKept.reads];
  });

  it('holds the same assets and relationships', () => {
    const plain = ({ graph }: Analysis): unknown =>
      graph.assets.map(({ id, type, account, region, name: called, tags, source, record, details }) => [
        { id, type, account, region, called, source, record },
        [...tags],
        [...(details ?? [])],
        graph.outgoing(id),
        graph.incoming(id),
      ]);
    expect(kept.graph.size).toBeGreaterThan(10);
    expect(plain(kept)).toEqual(plain(fresh));
  });

  it('gives the same answers about everything that can be had', () => {
    const held = fresh.graph.assets.filter(({ type }) => canBeHeld(type)).map(({ id }) => id);
    expect(held.length).toBeGreaterThan(5);
    for (const id of held) {
      expect(JSON.stringify(kept.blastRadius([id]))).toBe(JSON.stringify(fresh.blastRadius([id])));
      expect(JSON.stringify(kept.whoCanReach([id]))).toBe(JSON.stringify(fresh.whoCanReach([id])));
    }
  });

  it('gives the same report', () => {
    expect(JSON.stringify(kept.report())).toBe(JSON.stringify(fresh.report()));
  });

  it('says what its report was read from', () => {
    fresh.report();
    const [of, ofKept] = reads.map((some) => [...some].sort());
    expect(of?.length).toBeGreaterThan(50);
    expect(ofKept).toEqual(of);
  });
});

describe('a prepared analysis', () => {
  const copy = (): string => {
    const snapshot = mkdtempSync(join(folder, 'snapshot-'));
    cpSync(join(FIXTURES, 'web-shop'), snapshot, { recursive: true });
    return snapshot;
  };

  it('is not used once an answer of the snapshot was changed', async () => {
    const snapshot = copy();
    const file = `${snapshot}.prepared`;
    await prepareSnapshot(snapshot, file, OPTIONS);
    expect(await openPrepared(snapshot, file, OPTIONS)).toBeDefined();
    const answer = join(snapshot, '111122223333/us-east-1/ec2/DescribeInstances.json');
    writeFileSync(answer, readFileSync(answer, 'utf8').replaceAll('running', 'stopped'));
    expect(await openPrepared(snapshot, file, OPTIONS)).toBeUndefined();
  });

  it('is not used once an answer was added or taken away', async () => {
    const snapshot = copy();
    const file = `${snapshot}.prepared`;
    await prepareSnapshot(snapshot, file, OPTIONS);
    const added = join(snapshot, '111122223333/us-east-1/ec2/DescribeHosts.json');
    writeFileSync(added, '{"Hosts": []}');
    expect(await openPrepared(snapshot, file, OPTIONS)).toBeUndefined();
    rmSync(added);
    expect(await openPrepared(snapshot, file, OPTIONS)).toBeDefined();
    rmSync(join(snapshot, '111122223333/us-east-1/ec2/DescribeVolumes.json'));
    expect(await openPrepared(snapshot, file, OPTIONS)).toBeUndefined();
  });

  it('is used for a copy of the snapshot elsewhere, and not by another version', async () => {
    const file = join(folder, 'copied');
    await prepareSnapshot(copy(), file, OPTIONS);
    expect(await openPrepared(copy(), file, OPTIONS)).toBeDefined();
    expect(await openPrepared(copy(), file, { toolVersion: '1.2.4' })).toBeUndefined();
  });

  it('says that a file is damaged which is not as it was written, is cut short, or is none', async () => {
    const snapshot = copy();
    const file = join(folder, 'damaged');
    await prepareSnapshot(snapshot, file, OPTIONS);
    const whole = readFileSync(file);
    const steps = whole.indexOf('"factKinds":["');
    whole[steps + '"factKinds":["'.length] = '~'.charCodeAt(0);
    writeFileSync(file, whole);
    const { analysis } = (await openPrepared(snapshot, file, OPTIONS)) ?? {};
    expect(() => analysis?.report()).toThrow(`${file} is damaged`);
    truncateSync(file, whole.length - 1);
    await expect(openPrepared(snapshot, file, OPTIONS)).rejects.toThrow(`${file} is damaged`);
    writeFileSync(file, '');
    await expect(openPrepared(snapshot, file, OPTIONS)).rejects.toThrow(`${file} is damaged`);
    await expect(openPrepared(snapshot, join(folder, 'nowhere'), OPTIONS)).rejects.toThrow('cannot read');
  });

  it('keeps what could not be read as a gap', async () => {
    const snapshot = copy();
    writeFileSync(join(snapshot, '111122223333/us-east-1/ec2/DescribeVolumes.json'), '[]');
    const { gaps, coverage } = (await prepared(snapshot)).analysis.snapshot;
    expect(gaps.map(({ operation, error }) => [operation, error])).toContainEqual(['DescribeVolumes', 'Unreadable']);
    expect(coverage('111122223333', 'us-east-1', 'ec2', 'DescribeVolumes')).toBe('gap');
  });
});
