import { byKey } from '../../model/index.js';
import type { PolicyOpening } from '../authorizer.js';
import type { Policy } from '../policy/document.js';
import type { PrincipalEntry } from '../policy/principal-element.js';
import type { Statement } from '../policy/statement.js';
import type { Target } from '../resources/resolve-target.js';

/** A principal that stands for others, with what is certain of it. */
interface StandIn {
  readonly principal: string;
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** Somebody who does not belong to the resource's account. */
export interface Outsider {
  readonly to: PolicyOpening['to'];
  readonly who: string;
  readonly standIns: readonly StandIn[];
  /** Not named, but one of everybody: worth telling where other things have to hold than for the public. */
  readonly isBesidePublic?: boolean;
}

/** An account of nobody's, for "anybody who has one". */
const STRANGER = 'aws:account/000000000000';
const inNone: StandIn['context'] = new Map([
  ['aws:principalorgid', []],
  ['aws:principalorgpaths', []],
]);

const inOrganization = (id: string, path: string): StandIn['context'] =>
  new Map([
    ['aws:principalorgid', [id]],
    ['aws:principalorgpaths', [path]],
  ]);

/**
 * Everybody whom statements of the policies on a resource, its access control list or grants name, spare or mean by a condition: its own policy,
 * and those of its organization, which let in less.
 */
export function outsiders(policies: readonly Policy[], target: Target): Outsider[] {
  const found = new Map<string, Outsider>();
  const add = (outsider: Outsider) => {
    const key = `${outsider.to} ${outsider.who}`;
    const known = found.get(key)?.standIns ?? [];
    const isKnown = (one: StandIn) => known.some((other) => isSame(one, other));
    found.set(key, { ...outsider, standIns: [...known, ...outsider.standIns.filter((one) => !isKnown(one))] });
  };
  const addAll = (all: readonly Outsider[]) => {
    for (const one of all) if (one.who !== target.account || one.to === 'organization') add(one);
  };
  for (const statement of policies.flatMap(({ document }) => document.statements)) {
    const { principals, effect } = statement;
    // Whom a deny spares may be let in where everybody else is not: those whom it lists, and those whom its conditions mean.
    const isListed = principals !== undefined && principals.not === (effect === 'Deny');
    if (isListed) for (const entry of principals.entries) addAll(fromEntry(entry, statement));
    else if (principals) addAll(everybody(statement));
    if (effect === 'Deny') addAll(meantBy(statement));
  }
  if ((target.bucket?.publicGrants.length ?? 0) > 0) addAll([PUBLIC]);
  for (const { canonicalId, account } of target.bucket?.accountGrants ?? []) {
    addAll([account === undefined ? ofCanonical(canonicalId) : ofAccount(account)]);
  }
  for (const { grantee } of target.grants) addAll(fromArn(grantee));
  return [...found.values()].sort(byKey((one) => `${one.to} ${one.who}`));
}

const isSame = (one: StandIn, other: StandIn): boolean =>
  one.principal === other.principal && JSON.stringify([...one.context]) === JSON.stringify([...other.context]);

const PUBLIC: Outsider = {
  to: 'public',
  who: '',
  standIns: [
    { principal: 'aws:any-principal', context: inNone },
    { principal: STRANGER, context: inNone },
    // Whoever has an account may make an organization.
    { principal: STRANGER, context: inOrganization('o-0000000000', 'o-0000000000/r-0000/') },
  ],
};

function fromEntry(entry: PrincipalEntry, statement: Statement): readonly Outsider[] {
  switch (entry.kind) {
    case 'any':
      return everybody(statement);
    case 'account':
      return [ofAccount(entry.account)];
    case 'arn':
      return fromArn(entry.arn);
    case 'service':
      return [standing('service', entry.service, entry.service)];
    case 'federated':
      return [standing('service', entry.provider, `federated:${entry.provider}`)];
    case 'canonical':
      return [ofCanonical(entry.id)];
    default:
      return [];
  }
}

const standing = (to: PolicyOpening['to'], who: string, ...principals: readonly string[]): Outsider => ({
  to,
  who,
  standIns: principals.map((principal) => ({ principal, context: new Map() })),
});

const ofCanonical = (id: string): Outsider => standing('account', id, `canonical:${id}`);
const ofAccount = (account: string): Outsider => standing('account', account, `aws:account/${account}`);

/** A principal stands for its account, which may let it do what it is let do, or make it. */
function fromArn(arn: string): readonly Outsider[] {
  const account = /^arn:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(arn)?.[1];
  return account === undefined ? [] : fromNumber(account);
}

/** An account by its number, or accounts by what their numbers are like, of which one stands for all. */
function fromNumber(account: string): readonly Outsider[] {
  const digits = account.replaceAll('*', '').length;
  if (!/^[\d*?]*\d[\d*?]*$/.test(account) || digits > 12) return [];
  const number = account
    .replace('*', '0'.repeat(12 - digits))
    .replaceAll('*', '')
    .replaceAll('?', '0');
  return number.length === 12 ? [{ ...ofAccount(number), who: account }] : [];
}

/** The public, services, and those whom the statement's conditions on the caller tell apart. */
const everybody = (statement: Statement): readonly Outsider[] => [PUBLIC, ...meantBy(statement), ANY_SERVICE];

/** Whom the conditions on the caller tell apart: an allow lets those in, or all but those, and a deny spares one or the other. */
function meantBy({ conditions }: Statement): readonly Outsider[] {
  const found: Outsider[] = [];
  for (const { lowerKey, operator, values } of conditions) {
    if (!operator.base.family) continue; // Null, whose values are none of the key's
    for (const value of values) {
      if (lowerKey === 'aws:principalorgid') found.push(ofOrganization(value, value));
      if (lowerKey === 'aws:principalorgpaths') found.push(ofOrganization(value.split('/')[0] ?? '', value));
      if (/^(aws:principalaccount|kms:calleraccount)$/.test(lowerKey)) found.push(...fromNumber(value));
      if (lowerKey === 'aws:principalarn') found.push(...fromArn(value));
    }
  }
  return found;
}

/** Any service, for policies that let everybody in, or everybody who comes for a given resource: some that call others' resources by themselves. */
const ANY_SERVICE: Outsider = {
  ...standing('service', '*', 'sns.amazonaws.com', 's3.amazonaws.com', 'events.amazonaws.com'),
  isBesidePublic: true,
};

function ofOrganization(id: string, path: string): Outsider {
  const filled = path.replaceAll('*', '');
  const context = inOrganization(id, filled.includes('/') ? filled : `${id}/`);
  return { to: 'organization', who: id, standIns: [{ principal: STRANGER, context }] };
}
