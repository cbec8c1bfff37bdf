import { at, type Condition, field, type JsonObject, list, number, objects, text, unknown } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Balancer, Forward, Listener } from './balancers.js';
import { ALL_ADDRESSES, hasIps, type IpSet, subtractIps } from './ip-set.js';
import { portRange, TCP, UDP, unitePorts } from './port-set.js';
import { type Found, keyedRecords } from './snapshot-records.js';
import { readCidrs } from './vpcs.js';

const ANY_TCP = portRange(TCP, 0, 65_535);
const ANY_TCP_OR_UDP = unitePorts(ANY_TCP, portRange(UDP, 0, 65_535));

/** In place of listeners that were not collected: on some port, to any group behind the balancer. */
export const unseenListener = (
  kind: Balancer['kind'],
  behind: readonly string[],
  why: Condition,
  source: string,
): Listener => ({
  label: '(not collected)',
  ports: kind === 'application' ? ANY_TCP : ANY_TCP_OR_UDP,
  answersItself: false,
  forwards: behind.map((group) => ({ group, clients: ALL_ADDRESSES, conditions: [why] })),
  source,
});

/** A group of weight 0 gets nothing. */
const forwardArns = (action: JsonObject): string[] => {
  const groups = objects(at(action, 'ForwardConfig', 'TargetGroups'));
  const named = groups.length > 0 ? groups.filter((group) => field(group, 'Weight') !== 0) : [action];
  return named.flatMap((group) => text(field(group, 'TargetGroupArn')) ?? []);
};

export function forwardedGroups(listener: JsonObject, rules: ReadonlyMap<string, Found[]>): string[] {
  const more = rules.get(text(field(listener, 'ListenerArn')) ?? '') ?? [];
  return [
    ...objects(field(listener, 'DefaultActions')),
    ...more.flatMap((r) => objects(field(r.record, 'Actions'))),
  ].flatMap(forwardArns);
}

/** The listener, once for each protocol that it takes. */
export function readListener(
  { record, answer }: Found,
  kind: Balancer['kind'],
  rules: ReadonlyMap<string, Found[]>,
  behind: readonly string[],
  refusesRules: (listener: string) => boolean,
): Listener[] {
  const port = number(field(record, 'Port'));
  if (port === undefined || port < 0 || port > 65535) return [];
  const protocol = text(field(record, 'Protocol')) ?? 'TCP';
  // What holds of one protocol need not hold of the other.
  const protocols =
    protocol === 'UDP' || protocol === 'QUIC' ? [UDP] : protocol.startsWith('TCP_') ? [TCP, UDP] : [TCP];
  const certificate: Condition[] =
    text(at(record, 'MutualAuthentication', 'Mode')) === 'verify'
      ? [{ key: 'client certificate', operator: 'Is', values: ['trusted by the listener'] }]
      : [];
  const arn = text(field(record, 'ListenerArn')) ?? '';
  const mine = rules.get(arn);
  const forwards = readRules(mine?.map((r) => r.record) ?? [], objects(field(record, 'DefaultActions')));
  // An application balancer's listener has at least its default rule: without an answer there may be others.
  if (kind === 'application' && mine === undefined) {
    const why = unknown(`rules of ${arn}`, 'the rules of the listener were not collected');
    const others = behind.filter((id) => forwards.every(({ group }) => group !== id));
    // Others go before the default one, and may be for all requests.
    if (refusesRules(arn)) for (const [at, forward] of forwards.entries()) forwards[at] = doubted(forward, why);
    forwards.push(...others.map((group) => ({ group, clients: ALL_ADDRESSES, conditions: [why] })));
  }
  return protocols.map((number) => ({
    arn,
    label: `${port}`,
    ports: portRange(number, port, port),
    answersItself: kind === 'application' || protocol === 'TLS',
    forwards: forwards.map((f) => ({ ...f, conditions: [...f.conditions, ...certificate] })),
    source: answer.source,
  }));
}

