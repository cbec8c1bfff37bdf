import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, miniature } from './miniature.js';

const WEB = arn('ec2', 'instance/i-0123456789abcdef0');

/** An exposed instance whose role reads a bucket. */
const world = (answers: Record<string, JsonObject> = {}): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'] } },
  instances: { 'i-0123456789abcdef0': { role: 'web', open: true } },
  answers: { 'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] }, ...answers },
});

const file = (name: string, report: unknown) => ({ name, content: Buffer.from(JSON.stringify(report)) });

/** The step into the instance: its difficulty as the path's, what it assumes, and what stands for it. */
function entryOf(mini: Miniature, files: readonly { name: string; content: Uint8Array }[] = []) {
  const { paths } = openAnalysis(miniature(mini), { toolVersion: '0.0.0', vulnerabilities: files }).report();
  const path = paths.find((p) => p.entry.id === WEB);
  const step = path?.steps[0];
  return {
    technique: step?.technique,
    assumptions: step?.assumptions ?? [],
    found: (step?.evidence ?? []).flatMap((e) => /CVE-[\d-]+/.exec(e.fact)?.[0] ?? []),
    certain: path?.confidence,
  };
}

const NETWORK = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H';
const LOCAL = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H';

const inspector = (scoringVector: string, exploitAvailable: string): JsonObject => ({
  findings: [
    {
      type: 'PACKAGE_VULNERABILITY',
      status: 'ACTIVE',
      severity: 'CRITICAL',
      exploitAvailable,
      packageVulnerabilityDetails: {
        vulnerabilityId: 'CVE-2021-44228',
        cvss: [{ scoringVector, source: 'NVD', version: '3.1' }],
        vulnerablePackages: [{ name: 'log4j-core' }],
      },
      resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0123456789abcdef0' }],
    },
  ],
});
const trivy = (vector: string, name: string): JsonObject => ({
  SchemaVersion: 2,
  ArtifactName: name,
  ArtifactType: 'vm',
  Results: [
    {
      Target: 'amazon',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2021-44228',
          PkgName: 'log4j-core',
          Severity: 'CRITICAL',
          CVSS: { nvd: { V3Vector: vector } },
        },
      ],
    },
  ],
});
const grype = (known: boolean): JsonObject => ({
  matches: [
    {
      vulnerability: {
        id: 'CVE-2021-44228',
        severity: 'Critical',
        cvss: [{ version: '3.1', vector: NETWORK }],
        knownExploited: known ? [{ cve: 'CVE-2021-44228' }] : [],
      },
      artifact: { name: 'log4j-core' },
    },
  ],
  source: { type: 'directory', target: '/' },
});

describe('how strong the presumption is that an exposed instance gives way', () => {
  test('without a scanner it is assumed', () => {
    const { technique, assumptions, found } = entryOf(world());
    expect([technique, assumptions.length, found]).toEqual(['exposed-service', 1, []]);
    expect(assumptions[0]).not.toContain('strong');
  });

  test.each([
    ['Inspector in the snapshot', world({ 'inspector2/ListFindings': inspector(NETWORK, 'YES') }), []],
    ['a file of Inspector', world(), [file('inspector.json', inspector(NETWORK, 'YES'))]],
    ['a file of Grype, named after the instance', world(), [file('i-0123456789abcdef0.json', grype(true))]],
  ] as const)('a known exploit over the network confirms it: %s', (_, mini, files) => {
    expect(entryOf(mini, files)).toMatchObject({ assumptions: [], found: ['CVE-2021-44228'] });
  });

  test.each([
    ['Trivy, which knows no exploits', [file('web.json', trivy(NETWORK, 'i-0123456789abcdef0'))]],
    ['Grype, without a known exploit', [file('i-0123456789abcdef0.grype.json', grype(false))]],
    ['Inspector, without a known exploit', [file('a.json', inspector(NETWORK, 'NO'))]],
  ] as const)('a flaw that the network reaches makes it strong: %s', (_, files) => {
    const { assumptions, found } = entryOf(world(), files);
    expect(assumptions[0]).toContain('A strong assumption');
    expect(found).toEqual(['CVE-2021-44228']);
  });

  test.each([
    ['a flaw that takes a local user', [file('a.json', inspector(LOCAL, 'YES'))]],
    ['an empty report', [file('a.json', { findings: [] })]],
  ] as const)('changes nothing: %s', (_, files) => {
    expect(entryOf(world(), files)).toEqual(entryOf(world()));
  });
});

describe('files that are no reports', () => {
  const opening =
    (content: string, name = 'scan.json') =>
    () =>
      entryOf(world(), [{ name, content: Buffer.from(content) }]);

  test.each([
    ['no JSON', '{"findings": [', 'scan.json:1:15'],
    [
      'another shape',
      '{"hosts": []}',
      'scan.json: the document has none of findings (Inspector), Results (Trivy) and matches (Grype)',
    ],
    ['a list', '[]', 'scan.json: the document should be an object'],
    ['a list that is none', '{"matches": {}}', 'scan.json: matches should be a list'],
    [
      'a match without an id',
      '{"matches": [{"vulnerability": {}}]}',
      'scan.json: matches[0].vulnerability.id should be a text',
    ],
    [
      'a vulnerability without an id',
      '{"SchemaVersion": 2, "Results": [{"Vulnerabilities": [{}]}]}',
      'scan.json: Results[0].Vulnerabilities[0].VulnerabilityID should be a text',
    ],
    [
      'a host that nobody knows',
      JSON.stringify(trivy(NETWORK, 'some-laptop')),
      'none of its hosts (some-laptop, scan.json)',
    ],
  ])('%s', (_, content, message) => {
    expect(opening(content)).toThrow(message);
  });
});
