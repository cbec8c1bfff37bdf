import { describe, expect, it } from 'vitest';
import {
  compareWithBaseline,
  createBaseline,
  explainNew,
  formatBaseline,
  parseBaseline,
  stepKey,
  type Report,
  type ReportPath,
  type ReportStep,
} from '../../src/findings/index.js';
import type { Evidence, Gap } from '../../src/model/index.js';
import { reportOf, samplePath, step } from '../reporters/sample-report.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const PATH = samplePath({});
const REPORT = reportOf([PATH]);
const TECHNIQUES = ['exposed-service', 'imds-credential-theft', 'rds-master-password'];
const BASELINE = createBaseline(REPORT, { techniques: TECHNIQUES });

const gap = (operation: string, resource?: string): Gap => ({
  account: '111122223333',
  region: 'us-east-1',
  service: 'ec2',
  operation,
  ...(resource !== undefined && { resource }),
  error: 'AccessDenied',
  message: 'request 1',
});
const withGaps = (report: Report, ...gaps: readonly Gap[]): Report => ({
  ...report,
  snapshot: { ...report.snapshot, gaps },
});

describe('a baseline', () => {
  it('is read as it was written', () => {
    expect(parseBaseline(formatBaseline(BASELINE), 'b.json')).toEqual(BASELINE);
  });

  it.each([
    ['{', 'is not a baseline'],
    ['[]', 'no JSON object'],
    ['{"schemaVersion": 2, "paths": []}', 'schemaVersion is 2'],
    ['{"schemaVersion": 1}', 'no list "paths"'],
    ['{"schemaVersion": 1, "paths": [{}]}', 'paths[0] has no "id"'],
    ['{"schemaVersion": 1, "paths": [{"id": "p-1", "expires": "soon"}]}', 'paths[0] has an "expires" that is no day'],
    [
      '{"schemaVersion": 1, "paths": [{"id": "p-1", "expires": "2026-02-30"}]}',
      'paths[0] has an "expires" that is no day',
    ],
    ['{"schemaVersion": 1, "paths": [{"id": "p-1"}, {"id": "p-1"}]}', 'paths[1] repeats the id p-1'],
    [
      '{"schemaVersion": 1, "paths": [], "otherWays": [{"id": "p-1", "behind": "p-2", "expires": "never"}]}',
      'otherWays[0] has an "expires" that is no day',
    ],
  ])('%s is refused', (content, message) => {
    expect(() => parseBaseline(content, 'b.json')).toThrow(message);
  });
});

const state = (report: Report): unknown => {
  const { missing, verdict } = compareWithBaseline(report, BASELINE, { now: NOW, reads: () => true });
  return [missing[0]?.state, verdict];
};

describe('comparing', () => {
  it('finds nothing new in what the baseline was made of', () => {
    const { verdict, counts } = compareWithBaseline(REPORT, BASELINE, { now: NOW });
    expect(verdict).toBe('passed');
    expect(counts).toEqual({ new: 0, expired: 0, 'newly-seen': 0, unchanged: 1, absent: 0, unverified: 0 });
  });

  it('tells a path that is gone from one that could not be seen', () => {
    const none = reportOf([]);
    expect(state(none)).toEqual(['absent', 'passed']);
    expect(state(withGaps(none, gap('DescribeInstances')))).toEqual(['unverified', 'gaps']);
    expect(state(withGaps(none, gap('DescribeInstances', 'i-0aaaabbbbccccdddd')))).toEqual(['unverified', 'gaps']);
    expect(state(withGaps(none, gap('DescribeInstances', 'i-0other')))).toEqual(['absent', 'gaps']);
    const uncollected = { ...none.snapshot, notCollected: ['111122223333/us-east-1/ec2/DescribeInstances'] };
    expect(state({ ...none, snapshot: uncollected })).toEqual(['unverified', 'gaps']);
    expect(state({ ...none, snapshot: { ...none.snapshot, regions: ['eu-west-1'] } })).toEqual(['unverified', 'gaps']);
    expect(state({ ...none, snapshot: { ...none.snapshot, accounts: [] } })).toEqual(['unverified', 'gaps']);
  });

  it('fails over gaps only where the analysis reads, and nobody accepted or allowed them', () => {
    const report = withGaps(REPORT, gap('DescribeSnapshots'));
    const verdict = (options: object, baseline = BASELINE): string =>
      compareWithBaseline(report, baseline, { now: NOW, ...options }).verdict;
    expect(verdict({})).toBe('gaps');
    expect(verdict({ reads: (operation: string) => operation === 'ec2/DescribeSnapshots' })).toBe('gaps');
    expect(verdict({ reads: () => false })).toBe('passed');
    expect(verdict({ allowGaps: true })).toBe('passed');
    expect(verdict({}, createBaseline(report, { techniques: TECHNIQUES, acceptGaps: true }))).toBe('passed');
  });

  it('fails on a new path, also where there are gaps', () => {
    const report = withGaps(reportOf([PATH, samplePath({ id: 'p-2' })]), gap('DescribeSnapshots'));
    expect(compareWithBaseline(report, BASELINE, { now: NOW }).verdict).toBe('failed');
  });

  it('reports apart what only a technique shows that the baseline did not know', () => {
    const later = samplePath({ id: 'p-3', steps: [...PATH.steps, step({ technique: 'brand-new' })] });
    const { verdict, paths } = compareWithBaseline(reportOf([PATH, later]), BASELINE, { now: NOW });
    expect(verdict).toBe('passed');
    expect(paths.find(({ id }) => id === 'p-3')).toMatchObject({
      state: 'newly-seen',
      because: [expect.stringContaining('brand-new')],
    });
  });
});

