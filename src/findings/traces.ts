import { byCode, parseArn, sortedUnique } from '../model/index.js';
import { TECHNIQUES } from '../techniques/index.js';
import { type CallEvent, eventsOfAction } from './call-events.js';
import { CHANGES } from './data-within.js';
import type { DataRight, DataWithin, Reached, ReportStep, Traces } from './report.js';

/** An event as the techniques name it. */
const EVENT = /^([a-z][a-z0-9-]*):([A-Z]\w+)( \(data event\))?$/;

/** What to look for, of everything that may have happened to whom and to which data; `undefined` where nothing of it leaves a call behind. */
export function tracesOf(
  from: readonly string[],
  reaches: readonly Reached[],
  data: readonly DataWithin[],
): Traces | undefined {
  // Most are reached by the same steps.
  const steps = new Set<ReportStep>();
  const told = new Set(data.filter(({ rights }) => rights.some(isCall)).map(({ asset }) => asset));
  for (const reach of reaches)
    for (const step of reach.steps) if (!CHANGES.has(step.technique) || !told.has(step.to)) steps.add(step);
  const ids = new Set(Array.from(steps, (step) => step.technique));
  const hints = TECHNIQUES.filter(({ id }) => ids.has(id)).flatMap(({ detection }) => detection);
  const rights = data.flatMap((store) => store.rights);
  const calls = [
    ...hints.flatMap((hint): CallEvent[] => {
      const [, service, event, isData] = EVENT.exec(hint) ?? [];
      return service === undefined || event === undefined ? [] : [{ service, event, isData: isData !== undefined }];
    }),
    ...sortedUnique(rights.map(({ how }) => how)).flatMap(eventsOfAction),
  ];
  if (calls.length === 0) return undefined;
  const events = sortedUnique(calls.map(({ service, event }) => `${service}:${event}`));
  const actors = actorsOf([...from, ...rights.map(({ by }) => by)], steps);
  return {
    events,
    dataEvents: sortedUnique(calls.filter((c) => c.isData).map(({ service, event }) => `${service}:${event}`)),
    elsewhere: sortedUnique(hints.filter((hint) => !EVENT.test(hint))),
    athena: athenaQuery(events, actors),
    insights: insightsQuery(events, actors),
  };
}

const isCall = ({ how }: DataRight): boolean => how.includes(':');

/** The users and roles that the intruder has, or takes the steps by. */
function actorsOf(had: readonly string[], steps: ReadonlySet<ReportStep>): readonly string[] {
  const ids = new Set(had);
  for (const step of steps) for (const id of [step.from, ...step.requires]) ids.add(id);
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
    actors.length === 0
      ? []
      : [`  AND (useridentity.sessioncontext.sessionissuer.arn IN (${list}) OR useridentity.arn IN (${list}))`];
  return [
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
    actors.length === 0
      ? []
      : [`| filter userIdentity.sessionContext.sessionIssuer.arn in [${list}] or userIdentity.arn in [${list}]`];
  return [
    'fields @timestamp, eventSource, eventName, userIdentity.arn, sourceIPAddress, userAgent, errorCode',
    ...who,
    `| filter ${names.join('\n    or ')}`,
    '| sort @timestamp asc',
    '| limit 10000',
  ].join('\n');
}
