import type { Report, ReportPath } from '../findings/index.js';
import { EXIT, UserError } from '../model/index.js';

/** The path with an id, or with the one id that begins so. @throws UserError where there is none, or are several. */
export function findPath(report: Report, id: string): ReportPath {
  const exact = report.paths.find((path) => path.id === id);
  if (exact) return exact;
  const begins = report.paths.filter((path) => path.id.startsWith(id) || path.id.startsWith(`p-${id}`));
  const [only] = begins;
  if (only && begins.length === 1 && id !== '') return only;
  if (only && id !== '') {
    throw new UserError(`${id} may be any of ${begins.map((path) => path.id).join(', ')}`, EXIT.usage);
  }
  throw new UserError(`there is no path ${id} in this snapshot; it has ${report.paths.length} paths`, EXIT.usage);
}