describe('a way that was there, behind the one that was told,', () => {
  const way = samplePath({ id: 'p-way' });
  const otherWays = [{ id: 'p-way', behind: PATH.id, entries: ['one'] }];
  const compare = (baseline: typeof BASELINE, path: ReportPath = way) =>
    compareWithBaseline(reportOf([path]), baseline, { now: NOW, reads: () => true });

  it('is accepted as that was, once it comes to light', () => {
    const { verdict, paths, missing } = compare({ ...BASELINE, otherWays });
    expect([verdict, paths[0]?.state, missing]).toEqual(['passed', 'unchanged', []]);
    expect(compare(BASELINE).verdict).toBe('failed');
  });

  it('does not stand for that where it could not be seen whether that is gone', () => {
    const report = reportOf([way]);
    const snapshot = { ...report.snapshot, notCollected: ['111122223333/us-east-1/ec2/DescribeInstances'] };
    const { verdict, missing } = compareWithBaseline(
      { ...report, snapshot },
      { ...BASELINE, otherWays },
      { now: NOW, reads: () => true },
    );
    expect([verdict, missing.map(({ id, state }) => [id, state])]).toEqual(['gaps', [[PATH.id, 'unverified']]]);
  });

  it('is accepted as long as that was', () => {
    const paths = BASELINE.paths.map((path) => ({ ...path, reason: 'known', expires: '2026-05-31' }));
    expect(compare({ ...BASELINE, paths, otherWays }).paths[0]).toMatchObject({ state: 'expired', reason: 'known' });
  });

  it('is new over an entry that it was not there for', () => {
    const wider = { ...way, entry: { ...way.entry, identities: ['one', 'another'] } };
    expect(compare({ ...BASELINE, otherWays }, wider).paths[0]).toMatchObject({ state: 'new', further: ['another'] });
  });

  it('is new where nothing is accepted that it was behind', () => {
    expect(compare({ ...BASELINE, otherWays: [{ id: 'p-way', behind: 'p-none', entries: [] }] }).verdict).toBe(
      'failed',
    );
  });

  it('is kept in the file, and older files have none', () => {
    const baseline = { ...BASELINE, otherWays };
    expect(parseBaseline(formatBaseline(baseline), 'b.json')).toEqual(baseline);
    const old = JSON.parse(formatBaseline(BASELINE)) as Record<string, unknown>;
    delete old['otherWays'];
    expect(parseBaseline(JSON.stringify(old), 'b.json').otherWays).toEqual([]);
  });
});

