import type { Asset } from '../model/index.js';
import { type AssetPattern, describePattern, matchesAsset } from './asset-pattern.js';
import type { JudgedGuardrail, Report } from './report.js';

/**
 * What must never be, as the owner of the accounts states it.
 * `never`: no path from what `from` means to what `to` means. `only`: no path to what `to` means from anything that `from` does not mean.
 */
export interface Guardrail {
  readonly kind: 'never' | 'only';
  /** Absent: the internet, and so every entry; for `only`, no entry at all. */
  readonly from?: readonly AssetPattern[];
  readonly to: AssetPattern;
  /** Where it stands, `line:column`. */
  readonly place: string;
}

/** Which guardrails hold, and which paths of the report break the others; a path that hangs on conditions breaks them too. @param file where they stand */
export function judgeGuardrails(
  report: Report,
  guardrails: readonly Guardrail[],
  find: (id: string) => Asset | undefined,
  file: string,
): readonly JudgedGuardrail[] {
  const means = (patterns: readonly AssetPattern[], ids: readonly string[]): boolean =>
    ids.some((id) => patterns.some((pattern) => matchesAsset(pattern, id, find(id))));
  return guardrails.map((guardrail) => {
    const { kind, from, to, place } = guardrail;
    const paths = report.paths.filter((path) => {
      if (!means([to], [path.target.id, ...path.target.members])) return false;
      const isFrom = from === undefined || means(from, [path.entry.id, ...path.entry.members]);
      return kind === 'never' ? isFrom : from === undefined || !isFrom;
    });
    return { kind, text: describe(guardrail), place: `${file}:${place}`, paths: paths.map(({ id }) => id) };
  });
}

function describe({ kind, from, to }: Guardrail): string {
  const entries = from?.map(describePattern).join(' or ');
  if (kind === 'never') return `no path may lead from ${entries ?? 'the internet'} to ${describePattern(to)}`;
  return `no path may lead to ${describePattern(to)}${entries === undefined ? '' : ` but from ${entries}`}`;
}
