import { type Command, Option } from 'commander';
import type { CollectRun } from '../main/scan.js';
import { repeated } from './flags.js';
import type { Session } from './session.js';
import { readVersion } from './version.js';

export interface CollectFlags {
  readonly profile?: string;
  readonly region?: readonly string[];
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly org?: boolean;
  readonly orgRole?: string;
  readonly endpointUrl?: string;
}

/** Adds the flags that say which accounts are collected, and how they are reached. */
export const addCollectFlags = (command: Command): Command =>
  command
    .option('--profile <name>', "a profile of the AWS CLI's configuration")
    .addOption(new Option('--region <region>', 'a region, or `all`; may be given several times').argParser(repeated))
    .option('--role-arn <arn>', 'a role to assume first')
    .option('--external-id <id>', 'the external id that the role asks for')
    .option('--org', 'every account of the organization')
    .option('--org-role <name>', 'with --org: the role to assume in each account')
    .option('--endpoint-url <url>', 'where AWS is reached (an emulator, for example)');

/** What to collect, and how to tell of it. */
export const collectRun = (session: Session, flags: CollectFlags, out: string | undefined): CollectRun => ({
  collect: {
    ...(flags.profile !== undefined && { profile: flags.profile }),
    ...(flags.region !== undefined && { regions: flags.region }),
    ...(flags.roleArn !== undefined && { roleArn: flags.roleArn }),
    ...(flags.externalId !== undefined && { externalId: flags.externalId }),
    ...(flags.org !== undefined && { org: flags.org }),
    ...(flags.orgRole !== undefined && { orgRoleName: flags.orgRole }),
    ...(flags.endpointUrl !== undefined && { endpointUrl: flags.endpointUrl }),
    now: () => session.io.now(),
  },
  toolVersion: readVersion(),
  ...(out !== undefined && { out }),
  onProgress: ({ text, line }) => session.progress(text, line),
});