describe('what a person wrote about a path, when the baseline is written again,', () => {
  const note = { reason: 'known', owner: 'web team', expires: '2026-12-31' };
  const entry = { ...PATH.entry, identities: ['one', 'two'] };
  const noted = (more: Partial<typeof BASELINE> = {}): typeof BASELINE => {
    const { paths } = createBaseline(reportOf([{ ...PATH, entry }]), { techniques: TECHNIQUES });
    return { ...BASELINE, paths: paths.map((path) => ({ ...path, ...note })), ...more };
  };
  const rewritten = (path: ReportPath, previous: typeof BASELINE) =>
    createBaseline(reportOf([path]), { techniques: TECHNIQUES, previous }).paths[0];

  it('is kept with its id', () => {
    expect(rewritten({ ...PATH, entry }, noted())).toMatchObject(note);
  });

  it('is kept where the path has another id, since one of its hosts is gone', () => {
    const fewer = { ...PATH, id: 'p-fewer', entry: { ...entry, identities: ['two'] } };
    expect(rewritten(fewer, noted())).toMatchObject({ id: 'p-fewer', ...note });
  });

  it('is kept where a way came to light that was behind the path', () => {
    const way = samplePath({ id: 'p-way' });
    const otherWays = [{ id: 'p-way', behind: PATH.id, entries: ['one'] }];
    expect(rewritten(way, noted({ otherWays }))).toMatchObject({ id: 'p-way', ...note });
  });

  const easier = samplePath({ id: 'p-easier' });
  /** Written again once an easier way stands before what is given. */
  const hidden = (path: ReportPath, previous: typeof BASELINE, behind = easier) =>
    createBaseline(reportOf([behind]), {
      techniques: TECHNIQUES,
      previous,
      otherWays: [{ ...path, behind: behind.id }],
    });

  it('is kept where an easier way hides the path, and holds again once that is gone', () => {
    const ended = { ...note, expires: '2026-05-31' };
    const previous = noted();
    const before = { ...previous, paths: previous.paths.map((path) => ({ ...path, ...ended })) };
    const once = hidden({ ...PATH, entry }, before);
    expect(once.paths).toEqual([expect.not.objectContaining({ owner: note.owner })]);
    expect(once.otherWays).toEqual([{ id: PATH.id, behind: 'p-easier', entries: ['one', 'two'], ...ended }]);
    const kept = parseBaseline(formatBaseline(hidden({ ...PATH, entry }, once)), 'b.json');
    expect(kept.otherWays).toEqual(once.otherWays);
    const later = reportOf([{ ...PATH, entry }]);
    expect(compareWithBaseline(later, kept, { now: NOW }).paths).toEqual([
      { id: PATH.id, state: 'expired', because: ['its acceptance ended on 2026-05-31'], ...ended },
    ]);
    expect(createBaseline(later, { techniques: TECHNIQUES, previous: kept }).paths[0]).toMatchObject(ended);
  });

  it('is kept where the hidden path has another id, since one of its hosts is gone', () => {
    const fewer = { ...PATH, id: 'p-fewer', entry: { ...entry, identities: ['two'] } };
    expect(hidden(fewer, noted()).otherWays).toEqual([
      { id: 'p-fewer', behind: 'p-easier', entries: ['two'], ...note },
    ]);
  });

  it('is that of the path before it for a way that nobody wrote about, until another stands there', () => {
    const way = samplePath({ id: 'p-way' });
    const otherWays = [{ id: 'p-way', behind: PATH.id, entries: [] }];
    const [same] = hidden(way, noted({ otherWays }), PATH).otherWays;
    expect(same).toEqual({ id: 'p-way', behind: PATH.id, entries: [] });
    expect(hidden(way, noted({ otherWays })).otherWays[0]).toMatchObject({ behind: 'p-easier', ...note });
    expect(hidden(samplePath({ id: 'p-new' }), noted({ otherWays })).otherWays[0]).not.toHaveProperty('reason');
  });

  it('stands in place of all that was written about the path before it', () => {
    const otherWays = [{ id: 'p-way', behind: PATH.id, entries: [], reason: 'its own' }];
    const { paths } = compareWithBaseline(reportOf([samplePath({ id: 'p-way' })]), noted({ otherWays }), { now: NOW });
    expect(paths).toEqual([{ id: 'p-way', state: 'unchanged', because: [], reason: 'its own' }]);
  });

  it('is not taken over by another path between the same ends', () => {
    expect(rewritten(samplePath({ id: 'p-new' }), noted())).not.toHaveProperty('reason');
    const further = { ...PATH, id: 'p-further', entry: { ...entry, identities: ['two', 'three'] } };
    expect(rewritten(further, noted())).not.toHaveProperty('reason');
  });
});

