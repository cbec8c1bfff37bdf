import type { Authorizer, Grant } from '../iam/index.js';
import { groupBy, sortedUnique } from '../model/index.js';
import { EVASIONS, type Evasion } from '../techniques/index.js';
import type { PathNote, ReportPath } from './report.js';

/** Somebody by whose rights a path is gone; `elevated` where the path lets it give itself more. */
interface Signer {
  readonly principal: string;
  readonly elevated: boolean;
}

/** Each path with what whoever goes it could hide behind: what records or guards the account, and its principals may turn off. */
export function addNotes(iam: Authorizer, paths: readonly ReportPath[]): readonly ReportPath[] {
  const accountOf = new Map(iam.principals.map(({ id, account }) => [id, account]));
  const signersOf = signerFinder(accountOf);
  const signers = paths.map(signersOf);
  const distinct = new Set(signers);
  const found = findRights(iam, accountOf, [...distinct].flat());
  const notes = new Map(
    Array.from(distinct, (own) => [own, EVASIONS.flatMap((evasion) => noteOf(evasion, own, found) ?? [])]),
  );
  return paths.map((path, at) => ({ ...path, notes: notes.get(signers[at] ?? []) ?? [] }));
}

/**
 * Finds those who sign calls on the way, in order; the last as far as it can give itself rights where the path ends in administration. One list for paths
 * with the same.
 */
function signerFinder(accountOf: ReadonlyMap<string, string>): (path: ReportPath) => readonly Signer[] {
  const lists = new Map<string, readonly Signer[]>();
  return ({ steps, target }) => {
    const principals: string[] = [];
    for (const { from } of steps) if (!principals.includes(from) && accountOf.has(from)) principals.push(from);
    const isElevated = target.access === 'admin';
    const key = isElevated ? `elevated\n${principals.join('\n')}` : principals.join('\n');
    const made =
      lists.get(key) ??
      principals.map((principal, at) => ({ principal, elevated: isElevated && at === principals.length - 1 }));
    lists.set(key, made);
    return made;
  };
}

const keyOf = ({ principal, elevated }: Signer): string => `${elevated ? 'elevated' : 'plain'} ${principal}`;

/** By signer and evasion: the calls that it may make for it. */
type Rights = ReadonlyMap<string, ReadonlyMap<Evasion, readonly { readonly action: string; readonly grant: Grant }[]>>;

function findRights(iam: Authorizer, accountOf: ReadonlyMap<string, string>, signers: readonly Signer[]): Rights {
  const found = new Map<string, Map<Evasion, { action: string; grant: Grant }[]>>();
  const alike = groupBy(
    new Map(signers.map((signer) => [keyOf(signer), signer])).values(),
    ({ principal, elevated }) => `${elevated} ${accountOf.get(principal)} ${principal.split(':')[1]}`,
  );
  for (const group of alike.values()) {
    const [first] = group;
    if (!first) continue;
    const principals = sortedUnique(group.map(({ principal }) => principal));
    const { elevated } = first;
    for (const evasion of EVASIONS) {
      for (const { action, resource } of evasion.calls) {
        const resources = [resourceOf(action, resource, first.principal)];
        for (const grant of iam.grants({ action, resources, principals, elevated })) {
          for (const principal of grant.principals) {
            const key = keyOf({ principal, elevated });
            const own = found.get(key) ?? new Map<Evasion, { action: string; grant: Grant }[]>();
            found.set(key, own);
            own.set(evasion, [...(own.get(evasion) ?? []), { action, grant }]);
          }
        }
      }
    }
  }
  return found;
}

/** `arn:aws:cloudtrail:*:111122223333:trail/*` of `ACCOUNT:trail/*`, in the account and partition of the principal. */
function resourceOf(action: string, form: string, principal: string): string {
  if (form === '*') return form;
  const [, partition = 'aws', , , account = ''] = principal.split(':');
  return `arn:${partition}:${action.split(':')[0]}:*:${form.replace('ACCOUNT', account)}`;
}

/** The first signer who may for certain, else the first who may under a condition. */
function noteOf(evasion: Evasion, signers: readonly Signer[], rights: Rights): PathNote | undefined {
  const ways = signers.flatMap((signer) => {
    const calls = rights.get(keyOf(signer))?.get(evasion) ?? [];
    const certain = calls.filter(({ grant }) => grant.verdict === 'allowed');
    return calls.length === 0 ? [] : [{ principal: signer.principal, certain, calls }];
  });
  const way = ways.find(({ certain }) => certain.length > 0) ?? ways[0];
  if (!way) return undefined;
  const isCertain = way.certain.length > 0;
  const calls = isCertain ? way.certain : way.calls;
  return {
    id: evasion.id,
    principal: way.principal,
    text: `may ${evasion.what}`,
    ...(evasion.limit !== undefined && { limit: evasion.limit }),
    actions: calls.map(({ action }) => action),
    attack: evasion.attack,
    confidence: isCertain ? 'confirmed' : 'conditional',
    conditions: isCertain ? [] : (calls[0]?.grant.conditions ?? []),
  };
}
