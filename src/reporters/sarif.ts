import { gzipSync } from 'node:zlib';
import type { Log, Notification, Result, ThreadFlowLocation } from 'sarif';
import type { ComparedPath, JudgedGuardrail, ReportPath, ReportStep } from '../findings/index.js';
import { type AssetNames, namesOf } from './asset-names.js';
import { bestFixes } from './best-fix.js';
import { count } from './coverage-text.js';
import { brokenBy, brokenOf, failing, guardrailText } from './guardrails.js';
import { formatJson } from './json.js';
import { stationsOf, straighten } from './path-line.js';
import { printable } from './printable.js';
import type { Reportable } from './reporter.js';
import { sarifRules } from './sarif-rules.js';

/**
 * GitHub shows no more than 5,000 results of a run and 1,000 places of a code flow, and takes no file that is larger than 10 MB once compressed.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
const MOST_RESULTS = 5000;
const MOST_PLACES = 1000;
const MOST_BYTES = 9_500_000;

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

/** SARIF 2.1.0: a result for each path, with its steps as a code flow; the rule is the technique of its last step. */
export function renderSarif(report: Reportable): string {
  let count = Math.min(report.paths.length, MOST_RESULTS);
  for (;;) {
    const text = formatJson(logOf(report, count));
    const bytes = text.length > MOST_BYTES ? gzipSync(text).length : text.length;
    if (bytes <= MOST_BYTES || count === 1) return text;
    count = Math.max(1, Math.floor((count * MOST_BYTES) / bytes) - 1);
  }
}

/** So many paths, first of all those that fail a check, then the worst; the rest are counted. */
function logOf(report: Reportable, most: number): Log {
  const names = namesOf(report);
  const fixes = bestFixes(report.paths);
  const compared = new Map((report.comparison?.paths ?? []).map((path) => [path.id, path]));
  const isFailing = failing(report);
  const inTurn = [...report.paths].sort((a, b) => Number(isFailing(b)) - Number(isFailing(a)));
  const kept = new Set(inTurn.slice(0, most));
  const shown = report.paths.filter((path) => kept.has(path));
  const guardrailsOf = brokenBy(report);
  const rules = sarifRules(shown);
  const places = new Map(rules.map((rule, at) => [rule.id, at]));
  const results = shown.map((path): Result => {
    const known = compared.get(path.id);
    const breaks = guardrailsOf(path);
    return {
      ...resultOf(path, names, { fix: fixes.get(path.id) ?? '', because: known?.because ?? [], breaks }),
      ruleIndex: places.get(ruleIdOf(path)) ?? -1,
      ...(known && { baselineState: known.state === 'unchanged' ? 'unchanged' : 'new' }),
      ...(known && breaks.length === 0 && suppressionOf(known)),
    };
  });
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: report.tool.name, version: report.tool.version, rules } },
        automationDetails: { id: `trespass/${report.snapshot.accounts.join(',')}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SNAPSHOT: { description: { text: 'The snapshot that was analyzed.' } } },
        invocations: [
          {
            executionSuccessful: report.comparison?.verdict !== 'gaps',
            toolExecutionNotifications: notificationsOf(report, shown.length),
          },
        ],
        results,
      },
    ],
  };
}

export const ruleIdOf = (path: ReportPath): string => path.steps.at(-1)?.technique ?? 'exposed';

/** That somebody accepted a path, with what they said of it; nothing of one that the baseline merely holds. */
function suppressionOf({ state, reason, owner, expires }: ComparedPath): Pick<Result, 'suppressions'> {
  if (state !== 'unchanged' || (reason ?? owner) === undefined) return {};
  const said = [reason, owner && `accepted by ${owner}`, expires && `until ${expires}`].filter(Boolean).join(', ');
  return { suppressions: [{ kind: 'external', status: 'accepted', justification: printable(said) }] };
}

/** What is said of a path besides itself. */
interface Told {
  readonly fix: string;
  /** Why it is new. */
  readonly because: readonly string[];
  readonly breaks: readonly JudgedGuardrail[];
}

function resultOf(path: ReportPath, names: AssetNames, { fix, because, breaks }: Told): Result {
  const chain = stationsOf(straighten(path)).map(names.labelOf).join(' → ');
  const doubt = path.confidence === 'conditional' ? ' It hangs on conditions that the snapshot does not decide.' : '';
  const why = because.length > 0 ? ` Why: ${because.join('; ')}.` : '';
  const forbidden = breaks.map(({ place, text }) => ` It breaks the guardrail ${place}: ${text}.`).join('');
  return {
    ruleId: ruleIdOf(path),
    kind: 'fail',
    level: breaks.length > 0 ? 'error' : LEVELS[path.severity],
    rank: Math.min(100, Math.max(0, path.score)),
    message: { text: printable(`${chain} (${path.target.access}).${forbidden}${why}${doubt} Fix: ${fix}`) },
    locations: [locationOf(path.steps.at(-1)?.evidence[0]?.source, path.target.id, path.target.type)],
    // The path's id outlives the replacement of twins, renamed tags and reordered answers; places in files do not.
    partialFingerprints: { 'trespassPathId/v1': path.id, primaryLocationLineHash: path.id },
    codeFlows: [
      {
        message: { text: printable(chain) },
        threadFlows: [{ locations: path.steps.slice(0, MOST_PLACES).map((step, at) => flowLocation(step, at)) }],
      },
    ],
    properties: {
      severity: path.severity,
      score: path.score,
      confidence: path.confidence,
      entry: path.entry.id,
      target: path.target.id,
      techniques: path.steps.map((step) => step.technique),
      ...(breaks.length > 0 && { guardrails: breaks.map(({ place }) => place) }),
    },
  };
}

function flowLocation(step: ReportStep, at: number): ThreadFlowLocation {
  const facts = step.evidence.map(({ asset, fact }) => `${asset}: ${fact}`);
  return {
    executionOrder: at + 1,
    importance: 'essential',
    location: {
      ...locationOf(step.evidence[0]?.source, step.to, undefined),
      message: { text: printable([step.text, ...facts].join('\n'), { keepLines: true }) },
    },
    kinds: [step.technique],
  };
}

/** A place that a viewer can open (the answer that shows it), and the asset, which is what it is really about. */
function locationOf(
  source: string | undefined,
  asset: string,
  kind: string | undefined,
): NonNullable<Result['locations']>[number] {
  const uri = source === undefined || source === '' ? 'manifest.json' : source;
  return {
    physicalLocation: {
      artifactLocation: { uri: printable(uri).split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SNAPSHOT' },
      region: { startLine: 1 },
    },
    logicalLocations: [{ fullyQualifiedName: asset, ...(kind !== undefined && { kind }) }],
  };
}

function notificationsOf(report: Reportable, shown: number): Notification[] {
  const { snapshot, comparison, paths } = report;
  const texts = snapshot.gaps.map(
    (gap) => `not seen: ${gap.service}:${gap.operation} in ${gap.account}/${gap.region}: ${gap.error}`,
  );
  for (const path of comparison?.missing ?? []) {
    if (path.state === 'unverified') texts.push(`unverified: ${path.id}: ${path.unseen.join('; ')}`);
  }
  if (paths.length > shown) texts.push(`${count(paths.length - shown, 'more path')} not listed: see the JSON report`);
  return [
    ...brokenOf(report).map(
      (one): Notification => ({
        level: 'error',
        message: { text: printable(`guardrail ${one.place}: ${guardrailText(one)}`) },
      }),
    ),
    ...[...new Set(texts)].map((text): Notification => ({ level: 'warning', message: { text: printable(text) } })),
  ];
}
