import { readFileSync } from 'node:fs';
import { XmlDocument, type XmlElement, XsdValidator } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BaselinePath, ComparedReport } from '../../src/findings/index.js';
import { takeBaseline } from '../../src/main/baseline.js';
import { printable } from '../../src/reporters/printable.js';
import type { Reportable } from '../../src/reporters/index.js';
import { FIXTURE_NAMES, reportOfFixture } from './fixture-reports.js';
import { renderWith } from './render.js';
import { HOSTILE, hostileReport, reportOf, samplePath, SAMPLE } from './sample-report.js';

/** As it is shown where lines are kept. */
const HOSTILE_LINES = printable(HOSTILE, { keepLines: true });

/** The schema by which Jenkins takes JUnit's results. */
let validator: XsdValidator;
let schema: XmlDocument;
beforeAll(() => {
  schema = XmlDocument.fromBuffer(readFileSync(new URL('schemas/jenkins-junit.xsd', import.meta.url)));
  validator = XsdValidator.fromDoc(schema);
});
afterAll(() => {
  validator.dispose();
  schema.dispose();
});

/** Reads the document with a real parser, validates it, and gives what `look` makes of its root. */
function reading<T>(text: string, look: (root: XmlElement) => T): T {
  const document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
    return look(document.root);
  } finally {
    document.dispose();
  }
}

const attribute = (element: XmlElement, name: string): string | undefined => element.attr(name)?.value;

interface Case {
  readonly name: string | undefined;
  readonly outcome: string;
  readonly message: string | undefined;
}

async function read(report: Reportable): Promise<{ counts: readonly (string | undefined)[]; cases: readonly Case[] }> {
  return reading(await renderWith('junit', report), (root) => ({
    counts: ['tests', 'failures', 'errors'].map((name) => attribute(root, name)),
    cases: root.find('testsuite/testcase').map((node): Case => {
      const element = node as XmlElement;
      const [child] = element.find('*') as XmlElement[];
      return {
        name: attribute(element, 'name'),
        outcome: child?.name ?? 'passed',
        message: child && attribute(child, 'message'),
      };
    }),
  }));
}

describe("JUnit, by Jenkins' schema", () => {
  it.each([
    ['no XML', '<testsuites>'],
    ['an attribute that nobody knows', '<testsuites><testsuite name="a" tests="1" colour="red"/></testsuites>'],
    ['a failure outside of a test', '<testsuites><failure/></testsuites>'],
  ])('refuses %s', (_, text) => {
    expect(() => reading(text, () => undefined)).toThrow();
  });

  it.each(FIXTURE_NAMES)('takes the report of %s: a failure for each path', async (fixture) => {
    const report = await reportOfFixture(fixture);
    const { counts, cases } = await read(report);
    const number = String(report.paths.length);
    expect(counts).toEqual([number, number, '0']);
    expect(cases.map(({ name }) => name?.split(' ')[0])).toEqual(report.paths.map(({ id }) => id));
    expect(new Set(cases.map(({ outcome }) => outcome))).toEqual(new Set(['failure']));
  });

  it('takes a report without paths as one passed test', async () => {
    expect((await read(reportOf([]))).cases).toEqual([
      { name: 'no attack path was found', outcome: 'passed', message: undefined },
    ]);
  });

  it('takes hostile names, and reads them as they are shown everywhere', async () => {
    const { cases } = await read(hostileReport());
    // The path, and the guardrail that it breaks.
    expect(cases).toHaveLength(2);
    for (const { message } of cases) expect(message).toContain(HOSTILE_LINES);
  });

  it('passes what is accepted, fails what is new, and errs on what could not be seen', async () => {
    const report = reportOf([samplePath({}), samplePath({ id: 'p-2' })]);
    const [accepted] = takeBaseline(report, { acceptGaps: false }).paths as [BaselinePath, ...BaselinePath[]];
    const compared: ComparedReport = {
      ...report,
      comparison: {
        verdict: 'failed',
        paths: [
          { id: 'p-0000000000000001', state: 'unchanged', because: [] },
          { id: 'p-2', state: 'new', because: ['sg-0abc allows tcp/22 from 0.0.0.0/0'] },
        ],
        missing: [{ ...accepted, id: 'p-3', state: 'unverified', unseen: ['ec2/DescribeInstances'] }],
        gaps: [],
        allowGaps: false,
        counts: { new: 1, expired: 0, 'newly-seen': 0, unchanged: 1, absent: 0, unverified: 1 },
      },
    };
    const { counts, cases } = await read(compared);
    expect(counts).toEqual(['3', '1', '1']);
    expect(cases.map(({ outcome }) => outcome)).toEqual(['passed', 'failure', 'error']);
    expect(cases[1]?.message).toContain('sg-0abc allows tcp/22');
  });

  it('keeps the sample as it is', async () => {
    expect((await read(SAMPLE)).cases).toHaveLength(1);
  });
});
