import { hash } from 'node:crypto';
import { byKey, type Evidence, sortedUnique } from '../model/index.js';
import type { AcceptanceNote } from './acceptance-note.js';
import { type AcceptedPaths, acceptedPaths } from './accepted-paths.js';
import type { Report, ReportPath, Severity } from './report.js';

export const BASELINE_VERSION = 1;

/** A path that was there when the baseline was written. */
export interface BaselinePath extends AcceptanceNote {
  readonly id: string;
  readonly severity: Severity;
  /** The ends, for the person who reads the file and for saying what is gone. */
  readonly entry: { readonly id: string; readonly name?: string };
  readonly target: { readonly id: string; readonly name?: string; readonly access: string };
  readonly techniques: readonly string[];
  /** What the entry's members count as ({@link ReportPath}'s `identities`); empty in older files. */
  readonly entries: readonly string[];
  /** The assets that the path needs something from, by id. */
  readonly assets: readonly string[];
  /** The operations whose answers show the path, as `account/region/service/Operation`. */
  readonly inputs: readonly string[];
}

/**
 * A way that was there when the baseline was written and not told, since an easier one leads between the same ends. It is accepted as that is, unless it has a
 * note of its own: a path that somebody accepted before it came to stand behind another keeps what was written about it.
 */
export interface OtherWay extends AcceptanceNote {
  /** The id that its path would have. */
  readonly id: string;
  /** The path that was told in its place. */
  readonly behind: string;
  /** What the members of its entry counted as. */
  readonly entries: readonly string[];
}

/** A path that a report does not tell, with the id of the one that it tells in its place. */
export interface HiddenPath extends ReportPath {
  readonly behind: string;
}

/** The accepted state: a file that is reviewed and kept with the code. */
export interface Baseline {
  readonly schemaVersion: typeof BASELINE_VERSION;
  readonly tool: { readonly name: string; readonly version: string };
  /** The techniques that were looked for; a path that only a later technique shows is no change of the account. */
  readonly techniques: readonly string[];
  /** Gaps that were accepted when the baseline was written (`--allow-gaps`), as `account/region/service/Operation[#resource]: Error`. */
  readonly acceptedGaps: readonly string[];
  /** What the accepted paths rest on, a hash each ({@link factHash}): says of a new path what in it is new. Empty in older files. */
  readonly facts: readonly string[];
  /** Sorted by id. */
  readonly paths: readonly BaselinePath[];
  /** What comes to light once those paths are gone, and is nothing new. Sorted by id; empty in older files. */
  readonly otherWays: readonly OtherWay[];
}

export interface BaselineOptions {
  /** Ids of the techniques that this version knows. */
  readonly techniques: readonly string[];
  readonly acceptGaps?: boolean;
  readonly otherWays?: readonly HiddenPath[];
  /** The baseline that this one replaces: what a person wrote about a path is kept, also where it has another id now or was not told then. */
  readonly previous?: Baseline;
}

/** The baseline that holds every path of a report; the same report gives the same bytes. */
export function createBaseline(report: Report, options: BaselineOptions): Baseline {
  const hidden = options.otherWays ?? [];
  const previous = options.previous && acceptedPaths([...report.paths, ...hidden], options.previous);
  return {
    schemaVersion: BASELINE_VERSION,
    tool: report.tool,
    techniques: sortedUnique(options.techniques),
    acceptedGaps: options.acceptGaps === true ? sortedUnique(report.snapshot.gaps.map(gapKey)) : [],
    facts: sortedUnique(report.paths.flatMap(({ steps }) => steps.flatMap(({ evidence }) => evidence.map(factHash)))),
    paths: report.paths.map((path) => baselinePath(path, previous?.noteOn(path))).sort(byKey((path) => path.id)),
    otherWays: hidden.map((path) => otherWay(path, previous)),
  };
}

const FACT_DIGITS = 12;

/** A stated fact as a baseline holds it, without where it was read. */
export const factHash = ({ asset, fact }: Evidence): string =>
  hash('sha256', `${asset}\n${fact}`).slice(0, FACT_DIGITS);

/** A fact with whom it is about and the answer that states it. */
export const factText = ({ asset, fact, source }: Evidence): string =>
  `${fact.includes(asset) ? '' : `${asset}: `}${fact} (${operationOf(source)})`;

function baselinePath(path: ReportPath, note: AcceptanceNote | undefined): BaselinePath {
  return {
    id: path.id,
    severity: path.severity,
    entry: { id: path.entry.id, ...(path.entry.name !== undefined && { name: path.entry.name }) },
    target: {
      id: path.target.id,
      ...(path.target.name !== undefined && { name: path.target.name }),
      access: path.target.access,
    },
    techniques: path.steps.map((step) => step.technique),
    entries: path.entry.identities ?? [],
    assets: sortedUnique([
      path.entry.id,
      path.target.id,
      ...path.steps.flatMap((step) => [step.from, step.to, ...step.requires]),
    ]),
    inputs: sortedUnique(path.steps.flatMap((step) => step.evidence.map((fact) => operationOf(fact.source)))).filter(
      (input) => input !== '',
    ),
    ...note,
  };
}

function otherWay(path: HiddenPath, previous: AcceptedPaths | undefined): OtherWay {
  const { id, behind, entry } = path;
  // What stands behind the same path as before goes on being accepted as that is.
  const isAsBefore = previous?.acceptedAs(path)?.id === behind;
  const note = isAsBefore ? previous?.ownNote(path) : previous?.noteOn(path);
  return { id, behind, entries: entry.identities ?? [], ...note };
}

/** `111122223333/us-east-1/ec2/DescribeInstances.2.json.gz` → `111122223333/us-east-1/ec2/DescribeInstances`. */
const operationOf = (source: string): string => source.replace(/(\.\d{1,6})?\.json(\.gz)?$/, '');

/** What a gap is about, without its message (which may hold a request's id). */
export function gapKey(gap: Report['snapshot']['gaps'][number]): string {
  const resource = gap.resource === undefined ? '' : `#${gap.resource}`;
  return `${gap.account}/${gap.region}/${gap.service}/${gap.operation}${resource}: ${gap.error}`;
}

/** The baseline as the text of its file. */
export const formatBaseline = (baseline: Baseline): string => `${JSON.stringify(baseline, undefined, 2)}\n`;
