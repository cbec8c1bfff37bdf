import { expect, it } from 'vitest';
import type { Analysis } from '../../src/main/analysis.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { checkReport } from '../../src/main/check.js';
import { type Miniature, miniature } from '../techniques/miniature.js';

const PROFILE = { trust: 'ec2.amazonaws.com', profile: true } as const;

/** Hosts that the internet enters, whose roles read a bucket. */
const hosts = (roles: Readonly<Record<string, string>>): Miniature => ({
  roles: Object.fromEntries(Object.values(roles).map((role) => [role, { ...PROFILE, says: ['s3:GetObject'] }])),
  instances: Object.fromEntries(Object.entries(roles).map(([id, role]) => [id, { role, open: true }])),
  answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'ledger' }] }, 's3/GetBucketLocation': { ledger: {} } },
});

const open = (world: Miniature): Analysis => openAnalysis(miniature(world), { toolVersion: '0.0.0' });

/** A reference that counts how often its attack graph is cut to something, and how often it is asked what follows from an asset. */
function counting(analysis: Analysis) {
  const asked = { cuts: 0, assets: 0 };
  const report = analysis.report();
  const { engine } = analysis.attack;
  const reference: Analysis = {
    ...analysis,
    attack: {
      ...analysis.attack,
      engine: {
        ...engine,
        towards: (...args) => {
          asked.cuts++;
          return engine.towards(...args);
        },
      },
    },
    report: () => report,
    blastRadius: (assets) => {
      asked.assets++;
      return analysis.blastRadius(assets);
    },
  };
  return { reference, asked };
}

const NOW = new Date('2026-06-01');

it('a reference in place of a baseline is asked for its other ways once', () => {
  const once = counting(open(hosts({ 'i-a': 'reader' })));
  const later = open(hosts({ 'i-a': 'reader', 'i-z': 'other' })).report();
  const compared = checkReport(later, { reference: once.reference, now: NOW });
  expect(compared.comparison.paths.map(({ state }) => state)).toEqual(['unchanged', 'new']);
  expect(compared.comparison.paths[1]?.because[0]).toContain('step 1 is new');
  const alone = counting(open(hosts({ 'i-a': 'reader' })));
  checkReport(alone.reference.report(), { reference: alone.reference, now: NOW });
  expect(once.asked.cuts).toBe(alone.asked.cuts);
});

it('does not look into a path that is accepted over other hosts, and says over which it is new', () => {
  const { reference, asked } = counting(open(hosts({ 'i-a': 'reader' })));
  const later = open(hosts({ 'i-a': 'reader', 'i-b': 'reader' })).report();
  const [path] = checkReport(later, { reference, now: NOW }).comparison.paths;
  expect([path?.state, path?.further?.length]).toEqual(['new', 1]);
  expect(path?.because[0]).toContain('it is entered over');
  expect(asked.assets).toBe(0);
});
