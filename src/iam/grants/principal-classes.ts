import { onceFor } from '../../model/index.js';
import type { DecidingStatement } from '../authorizer.js';
import type { RequestContext } from '../context/request-context.js';
import type { Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { groupsOfService, kindKey } from './groups-by-service.js';
import { personalKeyOf } from './personal-keys.js';
import type { SubjectGroup } from './subject-groups.js';

/** Principals of which every policy of their own and of their account says the same of an action. */
export interface PrincipalClass {
  readonly id: number;
  readonly first: Subject;
  /** Put together when first asked for. */
  members(): readonly Subject[];
  /** Matching statements of identity policies and boundary. */
  readonly statements: readonly Statement[];
  /** Allowing statements of the identity policies. */
  readonly allowing: readonly Statement[];
  /** What a statement that decides for the first principal says, in a text that is equal for statements of the same content. */
  contentOf(decided: DecidingStatement): string;
  /** Allowed everything, or some policy of its may allow anything: it was not collected, or cannot be read. */
  readonly isUnlimited: boolean;
}

export interface ClassInput {
  /** In lower case. */
  readonly action: string;
  readonly groups: readonly SubjectGroup[];
  readonly relevant: (policy: Policy) => readonly Statement[];
  readonly elevated: boolean;
  /** Statements of organization policies, and of a VPC endpoint's. */
  readonly shared: readonly Statement[];
  /** Those of them that bear on what principals of an account do. */
  sharedBy(account: string | undefined): readonly Statement[];
  /** Keys that tell principals apart by their values, whatever the statements are. */
  readonly apart: readonly string[];
  contextOf(subject: Subject): RequestContext;
  contentOf(statement: Statement): number;
}

export function classifyPrincipals(input: ClassInput): readonly PrincipalClass[] {
  const byKey = new Map<string, { groups: (readonly Subject[])[]; made: PrincipalClass }>();
  const add = (key: string, members: readonly Subject[], first: Subject, policies: readonly Policy[]): void => {
    const found = byKey.get(key);
    if (found) found.groups.push(members);
    else {
      const groups = [members];
      byKey.set(key, { groups, made: makeClass(byKey.size, first, groups, policies, input) });
    }
  };
  const service = input.action.slice(0, input.action.indexOf(':'));
  const { spoken, silent } = groupsOfService(input.groups, service);
  for (const group of [...spoken, ...silent]) {
    const [first] = group;
    const policies = first.policies.filter((p) => p.document.problem !== undefined || input.relevant(p).length > 0);
    const key = keyOf(first, policies, input);
    const bounding = first.boundary ? input.relevant(first.boundary) : [];
    const shared = input.sharedBy(first.account);
    const personal = personalKeyOf([...shared, ...policies.flatMap(input.relevant), ...bounding], input.apart);
    if (!personal) add(key, group, first, policies);
    else for (const one of group) add(`${key}|${personal(one, input.contextOf(one))}`, [one], one, policies);
  }
  return [...byKey.values()].map(({ made }) => made);
}

function makeClass(
  id: number,
  first: Subject,
  groups: readonly (readonly Subject[])[],
  policies: readonly Policy[],
  { relevant, elevated, contentOf }: ClassInput,
): PrincipalClass {
  let members: readonly Subject[] | undefined;
  let contents: ReadonlyMap<string, number> | undefined;
  const deciding = first.boundary ? [...policies, first.boundary] : policies;
  const own = policies.flatMap(relevant);
  return {
    id,
    first,
    members: () => (members ??= groups.length === 1 ? (groups[0] ?? []) : groups.flat()),
    statements: first.boundary ? [...own, ...relevant(first.boundary)] : own,
    allowing: own.filter(({ effect }) => effect === 'Allow'),
    contentOf: ({ policy, statement, effect }) => {
      contents ??= new Map(
        deciding.flatMap((own) =>
          relevant(own).map((s) => [`${own.label} ${s.name} ${s.effect}`, contentOf(s)] as const),
        ),
      );
      const name = `${policy} ${statement} ${effect}`;
      return String(contents.get(name) ?? name);
    },
    isUnlimited: elevated || isUnlimited(first) || policies.some((policy) => policy.document.problem !== undefined),
  };
}

/** Whether a principal may do everything, or has policies that were not collected. */
export const isUnlimited = (subject: Subject): boolean =>
  subject.isUnlimited || subject.isUnheardOf || subject.missing.length > 0;

/** What the policies say of the action, not how they are named: principals whose policies were written apart are often alike in it. */
function keyOf(subject: Subject, policies: readonly Policy[], { relevant, contentOf }: ClassInput): string {
  const { boundary } = subject;
  const contents = new Set<number | string>();
  for (const policy of policies) addContents(policy, contents);
  let bounds = '';
  if (boundary) {
    const bounding = new Set<number | string>();
    addContents(boundary, bounding);
    bounds = `within ${keyOfSet(bounding)}`;
  }
  function addContents(policy: Policy, into: Set<number | string>): void {
    if (policy.document.problem !== undefined) into.add(policy.label);
    else for (const statement of relevant(policy)) into.add(contentOf(statement));
  }
  return `${kindKey(subject)}|${keyOfSet(contents)}|${bounds}`;
}

/** In one order: policies say the same in whichever they are attached. */
const keyOfSet = (contents: ReadonlySet<number | string>): string => Array.from(contents, String).sort().join();

/** What policies of resources call a principal. */
export const nameOf = (subject: Subject): string => subject.record?.id ?? subject.id;

/** A principal, and the class that it is in. */
interface NamedMember {
  readonly member: Subject;
  readonly among: PrincipalClass;
}

/** The members of classes by name. */
export const membersByName = onceFor((classes: readonly PrincipalClass[]) => {
  const byName = new Map<string, NamedMember[]>();
  for (const among of classes)
    for (const member of among.members()) {
      const known = byName.get(nameOf(member));
      if (known) known.push({ member, among });
      else byName.set(nameOf(member), [{ member, among }]);
    }
  return byName as ReadonlyMap<string, readonly NamedMember[]>;
});
