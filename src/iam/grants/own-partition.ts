import type { RequestContext } from '../context/request-context.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { type PersonalKey, personalKeyOf } from './personal-keys.js';

/**
 * How a resource's own statements tell principals of one class apart: those that they name by ARN stand alone; where a condition looks
 * at the principal itself, principals for which it comes out alike stand together.
 */
export interface OwnPartition {
  /** Ids of principals that are named. */
  readonly named: ReadonlySet<string>;
  /** Tells apart those that conditions tell apart by what is their own; `undefined` where none does. */
  readonly personal: PersonalKey | undefined;
  /** Whether any principal of an account may be let in without being named. */
  readonly admits: 'everybody' | ReadonlySet<string>;
}

/** @param grantees whom grants of a key name */
export function partitionBy(
  statements: readonly Statement[],
  grantees: readonly string[],
  idsByPrincipalArn: (arn: string) => string | undefined,
): OwnPartition {
  const named = new Set(grantees.flatMap((arn) => idsByPrincipalArn(arn) ?? []));
  const accounts = new Set<string>();
  let everybody = false;
  for (const { principals, effect } of statements) {
    if (!principals) continue;
    if (principals.not && effect === 'Allow') everybody = true;
    for (const entry of principals.entries) {
      if (entry.kind === 'arn') {
        const id = idsByPrincipalArn(entry.arn);
        if (id !== undefined) named.add(id);
      }
      if (effect === 'Deny' || principals.not) continue;
      if (entry.kind === 'any') everybody = true;
      if (entry.kind === 'account') accounts.add(entry.account);
    }
  }
  return { named, personal: personalKeyOf(statements), admits: everybody ? 'everybody' : accounts };
}

/** The members of a class in groups that the own statements treat alike. */
export function splitMembers(
  members: readonly Subject[],
  partition: OwnPartition,
  contextOf: (subject: Subject) => RequestContext,
): readonly (readonly Subject[])[] {
  const { personal } = partition;
  if (!personal) {
    if (partition.named.size === 0) return [members];
    const alone = members.filter((member) => partition.named.has(nameOf(member)));
    if (alone.length === 0) return [members];
    const others = members.filter((member) => !partition.named.has(nameOf(member)));
    return [...(others.length > 0 ? [others] : []), ...alone.map((member) => [member])];
  }
  const groups = new Map<string, Subject[]>();
  for (const member of members) {
    const name = partition.named.has(nameOf(member)) ? member.id : '';
    const key = `${name} ${personal(member, contextOf(member))}`;
    const same = groups.get(key);
    if (same) same.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()];
}

/** What partitions call a principal. */
export const nameOf = (subject: Subject): string => subject.record?.id ?? subject.id;
