import { describe, expect, it } from 'vitest';
import { pageData } from '../../src/main/page-data.js';
import { text } from '../../src/model/index.js';
import { openGraph } from '../../src/page/data/page-graph.js';
import { openReport } from '../../src/page/data/page-report.js';
import { findAssets } from '../../src/page/graph/find-assets.js';
import { filterPaths, readFilter, writeFilter } from '../../src/page/views/filter-paths.js';
import { checkReport } from '../../src/main/check.js';
import { takeBaseline } from '../../src/main/baseline.js';
import { openFixture } from './write-report.js';

const analysis = await openFixture('shipping-line');
const report = analysis.report();
const data = pageData(analysis, report, 'snapshot');
const model = openReport(data.report);
const graph = openGraph(data.graph);

const found = (query: string): readonly string[] =>
  filterPaths(model, readFilter(new URLSearchParams(query))).map(({ id }) => id);
const wanted = (test: (path: (typeof report.paths)[number]) => boolean): readonly string[] =>
  report.paths.filter(test).map(({ id }) => id);

/** As the asset graph knows it, which a bucket's ARN does not. */
const accountOf = (id: string): string | undefined =>
  analysis.graph.asset(id)?.account ?? /^aws:admin\/(.*)$/.exec(id)?.[1];

describe('filters of findings', () => {
  it('let everything through when they are empty', () => {
    expect(found('')).toEqual(wanted(() => true));
  });

  it('choose by severity, target type, technique, account and certainty', () => {
    const [first] = report.paths;
    expect(found('severity=critical')).toEqual(wanted(({ severity }) => severity === 'critical'));
    expect(found('severity=critical,medium')).toEqual(
      wanted(({ severity }) => severity === 'critical' || severity === 'medium'),
    );
    expect(found(`type=${first?.target.type}`)).toEqual(wanted(({ target }) => target.type === first?.target.type));
    expect(found('technique=assume-role')).toEqual(
      wanted(({ steps }) => steps.some(({ technique }) => technique === 'assume-role')),
    );
    expect(found('confidence=conditional')).toEqual(wanted(({ confidence }) => confidence === 'conditional'));
    for (const account of report.snapshot.accounts) {
      const own = found(`account=${account}`);
      expect(own).toEqual(
        wanted(({ steps }) => steps.some(({ from, to }) => accountOf(from) === account || accountOf(to) === account)),
      );
    }
    expect(found('severity=critical&technique=none')).toEqual([]);
  });

  it('find words in any order, in names, ids, techniques and ATT&CK ids', () => {
    const [first] = report.paths;
    expect(found(`q=${first?.id}`)).toEqual([first?.id]);
    const word = first?.steps.at(-1)?.technique ?? '';
    expect(found(`q=${encodeURIComponent(`${first?.severity} ${word.toUpperCase()}`)}`)).toContain(first?.id);
    expect(found('q=T1552.005')).toEqual(
      wanted(({ steps }) => steps.some(({ attack }) => attack.includes('T1552.005'))),
    );
    expect(found('q=nothing-is-called-so')).toEqual([]);
  });

  it('show alone what is new since a baseline', () => {
    const baseline = takeBaseline({ ...report, paths: report.paths.slice(2) }, { acceptGaps: true });
    const compared = checkReport(report, { baseline, now: new Date('2026-06-01'), allowGaps: true });
    const fresh = openReport(pageData(analysis, compared, 'snapshot').report);
    const ids = filterPaths(fresh, readFilter(new URLSearchParams('new=yes'))).map(({ id }) => id);
    expect([...ids].sort()).toEqual(
      report.paths
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    );
    expect(found('new=yes')).toEqual([]);
  });

  it('are read as they were written', () => {
    const query = 'q=a+b&severity=critical%2Chigh&account=1&region=r&technique=t&type=x&confidence=confirmed&new=yes';
    const filter = readFilter(new URLSearchParams(query));
    expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
  });
});

describe('the search for assets', () => {
  const ids = (words: string): readonly string[] => findAssets(graph, words).map((asset) => graph.id(asset));

  it('finds by name, id and address, the exact ones first', () => {
    const instance = analysis.graph.assetsOfType('ec2:instance').find(({ name }) => name !== undefined);
    const bare = instance?.id.split('/').at(-1) ?? '';
    expect(ids(bare)[0]).toBe(instance?.id);
    expect(ids(instance?.name ?? '')).toContain(instance?.id);
    const address = text(instance?.record['PrivateIpAddress']);
    expect(address).toMatch(/^[\d.]+$/);
    expect(ids(address ?? '')).toContain(instance?.id);
    expect(ids('nothing-is-called-so')).toEqual([]);
    expect(ids('  ')).toEqual([]);
  });

  it('knows every asset and both ends of every relationship', () => {
    expect(graph.size).toBeGreaterThanOrEqual(analysis.graph.size);
    for (const { id } of analysis.graph.assets) {
      const links = graph.links(graph.place(id) ?? -1);
      const outgoing = links
        .filter(({ isOutgoing }) => isOutgoing)
        .map(({ kind, other }) => `${kind} ${graph.id(other)}`);
      expect(outgoing).toEqual(analysis.graph.outgoing(id).map(({ kind, to }) => `${kind} ${to}`));
      expect(links.length - outgoing.length).toBe(analysis.graph.incoming(id).length);
    }
  });
});
