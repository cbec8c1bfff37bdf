import { byKey } from '../model/index.js';
import type { NearMiss } from './authorizer.js';
import { evaluateCondition } from './conditions/compile-condition.js';
import { appliesTo, type Request } from './evaluate-layer.js';
import { controls, type Question, requestOf, type Surroundings } from './evaluate-request.js';
import { matchResources } from './match-resources.js';
import { type PlacedStatement, type PolicySet, policySet, soleSet } from './policy/policy-set.js';
import { matchPrincipal } from './principals/match-principal.js';
import { policyOf } from './resources/resolve-target.js';

/**
 * For what no policy allows: the statements that allow the action, but not in this request, and why not; of the kinds of policy alone of
 * which none does allow it.
 */
export function findNearMisses(question: Question, surroundings: Surroundings): readonly NearMiss[] {
  const request = requestOf(question, surroundings);
  const misses: NearMiss[] = [];
  for (const set of setsOf(question, surroundings)) {
    const allowing = request.index
      .speaking(set, question.action)
      .filter(({ statement }) => statement.effect === 'Allow');
    const found = allowing.map((placed) => describe(placed, request));
    if (found.every((miss) => miss !== undefined)) misses.push(...found);
  }
  return misses.sort(byKey(({ policy, statement }) => `${policy}\u0000${statement}`));
}

function setsOf(question: Question, surroundings: Surroundings): readonly PolicySet[] {
  const { subject, target, session, stated } = question;
  const own = policyOf(target.own);
  const endpoint = surroundings.endpoints.of(stated);
  return [
    policySet(subject.policies),
    ...(subject.boundary ? [soleSet(subject.boundary)] : []),
    ...(session ? [session] : []),
    ...(own ? [soleSet(own)] : []),
    ...(endpoint ? [soleSet(endpoint)] : []),
    ...controls(question, surroundings).service.map(policySet),
  ];
}

/** @returns `undefined` for a statement that may apply */
function describe({ policy, statement }: PlacedStatement, request: Request): NearMiss | undefined {
  const { principals, resources, conditions } = statement;
  const miss = (because: string): NearMiss => ({ policy: policy.label, statement: statement.name, because });
  if (principals) {
    const { direct, role, account } = matchPrincipal(principals, request.identity);
    if (direct === false && !role && !account) return miss('is for others');
  }
  if (resources && matchResources(resources, request.resource, request.context) === false) {
    const texts = [...resources.fixed, ...resources.templates].map(({ text }) => text);
    return miss(resources.not ? `leaves out ${texts.join(', ')}` : `is about ${texts.join(', ')}`);
  }
  if (appliesTo(statement, request) !== false) return undefined;
  const unmet = conditions.filter((condition) => evaluateCondition(condition, request.context) === false);
  return miss(`asks for ${unmet.map((c) => `${c.key} ${c.operatorName} ${c.values.join(', ')}`).join(' and ')}`);
}
