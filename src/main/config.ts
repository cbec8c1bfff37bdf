import type { Classification, Guardrail, SensitivityRule, Severity } from '../findings/index.js';

/** What `trespass.config.yaml` says. */
export interface Config {
  /** Path of the file; absent where there is none. */
  readonly file?: string;
  /** For `scan` and `analyze`: exit with 1 when a path is at least this severe. */
  readonly failOn?: Severity;
  /** Path of the baseline. */
  readonly baseline?: string;
  /** Which tags and names say that data is sensitive, in place of the built-in list. */
  readonly classification?: Classification;
  /** The first that fits a path's target counts. */
  readonly sensitivity: readonly SensitivityRule[];
  /** What must never be; each is judged by `scan`, `analyze` and `check`. */
  readonly never: readonly Guardrail[];
  readonly only: readonly Guardrail[];
}
