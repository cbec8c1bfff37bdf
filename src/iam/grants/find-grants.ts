import { once, onceFor } from '../../model/index.js';
import type { AuthorizationAnswer, Grant, GrantQuestion } from '../authorizer.js';
import type { Engine } from '../build-authorizer.js';
import { deriveContext, readStated } from '../context/derive-context.js';
import { ABSENT, type KeyStatus, type RequestContext } from '../context/request-context.js';
import type { Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import { isSettled } from '../settled-by-aws.js';
import type { Subject } from '../principals/resolve-subject.js';
import { hasResourcePolicies } from '../resources/own-policies.js';
import type { Target } from '../resources/resolve-target.js';
import { isResourceControlled } from '../organizations/resource-control-services.js';
import { type Allowed, isPossible, makeCandidates } from './candidates.js';
import { GrantCollector } from './grant-collector.js';
import { groupsOfService } from './groups-by-service.js';
import { type OwnPartition, partitionBy, splitByConditions } from './own-partition.js';
import { isUnlimited, membersByName, type PrincipalClass } from './principal-classes.js';
import { principalLists } from './principal-lists.js';
import { principalSide } from './principal-side.js';
import { makeReach } from './possible-resources.js';
import type { SubjectGroup } from './subject-groups.js';
import { keysOf } from './relevant.js';
import { classifyResources, type ResourceClass } from './resource-classes.js';
import { makeTreatments } from './treatments.js';

/**
 * Who may do an action on which resources, without asking about every pair: principals and resources are put into classes that all
 * policies treat alike, pairs of classes that no allowing statement joins are passed by, and one member of each other pair is
 * evaluated for all. What decides is worked out again for the principal that is asked about.
 */
export function findGrants(engine: Engine, question: GrantQuestion): readonly Grant[] {
  const action = question.action.toLowerCase();
  const { elevated: isElevated = false, trusting = false, unguarded = false, retagged } = question;
  const elevated = isElevated || isSettled(action);
  const stated = readStated(question.context);
  const groups = engine.groups(question.principals);
  const relevant = engine.relevantTo(action);
  if (!elevated && !trusting && !mayAllow(action, groups, relevant)) return [];
  const accounts = accountsOf(groups);
  const list = engine.targets(question.resources);
  const nowhere = engine.target('*');
  const { organizations, now } = engine.surroundings;
  const contextOf = (subject: Subject): RequestContext =>
    deriveContext({ action, subject, target: nowhere, organizations, now, retagged, stated });
  const endpoint = engine.surroundings.endpoints.of(stated);
  const ofEndpoint = endpoint ? relevant(endpoint) : [];
  const shared = [...sharedStatements(engine, action, accounts, list.accounts, relevant), ...ofEndpoint];
  const sharedKeys = new Set<string>();
  keysOf(shared, sharedKeys);
  // A policy of an endpoint that names some principals tells each from the others.
  const isNaming = ofEndpoint.some(({ principals }) => principals?.entries.some(({ kind }) => kind !== 'any'));
  const apart = isNaming ? ['aws:principalarn'] : [];
  const { contentOf } = engine;
  const {
    classes,
    statements: own,
    keys,
  } = principalSide({ action, groups, relevant, elevated, shared, apart, contextOf, contentOf }, stated);
  const statements = new Set<Statement>([...shared, ...own]);
  const usedKeys = new Set<string>([...sharedKeys, ...keys]);
  for (const { target } of list.others) if (target.own.kind === 'policy') keysOf(relevant(target.own.policy), usedKeys);
  const resources = classifyResources({ engine, action, list, statements, relevant, usedKeys, accounts, retagged });
  const [someone] = classes;
  const tagOf = ({ first: target }: ResourceClass, key: string): KeyStatus =>
    someone
      ? deriveContext({ action, subject: someone.first, target, organizations, now, retagged, stated }).status(key)
      : ABSENT;
  const reach = makeReach(resources, contextOf, tagOf);
  const partitions = new Map<string, OwnPartition>();
  const answer = (subject: Subject, target: Target): AuthorizationAnswer =>
    engine.answer({ action, subject, target, stated, elevated, trusting, unguarded, retagged });
  const lists = principalLists(groups);
  const answers = new Map<string, AuthorizationAnswer>();
  const treatments = makeTreatments(resources, shared);
  const collector = new GrantCollector(lists, (principal, target) => {
    const subject = engine.subjects.resolve(principal);
    return subject ? answer(subject, target).decidedBy : [];
  });
  /** What one of some members is answered; equal questions once. */
  const ask = (
    of: ResourceClass,
    principals: PrincipalClass,
    members: readonly Subject[],
    subject: Subject,
  ): AuthorizationAnswer => {
    const treated = treatments(principals, of);
    if (treated === undefined) return answer(subject, of.first);
    const key = `${lists.numberOf(members)} ${treated} ${subject === members[0] ? '' : subject.id}`;
    const found = answers.get(key) ?? answer(subject, of.first);
    answers.set(key, found);
    return found;
  };
  /** Takes what one of some members was answered as the answer to all of them. */
  const take = (
    of: ResourceClass,
    principals: PrincipalClass,
    members: readonly Subject[],
    subject: Subject,
    found: AuthorizationAnswer,
  ): void => {
    if (isDenial(found)) return;
    // What decides for another than the first of its class is named by other policies.
    const decided =
      subject === principals.first
        ? found.decidedBy.map((statement) => principals.contentOf(statement))
        : found.decidedBy.map((d) => `${d.policy} ${d.statement} ${d.effect}`);
    const isOwn = (policy: string): boolean =>
      subject.policies.some(({ label }) => label === policy) || subject.boundary?.label === policy;
    const isByOwn = found.decidedBy.some(({ policy }) => isOwn(policy));
    collector.add({ members, of, answer: found, decided: [...new Set(decided)].sort().join('\n'), isByOwn });
  };
  const evaluate = (of: ResourceClass, principals: PrincipalClass, members: readonly Subject[]): void => {
    const [first] = members;
    if (first) take(of, principals, members, first, ask(of, principals, members, first));
  };
  const partitionOf = (of: ResourceClass): OwnPartition => {
    const known = partitions.get(of.ownKey);
    if (known) return known;
    const made = partitionBy(of.own, of.grantees, engine.principalNamed);
    partitions.set(of.ownKey, made);
    return made;
  };
  const splits = new Map<string, readonly (readonly Subject[])[]>();
  /** Groups of a class that the resources' own statements treat alike. */
  const groupsOf = (principals: PrincipalClass, of: ResourceClass, alone: ReadonlySet<Subject>) => {
    const { personal } = partitionOf(of);
    const names = Array.from(alone, ({ id }) => id).join(' ');
    const key = `${principals.id} ${personal ? of.ownKey : names}`;
    const known = splits.get(key);
    if (known) return known;
    const members = principals.members();
    const others = members.filter((member) => !alone.has(member));
    const made = personal
      ? splitByConditions(members, partitionOf(of), personal, contextOf)
      : [...(others.length > 0 ? [others] : []), ...Array.from(alone, (member) => [member])];
    splits.set(key, made);
    return made;
  };
  const byName = once(() => membersByName(classes));
  const visit = (of: ResourceClass, principals: PrincipalClass, allowed: Allowed): void => {
    if (of.own.length === 0 && of.grantees.length === 0) {
      evaluate(of, principals, principals.members());
      return;
    }
    const partition = partitionOf(of);
    const isOpen = (group: readonly Subject[]): boolean =>
      isPossible(principals, group, of, partition, allowed, trusting);
    const alone = new Set(
      [...partition.named].flatMap((name) =>
        (byName().get(name) ?? []).flatMap(({ member, among }) => (among === principals ? [member] : [])),
      ),
    );
    const members = principals.members();
    if (!partition.personal && alone.size === 0) {
      if (isOpen(members)) evaluate(of, principals, members);
      return;
    }
    // Where the others are let in for certain, so are those that are named besides.
    const other = partition.onlyGives && !partition.personal && members.find((member) => !alone.has(member));
    if (other && isOpen([other])) {
      const found = ask(of, principals, members, other);
      if (found.verdict === 'allowed') return take(of, principals, members, other, found);
    }
    for (const group of groupsOf(principals, of, alone)) if (isOpen(group)) evaluate(of, principals, group);
  };
  const candidates = makeCandidates({ classes: resources.classes, principals: classes, trusting, partitionOf });
  for (const principals of classes) {
    const allowed = reach(principals);
    for (const of of candidates(principals, allowed)) visit(of, principals, allowed);
  }
  return collector.grants(list.arns);
}

/**
 * Whether anything could allow the action to some of the principals: a policy of their own, one that cannot be seen, or a policy of a resource. Most
 * actions are allowed to few, and resources need not be looked at for the others.
 */
function mayAllow(
  action: string,
  groups: readonly SubjectGroup[],
  relevant: (policy: Policy) => readonly Statement[],
): boolean {
  const service = action.slice(0, action.indexOf(':'));
  if (hasResourcePolicies(service)) return true;
  const { spoken, silent } = groupsOfService(groups, service);
  const allows = ({ document }: Policy, own: readonly Statement[]): boolean =>
    document.problem !== undefined || own.some(({ effect }) => effect === 'Allow');
  return (
    silent.some(([first]) => isUnlimited(first)) ||
    spoken.some(([first]) => isUnlimited(first) || first.policies.some((policy) => allows(policy, relevant(policy))))
  );
}

const accountsOf = onceFor(
  (groups: readonly SubjectGroup[]): ReadonlySet<string | undefined> =>
    new Set(groups.map(([subject]) => subject.account)),
);

/** Statements of organization policies that bear on any of the principals or resources. */
function sharedStatements(
  engine: Engine,
  action: string,
  accounts: ReadonlySet<string | undefined>,
  owners: ReadonlySet<string | undefined>,
  relevant: (policy: Policy) => readonly Statement[],
): readonly Statement[] {
  const { organizations } = engine.surroundings;
  const found = new Set<Statement>();
  const add = (account: string | undefined, kind: 'serviceControl' | 'resourceControl') => {
    if (account === undefined) return;
    for (const policy of organizations.of(account)[kind].flat()) {
      for (const statement of relevant(policy)) found.add(statement);
    }
  };
  for (const account of accounts) add(account, 'serviceControl');
  if (isResourceControlled(action))
    for (const owner of new Set([...owners, ...accounts])) add(owner, 'resourceControl');
  return [...found];
}

const isDenial = ({ verdict }: AuthorizationAnswer): boolean => verdict.endsWith('-deny');
