import { sortedUnique } from '../../model/index.js';
import type { AuthorizationAnswer, Grant, GrantQuestion } from '../authorizer.js';
import type { Engine } from '../build-authorizer.js';
import { deriveContext, readStated } from '../context/derive-context.js';
import type { RequestContext } from '../context/request-context.js';
import type { PrincipalRecord } from '../principals/read-principals.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import { isResourceControlled } from '../organizations/resource-control-services.js';
import { GrantCollector } from './grant-collector.js';
import { type OwnPartition, partitionBy, splitMembers } from './own-partition.js';
import { type PrincipalClass, classifyPrincipals } from './principal-classes.js';
import { makeReach } from './possible-resources.js';
import { keysOf, numbering, relevantTo } from './relevant.js';
import { classifyResources, type ResourceClass } from './resource-classes.js';

/**
 * Who may do an action on which resources, without asking about every pair: principals and resources are put into classes that all
 * policies treat alike, pairs of classes that no allowing statement joins are passed by, and one member of each other pair is
 * evaluated for all. The evidence of a grant is that of its first principal and resource.
 */
export function findGrants(
  engine: Engine,
  records: readonly PrincipalRecord[],
  question: GrantQuestion,
): readonly Grant[] {
  const action = question.action.toLowerCase();
  const { elevated = false, trusting = false, retagged = false } = question;
  const stated = readStated(question.context);
  const ids = question.principals ? sortedUnique(question.principals) : records.map((record) => record.id);
  const subjects = ids.map((id) => engine.subjects.resolve(id)).filter((subject) => subject !== undefined);
  const targets = engine.targets(question.resources);
  const relevant = relevantTo(action);
  const numberOf = numbering();
  const nowhere = engine.target('*');
  const { organization, now } = engine.surroundings;
  const contextOf = (subject: Subject): RequestContext =>
    deriveContext({ action, subject, target: nowhere, organization, now, retagged, stated });
  const shared = sharedStatements(
    engine,
    action,
    subjects,
    targets.map((t) => t.account),
    relevant,
  );
  const sharedKeys = new Set<string>();
  keysOf(shared, sharedKeys);
  const classes = classifyPrincipals({ engine, subjects, relevant, numberOf, elevated, sharedKeys, contextOf });
  const statements = new Set<Statement>(shared);
  for (const { members } of classes) {
    const [first] = members;
    for (const policy of first?.policies ?? []) for (const statement of relevant(policy)) statements.add(statement);
    if (first?.boundary) for (const statement of relevant(first.boundary)) statements.add(statement);
  }
  const usedKeys = new Set<string>();
  keysOf(statements, usedKeys);
  for (const target of targets) if (target.own.kind === 'policy') keysOf(relevant(target.own.policy), usedKeys);
  const resources = classifyResources({ engine, action, targets, statements, relevant, numberOf, usedKeys, retagged });
  const reach = makeReach(resources, contextOf);
  const partitions = new Map<string, OwnPartition>();
  const collector = new GrantCollector();
  const evaluate = (subject: Subject, of: ResourceClass): AuthorizationAnswer | undefined => {
    const [target] = of.targets;
    return target && engine.answer({ action, subject, target, stated, elevated, trusting, retagged });
  };
  const partitionOf = (of: ResourceClass): OwnPartition => {
    const known = partitions.get(of.ownKey);
    if (known) return known;
    const made = partitionBy(of.own, engine.principalNamed);
    partitions.set(of.ownKey, made);
    return made;
  };
  const groups = new Map<string, ReturnType<typeof splitMembers>>();
  const groupsOf = (principals: PrincipalClass, ownKey: string, partition: OwnPartition) => {
    const key = `${principals.id} ${ownKey}`;
    const known = groups.get(key) ?? splitMembers(principals.members, partition, contextOf);
    groups.set(key, known);
    return known;
  };
  for (const principals of classes) {
    const allowed = reach(principals);
    for (const of of candidates(principals, resources.classes, allowed, trusting)) {
      if (of.own.length === 0) {
        const [first] = principals.members;
        const answer = first && evaluate(first, of);
        if (answer) collector.add(principals.members, of, answer);
        continue;
      }
      const partition = partitionOf(of);
      for (const group of groupsOf(principals, of.ownKey, partition)) {
        const [first] = group;
        if (!first || !isPossible(principals, first, group, of, partition, allowed, trusting)) continue;
        const answer = evaluate(first, of);
        if (answer) collector.add(group, of, answer);
      }
    }
  }
  return collector.grants();
}

/** Statements of organization policies that bear on any of the principals or resources. */
function sharedStatements(
  engine: Engine,
  action: string,
  subjects: readonly Subject[],
  owners: readonly (string | undefined)[],
  relevant: ReturnType<typeof relevantTo>,
): readonly Statement[] {
  const { organization } = engine.surroundings;
  if (!organization) return [];
  const found = new Set<Statement>();
  const add = (account: string | undefined, kind: 'serviceControl' | 'resourceControl') => {
    if (account === undefined) return;
    for (const policy of organization.policiesOf(account)?.[kind].flat() ?? []) {
      for (const statement of relevant(policy)) found.add(statement);
    }
  };
  const accounts = new Set(subjects.map((subject) => subject.account));
  for (const account of accounts) add(account, 'serviceControl');
  if (isResourceControlled(action))
    for (const owner of new Set([...owners, ...accounts])) add(owner, 'resourceControl');
  return [...found];
}

/** Classes of resources of which some pair with the class of principals may be allowed. */
function* candidates(
  principals: PrincipalClass,
  classes: readonly ResourceClass[],
  allowed: 'all' | ReadonlySet<ResourceClass>,
  trusting: boolean,
): Iterable<ResourceClass> {
  const account = principals.members[0]?.account;
  for (const of of classes) {
    const byIdentity = allowed === 'all' || of.isOpen || allowed.has(of);
    const byResource = trusting || of.own.length > 0 || of.isUncollected || hasList(of);
    const owner = of.targets[0]?.account ?? account;
    if (owner !== account || of.mustAllow ? byResource : byIdentity || byResource) yield of;
  }
}

const hasList = (of: ResourceClass): boolean => (of.targets[0]?.bucket?.publicGrants.length ?? 0) > 0;

/** Whether anything could allow a group of principals, that a resource's own statements do or do not name. */
function isPossible(
  principals: PrincipalClass,
  first: Subject,
  group: readonly Subject[],
  of: ResourceClass,
  partition: OwnPartition,
  allowed: 'all' | ReadonlySet<ResourceClass>,
  trusting: boolean,
): boolean {
  const account = first.account ?? '';
  const isNamed = group.length === 1 && partition.named.has(first.record?.id ?? first.id);
  const isAdmitted =
    partition.admits === 'everybody' ||
    partition.admits.has(account) ||
    isNamed ||
    trusting ||
    of.isUncollected ||
    hasList(of);
  const owner = of.targets[0]?.account ?? account;
  if (of.mustAllow || owner !== account) return isAdmitted;
  return isAdmitted || principals.isUnlimited || of.isOpen || allowed === 'all' || allowed.has(of);
}
