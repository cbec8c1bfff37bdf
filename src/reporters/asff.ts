import type { ReportPath, Severity } from '../findings/index.js';
import { parseArn, partitionOf } from '../model/index.js';
import { accountOfAdmin } from '../techniques/index.js';
import { namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { conditionText } from './condition-text.js';
import { brokenBy } from './guardrails.js';
import { formatJson, formatJsonInParts } from './json.js';
import { stationsOf, straighten } from './path-line.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';

/** Limits of the format, in characters and items. */
const TITLE = 256;
const DESCRIPTION = 1024;
const RECOMMENDATION = 512;
const RESOURCES = 32;

const LABELS: Readonly<Record<Severity, string>> = { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW' };

/** What Security Hub calls a resource; `Other` for what it has no name for. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['ec2:instance', 'AwsEc2Instance'],
  ['ec2:volume', 'AwsEc2Volume'],
  ['rds:db-instance', 'AwsRdsDbInstance'],
  ['rds:db-cluster', 'AwsRdsDbCluster'],
  ['rds:db-snapshot', 'AwsRdsDbSnapshot'],
  ['rds:db-cluster-snapshot', 'AwsRdsDbClusterSnapshot'],
  ['s3:bucket', 'AwsS3Bucket'],
  ['dynamodb:table', 'AwsDynamoDbTable'],
  ['secretsmanager:secret', 'AwsSecretsManagerSecret'],
  ['lambda:function', 'AwsLambdaFunction'],
  ['sqs:queue', 'AwsSqsQueue'],
  ['sns:topic', 'AwsSnsTopic'],
  ['iam:role', 'AwsIamRole'],
  ['iam:user', 'AwsIamUser'],
]);

/** Where a time is asked for and the snapshot has none. */
const NO_TIME = '1970-01-01T00:00:00.000Z';

/**
 * The paths in the AWS Security Finding Format, as `aws securityhub batch-import-findings` takes them (at most 100 a call). A finding's id
 * is its path's, so a later import updates it.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 */
export const renderAsff = (report: Reportable): string => formatJson(findingsOf(report));

/** The same text in parts. */
export const renderAsffInParts = (report: Reportable): Iterable<string> => formatJsonInParts(findingsOf(report));

function findingsOf(report: Reportable): { readonly Findings: readonly object[] } {
  const names = namesOf(report);
  const fixes = bestFixes(report.paths);
  const at = timeOf(report.snapshot.collectedAt);
  const states = new Map((report.comparison?.paths ?? []).map((path) => [path.id, path.state]));
  const guardrailsOf = brokenBy(report);
  const findings = report.paths.map((path) => {
    const account = accountOf(path) ?? report.snapshot.accounts[0] ?? '';
    const region = regionOf(path) ?? report.snapshot.regions.find((r) => r !== 'global') ?? 'us-east-1';
    const chain = stationsOf(straighten(path)).map(names.labelOf).join(' → ');
    const steps = path.steps.map(({ text }, index) => `${index + 1}. ${text}`).join(' ');
    const open = path.conditions.map((c) => `If ${conditionText(c)}.`).join(' ');
    const breaks = guardrailsOf(path).map(({ place }) => place);
    const isAccepted = states.get(path.id) === 'unchanged' && breaks.length === 0;
    return {
      SchemaVersion: '2018-10-08',
      Id: `trespass/${path.id}`,
      ProductArn: `arn:${partitionOf(region)}:securityhub:${region}:${account}:product/${account}/default`,
      GeneratorId: `trespass/${path.steps.at(-1)?.technique ?? 'path'}`,
      AwsAccountId: account,
      Types: ['TTPs/Initial Access', 'Effects/Data Exposure'],
      CreatedAt: at,
      UpdatedAt: at,
      Severity: { Label: LABELS[path.severity], Original: String(path.score) },
      Confidence: path.confidence === 'confirmed' ? 100 : 50,
      Title: cut(chain, TITLE),
      Description: cut([steps, open].filter((part) => part !== '').join(' '), DESCRIPTION),
      Remediation: { Recommendation: { Text: cut(fixes.get(path.id) ?? '-', RECOMMENDATION) } },
      ProductFields: {
        'trespass/PathId': path.id,
        'trespass/Techniques': path.steps.map(({ technique }) => technique).join(' > '),
        'trespass/Access': path.target.access,
        ...(breaks.length > 0 && { 'trespass/Guardrails': breaks.join(', ') }),
      },
      Resources: resourcesOf(path, region),
      Workflow: { Status: isAccepted ? 'SUPPRESSED' : 'NEW' },
      RecordState: 'ACTIVE',
    };
  });
  return { Findings: findings };
}

/** The target first, then what the path goes over. */
function resourcesOf(path: ReportPath, region: string): readonly object[] {
  const types = new Map([
    [path.target.id, path.target.type],
    [path.entry.id, path.entry.type],
  ]);
  const ids = [path.target.id, path.entry.id, ...path.steps.flatMap(({ from, to }) => [from, to])];
  const distinct = [...new Set(ids)].filter((id) => id !== 'internet').slice(0, RESOURCES);
  return distinct.map((id) => ({
    Type: TYPES.get(types.get(id) ?? typeOf(id)) ?? 'Other',
    Id: printable(id),
    Partition: partitionOf(region),
    Region: parseArn(id)?.region || region,
  }));
}

/** The type that an ARN tells of itself: `arn:aws:iam::…:role/web` → `iam:role`. */
function typeOf(id: string): string {
  const arn = parseArn(id);
  return arn === undefined ? '' : `${arn.service}:${arn.resource.split(/[:/]/)[0] ?? ''}`;
}

const accountOf = ({ target, entry }: ReportPath): string | undefined =>
  [target.id, entry.id].map((id) => parseArn(id)?.account ?? accountOfAdmin(id)).find((a) => a);

const regionOf = ({ target, entry }: ReportPath): string | undefined =>
  [target.id, entry.id].map((id) => parseArn(id)?.region).find((r) => r);

const timeOf = (text: string | undefined): string => {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? NO_TIME : time.toISOString();
};

const cut = (text: string, most: number): string => {
  const letters = [...printable(text)];
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
};
