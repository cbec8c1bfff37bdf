import { groupBy } from '../../model/index.js';
import type { RequestContext } from '../context/request-context.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { nameOf } from './principal-classes.js';
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
  /** Whether those that are named are let in by it alone, and nothing is denied to them. */
  readonly onlyGives: boolean;
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
  let onlyGives = true;
  for (const { principals, effect } of statements) {
    if (!principals) continue;
    if (principals.not && effect === 'Allow') everybody = true;
    for (const entry of principals.entries) {
      if (entry.kind === 'arn') {
        const id = idsByPrincipalArn(entry.arn);
        if (id !== undefined) named.add(id);
        if (id !== undefined && (effect === 'Deny' || principals.not)) onlyGives = false;
      }
      if (effect === 'Deny' || principals.not) continue;
      if (entry.kind === 'any') everybody = true;
      if (entry.kind === 'account') accounts.add(entry.account);
    }
  }
  return { named, personal: personalKeyOf(statements), onlyGives, admits: everybody ? 'everybody' : accounts };
}

/** The members of a class in groups for which conditions of the own statements come out alike; those that are named stand alone. */
export function splitByConditions(
  members: readonly Subject[],
  { named }: OwnPartition,
  personal: PersonalKey,
  contextOf: (subject: Subject) => RequestContext,
): readonly (readonly Subject[])[] {
  const groups = groupBy(
    members,
    (member) => `${named.has(nameOf(member)) ? member.id : ''} ${personal(member, contextOf(member))}`,
  );
  return [...groups.values()];
}
