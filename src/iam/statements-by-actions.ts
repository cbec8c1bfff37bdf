import type { Engine } from './build-authorizer.js';
import { lowerCase } from './matching/lower-case.js';
import type { Template } from './policy/template.js';
import { policiesOf, type PrincipalRecord } from './principals/read-principals.js';
import type { templateFiller } from './variable-values.js';
import type { Telling } from './witnesses.js';

/** Finds the statements of all policies that speak of some of the actions. Remembered until a policy is added. */
export function statementsByActions(
  engine: Engine,
  records: readonly PrincipalRecord[],
  fill: ReturnType<typeof templateFiller>,
): (actions: readonly string[]) => readonly Telling[] {
  let known = { added: 0, byActions: new Map<string, readonly Telling[]>() };
  const find = (actions: readonly string[]): readonly Telling[] => {
    const { shared, added } = engine;
    const speaking = actions.map((action) => engine.relevantTo(lowerCase(action)));
    const others = new Set([...shared, ...added].map(({ document }) => document));
    const policies = new Map(
      [...records.flatMap(policiesOf), ...shared, ...added].map((policy) => [policy.document, policy]),
    );
    return [...policies].flatMap(([document, policy]) => {
      const textsOf = (template: Template) => fill(template, document, others.has(document));
      return [...new Set(speaking.flatMap((of) => of(policy)))].map((statement) => ({ statement, textsOf }));
    });
  };
  return (actions) => {
    if (known.added !== engine.added.length) known = { added: engine.added.length, byActions: new Map() };
    const key = actions.join();
    const statements = known.byActions.get(key) ?? find(actions);
    known.byActions.set(key, statements);
    return statements;
  };
}
