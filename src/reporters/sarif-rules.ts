import type { ReportingDescriptor } from 'sarif';
import type { ReportPath } from '../findings/index.js';
import { byKey, groupBy } from '../model/index.js';
import { TECHNIQUES } from '../techniques/index.js';
import { techniquePage } from './technique-page.js';

/** GitHub reads how bad a rule is from this number, 0 to 10. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' } as const;

/** A rule for each technique that ends a path, sorted by id, as bad as the worst of its paths. */
export function sarifRules(paths: readonly ReportPath[]): ReportingDescriptor[] {
  const known = new Map(TECHNIQUES.map((technique) => [technique.id, technique]));
  return [...groupBy(paths, (path) => path.steps.at(-1)?.technique ?? 'exposed')]
    .map(([id, members]): ReportingDescriptor => {
      const technique = known.get(id);
      // Members come worst first, as the report's paths do.
      const worst = members[0]?.severity ?? 'low';
      const title = technique?.title ?? id;
      return {
        id,
        name: id.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase()),
        shortDescription: { text: title },
        fullDescription: { text: `${title}. ${technique?.premises.join(' ') ?? ''}`.trim() },
        help: {
          text: technique ? `${technique.remediation}\n\nLook for: ${technique.detection.join('; ')}` : title,
          ...(technique && { markdown: techniquePage(technique) }),
        },
        properties: {
          tags: [
            'security',
            'aws',
            ...(technique?.attack ?? []).slice(0, 6).map((attack) => `external/attack/${attack}`),
          ],
          'security-severity': SECURITY_SEVERITY[worst],
          precision: 'high',
        },
      };
    })
    .sort(byKey((rule) => rule.id));
}
