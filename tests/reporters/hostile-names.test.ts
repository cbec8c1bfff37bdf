import { describe, expect, it } from 'vitest';
import { explainPath } from '../../src/reporters/explain.js';
import { renderWith, PLAIN, TEXT_REPORTERS } from './render.js';
import { HOSTILE, hostileReport } from './sample-report.js';

/** What may never reach a terminal, a page or a parser as it is. */
const UNPRINTABLE = /(?![\n\r])[\p{Cc}\p{Cf}\p{Cs}]/u;

describe.each(TEXT_REPORTERS)('%s with hostile names', (name) => {
  it('holds no control, formatting or broken character', async () => {
    const text = await renderWith(name, hostileReport());
    expect(text.length).toBeGreaterThan(100);
    expect(UNPRINTABLE.exec(text)?.[0]).toBeUndefined();
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('escaping', () => {
  it('keeps every name of the JSON report as it was', async () => {
    const report = hostileReport();
    const read = JSON.parse(await renderWith('json', report)) as typeof report;
    expect(read).toEqual(report);
    expect(read.paths[0]?.entry.name).toBe(HOSTILE);
  });

  it('lets no name bring markup, a link or a mention into Markdown', async () => {
    const text = await renderWith('markdown', hostileReport());
    expect(text).not.toMatch(/<(?!\/?(details|summary)>)[a-z!/]/i);
    expect(text).not.toContain('@octocat');
    expect(text).not.toContain('](https');
    expect(text).not.toContain('https://evil');
    // The only fences are those of the drawing.
    expect(text.match(/^```/gm)).toHaveLength(2);
  });

  it('lets no name end its label or bring a directive into Mermaid', async () => {
    const text = await renderWith('mermaid', hostileReport());
    for (const line of text.trimEnd().split('\n').slice(1)) {
      expect(line).toMatch(
        /^ {2}(n\d+\["[^"`<>{}%|[\]]*"\]|n\d+ -->\|"[^"`<>{}%|[\]]*"\| n\d+|style n\d+ fill:#[0-9a-f]{6},color:#[0-9a-f]{3})$/,
      );
    }
  });

  it('lets no name be a formula in CSV', async () => {
    const [, row = ''] = (await renderWith('csv', hostileReport())).split('\r\n');
    const fields = [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) => field.replace(/^"/, ''));
    expect(fields.length).toBeGreaterThan(10);
    for (const field of fields) expect(field).not.toMatch(/^[=+\-@]/);
  });

  it('draws an explained path on lines of its own', async () => {
    const report = hostileReport();
    const [path] = report.paths;
    const text = await explainPath(report, path as NonNullable<typeof path>, 'table', PLAIN);
    expect(UNPRINTABLE.exec(text)?.[0]).toBeUndefined();
    expect(text).toContain('imds-credential-theft');
  });
});
