import type { Asset } from '../model/index.js';
import { type AssetPattern, matchesAsset } from './asset-pattern.js';
import type { Report } from './report.js';

/**
 * What must never be, as the owner of the accounts states it.
 * `never`: no path from what `from` means to what `to` means. `only`: no path to what `to` means from anything that `from` does not mean.
 */
export interface Guardrail {
  readonly kind: 'never' | 'only';
  /** Absent: the internet, and so every entry. */
  readonly from?: readonly AssetPattern[];
  readonly to: AssetPattern;
  /** Where it stands, `line:column`, for messages. */
  readonly place: string;
}

/** A guardrail and the paths that break it. */
export interface Violation {
  readonly guardrail: Guardrail;
  /** Ids of paths, in the report's order. */
  readonly paths: readonly string[];
}

/** The guardrails that paths of the report break; a path that hangs on conditions breaks them too. */
export function judgeGuardrails(
  report: Report,
  guardrails: readonly Guardrail[],
  find: (id: string) => Asset | undefined,
): readonly Violation[] {
  const means = (patterns: readonly AssetPattern[], ids: readonly string[]): boolean =>
    ids.some((id) => patterns.some((pattern) => matchesAsset(pattern, id, find(id))));
  return guardrails.flatMap((guardrail) => {
    const { kind, from, to } = guardrail;
    const paths = report.paths.filter((path) => {
      if (!means([to], [path.target.id, ...path.target.members])) return false;
      const isFrom = from === undefined || means(from, [path.entry.id, ...path.entry.members]);
      return kind === 'never' ? isFrom : from === undefined || !isFrom;
    });
    return paths.length > 0 ? [{ guardrail, paths: paths.map((path) => path.id) }] : [];
  });
}
