import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAttackEngine, makeClauseSet } from '../../src/attack/index.js';
import type { AttackGraph } from '../../src/findings/index.js';
import { openSections, writeSections } from '../../src/main/prepared/sections.js';
import { readSteps, writeSteps } from '../../src/main/prepared/stored-steps.js';
import type { Condition } from '../../src/model/index.js';
import { type StepLabel, TECHNIQUES, type TechniqueInfo } from '../../src/techniques/index.js';

const [FIRST, SECOND] = TECHNIQUES as readonly [TechniqueInfo, TechniqueInfo, ...TechniqueInfo[]];
const condition = (key: string): Condition => ({ key, operator: 'Is', values: ['met'] });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-steps-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Steps from one host to another that differ in technique and condition alone, as they are kept; the first of the best is told. */
function kept(ways: readonly (readonly [TechniqueInfo, string | undefined])[]) {
  const clauses = makeClauseSet<StepLabel>();
  for (const [technique, key] of ways)
    clauses.add({
      head: 'exec b',
      body: ['exec a'],
      cost: 1,
      conditions: key === undefined ? [] : [condition(key)],
      tieBreak: technique.id,
      label: {
        technique,
        weaker: true,
        detail: (member) => ({ text: `${technique.id} ${key ?? ''}${member}`, evidence: [], fix: '' }),
      },
    });
  const engine = makeAttackEngine(clauses);
  const file = join(folder, 'steps');
  writeSections(file, (sections) => {
    sections.json('names', writeSteps(sections, { engine, logicalId: (id: string) => id } as AttackGraph, ['a', 'b']));
    sections.finish({});
  });
  const sections = openSections(file);
  const read = makeAttackEngine(readSteps(sections, sections.json('names') as readonly string[]));
  return [engine, read].map(({ clauses: all, derive }) => {
    const start = all.factId('exec a') ?? -1;
    const last = derive([start]).lastClause(all.factId('exec b') ?? -1) ?? -1;
    const { technique, weaker, detail } = all.label(last);
    return { technique: technique.id, weaker, text: detail(all.member(last) ?? '').text };
  });
}

describe('steps that are kept', () => {
  it('are told apart as they were where they are equally good: by technique', () => {
    for (const ways of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ]) {
      const [before, after] = kept(ways.map((technique) => [technique, undefined]));
      expect(before?.technique).toBe(FIRST.id);
      expect(after).toEqual(before);
    }
  });

  it('and then by what they depend on', () => {
    for (const keys of [
      ['x', 'y'],
      ['y', 'x'],
    ]) {
      const [before, after] = kept(keys.map((key) => [FIRST, key]));
      expect(before?.text).toBe(`${FIRST.id} x`);
      expect(after).toEqual(before);
    }
  });
});
