import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, UserError } from '../model/index.js';
import { type Severity, SEVERITIES } from '../reporters/index.js';

/** Adds the flags that every command has; `formats` are its choices, the first is the default. */
export function addCommonFlags(command: Command, formats: readonly string[]): Command {
  const [standard = 'table'] = formats;
  return command
    .addOption(new Option('--format <format>', 'how to print the result').choices([...formats]).default(standard))
    .option('--output <file>', 'write the result to a file instead of standard output')
    .option('--config <file>', 'configuration file (default: trespass.config.yaml, upward to the repository root)')
    .option('--quiet', 'no progress and no diagnostics on standard error')
    .option('--no-color', 'no colours');
}

export const failOnOption = (): Option =>
  new Option('--fail-on <severity>', 'exit with 1 when a path is at least this severe').choices([...SEVERITIES]);

export const pathsPerPairOption = (): Option =>
  new Option('--paths-per-pair <count>', 'show up to this many paths for each entry and target').argParser(
    wholeNumber(1, 1000),
  );

export const vulnerabilitiesOption = (): Option =>
  new Option(
    '--vulnerabilities <file>',
    'what a scanner found on the instances: JSON of Amazon Inspector, Trivy or Grype (repeatable)',
  ).argParser(repeated);

export const preparedOption = (): Option =>
  new Option(
    '--prepared <file>',
    'what `trespass prepare` wrote of the snapshot (default: SNAPSHOT.prepared, where there is one)',
  );

/** A further format of a result, and the file that it is written to. */
export interface AlsoFile {
  readonly format: string;
  readonly file: string;
}

export const alsoOption = (formats: readonly string[]): Option =>
  new Option(
    '--also <format=file>',
    'write the result in a further format to a file, for example markdown=summary.md (repeatable)',
  ).argParser((text: string, before: readonly AlsoFile[] | undefined): readonly AlsoFile[] => {
    const [, format = '', file = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
    if (file === '' || !formats.includes(format)) {
      throw new InvalidArgumentError(`It must be FORMAT=FILE with one of the formats ${formats.join(', ')}.`);
    }
    return [...(before ?? []), { format, file }];
  });

export const allOption = (): Option => new Option('--all', 'show everything where a text would only count it');

/** A commander parser of whole numbers within bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };

/** Collects a repeatable option's values. */
export const repeated = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

export function parseSeverity(text: string): Severity {
  const severity = SEVERITIES.find((s) => s === text);
  if (!severity) throw new UserError(`${text} is no severity; use one of ${SEVERITIES.join(', ')}`, EXIT.usage);
  return severity;
}
