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

  it('keeps a first screen short and counts what it leaves out', async () => {
    const paths = Array.from({ length: 300 }, (_, at) => {
      const id = `arn:aws:rds:us-east-1:111122223333:db:d${at}`;
      const path = samplePath({ id: `p-${at}`, score: 97 });
      return { ...path, target: { ...path.target, id, name: `d${at}` } };
    });
    const text = await renderWith('table', reportOf(paths));
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toContain('… 292 more paths to 292 more targets; --all shows every one');
    const whole = await renderWith('table', reportOf(paths), { all: true });
    for (const { id } of paths) expect(whole).toContain(` ${id}\n`);
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
