import { describe, expect, it } from 'vitest';
import { displayWidth, hang, truncate, wrap } from '../../src/reporters/display-width.js';
import { renderWith } from './render.js';
import { reportOf, samplePath, SAMPLE } from './sample-report.js';

describe('table', () => {
  it('shows a path as a chain with its fix', async () => {
    const text = await renderWith('table', SAMPLE);
    expect(text).toContain('internet → instance web (i-0aaaabbbbccccdddd) → role web → database orders (read)');
    expect(text).toContain('fix  Take rds:ModifyDBInstance out of statement 0.');
    expect(text).toContain('trespass explain SNAPSHOT p-0000000000000001');
  });

  const many = (count: number, type = 'rds:db-instance') =>
    Array.from({ length: count }, (_, at) => {
      const id = `arn:aws:rds:us-east-1:111122223333:db:d${at}`;
      const path = samplePath({ id: `p-${at}`, score: 97 });
      return { ...path, target: { ...path.target, id, type, name: `d${at}`, members: [id] } };
    });

  it('puts a large account on a dozen lines, those alike on one, and leaves nothing out without a count', async () => {
    const paths = [
      ...many(3000),
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((type, at) => ({
        ...samplePath({ id: `q-${at}`, score: 50, severity: 'medium' }),
        target: { ...samplePath({}).target, id: `arn:aws:x:::${type}`, type, members: [] },
      })),
    ];
    const report = reportOf(paths);
    const exposures = Array.from({ length: 40 }, (_, at) => ({
      ...(report.exposures[0] as (typeof report.exposures)[0]),
      asset: `i-${at}`,
      name: `web-${at}`,
    }));
    for (const width of [70, 100, 200]) {
      const text = await renderWith('table', { ...report, exposures }, { width });
      const lines = text.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(14);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(text).toContain('Exposed to the internet: 40');
      expect(text).toContain('Attack paths: 3,006 to 3,006 targets (3000 critical, 6 medium)');
      expect(text).toContain('CRITICAL  97  p-0  3,000 rds:db-instance (read)');
      expect(text).toContain('… 2 more paths: 1 e, 1 f');
    }
  });

  it('shows everything where asked, and each of a few by itself', async () => {
    const paths = many(300);
    const whole = await renderWith('table', reportOf(paths), { all: true });
    for (const { id } of paths) expect(whole).toContain(` ${id}\n`);
    const few = await renderWith('table', reportOf(many(8)));
    expect(few.match(/^ {2}fix {2}/gm)).toHaveLength(8);
    expect(few).not.toContain('more path');
  });

  it('tells what is open on a narrow screen too', async () => {
    const narrow = await renderWith('table', SAMPLE, { width: 40 });
    expect(narrow).toContain('\n  instance web (i-0aaaabbbbccccdddd)\n    tcp/443 from 0.0.0.0/0\n');
    expect(await renderWith('table', SAMPLE)).toContain(
      '  instance web (i-0aaaabbbbccccdddd)  tcp/443 from 0.0.0.0/0\n',
    );
  });

  it('says that gaps leave something unseen, and never that all is well over them', async () => {
    const report = reportOf([]);
    const gap = {
      account: '1',
      region: 'r',
      service: 'ec2',
      operation: 'DescribeInstances',
      error: 'AccessDenied',
      message: '',
    };
    expect(await renderWith('table', report)).toContain('No attack path was found.');
    const text = await renderWith('table', { ...report, snapshot: { ...report.snapshot, gaps: [gap] } });
    expect(text).toContain('1 call refused or failed: ec2:DescribeInstances AccessDenied');
    expect(text).toContain('No attack path was found in what could be seen.');
  });

  it('uses colours only where asked', async () => {
    expect(await renderWith('table', SAMPLE)).not.toContain('\u001B');
    expect(await renderWith('table', SAMPLE, { color: true })).toContain('\u001B[31m');
  });
});

describe('display width', () => {
  it.each([
    ['web', 3],
    ['数据库', 6],
    ['e\u0301', 1],
    ['🔥', 2],
    ['', 0],
  ])('of %s is %i', (text, width) => expect(displayWidth(text)).toBe(width));

  it('cuts and wraps by columns, and never breaks a word that would be copied', () => {
    expect(truncate('数据库', 5)).toBe('数据…');
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrap('arn:aws:rds:very-long', 5)).toEqual(['arn:aws:rds:very-long']);
    expect(hang('- ', 'one two three four five six', 22)).toEqual(['- one two three four', '  five six']);
  });
});
