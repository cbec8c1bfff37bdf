import type { ComparedReport, Report, ReportPath, ReportStep } from '../../src/findings/index.js';

const ACCOUNT = '111122223333';
const WEB = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0aaaabbbbccccdddd`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/web`;
const ORDERS = `arn:aws:rds:us-east-1:${ACCOUNT}:db:orders`;
const INSTANCES = `${ACCOUNT}/us-east-1/ec2/DescribeInstances.json`;
const IAM = `${ACCOUNT}/global/iam/GetAccountAuthorizationDetails.json`;

export const step = (parts: Partial<ReportStep>): ReportStep => ({
  technique: 'imds-credential-theft',
  title: 'A title',
  from: WEB,
  to: ROLE,
  requires: [WEB],
  text: 'Something is done.',
  attack: ['T1552.005'],
  assumptions: [],
  conditions: [],
  evidence: [{ asset: WEB, fact: 'is stated', source: INSTANCES }],
  fix: 'Do not.',
  ...parts,
});

const ENTER = step({
  technique: 'exposed-service',
  from: 'internet',
  to: WEB,
  requires: [WEB],
  text: 'Enter web through tcp/443, open to 0.0.0.0/0.',
  attack: ['T1190'],
  assumptions: ['The software gives way.'],
  fix: 'Narrow the rule.',
});
const STEAL = step({ text: 'Read the credentials of role web.' });

export const samplePath = (parts: Partial<ReportPath>): ReportPath => ({
  id: 'p-0000000000000001',
  severity: 'critical',
  score: 97,
  factors: ['90: what it is worth'],
  confidence: 'confirmed',
  conditions: [],
  entry: { id: WEB, type: 'ec2:instance', name: 'web', members: [WEB] },
  target: { id: ORDERS, type: 'rds:db-instance', name: 'orders', access: 'read', members: [ORDERS] },
  steps: [
    ENTER,
    STEAL,
    step({
      technique: 'rds-master-password',
      from: ROLE,
      to: ORDERS,
      requires: [ROLE, ORDERS],
      text: 'Set a new master password for orders.',
      evidence: [{ asset: ROLE, fact: 'statement 0 allows rds:ModifyDBInstance', source: IAM }],
      fix: 'Take rds:ModifyDBInstance out of statement 0.',
    }),
  ],
  notes: [
    {
      id: 'cloudtrail-stopped',
      principal: ROLE,
      text: 'may stop the trails that record it',
      limit: 'An organization’s trail is out of reach.',
      actions: ['cloudtrail:StopLogging'],
      attack: ['T1562.008'],
      confidence: 'confirmed',
      conditions: [],
    },
  ],
  ...parts,
});

/** A report around the given paths. */
export function reportOf(paths: readonly ReportPath[]): Report {
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of paths) bySeverity[severity]++;
  return {
    schemaVersion: 1,
    tool: { name: 'trespass', version: '0.1.0' },
    snapshot: {
      accounts: [ACCOUNT],
      regions: ['us-east-1'],
      collectedAt: '2026-03-02T08:01:12Z',
      gaps: [],
      notCollected: [],
    },
    summary: { assets: 40, relationships: 90, exposed: 1, dataStores: 3, paths: paths.length, bySeverity },
    exposures: [
      {
        asset: WEB,
        type: 'ec2:instance',
        name: 'web',
        from: 'internet',
        grade: 'internet',
        sources: ['0.0.0.0/0'],
        addresses: 4_294_967_296,
        ports: ['tcp/443'],
        via: [],
        confidence: 'confirmed',
        conditions: [],
        evidence: [],
      },
    ],
    paths,
    chokePoints: [],
  };
}

export const SAMPLE = reportOf([samplePath({})]);

/**
 * Text that a stranger could put into a name or tag, chosen to mean something in every format: terminal controls, a turn of direction, markup of HTML,
 * Markdown, Mermaid, XML and CSV, a mention, a link, an issue, what XML cannot hold, and half of a surrogate pair.
 */
export const HOSTILE =
  "=cmd|'/c calc'!A1\"</script><img src=x onerror=alert(1)>\u001B[31m\u0007\u0000\u202Egnp.exe\u2066" +
  '`code` ``` [link](https://evil.example) @octocat #1 ]]> <!-- --> %%{init: {}}%% "]; end; | a --> b\r\n\t\uD800 数据库 __proto__';

/** A report whose every name and sentence is hostile. */
export function hostileReport(): ComparedReport {
  const hostile = (path: ReportPath): ReportPath => ({
    ...path,
    factors: [HOSTILE],
    confidence: 'conditional',
    conditions: [{ key: HOSTILE, operator: 'Known', values: [HOSTILE] }],
    entry: { ...path.entry, name: HOSTILE, members: [WEB, `${WEB}${HOSTILE}`] },
    target: { ...path.target, id: `${path.target.id}${HOSTILE}`, name: HOSTILE },
    steps: path.steps.map((part, at) => ({
      ...part,
      to: at === path.steps.length - 1 ? `${part.to}${HOSTILE}` : part.to,
      title: HOSTILE,
      text: HOSTILE,
      fix: HOSTILE,
      assumptions: [HOSTILE],
      evidence: [{ asset: `${WEB}${HOSTILE}`, fact: HOSTILE, source: `${ACCOUNT}/us-east-1/ec2/${HOSTILE}.json` }],
    })),
  });
  const path = hostile(samplePath({}));
  const report = reportOf([path]);
  const gap = {
    account: ACCOUNT,
    region: 'us-east-1',
    service: 'ec2',
    operation: HOSTILE,
    error: HOSTILE,
    message: HOSTILE,
  };
  return {
    ...report,
    snapshot: { ...report.snapshot, gaps: [gap] },
    exposures: report.exposures.map((exposure) => ({ ...exposure, name: HOSTILE, sources: [HOSTILE] })),
    chokePoints: [{ remove: { asset: WEB, what: HOSTILE, command: HOSTILE }, paths: 1, targets: 1, verified: true }],
    guardrails: [{ kind: 'never', text: HOSTILE, place: HOSTILE, paths: [path.id] }],
    comparison: {
      verdict: 'failed',
      paths: [{ id: path.id, state: 'new', because: [HOSTILE] }],
      missing: [],
      gaps: [HOSTILE],
      allowGaps: false,
      counts: { new: 1, expired: 0, 'newly-seen': 0, unchanged: 0, absent: 0, unverified: 0 },
    },
  };
}
