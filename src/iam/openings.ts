import { byCode, parseArn, sortedUnique } from '../model/index.js';
import type { AuthorizationAnswer, PolicyOpening } from './authorizer.js';
import type { Engine } from './build-authorizer.js';
import { candidateActions, candidateResources } from './openings/candidates.js';
import { type Outsider, outsiders } from './openings/outsiders.js';
import type { Policy } from './policy/document.js';
import type { PrincipalEntry } from './policy/principal-element.js';
import { hasList } from './resources/buckets.js';
import { policyOf, type Target } from './resources/resolve-target.js';

/**
 * Whom a resource lets in from outside of its account: everybody whom its policy's statements or its access control list name or could
 * mean is asked about, with all the policies that bear on it.
 */
export function findOpenings(engine: Engine, resource: string): readonly PolicyOpening[] {
  const target = engine.target(resource);
  const policy = policyOf(target.own);
  const mayLetIn = policy !== undefined && namesOutsiders(policy, target.account);
  if (!mayLetIn && !(target.bucket && hasList(target.bucket)) && target.grants.length === 0) return [];
  const actions = candidateActions(policy, target);
  const found = new Map<string, { opening: PolicyOpening; actions: string[] }>();
  const limits =
    target.account === undefined ? [] : engine.surroundings.organizations.of(target.account).resourceControl;
  const publicly = new Map<string, string>();
  for (const outsider of outsiders([...(policy ? [policy] : []), ...limits.flat()], target)) {
    for (const action of actions) {
      const opening = openingTo(engine, outsider, action, target);
      if (!opening) continue;
      const conditions = JSON.stringify(opening.conditions);
      if (outsider.to === 'public') publicly.set(action, conditions);
      else if (outsider.isBesidePublic && ['[]', conditions].includes(publicly.get(action) ?? '')) continue;
      const key = JSON.stringify([outsider.to, outsider.who, opening.conditions, opening.decidedBy]);
      const same = found.get(key);
      if (same) same.actions.push(action);
      else found.set(key, { opening, actions: [action] });
    }
  }
  return [...found]
    .sort(([a], [b]) => byCode(a, b))
    .map(([, { opening, actions }]) => ({ ...opening, actions: sortedUnique(actions) }));
}

/** Whether a policy may allow something to others than users and roles of an account that it names. */
function namesOutsiders({ document: { problem, statements } }: Policy, account: string | undefined): boolean {
  const isInside = (entry: PrincipalEntry): boolean =>
    entry.kind === 'nobody' ||
    (entry.kind === 'account' && entry.account === account) ||
    (entry.kind === 'arn' && parseArn(entry.arn)?.account === account);
  return (
    problem !== undefined ||
    statements.some(
      ({ effect, principals }) =>
        effect === 'Allow' && (!principals || principals.not || !principals.entries.every(isInside)),
    )
  );
}

function openingTo(engine: Engine, outsider: Outsider, action: string, target: Target): PolicyOpening | undefined {
  let best: AuthorizationAnswer | undefined;
  for (const { principal, context } of outsider.standIns) {
    const subject = engine.subjects.resolve(principal);
    if (!subject) continue;
    for (const arn of candidateResources(target, action)) {
      const answer = engine.answer({
        action: action.toLowerCase(),
        subject,
        target: engine.target(arn),
        stated: context,
        elevated: false,
        trusting: false,
        unguarded: false,
        retagged: undefined,
      });
      if (answer.verdict === 'allowed') return make(outsider, action, answer);
      if (answer.verdict === 'depends' || answer.verdict === 'unknown') best ??= answer;
    }
  }
  return best && make(outsider, action, best);
}

const make = (
  { to, who }: Outsider,
  action: string,
  { conditions, decidedBy }: AuthorizationAnswer,
): PolicyOpening => ({
  to,
  who,
  actions: [action],
  conditions,
  decidedBy,
});
