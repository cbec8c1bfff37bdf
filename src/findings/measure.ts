import type { Removal } from '../attack/index.js';
import { parseArn } from '../model/index.js';

/** Something that can be done at once, and what it takes from the intruder. */
export interface Measure {
  readonly text: string;
  readonly command: string;
  readonly interrupts: string;
  readonly leaves?: string;
  /** 0: passes by itself. 1: stops what the intruder's principals do until it is mended. 2: stops what a host serves. */
  readonly harm: 0 | 1 | 2;
  readonly removal: Removal;
}

/** As one word of a shell. */
export const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** The name of what an ARN names, without its path. */
export const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split('/').at(-1) ?? arn;

export const inRegion = (region: string): string => (region === '' || region === 'global' ? '' : ` --region ${region}`);

/** Commands of which each runs only if those before it succeeded. */
export const allOf = (...commands: readonly string[]): string => commands.join(' && ');
