import { byCode, byKey, groupBy } from '../model/index.js';
import type { AcceptanceNote } from './acceptance-note.js';
import { acceptedPaths, furtherEntries } from './accepted-paths.js';
import { type Baseline, type BaselinePath, factHash, factText, gapKey } from './baseline.js';
import type { Report, ReportPath } from './report.js';

/**
 * What a path of the report is, seen from the baseline.
 * `new`: not in it. `expired`: in it, but its acceptance has ended. `newly-seen`: not in it, and found by a technique that
 * the program did not know when the baseline was written. `unchanged`: in it.
 */
export type PathState = 'new' | 'expired' | 'newly-seen' | 'unchanged';

export interface ComparedPath extends AcceptanceNote {
  readonly id: string;
  readonly state: PathState;
  /** Why it is new, expired or newly seen; what the reference snapshot did not have. Sentences. */
  readonly because: readonly string[];
  /** For a path that is accepted over other entries: those that are not (an asset, or the group that it counts as). */
  readonly further?: readonly string[];
}

/** A path of the baseline that the report does not hold. */
export interface MissingPath extends BaselinePath {
  /** `absent`: gone. `unverified`: what would show it could not be seen, so nobody knows. */
  readonly state: 'absent' | 'unverified';
  /** For `unverified`: what could not be seen. */
  readonly unseen: readonly string[];
}

/** The comparison of a report with a baseline or with a reference snapshot; reporters show it where it is there. */
export interface Comparison {
  readonly verdict: 'passed' | 'failed' | 'gaps';
  /** By id; one for each path of the report. */
  readonly paths: readonly ComparedPath[];
  /** By id. */
  readonly missing: readonly MissingPath[];
  /** Gaps that the result depends on and that nobody accepted, as `account/region/service/Operation[#resource]: Error`. */
  readonly gaps: readonly string[];
  readonly allowGaps: boolean;
  readonly counts: Readonly<Record<PathState | MissingPath['state'], number>>;
}

/** A report that knows what is new in it. */
export interface ComparedReport extends Report {
  readonly comparison: Comparison;
}

export interface CompareOptions {
  /** The day on which acceptances are judged. */
  readonly now: Date;
  readonly allowGaps?: boolean;
  /** Whether the analysis reads an operation (`service/Operation`) at all; a gap elsewhere hides nothing. */
  readonly reads?: (operation: string) => boolean;
}

/** Compares the paths of a report with those that a baseline holds. */
export function compareWithBaseline(report: Report, baseline: Baseline, options: CompareOptions): Comparison {
  const freshFacts = makeFreshFacts(report, baseline);
  const today = options.now.toISOString().slice(0, 10);
  const accepted = acceptedPaths(report.paths, baseline);
  const acceptedAs = new Map(report.paths.map((path) => [path.id, accepted.acceptedAs(path)]));
  const openedBy = makeOpenedBy(report);
  const paths = report.paths
    .map((path) =>
      comparePath(path, acceptedAs.get(path.id), accepted.noteOn(path), baseline, today, freshFacts, openedBy),
    )
    .sort(byKey((path) => path.id));
  const found = new Set(report.paths.flatMap((path) => accepted.sameAs(path)?.id ?? []));
  const replaced = new Set(report.paths.flatMap(({ id }) => acceptedAs.get(id)?.id ?? []));
  const missing = baseline.paths
    .filter((path) => !found.has(path.id))
    .map((path) => classifyMissing(path, report))
    // One in whose place another came to light is not told as gone; but whether it is gone may not have been seen.
    .filter(({ id, state }) => state === 'unverified' || !replaced.has(id))
    .sort((a, b) => byCode(a.id, b.id));
  const acceptedGaps = new Set(baseline.acceptedGaps);
  const gaps = report.snapshot.gaps
    .filter((gap) => options.reads?.(`${gap.service}/${gap.operation}`) ?? true)
    .map(gapKey)
    .filter((key) => !acceptedGaps.has(key));
  const count = (state: PathState | MissingPath['state']): number =>
    paths.filter((path) => path.state === state).length + missing.filter((path) => path.state === state).length;
  const counts = {
    new: count('new'),
    expired: count('expired'),
    'newly-seen': count('newly-seen'),
    unchanged: count('unchanged'),
    absent: count('absent'),
    unverified: count('unverified'),
  };
  const isBlind = gaps.length + counts.unverified > 0 && options.allowGaps !== true;
  return {
    verdict: counts.new + counts.expired > 0 ? 'failed' : isBlind ? 'gaps' : 'passed',
    paths,
    missing,
    gaps: [...new Set(gaps)].sort(byCode),
    allowGaps: options.allowGaps === true,
    counts,
  };
}

