import type { Statement } from '../policy/statement.js';

/** Numbers for what statements say once it is known that they speak of an action: effect, whom, on what, and under which conditions. */
export function statementContents(): (statement: Statement) => number {
  const known = new WeakMap<Statement, number>();
  const numbers = new Map<string, number>();
  return (statement) => {
    const before = known.get(statement);
    if (before !== undefined) return before;
    const { effect, principals, resources, conditions } = statement;
    const text = JSON.stringify([
      effect,
      principals,
      resources && [resources.not, resources.fixed.map((p) => p.text), resources.templates.map((t) => t.text)],
      conditions.map((c) => [c.operatorName, c.key, c.values, c.templates]),
    ]);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(statement, number);
    return number;
  };
}
