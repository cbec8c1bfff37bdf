import { groupBy } from '../model/index.js';
import { EACH, fact, type FactKind } from './fact.js';
import { THROUGH } from './permission-labels.js';
import type { Emit } from './technique.js';

/** A list of principals by the crowds that are in it as a whole, and who else is. */
export interface Parted {
  /** The names of the crowds' facts, of kind `may`. */
  readonly whole: readonly string[];
  readonly single: readonly string[];
}

/** How many principals make up a crowd, and how many crowds a larger one. */
const SIZE = 8;

/** A shorter list is written as it is. */
const LONG = SIZE * SIZE;

/**
 * Parts long lists of principals into crowds (`crowd ← creds principal`, `larger crowd ← crowd`), which all lists share: what lets in nearly everybody would
 * otherwise be written for every principal and every such resource. A list that leaves some out of the largest crowd takes a few clauses for each of these.
 * The first long list that a principal is in says with whom it is in a crowd.
 */
export function makeCrowds(emit: Emit): (principals: readonly string[]) => Parted {
  /** The crowd that a principal or a crowd is in; none, where a few were left over. */
  const crowdOf = new Map<string, string>();

  /** Makes crowds of what is in none, and larger ones of these. */
  const gather = (members: readonly string[], kind: FactKind, size: number): void => {
    const names: string[] = [];
    for (let at = 0; at + SIZE <= members.length; at += SIZE) {
      const each = members.slice(at, at + SIZE);
      const name = `be one of ${size * SIZE} from ${each[0]?.split(' from ').at(-1)}`;
      for (const member of each) crowdOf.set(member, name);
      emit({ head: fact('may', name), body: [fact(kind, EACH)], each, cost: 0, label: THROUGH });
      names.push(name);
    }
    if (names.length >= SIZE) gather(names, 'may', size * SIZE);
  };

  /** The crowds of which all members are in a list, and the members of others. */
  const part = (members: readonly string[]): Parted => {
    const byCrowd = groupBy(members, (member) => crowdOf.get(member));
    const whole: string[] = [];
    const single: string[] = [];
    for (const [crowd, own] of byCrowd)
      if (crowd !== undefined && own.length === SIZE) whole.push(crowd);
      else for (const member of own) single.push(member);
    return { whole, single };
  };

  return (principals) => {
    if (principals.length < LONG) return { whole: [], single: principals };
    gather(
      principals.filter((principal) => !crowdOf.has(principal)),
      'creds',
      1,
    );
    const { whole, single } = part(principals);
    const largest: string[] = [];
    for (let level = whole; level.length > 0; ) {
      const next = part(level);
      largest.push(...next.single);
      level = [...next.whole];
    }
    return { whole: largest, single };
  };
}
