import { describe, expect, it, test } from 'vitest';
import type { ReportStep } from '../../src/findings/index.js';
import { displayWidth } from '../../src/reporters/display-width.js';
import { explainPath } from '../../src/reporters/explain.js';
import { layOutPath } from '../../src/reporters/path-lanes.js';
import { FIXTURE_NAMES, reportOfFixture } from './fixture-reports.js';
import { PLAIN } from './render.js';
import { HOSTILE, hostileReport, reportOf, samplePath, step } from './sample-report.js';

/** `from -> to` with what it needs besides after `+`. */
const steps = (...texts: readonly string[]): readonly ReportStep[] =>
  texts.map((text) => {
    const [way = '', also = ''] = text.split(' + ');
    const [from = '', to = ''] = way.split(' -> ');
    return step({ from, to, requires: [from, ...also.split(' ').filter((id) => id !== '')], technique: way });
  });

/** The drawing with names in place of texts. */
const draw = (path: readonly ReportStep[]): readonly string[] =>
  layOutPath(path).map((row) => {
    if (row.kind === 'join') return row.lanes;
    const at = path[row.step];
    return row.kind === 'station' ? `${row.lanes} ${at?.to ?? path[0]?.from ?? ''}` : `${row.lanes} ${row.step + 1}`;
  });

describe('a path is drawn', () => {
  test('as one lane where each step needs the one before', () => {
    expect(draw(steps('net -> host', 'host -> role', 'role -> data'))).toEqual([
      '● net',
      '│ 1',
      '● host',
      '│ 2',
      '● role',
      '│ 3',
      '● data',
    ]);
  });

  test('with a lane for what is needed twice, and a join where two things are needed at once', () => {
    expect(draw(steps('net -> host', 'host -> role', 'role -> login', 'host -> db', 'db -> data + login'))).toEqual([
      '● net',
      '│ 1',
      '● host',
      '├─┐',
      '│ │ 2',
      '│ ● role',
      '│ │ 3',
      '│ ● login',
      '│ │ 4',
      '● │ db',
      '├─┘',
      '│ 5',
      '● data',
    ]);
  });

  test('with several joined at once', () => {
    expect(draw(steps('net -> a', 'a -> b', 'a -> c', 'a -> d', 'd -> e + b c'))).toEqual([
      '● net',
      '│ 1',
      '● a',
      '├─┐',
      '│ │ 2',
      '│ ● b',
      '├─┼─┐',
      '│ │ │ 3',
      '│ │ ● c',
      '│ │ │ 4',
      '● │ │ d',
      '├─┴─┘',
      '│ 5',
      '● e',
    ]);
  });

  test('with steps that stay where they are', () => {
    expect(draw(steps('net -> a', 'a -> a', 'a -> b'))).toEqual(['● net', '│ 1', '● a', '│ 2', '● a', '│ 3', '● b']);
  });

  test('and what seems to serve nothing meets the last step: no lane is left hanging', () => {
    expect(draw(steps('net -> a', 'a -> b', 'a -> c')).slice(-3)).toEqual(['├─┘', '│ 3', '● c']);
  });

  test('as its start alone where it has no step', () => {
    expect(layOutPath([])).toEqual([{ kind: 'station', lanes: '●', step: -1 }]);
  });
});

describe.each(FIXTURE_NAMES)('the paths of %s', (fixture) => {
  it('are drawn whole: every step once, evidence under it, all lanes ended, in any width', async () => {
    const report = await reportOfFixture(fixture);
    for (const path of report.paths) {
      const rows = layOutPath(path.steps);
      expect(rows.filter(({ kind }) => kind === 'step')).toHaveLength(path.steps.length);
      expect(rows.at(-1)?.lanes).toBe('●');
      for (const width of [40, 80, 200]) {
        const text = await explainPath(report, path, 'table', { ...PLAIN, width });
        const plain = text.replaceAll(/[│●├┐┘┴┼─\s]+/g, ' ');
        for (const { technique, evidence, fix } of path.steps) {
          expect(plain).toContain(technique);
          for (const { fact, source } of evidence) {
            expect(plain).toContain(fact.replaceAll(/\s+/g, ' '));
            expect(plain).toContain(source);
          }
          expect(plain).toContain(fix.replaceAll(/\s+/g, ' '));
        }
        // A word that is wider than the screen stays whole, so that it can be copied.
        for (const line of text.split('\n')) {
          const words = line.replace(/^[│●├┐┘┴┼─\s]+/, '').split(' ');
          if (words.length > 2) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, 60));
        }
      }
    }
  });
});

describe('names in a drawing', () => {
  const named = (name: string) => {
    const path = samplePath({ entry: { ...samplePath({}).entry, name } });
    return explainPath(reportOf([path]), path, 'table', { ...PLAIN, width: 60 });
  };

  it.each([
    ['wide', '数据库服务器集群主节点数据库服务器集群主节点'],
    ['from right to left', 'שרת ראשי'],
    ['combining', 'e\u0301'.repeat(20)],
    ['emoji', '🔥⌚✅'],
  ])('that are %s keep their lines', async (_, name) => {
    const text = await named(name);
    expect(text).toContain(name.split(' ')[0]);
    for (const line of text.split('\n'))
      if (!/arn:|\.json/.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('neither turn the direction of the text nor steer the terminal', async () => {
    const text = await named(`a\u202Eb\u2067c\u001B[2Jd\u009B31me\rf${HOSTILE}`);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text.split('\n').filter((line) => line.startsWith('●'))).toHaveLength(4);
  });

  it('have colours only where asked, and the same text without them', async () => {
    const report = hostileReport();
    const path = report.paths[0] as NonNullable<(typeof report.paths)[0]>;
    const plain = await explainPath(report, path, 'table', PLAIN);
    const coloured = await explainPath(report, path, 'table', { ...PLAIN, color: true });
    expect(plain).not.toContain('\u001B');
    expect(coloured).toContain('\u001B[');
    expect(
      coloured
        .split('\u001B')
        .map((part, at) => (at === 0 ? part : part.replace(/^\[\d+m/, '')))
        .join(''),
    ).toBe(plain);
  });
});
