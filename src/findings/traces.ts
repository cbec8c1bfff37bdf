import type { ClauseId, ClauseSet, Derivation, FactId } from '../attack/index.js';
import { byCode, parseArn, sortedUnique } from '../model/index.js';
import { type StepLabel, TECHNIQUES } from '../techniques/index.js';
import { type CallEvent, eventsOfAction } from './call-events.js';
import type { ReportStep, Traces } from './report.js';

/** An event as the techniques name it. */
const EVENT = /^([a-z][a-z0-9-]*):([A-Z]\w+)( \(data event\))?$/;

/** What may have happened. */
export interface Happened {
  /** The assets that the intruder has, and the principals whose calls it can make. */
  readonly had: readonly string[];
  /** The steps that are told. */
  readonly steps: readonly ReportStep[];
  /** Ids of every technique of which some step is possible, told or not. */
  readonly techniques: readonly string[];
  /** The calls by which data within reach may be changed or destroyed, as IAM calls them. */
  readonly calls: readonly string[];
}

/** The techniques by which some step is possible where a derivation holds, also such as lead to what is had otherwise. */
export function techniquesWithin(
  clauses: Pick<ClauseSet<StepLabel>, 'groups' | 'columns'>,
  { isDerived }: Pick<Derivation, 'isDerived'>,
): readonly string[] {
  const { body, bodyStart } = clauses.columns();
  const groups = clauses.groups();
  const isPossible = (clause: ClauseId): boolean => {
    for (let i = bodyStart[clause] as number; i < (bodyStart[clause + 1] as number); i++)
      if (!isDerived(body[i] as FactId)) return false;
    return true;
  };
  const ids = new Set<string>();
  for (let group = 0; group < groups.count; group++) {
    const { id } = groups.label(group).technique;
    const end = groups.start[group + 1] as number;
    for (let clause = groups.start[group] as number; clause < end && !ids.has(id); clause++)
      if (isPossible(clause)) ids.add(id);
  }
  return [...ids];
}

/** What to look for, of everything that may have happened to whom and to which data; `undefined` where nothing of it leaves a call behind. */
export function tracesOf({ had, steps, techniques, calls: actions }: Happened): Traces | undefined {
  const hints = TECHNIQUES.filter(({ id }) => techniques.includes(id)).flatMap(({ detection }) => detection);
  const calls = [
    ...hints.flatMap((hint): CallEvent[] => {
      const [, service, event, isData] = EVENT.exec(hint) ?? [];
      return service === undefined || event === undefined ? [] : [{ service, event, isData: isData !== undefined }];
    }),
    ...actions.flatMap(eventsOfAction),
  ];
  if (calls.length === 0) return undefined;
  const events = sortedUnique(calls.map(({ service, event }) => `${service}:${event}`));
  const actors = actorsOf(had, steps);
  return {
    events,
    dataEvents: sortedUnique(calls.filter((c) => c.isData).map(({ service, event }) => `${service}:${event}`)),
    elsewhere: sortedUnique(hints.filter((hint) => !EVENT.test(hint))),
    athena: athenaQuery(events, actors),
    insights: insightsQuery(events, actors),
  };
}

/** The users and roles that the intruder has, or takes the steps by. */
function actorsOf(had: readonly string[], steps: readonly ReportStep[]): readonly string[] {
  const ids = new Set(had);
  // Most are reached by the same steps.
  for (const step of new Set(steps)) for (const id of [step.from, ...step.requires]) ids.add(id);
  return sortedUnique([...ids].filter((id) => /^(user|role)\//.test(parseArn(id)?.resource ?? '')));
}

/** Event names by their services. */
function byService(events: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const services = new Map<string, string[]>();
  for (const event of events) {
    const [service = '', name = ''] = event.split(':');
    const known = services.get(service);
    if (known) known.push(name);
    else services.set(service, [name]);
  }
  return [...services].sort(([a], [b]) => byCode(a, b));
}

/** A query names so many users and roles: of Logs Insights one may have 10,000 characters. */
const MOST_ACTORS = 50;

/** Says in a comment that a query asks about whoever made the calls. @param mark what a comment begins with */
const whoever = (mark: string, actors: readonly string[]): readonly string[] =>
  actors.length > MOST_ACTORS
    ? [`${mark} by whomever: the intruder may have been any of ${actors.length} users and roles`]
    : [];

const source = (service: string): string => `${service}.amazonaws.com`;
const sql = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** @see https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html */
function athenaQuery(events: readonly string[], actors: readonly string[]): string {
  const names = byService(events).map(
    ([service, list]) => `(eventsource = ${sql(source(service))} AND eventname IN (${list.map(sql).join(', ')}))`,
  );
  const list = actors.map(sql).join(', ');
  const who =
    actors.length === 0 || actors.length > MOST_ACTORS
      ? []
      : [`  AND (useridentity.sessioncontext.sessionissuer.arn IN (${list}) OR useridentity.arn IN (${list}))`];
  return [
    ...whoever('--', actors),
    'SELECT eventtime, eventsource, eventname, useridentity.arn, sourceipaddress, useragent, errorcode, requestparameters',
    'FROM TABLE',
    "WHERE eventtime >= 'START'",
    ...who,
    `  AND (${names.join('\n    OR ')})`,
    'ORDER BY eventtime',
  ].join('\n');
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
function insightsQuery(events: readonly string[], actors: readonly string[]): string {
  const names = byService(events).map(
    ([service, list]) => `(eventSource = ${quoted(source(service))} and eventName in [${list.map(quoted).join(', ')}])`,
  );
  const list = actors.map(quoted).join(', ');
  const who =
    actors.length === 0 || actors.length > MOST_ACTORS
      ? []
      : [`| filter userIdentity.sessionContext.sessionIssuer.arn in [${list}] or userIdentity.arn in [${list}]`];
  return [
    ...whoever('#', actors),
    'fields @timestamp, eventSource, eventName, userIdentity.arn, sourceIPAddress, userAgent, errorCode',
    ...who,
    `| filter ${names.join('\n    or ')}`,
    '| sort @timestamp asc',
    '| limit 10000',
  ].join('\n');
}