const doubted = (forward: Forward, why: Condition): Forward => ({
  ...forward,
  conditions: [...forward.conditions, why],
});

/**
 * Rules in the order of their priority; the default actions last. A rule that takes every request hides what follows. What a client
 * chooses freely (host, path, header) is no obstacle.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
function readRules(rules: readonly JsonObject[], defaults: readonly JsonObject[]): Forward[] {
  const priority = (rule: JsonObject): number => Number(text(field(rule, 'Priority')) ?? 'NaN');
  const ordered = rules.filter((r) => Number.isFinite(priority(r))).sort((a, b) => priority(a) - priority(b));
  const ruleDefault = rules.find((r) => text(field(r, 'Priority')) === 'default');
  const last = ruleDefault === undefined ? defaults : objects(field(ruleDefault, 'Actions'));
  const forwards: Forward[] = [];
  let clients: IpSet = ALL_ADDRESSES;
  for (const { actions, conditions } of [
    ...ordered.map((r) => ({ actions: objects(field(r, 'Actions')), conditions: objects(field(r, 'Conditions')) })),
    { actions: last, conditions: [] },
  ]) {
    if (!hasIps(clients)) break;
    const others = conditions.filter((condition) => !isOfSources(condition) && !takesAll(condition));
    const from = sourcesIn(conditions) ?? ALL_ADDRESSES;
    forwards.push(...readActions(actions, from, clients));
    if (others.length === 0) clients = subtractIps(clients, from);
  }
  return forwards;
}

const isOfSources = (condition: JsonObject): boolean => text(field(condition, 'Field')) === 'source-ip';

/** The addresses that conditions of a rule ask for; `undefined` where they ask for none. */
function sourcesIn(conditions: readonly JsonObject[]): IpSet | undefined {
  const own = conditions.filter(isOfSources);
  if (own.length === 0) return undefined;
  return readCidrs(own.flatMap((c) => list(at(c, 'SourceIpConfig', 'Values') ?? field(c, 'Values')).map(text)));
}

/** The addresses by which rules of listeners tell clients apart, a set for each rule that does. */
export const clientsOfRules = (snapshot: Snapshot): readonly IpSet[] =>
  [...keyedRecords(snapshot, 'elastic-load-balancing-v2', 'DescribeRules')].flatMap(([, { record }]) =>
    objects(field(record, 'Rules')).flatMap((rule) => sourcesIn(objects(field(rule, 'Conditions'))) ?? []),
  );

const takesAll = (condition: JsonObject): boolean => {
  const values = ['PathPatternConfig', 'HostHeaderConfig'].flatMap((key) => list(at(condition, key, 'Values')));
  return [...values, ...list(field(condition, 'Values'))].some(
    (v) => v === '*' || (v === '/*' && text(field(condition, 'Field')) === 'path-pattern'),
  );
};

/**
 * Whether an action asks who the client is: a login may be set to let those on who have none.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
 */
const asksWho = (action: JsonObject): boolean => {
  const type = text(field(action, 'Type')) ?? '';
  const unknownOnes = ['AuthenticateOidcConfig', 'AuthenticateCognitoConfig'].map((key) =>
    text(at(action, key, 'OnUnauthenticatedRequest')),
  );
  return type === 'jwt-validation' || (type.startsWith('authenticate-') && !unknownOnes.includes('allow'));
};

function readActions(actions: readonly JsonObject[], from: IpSet, left: IpSet): Forward[] {
  const clients = subtractIps(from, subtractIps(ALL_ADDRESSES, left));
  const login = actions.filter(asksWho).map((a) => text(field(a, 'Type')) ?? '');
  const conditions: Condition[] = login.map((type) => ({
    key: 'authentication at the load balancer',
    operator: 'Is',
    values: [type],
  }));
  return actions
    .filter((a) => text(field(a, 'Type')) === 'forward')
    .flatMap((a) => forwardArns(a).map((group) => ({ group, clients, conditions })));
}
