import type { Json } from '../model/index.js';
import { ANYTHING } from './administrator.js';
import { evaluatePolicies } from './evaluate-policies.js';
import { type CompiledDocument, compileDocument } from './policy/document.js';

/** Actions that no policy names, of any service and of the one that gives rights: what a power user lacks is the latter. */
const ALL_KINDS = [ANYTHING, 'iam:AnyAction'];

/** Whether an identity policy allows every action on everything, those of IAM too, whatever the circumstances are. */
export function allowsEverything(document: Json | undefined): boolean {
  const identityPolicies = [{ name: 'policy', document: document ?? null }];
  const principal = 'arn:aws:iam::000000000000:user/anybody';
  return ALL_KINDS.every((action) => evaluatePolicies({ principal, action, identityPolicies }).verdict === 'allowed');
}

/** The word, or an escape (of JSON or of a URL) that may stand for a part of it. */
const MAY_SAY_DENY = /Deny|\\|%(?:5c|44|65|6e|79)/i;

/** Whether a policy has a statement that denies. Most have none, and do not say the word. */
export const deniesSomething = (document: Json | undefined): boolean =>
  (typeof document !== 'string' || MAY_SAY_DENY.test(document)) &&
  compileDocument(document).statements.some(({ effect }) => effect === 'Deny');

/** The services that a trust policy names; `'all'` where it may mean any. */
export function servicesNamedBy({ problem, statements }: CompiledDocument): 'all' | ReadonlySet<string> {
  if (problem !== undefined) return 'all';
  const services = new Set<string>();
  for (const { effect, principals } of statements) {
    if (effect === 'Deny' || !principals) continue;
    if (principals.not || principals.entries.some(({ kind }) => kind === 'any')) return 'all';
    for (const entry of principals.entries) if (entry.kind === 'service') services.add(entry.service);
  }
  return services;
}