function comparePath(
  path: ReportPath,
  accepted: BaselinePath | undefined,
  note: AcceptanceNote,
  baseline: Baseline,
  today: string,
  freshFacts: (path: ReportPath) => readonly string[],
  openedBy: (entry: string) => readonly string[],
): ComparedPath {
  if (!accepted) {
    const known = new Set(baseline.techniques);
    const later = path.steps.map((step) => step.technique).find((technique) => known.size > 0 && !known.has(technique));
    if (later === undefined) return { id: path.id, state: 'new', because: freshFacts(path) };
    const version = baseline.tool.version;
    return {
      id: path.id,
      state: 'newly-seen',
      because: [`it needs ${later}, which version ${version} did not look for when it wrote the baseline`],
    };
  }
  const further = furtherEntries(path, accepted);
  if (further.length > 0) {
    const because = [
      `it is entered over ${shown(further)} too, which the baseline does not hold`,
      ...further.slice(0, MOST_FACTS).flatMap(openedBy),
    ];
    return { id: path.id, state: 'new', because, further, ...note };
  }
  if (note.expires === undefined || note.expires >= today) {
    return { id: path.id, state: 'unchanged', because: [], ...note };
  }
  return { id: path.id, state: 'expired', because: [`its acceptance ended on ${note.expires}`], ...note };
}

const shown = (ids: readonly string[]): string =>
  ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');

/** The rules that let the internet in to an entry. */
function makeOpenedBy({ exposures }: Report): (entry: string) => readonly string[] {
  const byAsset = groupBy(exposures, ({ asset }) => asset);
  return (entry) => {
    const facts = (byAsset.get(entry) ?? []).flatMap(({ evidence }) => evidence.filter(({ stated }) => stated));
    return [...new Set(facts.map((fact) => `${entry} is open by ${factText(fact)}`))].slice(0, MOST_FACTS);
  };
}

/** How many facts of a new path a person would read. */
const MOST_FACTS = 5;

/**
 * What a new path rests on and no accepted path did: the grant, rule or route that opened it is among them. Another version words facts otherwise,
 * so nothing is said then.
 */
function makeFreshFacts(report: Report, baseline: Baseline): (path: ReportPath) => readonly string[] {
  if (baseline.facts.length === 0 || baseline.tool.version !== report.tool.version) return () => [];
  const known = new Set(baseline.facts);
  return ({ steps }) => {
    const fresh = steps.flatMap(({ evidence }, at) =>
      evidence.filter((fact) => !known.has(factHash(fact))).map((fact) => ({ fact, at })),
    );
    // What somebody wrote (a rule, a statement) opens a path sooner than what is merely so.
    const told = [...fresh.filter(({ fact }) => fact.stated), ...fresh.filter(({ fact }) => !fact.stated)].map(
      ({ fact, at }) => `step ${at + 1} rests on what no accepted path rests on: ${factText(fact)}`,
    );
    const distinct = [...new Set(told)];
    const left = distinct.length - MOST_FACTS;
    return left > 0 ? [...distinct.slice(0, MOST_FACTS), `and on ${left} more facts that none rests on`] : distinct;
  };
}

/** A path that is not found is gone only if everything that showed it was seen again. */
function classifyMissing(path: BaselinePath, report: Report): MissingPath {
  const inputs = new Set(path.inputs);
  const isAbout = (resource: string): boolean => path.assets.some((asset) => asset.includes(resource));
  const unseen = new Set<string>();
  for (const gap of report.snapshot.gaps) {
    if (!inputs.has(`${gap.account}/${gap.region}/${gap.service}/${gap.operation}`)) continue;
    if (gap.resource === undefined || isAbout(gap.resource)) unseen.add(gapKey(gap));
  }
  for (const operation of report.snapshot.notCollected) {
    if (inputs.has(operation)) unseen.add(`${operation}: not collected`);
  }
  const accounts = new Set(report.snapshot.accounts);
  const regions = new Set(report.snapshot.regions);
  for (const input of inputs) {
    const [account = '', region = ''] = input.split('/');
    if (!accounts.has(account)) unseen.add(`${account}: the account is not in the snapshot`);
    else if (region !== 'global' && !regions.has(region)) unseen.add(`${region}: the region is not in the snapshot`);
  }
  return { ...path, state: unseen.size > 0 ? 'unverified' : 'absent', unseen: [...unseen].sort(byCode) };
}
