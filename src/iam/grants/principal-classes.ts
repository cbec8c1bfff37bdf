import type { Engine } from '../build-authorizer.js';
import type { RequestContext } from '../context/request-context.js';
import type { Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { isPersonalKey, keysOf } from './relevant.js';

/** Principals of which every policy of their own and of their account says the same of an action. */
export interface PrincipalClass {
  readonly id: number;
  readonly members: Subject[];
  /** Allowing statements of the identity policies. */
  readonly allowing: readonly Statement[];
  /** Allowed everything, or some policy of its may allow anything: it was not collected, or cannot be read. */
  readonly isUnlimited: boolean;
}

interface ClassInput {
  readonly engine: Engine;
  readonly subjects: readonly Subject[];
  readonly relevant: (policy: Policy) => readonly Statement[];
  readonly numberOf: (object: object) => number;
  readonly elevated: boolean;
  /** Keys of the resources' side that are the same for all resources: resource control policies. */
  readonly sharedKeys: ReadonlySet<string>;
  contextOf(subject: Subject): RequestContext;
}

export function classifyPrincipals(input: ClassInput): PrincipalClass[] {
  const byKey = new Map<string, PrincipalClass>();
  const shared = [...input.sharedKeys].filter(isPersonalKey);
  for (const subject of input.subjects) {
    const policies = subject.policies.filter((p) => p.document.problem !== undefined || input.relevant(p).length > 0);
    const key = keyOf(input, subject, policies, shared);
    const found = byKey.get(key);
    if (found) {
      found.members.push(subject);
      continue;
    }
    byKey.set(key, {
      id: byKey.size,
      members: [subject],
      allowing: policies.flatMap((policy) => input.relevant(policy).filter(({ effect }) => effect === 'Allow')),
      isUnlimited:
        input.elevated ||
        subject.isUnlimited ||
        subject.isUnheardOf ||
        subject.missing.length > 0 ||
        policies.some((policy) => policy.document.problem !== undefined),
    });
  }
  return [...byKey.values()];
}

function keyOf(input: ClassInput, subject: Subject, policies: readonly Policy[], shared: readonly string[]): string {
  const { engine, relevant, numberOf } = input;
  const { record, boundary, identity } = subject;
  const named = (policy: Policy) => (policy.document.problem === undefined ? numberOf(policy.document) : policy.label);
  const parts: (string | number)[] = [
    identity.kind,
    'account' in identity ? identity.account : subject.id,
    record?.isServiceLinked ? 1 : 0,
    subject.isForServicesOnly ? 1 : 0,
    subject.missing.join(),
    subject.isUnheardOf ? subject.id : '',
    policies.map(named).join(),
    boundary ? named(boundary) : '',
  ];
  const used = new Set<string>(shared);
  for (const policy of policies) keysOf(relevant(policy), used);
  if (boundary) keysOf(relevant(boundary), used);
  const levels = engine.surroundings.organization?.policiesOf(subject.account ?? '')?.serviceControl ?? [];
  for (const policy of levels.flat()) keysOf(relevant(policy), used);
  const personal = [...used].filter(isPersonalKey).sort();
  if (personal.length > 0) parts.push(personalValues(personal, subject, input.contextOf(subject)));
  return parts.join('|');
}

/** The values of keys that are a principal's own, as text. */
export function personalValues(keys: readonly string[], subject: Subject, context: RequestContext): string {
  return keys
    .map((key) => {
      const status = context.status(key);
      if (status.kind === 'open') return `${key}?${subject.id}`;
      return `${key}=${status.kind === 'absent' ? 'none' : JSON.stringify(status.values)}`;
    })
    .join();
}
