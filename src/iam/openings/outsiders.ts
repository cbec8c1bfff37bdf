import { byKey } from '../../model/index.js';
import type { PolicyOpening } from '../authorizer.js';
import type { Policy } from '../policy/document.js';
import type { PrincipalEntry } from '../policy/principal-element.js';
import type { Statement } from '../policy/statement.js';
import type { Target } from '../resources/resolve-target.js';

/** Somebody who does not belong to the resource's account, with principals that stand for it. */
export interface Outsider {
  readonly to: PolicyOpening['to'];
  readonly who: string;
  readonly principals: readonly string[];
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** An account of nobody's, for "anybody who has one". */
const STRANGER = 'arn:aws:iam::000000000000:user/stranger';
const NO_ORGANIZATION: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws:principalorgid', []],
  ['aws:principalorgpaths', []],
]);

/** Everybody whom the allowing statements of a policy, an access control list or grants name, or mean by a condition. */
export function outsiders(policy: Policy | undefined, target: Target): Outsider[] {
  const found = new Map<string, Outsider>();
  const add = (outsider: Outsider) =>
    found.set(`${outsider.to} ${outsider.who} ${outsider.principals.join()}`, outsider);
  const addAll = (all: readonly Outsider[]) => {
    for (const one of all) if (one.who !== target.account || one.to === 'organization') add(one);
  };
  for (const statement of policy?.document.statements ?? []) {
    const { principals, effect } = statement;
    if (effect === 'Deny' || !principals) continue;
    if (principals.not) addAll(everybody(statement));
    else for (const entry of principals.entries) addAll(fromEntry(entry, statement));
  }
  if ((target.bucket?.publicGrants.length ?? 0) > 0) addAll([PUBLIC]);
  for (const { canonicalId, account } of target.bucket?.accountGrants ?? []) {
    addAll(account === undefined ? [ofCanonical(canonicalId)] : fromArn(`arn:aws:iam::${account}:root`));
  }
  for (const { grantee } of target.grants) addAll(fromArn(grantee));
  return [...found.values()].sort(byKey((one) => `${one.to} ${one.who} ${one.principals.join()}`));
}

const PUBLIC: Outsider = {
  to: 'public',
  who: '',
  principals: ['aws:any-principal', STRANGER],
  context: NO_ORGANIZATION,
};

function fromEntry(entry: PrincipalEntry, statement: Statement): readonly Outsider[] {
  switch (entry.kind) {
    case 'any':
      return everybody(statement);
    case 'account':
      return fromArn(`arn:aws:iam::${entry.account}:root`);
    case 'arn':
      return fromArn(entry.arn);
    case 'service':
      return [{ to: 'service', who: entry.service, principals: [entry.service], context: new Map() }];
    case 'federated':
      return [{ to: 'service', who: entry.provider, principals: [`federated:${entry.provider}`], context: new Map() }];
    case 'canonical':
      return [ofCanonical(entry.id)];
    default:
      return [];
  }
}

const ofCanonical = (id: string): Outsider => ({
  to: 'account',
  who: id,
  principals: [`canonical:${id}`],
  context: new Map(),
});

function fromArn(arn: string): readonly Outsider[] {
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
  return account === undefined ? [] : [{ to: 'account', who: account, principals: [arn], context: new Map() }];
}

/** The public, and those whom the statement's conditions on the caller single out. */
function everybody({ conditions }: Statement): readonly Outsider[] {
  const found: Outsider[] = [PUBLIC];
  for (const { lowerKey, operator, values } of conditions) {
    if (operator.base.negated) continue;
    for (const value of values) {
      if (lowerKey === 'aws:principalorgid') found.push(ofOrganization(value, value));
      if (lowerKey === 'aws:principalorgpaths') found.push(ofOrganization(value.split('/')[0] ?? '', value));
      if (/^(aws:principalaccount|kms:calleraccount)$/.test(lowerKey) && /^\d{12}$/.test(value))
        found.push(...fromArn(`arn:aws:iam::${value}:root`));
      if (lowerKey === 'aws:principalarn') found.push(...fromArn(value));
      if (lowerKey === 'aws:sourcearn' || lowerKey === 'aws:sourceaccount') found.push(...SERVICES);
    }
  }
  return found;
}

/** Services that call others' resources by themselves, for policies that let everybody in who comes for a given resource. */
const SERVICES: readonly Outsider[] = ['sns.amazonaws.com', 's3.amazonaws.com', 'events.amazonaws.com'].map(
  (service) => ({
    to: 'service',
    who: service,
    principals: [service],
    context: new Map(),
  }),
);

function ofOrganization(id: string, path: string): Outsider {
  const filled = path.replaceAll('*', '');
  const context = new Map([
    ['aws:principalorgid', [id]],
    ['aws:principalorgpaths', [filled.includes('/') ? filled : `${id}/`]],
  ]);
  return { to: 'organization', who: id, principals: [STRANGER], context };
}
