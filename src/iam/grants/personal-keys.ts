import type { CompiledCondition } from '../conditions/compile-condition.js';
import type { RequestContext } from '../context/request-context.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { keysOf } from './relevant.js';

/** Whether a key's value is a principal's own, beyond its account and kind. */
const isPersonalKey = (key: string): boolean =>
  key.startsWith('aws:principaltag/') || key === 'aws:principalarn' || key === 'aws:userid' || key === 'aws:username';

/** A text that is equal for principals which some statements do not tell apart. */
export type PersonalKey = (subject: Subject, context: RequestContext) => string;

/**
 * How statements tell principals apart by what is their own: by how their conditions on it come out, which for most is the same; by the values themselves where
 * a policy variable names them. `undefined` where they do not look at it.
 * @param besides keys that tell principals apart by their values whatever the statements are
 */
export function personalKeyOf(
  statements: readonly Statement[],
  besides: Iterable<string> = [],
): PersonalKey | undefined {
  const keys = new Set<string>(besides);
  const tests = new Map<string, CompiledCondition>();
  for (const { conditions, resources } of statements) {
    const [fixed, varying] = [conditions.filter(({ holds }) => holds), conditions.filter(({ holds }) => !holds)];
    keysOf([{ conditions: varying, resources }], keys);
    for (const condition of fixed) {
      const { lowerKey, operatorName, values } = condition;
      if (isPersonalKey(lowerKey)) tests.set(JSON.stringify([operatorName, lowerKey, values]), condition);
    }
  }
  const personal = [...keys].filter(isPersonalKey).sort();
  const conditions = [...tests.values()];
  if (personal.length === 0 && conditions.length === 0) return undefined;
  return (subject, context) => {
    const outcomes = conditions.map((condition) => outcomeOf(condition, subject, context)).join('');
    return personal.length === 0 ? outcomes : `${outcomes} ${valuesOf(personal, subject, context)}`;
  };
}

/** `1` where a condition holds, `0` where it does not; what the value is where that is open. */
function outcomeOf({ holds, lowerKey, key }: CompiledCondition, subject: Subject, context: RequestContext): string {
  const status = context.status(lowerKey, key);
  if (status.kind === 'open') return `(${valuesOf([lowerKey], subject, context)})`;
  return holds?.(status.kind === 'absent' ? undefined : status.values) === true ? '1' : '0';
}

/** The values of keys that are a principal's own, as text. */
function valuesOf(keys: readonly string[], subject: Subject, context: RequestContext): string {
  return keys
    .map((key) => {
      const status = context.status(key);
      // Of a tag that is open nothing is known, of whomever.
      if (status.kind === 'open') return `${key}?${key.startsWith('aws:principaltag/') ? status.decider : subject.id}`;
      return `${key}=${status.kind === 'absent' ? 'none' : JSON.stringify(status.values)}`;
    })
    .join();
}
