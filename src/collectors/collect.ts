import pLimit, { type LimitFunction } from 'p-limit';
import { byCode, EXIT, type Gap, UserError } from '../model/index.js';
import {
  type Answer,
  isEmptyAnswer,
  memorySnapshot,
  type SnapshotAccount,
  type WholeSnapshot,
} from '../snapshot/index.js';
import { collectService } from './collect-service.js';
import type { ServiceCollector } from './declaration.js';
import { readFailure } from './failure.js';
import { chooseRegions, type Regions, regionsOfMember } from './regions.js';
import { COLLECTORS } from './services/index.js';
import { PageError } from './pages.js';
import {
  enabledRegions,
  memberAccounts,
  type MemberAccount,
  openMemberSession,
  openSession,
  type Session,
  type SessionOptions,
} from './session.js';

export interface CollectOptions extends SessionOptions {
  /** Region codes, or `all`. Without any: the SDK's own region, or all where it has none. */
  readonly regions?: readonly string[];
  /** Collect every account of the organization, each as the role `orgRoleName` there. */
  readonly org?: boolean;
  /** `OrganizationAccountAccessRole` when absent, which Organizations makes in the accounts that it creates. */
  readonly orgRoleName?: string;
  /** Only these services (`ec2`, `iam`, …). Every one when absent. */
  readonly services?: readonly string[];
  readonly now?: () => Date;
}

/** How far collecting is. */
export interface CollectEvent {
  readonly account: string;
  /** Operations that have ended, and how many there are as far as is known. */
  readonly done: number;
  readonly total: number;
  readonly gaps: number;
  /** What to show a person: changes with every operation. */
  readonly text: string;
  /** Set when an account or region has ended: a line for a log, where `text` would be too much. */
  readonly line?: string;
}

export type CollectProgress = (event: CollectEvent) => void;

/** Calls under way over all accounts, regions and services. */
const CALLS = 64;
const ACCOUNTS_AT_ONCE = 3;
const REGIONS_AT_ONCE = 8;

/**
 * Collects what AWS answers into a snapshot. A call that is refused or fails becomes a gap. Throws a `UserError` where the credentials
 * are not accepted or AWS cannot be reached (exit code 5), or an option is wrong (2). The snapshot is what `readSnapshot` gives for it
 * once it is written.
 */
export async function collectSnapshot(
  options: CollectOptions,
  onProgress: CollectProgress = () => undefined,
): Promise<WholeSnapshot> {
  const now = options.now ?? (() => new Date());
  const session = await openSession(options);
  const regions = await chooseRegions(options.regions ?? [], session);
  const limit = pLimit(CALLS);
  const progress = trackProgress(onProgress);
  const members = options.org ? await listMembers(session) : [{ id: session.account }];
  const collectors = chooseCollectors(options.services);
  const accountLimit = pLimit(ACCOUNTS_AT_ONCE);
  const parts = await Promise.all(
    members.map((member) =>
      accountLimit(() => collectAccount({ options, session, regions, limit, progress, collectors }, member)),
    ),
  );
  return memorySnapshot({
    accounts: parts.map((part) => part.account),
    answers: parts.flatMap((part) => part.answers),
    gaps: parts.flatMap((part) => part.gaps),
    collectedAt: now().toISOString(),
  });
}

function chooseCollectors(services: readonly string[] | undefined): readonly ServiceCollector[] {
  const unknown = services?.find((service) => !COLLECTORS.some((collector) => collector.service === service));
  if (unknown !== undefined) throw new UserError(`${unknown} is not a service that is collected.`, EXIT.usage);
  return services ? COLLECTORS.filter(({ service }) => services.includes(service)) : COLLECTORS;
}

async function listMembers(session: Session): Promise<MemberAccount[]> {
  try {
    const members = await memberAccounts(session);
    return members.some(({ id }) => id === session.account) ? members : [{ id: session.account }, ...members];
  } catch (error) {
    const { error: name, message } = readFailure(error instanceof PageError ? error.cause : error);
    throw new UserError(
      `The organization's accounts cannot be listed (${name}: ${message}). Run from its management account, or without --org.`,
      EXIT.aws,
    );
  }
}

interface Run {
  readonly options: CollectOptions;
  readonly session: Session;
  readonly regions: Regions;
  readonly limit: LimitFunction;
  readonly progress: Progress;
  readonly collectors: readonly ServiceCollector[];
}