describe('what a new path rests on', () => {
  const ruled = {
    asset: 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-0abc',
    fact: 'sg-0abc allows tcp/22 from 0.0.0.0/0',
    source: '111122223333/us-east-1/ec2/DescribeSecurityGroups.json',
    stated: { kind: 'group-rule', direction: 'ingress', permission: {} },
  } as const;
  const plain = { ...ruled, fact: 'is merely so', stated: undefined };
  const because = (evidence: readonly Evidence[], baseline = BASELINE): readonly string[] | undefined => {
    const [first, ...rest] = PATH.steps as [ReportStep, ...ReportStep[]];
    const fresh = samplePath({ id: 'p-2', steps: [{ ...first, evidence: [...first.evidence, ...evidence] }, ...rest] });
    return compareWithBaseline(reportOf([PATH, fresh]), baseline, { now: NOW }).paths.find(({ id }) => id === 'p-2')
      ?.because;
  };
  const { stated: _, ...unstated } = plain;

  it('is told where no accepted path rests on it: what somebody wrote first, with the step and the answer', () => {
    expect(because([unstated, ruled])).toEqual([
      'step 1 rests on what no accepted path rests on: arn:aws:ec2:us-east-1:111122223333:security-group/sg-0abc: sg-0abc allows ' +
        'tcp/22 from 0.0.0.0/0 (111122223333/us-east-1/ec2/DescribeSecurityGroups)',
      'step 1 rests on what no accepted path rests on: arn:aws:ec2:us-east-1:111122223333:security-group/sg-0abc: is merely so ' +
        '(111122223333/us-east-1/ec2/DescribeSecurityGroups)',
    ]);
  });

  it('is not told where some accepted path rests on it, wherever it was read', () => {
    const known = createBaseline(reportOf([samplePath({ steps: [step({ evidence: [ruled] })] })]), {
      techniques: TECHNIQUES,
    });
    expect(because([{ ...ruled, source: 'elsewhere.json' }], known)).not.toContainEqual(
      expect.stringContaining('sg-0abc'),
    );
  });

  it('is counted past the first few', () => {
    const many = Array.from({ length: 9 }, (_unused, at) => ({ ...ruled, fact: `rule ${at}` }));
    expect(because(many)).toHaveLength(6);
    expect(because(many)?.at(-1)).toBe('and on 4 more facts that none rests on');
  });

  it('is not guessed where another version worded the facts, or a baseline has none', () => {
    expect(because([ruled], { ...BASELINE, tool: { name: 'trespass', version: '9.9.9' } })).toEqual([]);
    expect(because([ruled], { ...BASELINE, facts: [] })).toEqual([]);
    const old = JSON.parse(formatBaseline(BASELINE)) as Record<string, unknown>;
    delete old['facts'];
    expect(parseBaseline(JSON.stringify(old), 'b.json').facts).toEqual([]);
  });
});

describe('why a path is new', () => {
  const view = (report: Report, assets: readonly string[], steps = PATH.steps): Parameters<typeof explainNew>[1] => ({
    report,
    shownSteps: new Set(report.paths.flatMap((path) => path.steps.map(stepKey))),
    hasAsset: (id) => assets.includes(id),
    hadOtherWay: () => false,
    stepsFrom: (asset) => steps.filter(({ from }) => from === asset),
  });
  const everything = PATH.steps.flatMap(({ from, to }) => [from, to]);

  it('is not told of one that was possible before', () => {
    const known = { ...view(reportOf([]), []), hadOtherWay: (id: string) => id === PATH.id };
    expect(explainNew(PATH, known)).toEqual([
      'it was possible in the reference too, behind an easier way between the same ends that is gone',
    ]);
  });

  it('is the step that could not be taken before, with its facts', () => {
    const [first, ...facts] = explainNew(PATH, view(reportOf([]), everything, PATH.steps.slice(0, 2)));
    expect(first).toContain('step 1 is new');
    const shown = reportOf([samplePath({ steps: PATH.steps.slice(0, 1) })]);
    const why = explainNew(PATH, view(shown, everything, PATH.steps.slice(0, 2)));
    expect(why[0]).toBe('step 3 is new: Set a new master password for orders.');
    expect(why[1]).toContain('statement 0 allows rds:ModifyDBInstance');
    expect(facts.length).toBeGreaterThan(0);
  });

  it('is the asset that was not there before', () => {
    const shown = reportOf([samplePath({ steps: PATH.steps.slice(0, 2) })]);
    const why = explainNew(
      PATH,
      view(
        shown,
        everything.filter((id) => !id.includes('rds')),
        PATH.steps.slice(0, 2),
      ),
    );
    expect(why).toEqual([`step 3 is new: ${PATH.target.id} did not exist in the reference`]);
  });
});

