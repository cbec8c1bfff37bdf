import type { ComparedPath, Comparison } from '../../findings/compare-baseline.js';
import type { JudgedGuardrail, Report, ReportPath } from '../../findings/report.js';
import { parseArn } from '../../model/index.js';
import { makeNames } from '../../reporters/asset-names.js';
import { bestFixes } from '../../reporters/best-fix.js';
import { brokenBy } from '../../reporters/guardrails.js';
import type { PageReport, PageTechnique } from '../../reporters/html/page-data.js';
import { printable } from '../../reporters/printable.js';

/** The report with what the page looks up in it. */
export interface PageModel {
  readonly report: Report & { readonly comparison?: Comparison };
  readonly paths: readonly ReportPath[];
  readonly pathsById: ReadonlyMap<string, ReportPath>;
  /** How the paths stand to the baseline, where there is one. */
  readonly compared: ReadonlyMap<string, ComparedPath>;
  /** The guardrails that a path breaks. */
  readonly guardrailsOf: (path: ReportPath) => readonly JudgedGuardrail[];
  readonly techniques: ReadonlyMap<string, PageTechnique>;
  /** For each path the fix to show where there is room for one. */
  readonly fixes: ReadonlyMap<string, string>;
  readonly names: Names;
  /** Empty where it is in none. */
  placeOf(id: string): { readonly account: string; readonly region: string };
  readonly command: string;
}

/** How assets are called. */
export interface Names {
  /** `web`, or the end of the ARN where it has no name. */
  short(id: string): string;
  /** `web (i-0abc)`. */
  full(id: string): string;
  /** `instance web (i-0abc)`. */
  label(id: string): string;
  /** `instance`; empty where an id tells none. */
  kind(id: string): string;
  /** `i-0abc`. */
  bare(id: string): string;
}

export function openReport(packed: PageReport): PageModel {
  const { steps, techniques, names, places, command, ...rest } = packed;
  const paths = packed.paths.map(
    (path): ReportPath => ({ ...path, steps: path.steps.flatMap((at) => steps[at] ?? []) }),
  );
  const known = new Map(Object.entries(names));
  const knownPlaces = new Map(Object.entries(places));
  return {
    report: { ...rest, paths },
    paths,
    pathsById: new Map(paths.map((path) => [path.id, path])),
    compared: new Map(rest.comparison?.paths.map((path) => [path.id, path])),
    guardrailsOf: brokenBy(rest),
    techniques: new Map(Object.entries(techniques)),
    fixes: bestFixes(paths),
    names: makePageNames((id) => known.get(id)),
    placeOf: (id) => {
      const [account, region] = knownPlaces.get(id) ?? [];
      return account === undefined || region === undefined ? placeOfId(id) : { account, region };
    },
    command,
  };
}

const BARE = makeNames(() => undefined);

export function makePageNames(find: (id: string) => string | undefined): Names {
  const { nameOf, labelOf } = makeNames(find);
  const bare = (id: string): string => printable(BARE.nameOf(id));
  return {
    bare,
    short: (id) => printable(find(id) ?? '') || bare(id),
    full: (id) => printable(nameOf(id)),
    label: (id) => printable(labelOf(id)),
    kind: (id) => {
      const label = BARE.labelOf(id);
      return label.slice(0, label.length - BARE.nameOf(id).length).trim();
    },
  };
}

/** The account and region that an id tells; empty where it tells none. */
function placeOfId(id: string): { readonly account: string; readonly region: string } {
  const arn = parseArn(id);
  if (arn) return { account: arn.account, region: arn.region };
  return { account: /^aws:(?:admin|account)\/(\d{12})$/.exec(id)?.[1] ?? '', region: '' };
}