interface AccountParts {
  readonly account: SnapshotAccount;
  readonly answers: readonly Answer[];
  readonly gaps: readonly Gap[];
}

async function collectAccount(run: Run, member: MemberAccount): Promise<AccountParts> {
  const { collectors, progress } = run;
  const named = { id: member.id, ...(member.name !== undefined && { name: member.name }) };
  let session = run.session;
  if (member.id !== session.account) {
    try {
      session = await openMemberSession(session, memberRole(run, member.id));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const gap: Gap = {
        account: member.id,
        region: 'global',
        service: 'sts',
        operation: 'AssumeRole',
        error: 'AccessDenied',
        message: error.message,
      };
      progress.line(member.id, `${member.id}: its role cannot be assumed`);
      return { account: { ...named, regions: [] }, answers: [], gaps: [gap] };
    }
  }
  const answers: Answer[] = [
    stored(member.id, 'global', 'sts', 'GetCallerIdentity', session.identity as Answer['body']),
  ];
  const isOwn = member.id === run.session.account;
  const { regions, gaps: unknownRegions } = isOwn
    ? { regions: run.regions.names, gaps: [] }
    : await regionsOfMember(run.regions, member.id, () => enabledRegions(session));
  const gaps: Gap[] = [...unknownRegions];
  const collectPlace = async (region: string, scope: ServiceCollector['scope']): Promise<void> => {
    const storedIn = scope === 'global' ? 'global' : region;
    const asked = collectors.filter(
      (collector) =>
        collector.scope === scope && (collector.askedIn === undefined || session.partition in collector.askedIn),
    );
    progress.expect(asked.reduce((sum, { operations }) => sum + operations.length, 0));
    const collected = await Promise.all(
      asked.map(async (collector) => {
        const { answers, gaps } = await collectService({
          collector,
          place: { account: member.id, region: collector.askedIn?.[session.partition] ?? region },
          storedIn,
          client: session.client,
          limit: run.limit,
          onOperation: (operation) => progress.step(member.id, `${storedIn} ${collector.service} ${operation}`),
        });
        progress.foundGaps(gaps.length);
        return { service: collector.service, answers, gaps };
      }),
    );
    let gapCount = 0;
    for (const { service, answers: found, gaps: missing } of collected) {
      for (const { region: place, operation, body } of found)
        answers.push(stored(member.id, place, service, operation, body));
      gaps.push(...missing);
      gapCount += missing.length;
    }
    progress.line(member.id, `${member.id} ${storedIn}: collected${gapCount > 0 ? `, ${gapCount} gaps` : ''}`);
  };
  const regionLimit = pLimit(REGIONS_AT_ONCE);
  await Promise.all([
    collectPlace(session.home, 'global'),
    ...regions.map((region) => regionLimit(() => collectPlace(region, 'region'))),
  ]);
  return { account: { ...named, regions }, answers, gaps: gaps.sort((a, b) => byCode(gapKey(a), gapKey(b))) };
}

const gapKey = ({ region, service, operation, resource = '' }: Gap): string =>
  `${region}/${service}/${operation}/${resource}`;

function memberRole({ options, session }: Run, account: string): string {
  const name = options.orgRoleName ?? 'OrganizationAccountAccessRole';
  return `arn:${session.partition}:iam::${account}:role/${name}`;
}

/** An answer with the source that it will have once it is written: an empty one stands in the manifest. */
function stored(account: string, region: string, service: string, operation: string, body: Answer['body']): Answer {
  const place = { account, region, service, operation };
  if (isEmptyAnswer(body)) return { ...place, source: 'manifest.json', body: {} };
  return { ...place, source: `${account}/${region}/${service}/${operation}.json`, body };
}

interface Progress {
  expect(operations: number): void;
  step(account: string, operation: string): void;
  foundGaps(count: number): void;
  line(account: string, line: string): void;
}

function trackProgress(onProgress: CollectProgress): Progress {
  let done = 0;
  let total = 0;
  let gaps = 0;
  return {
    expect: (operations) => {
      total += operations;
    },
    step: (account, operation) => {
      done += 1;
      onProgress({
        account,
        done,
        total,
        gaps,
        text: `${account}: ${done} of ${total} operations, ${gaps} gaps: ${operation}`,
      });
    },
    foundGaps: (count) => {
      gaps += count;
    },
    line: (account, line) => onProgress({ account, done, total, gaps, text: line, line }),
  };
}
