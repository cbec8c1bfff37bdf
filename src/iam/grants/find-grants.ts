import { byCode, sortedUnique } from '../../model/index.js';
import type { Grant, GrantQuestion } from '../authorizer.js';
import type { Engine } from '../build-authorizer.js';
import { readStated } from '../context/derive-context.js';
import type { PrincipalRecord } from '../principals/read-principals.js';

export function findGrants(
  engine: Engine,
  records: readonly PrincipalRecord[],
  question: GrantQuestion,
): readonly Grant[] {
  const stated = readStated(question.context);
  const { elevated = false, trusting = false, retagged = false } = question;
  const grants = new Map<string, { principals: Set<string>; grant: Grant }>();
  for (const principal of question.principals ?? records.map((record) => record.id)) {
    const subject = engine.subjects.resolve(principal);
    if (!subject) continue;
    const byAnswer = new Map<string, { resources: string[]; grant: Omit<Grant, 'principals' | 'resources'> }>();
    for (const resource of sortedUnique(question.resources)) {
      const action = question.action.toLowerCase();
      const target = engine.target(resource);
      const { verdict, conditions, decidedBy } = engine.answer({
        action,
        subject,
        target,
        stated,
        elevated,
        trusting,
        retagged,
      });
      if (verdict === 'explicit-deny' || verdict === 'implicit-deny') continue;
      const key = JSON.stringify([verdict, conditions, decidedBy]);
      const same = byAnswer.get(key);
      if (same) same.resources.push(resource);
      else byAnswer.set(key, { resources: [resource], grant: { verdict, conditions, decidedBy } });
    }
    for (const [key, { resources, grant }] of byAnswer) {
      const whole = `${key} ${resources.join(' ')}`;
      const same = grants.get(whole);
      if (same) same.principals.add(principal);
      else grants.set(whole, { principals: new Set([principal]), grant: { ...grant, resources, principals: [] } });
    }
  }
  return [...grants]
    .sort(([a], [b]) => byCode(a, b))
    .map(([, { principals, grant }]) => ({ ...grant, principals: sortedUnique(principals) }));
}
