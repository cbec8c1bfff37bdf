import type { Command } from 'commander';
import { repeated } from './flags.js';
import type { Io } from './io.js';

export interface CollectFlags {
  readonly profile?: string;
  readonly region?: readonly string[];
  readonly roleArn?: readonly string[];
  readonly org?: boolean;
  readonly endpointUrl?: string;
}

/** Adds the flags that say which account is collected, and how it is reached. */
export const addCollectFlags = (command: Command): Command =>
  command
    .option('--profile <name>', "a profile of the AWS CLI's configuration")
    .option('--region <region>', 'a region, or `all`; may be given several times', repeated)
    .option('--endpoint-url <url>', 'where AWS is reached (an emulator, for example)');

export const collectOptions = (
  io: Io,
  flags: CollectFlags,
): { profile?: string; regions?: readonly string[]; endpointUrl?: string; now: () => Date } => ({
  ...(flags.profile !== undefined && { profile: flags.profile }),
  ...(flags.region !== undefined && { regions: flags.region }),
  ...(flags.endpointUrl !== undefined && { endpointUrl: flags.endpointUrl }),
  now: () => io.now(),
});
