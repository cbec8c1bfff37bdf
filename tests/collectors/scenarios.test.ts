import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectSnapshot } from '../../src/collectors/index.js';
import type { Report } from '../../src/findings/index.js';
import { analyzeSnapshot } from '../../src/main/analyze.js';
import { startEmulator } from '../emulator/emulator.js';
import { type Pair, REGION } from '../emulator/estate.js';
import { openCloud, SCENARIOS } from '../emulator/scenarios.js';

const emulator = await startEmulator();
afterAll(() => emulator?.stop());

const SERVICES = ['ec2', 'iam', 'kms', 'lambda', 'rds', 's3', 's3-control', 'secrets-manager'];

async function scan(): Promise<Report> {
  const snapshot = await collectSnapshot({ regions: [REGION], services: SERVICES });
  return analyzeSnapshot(snapshot, { toolVersion: '0.0.0' });
}

const pathOf = ({ paths }: Report, [entry, target]: Pair) =>
  paths.find((path) => path.entry.members.includes(entry) && path.target.members.includes(target));

describe.skipIf(!emulator)('published scenarios, built over the API and collected', () => {
  const pairs = new Map<string, Pair>();
  let before: Report;
  let after: Report;

  beforeAll(async () => {
    if (!emulator) return;
    for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, value);
    await emulator.reset();
    const cloud = await openCloud(emulator);
    for (const { title, seed } of SCENARIOS) pairs.set(title, await seed(cloud));
    before = await scan();
    for (const { change } of SCENARIOS) await change(cloud);
    after = await scan();
  });
  afterAll(() => void vi.unstubAllEnvs());

  it.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))('%s', (title, { technique, without }) => {
    const pair = pairs.get(title);
    if (!pair) throw new Error(`${title} was not seeded`);
    const path = pathOf(before, pair);
    // The emulator does not tell whether public access to VPCs is blocked; nothing else is left open.
    expect(path?.conditions.map(({ key }) => key)).toEqual(['VPC Block Public Access']);
    expect(path?.steps.map((step) => step.technique)).toContain(technique);
    expect(pathOf(after, pair), without).toBeUndefined();
  });

  it('lead to what they are about, and to nothing else', () => {
    const told = before.paths.flatMap(({ entry, target }) => entry.members.map((host) => `${host} ${target.id}`));
    expect(told.sort()).toEqual([...pairs.values()].map(([host, target]) => `${host} ${target}`).sort());
    expect(after.paths).toEqual([]);
  });
});
