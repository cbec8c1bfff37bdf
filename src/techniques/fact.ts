/**
 * What an intruder can have. A fact's key is its kind, a space and the id of what it is about; `may` facts are inner ones that join the
 * holders of a permission with what it is for, and are folded into the step that uses them.
 */
export type FactKind =
  /** The intruder's own position: anybody on the internet with an AWS account. */
  | 'internet'
  /** Opens connections from the internet: held beside what an intruder is said to have, where that is not the internet itself. */
  | 'online'
  /** Runs code on a host or a function. */
  | 'exec'
  /** Signs API calls as a user or role. */
  | 'creds'
  /** Has the effects of a role through a service. */
  | 'act-as'
  /** Has what a role may do on stores, through a service that moves what is in them. */
  | 'moves-as'
  /** May rewrite a principal's policies; of use together with `creds`. */
  | 'elevated'
  /** A policy or boundary that holds a principal back is gone, or a further policy applies to it; of use together with `creds`. */
  | 'freed'
  /** Can give itself every permission in an account. */
  | 'admin'
  /** Something that kept the network closed is open; of use together with a place to connect from. */
  | 'opened'
  /** Opens connections to a database or host. */
  | 'net-reach'
  /** Knows a password or token for a database. */
  | 'db-creds'
  | 'data-read'
  | 'data-write'
  /** Inner: the members of a network class, or the holders of a permission. */
  | 'may';

export const fact = (kind: FactKind, id: string): string => `${kind} ${id}`;

/** In place of an asset's id, in the facts of a clause that is emitted for each of many. */
export { EACH } from '../attack/index.js';

export const INTERNET_FACT = fact('internet', 'internet');
export const ONLINE_FACT = fact('online', 'internet');

/** Splits a fact's key. */
export function parseFact(key: string): { readonly kind: FactKind; readonly id: string } {
  const space = key.indexOf(' ');
  return { kind: key.slice(0, space) as FactKind, id: key.slice(space + 1) };
}

export type Access = 'control' | 'read' | 'write' | 'admin';

const ACCESS: Readonly<Record<FactKind, Access | undefined>> = {
  internet: undefined,
  online: undefined,
  exec: 'control',
  creds: 'control',
  'act-as': 'control',
  'moves-as': undefined,
  elevated: undefined,
  freed: undefined,
  opened: undefined,
  admin: 'admin',
  'net-reach': undefined,
  'db-creds': undefined,
  'data-read': 'read',
  'data-write': 'write',
  may: undefined,
};

/** What having a fact means for its asset; `undefined` for facts that are only a means. */
export const accessOf = (kind: FactKind): Access | undefined => ACCESS[kind];

const ADMIN = 'aws:admin/';

/** The id of being an effective administrator of an account. */
export const adminId = (account: string): string => `${ADMIN}${account}`;

/** The account of such an id; `undefined` for every other. */
export const accountOfAdmin = (id: string): string | undefined =>
  id.startsWith(ADMIN) ? id.slice(ADMIN.length) : undefined;