describe('hosts that are alike are one path, and', () => {
  const HOST = (name: string): string => `arn:aws:ec2:us-east-1:111122223333:instance/${name}`;
  /** A path over some hosts, named after the first. */
  const over = (...names: readonly string[]) => {
    const members = names.map(HOST);
    const { entry } = samplePath({});
    return samplePath({
      id: `p-${names[0]}`,
      entry: { ...entry, id: HOST(names[0] ?? ''), members, identities: members },
    });
  };
  const accepted = createBaseline(reportOf([over('i-b', 'i-d')]), { techniques: TECHNIQUES });
  const compare = (...paths: readonly ReportPath[]) => {
    const { verdict, paths: compared, missing } = compareWithBaseline(reportOf(paths), accepted, { now: NOW });
    return { verdict, states: compared.map(({ state }) => state), missing: missing.length, compared };
  };

  it('one more of them is new, whatever it is called: the path keeps its id', () => {
    const { verdict, states, compared } = compare(over('i-b', 'i-d', 'i-z'));
    expect([verdict, states]).toEqual(['failed', ['new']]);
    expect(compared[0]?.because[0]).toBe(`it is entered over ${HOST('i-z')} too, which the baseline does not hold`);
    expect(compared[0]?.further).toEqual([HOST('i-z')]);
  });

  it('one more that comes first gives the path another id, and is new', () => {
    expect(compare(over('i-a', 'i-b', 'i-d'))).toMatchObject({ verdict: 'failed', states: ['new'] });
  });

  it('one fewer is nothing new, also where the path was called after it', () => {
    expect(compare(over('i-b'))).toMatchObject({ verdict: 'passed', states: ['unchanged'], missing: 0 });
    expect(compare(over('i-d'))).toMatchObject({ verdict: 'passed', states: ['unchanged'], missing: 0 });
  });

  it('another way over one of them is new', () => {
    const other = { ...over('i-d'), steps: [...PATH.steps, step({ technique: 'imds-credential-theft' })] };
    expect(compare(other)).toMatchObject({ verdict: 'failed', states: ['new'], missing: 1 });
  });

  it('the same way over another role is new', () => {
    const role = PATH.steps.at(-1)?.from ?? '';
    const swapped = (id: string): string => (id === role ? `${role}-other` : id);
    const steps = PATH.steps.map((one) => ({
      ...one,
      from: swapped(one.from),
      to: swapped(one.to),
      requires: one.requires.map(swapped),
    }));
    expect(compare({ ...over('i-d'), steps })).toMatchObject({ verdict: 'failed', states: ['new'], missing: 1 });
  });

  it('an older baseline, which does not say over which, accepts the id', () => {
    const old = { ...accepted, paths: accepted.paths.map((path) => ({ ...path, entries: [] })) };
    const { paths } = compareWithBaseline(reportOf([over('i-b', 'i-z')]), old, { now: NOW });
    expect(paths.map(({ state }) => state)).toEqual(['unchanged']);
  });

  it('the rule that lets the internet in to one more is named', () => {
    const fact = 'sg-0abc allows tcp/443 from 0.0.0.0/0';
    const stated = { kind: 'group-rule', direction: 'ingress', permission: {} } as const;
    const report = reportOf([over('i-b', 'i-z')]);
    const exposure = {
      ...(report.exposures[0] as Report['exposures'][0]),
      asset: HOST('i-z'),
      evidence: [{ asset: 'sg-0abc', fact, source: 'a/r/ec2/DescribeSecurityGroups.json', stated }],
    };
    const { paths } = compareWithBaseline({ ...report, exposures: [exposure] }, accepted, { now: NOW });
    expect(paths[0]?.because[1]).toBe(`${HOST('i-z')} is open by ${fact} (a/r/ec2/DescribeSecurityGroups)`);
  });
});
