import { type Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import { statementsFor } from '../policy/policy-set.js';

/** Numbers for objects, so that keys of classes are short. */
export function numbering(): (object: object) => number {
  const numbers = new WeakMap<object, number>();
  let next = 0;
  return (object) => {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    numbers.set(object, next);
    return next++;
  };
}

/** The condition keys that statements look at, in lower case: those of conditions and of policy variables. */
export function keysOf(statements: Iterable<Pick<Statement, 'conditions' | 'resources'>>, into: Set<string>): void {
  for (const statement of statements) {
    for (const condition of statement.conditions) {
      into.add(condition.lowerKey);
      for (const key of condition.variables) into.add(key);
    }
    for (const template of statement.resources?.templates ?? []) {
      for (const part of template.parts) if (typeof part !== 'string') into.add(part.key);
    }
  }
}

/** Finds the statements of a policy that speak of an action, given in lower case; each document is looked at once an action. */
export function statementFinder(): (action: string) => (policy: Policy) => readonly Statement[] {
  const finders = new Map<string, (policy: Policy) => readonly Statement[]>();
  return (action) => {
    const known = finders.get(action) ?? relevantTo(action);
    finders.set(action, known);
    return known;
  };
}

function relevantTo(action: string): (policy: Policy) => readonly Statement[] {
  const memo = new Map<object, readonly Statement[]>();
  return (policy) => {
    let found = memo.get(policy.document);
    if (!found) {
      found = statementsFor(policy.document, action);
      memo.set(policy.document, found);
    }
    return found;
  };
}
