import { byCode, byKey } from '../../model/index.js';
import type { AuthorizationAnswer, Grant, GrantQuestion } from '../authorizer.js';
import type { Engine } from '../build-authorizer.js';
import { deriveContext, readStated } from '../context/derive-context.js';
import type { RequestContext } from '../context/request-context.js';
import type { Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import { isSettled } from '../settled-by-aws.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Target } from '../resources/resolve-target.js';
import { hasList } from '../resources/buckets.js';
import { isResourceControlled } from '../organizations/resource-control-services.js';
import { GrantCollector } from './grant-collector.js';
import { type OwnPartition, partitionBy, splitMembers } from './own-partition.js';
import { type PrincipalClass, classifyPrincipals } from './principal-classes.js';
import { principalLists } from './principal-lists.js';
import { makeReach } from './possible-resources.js';
import type { SubjectGroup } from './subject-groups.js';
import { keysOf } from './relevant.js';
import { classifyResources, type ResourceClass } from './resource-classes.js';

/**
 * Who may do an action on which resources, without asking about every pair: principals and resources are put into classes that all
 * policies treat alike, pairs of classes that no allowing statement joins are passed by, and one member of each other pair is
 * evaluated for all. What decides is worked out again for the principal that is asked about.
 */
export function findGrants(engine: Engine, question: GrantQuestion): readonly Grant[] {
  const action = question.action.toLowerCase();
  const { elevated: isElevated = false, trusting = false, retagged } = question;
  const elevated = isElevated || isSettled(action);
  const stated = readStated(question.context);
  const groups = engine.groups(question.principals);
  const accounts = accountsOf(groups);
  const list = engine.targets(question.resources);
  const relevant = engine.relevantTo(action);
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
  if (ofEndpoint.some(({ principals }) => principals?.entries.some(({ kind }) => kind !== 'any')))
    sharedKeys.add('aws:principalarn');
  const memoKey = JSON.stringify([
    action,
    elevated,
    [...sharedKeys].sort(byCode),
    [...stated].sort(byKey(([key]) => key)),
  ]);
  const {
    classes,
    statements: own,
    keys,
  } = remember(groups, memoKey, () => {
    const { contentOf } = engine;
    const made = classifyPrincipals({ action, groups, relevant, elevated, sharedKeys, contextOf, contentOf });
    const statements = new Set(made.flatMap((c) => c.statements));
    const keys = new Set<string>();
    keysOf(statements, keys);
    return { classes: made, statements, keys };
  });
  const statements = new Set<Statement>([...shared, ...own]);
  const usedKeys = new Set<string>([...sharedKeys, ...keys]);
  for (const position of list.others) {
    const own = list.targets[position]?.own;
    if (own?.kind === 'policy') keysOf(relevant(own.policy), usedKeys);
  }
  const resources = classifyResources({ engine, action, list, statements, relevant, usedKeys, accounts, retagged });
  const reach = makeReach(resources, contextOf);
  const partitions = new Map<string, OwnPartition>();
  const answer = (subject: Subject, target: Target): AuthorizationAnswer =>
    engine.answer({ action, subject, target, stated, elevated, trusting, retagged });
  const collector = new GrantCollector(principalLists(groups), (principal, target) => {
    const subject = engine.subjects.resolve(principal);
    return subject ? answer(subject, target).decidedBy : [];
  });
  const evaluate = (of: ResourceClass, principals: PrincipalClass, members: readonly Subject[]): void => {
    const [target] = of.targets;
    const [subject] = members;
    if (!target || !subject) return;
    const found = answer(subject, target);
    if (isDenial(found)) return;
    // What decides for another than the first of its class is named by other policies.
    const decided =
      subject === principals.first
        ? found.decidedBy.map((statement) => principals.contentOf(statement))
        : found.decidedBy.map((d) => `${d.policy} ${d.statement} ${d.effect}`);
    collector.add({ members, of, answer: found, decided: [...new Set(decided)].sort().join('\n') });
  };
  const partitionOf = (of: ResourceClass): OwnPartition => {
    const known = partitions.get(of.ownKey);
    if (known) return known;
    const made = partitionBy(of.own, engine.principalNamed);
    partitions.set(of.ownKey, made);
    return made;
  };
  const splits = new Map<string, ReturnType<typeof splitMembers>>();
  const groupsOf = (principals: PrincipalClass, ownKey: string, partition: OwnPartition) => {
    const key = `${principals.id} ${ownKey}`;
    const known = splits.get(key) ?? splitMembers(principals.members(), partition, contextOf);
    splits.set(key, known);
    return known;
  };
  const live = resources.classes.filter((of) => trusting || !isClosed(of, partitionOf));
  for (const principals of classes) {
    const allowed = reach(principals);
    for (const of of candidates(principals, live, allowed, trusting)) {
      if (of.own.length === 0) {
        evaluate(of, principals, principals.members());
        continue;
      }
      const partition = partitionOf(of);
      for (const group of groupsOf(principals, of.ownKey, partition)) {
        const [first] = group;
        if (!first || !isPossible(principals, first, group, of, partition, allowed, trusting)) continue;
        evaluate(of, principals, group);
      }
    }
  }
  return collector.grants(list.targets, list.arns);
}

const accountsOfGroups = new WeakMap<readonly SubjectGroup[], ReadonlySet<string | undefined>>();

function accountsOf(groups: readonly SubjectGroup[]): ReadonlySet<string | undefined> {
  const known = accountsOfGroups.get(groups) ?? new Set(groups.map(([subject]) => subject.account));
  accountsOfGroups.set(groups, known);
  return known;
}

/** The principals' side of a question, the same whatever the resources are. */
interface Side {
  readonly classes: readonly PrincipalClass[];
  readonly statements: ReadonlySet<Statement>;
  readonly keys: ReadonlySet<string>;
}

const sides = new WeakMap<readonly SubjectGroup[], Map<string, Side>>();

/** Many questions are about the same principals and action, on the resources of one place after another. */
function remember(groups: readonly SubjectGroup[], key: string, make: () => Side): Side {
  const memo = sides.get(groups) ?? new Map<string, Side>();
  sides.set(groups, memo);
  const known = memo.get(key);
  if (known) return known;
  const made = make();
  memo.set(key, made);
  return made;
}

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

/** Classes of resources of which some pair with the class of principals may be allowed. */
function* candidates(
  principals: PrincipalClass,
  classes: readonly ResourceClass[],
  allowed: 'all' | ReadonlySet<ResourceClass>,
  trusting: boolean,
): Iterable<ResourceClass> {
  const { account } = principals.first;
  for (const of of classes) {
    const byIdentity = allowed === 'all' || of.isOpen || allowed.has(of);
    const owner = of.targets[0]?.account ?? account;
    const byResource = trusting || of.own.length > 0 || isOpenTo(of, owner !== account);
    if (owner !== account || of.mustAllow ? byResource : byIdentity || byResource) yield of;
  }
}

/** Whether nobody can be let in: the resource's own policy must allow, was read, and names no principal that is asked about. */
function isClosed(of: ResourceClass, partitionOf: (of: ResourceClass) => OwnPartition): boolean {
  if (!of.mustAllow || of.uncollected !== 'no' || isListed(of)) return false;
  const { admits, named } = partitionOf(of);
  return admits !== 'everybody' && admits.size === 0 && named.size === 0;
}

/** Whether something that is no statement may let principals in: an access control list, or a policy that was not read. */
const isOpenTo = (of: ResourceClass, isOutside: boolean): boolean =>
  of.uncollected === 'everybody' || (isOutside && (of.uncollected === 'outsiders' || isListed(of)));

const isDenial = ({ verdict }: AuthorizationAnswer): boolean => verdict.endsWith('-deny');

const isListed = ({ targets: [target] }: ResourceClass): boolean =>
  target?.bucket !== undefined && hasList(target.bucket);

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
  const owner = of.targets[0]?.account ?? account;
  const isNamed = group.length === 1 && partition.named.has(first.record?.id ?? first.id);
  const isAdmitted =
    partition.admits === 'everybody' ||
    partition.admits.has(account) ||
    isNamed ||
    trusting ||
    isOpenTo(of, owner !== account);
  if (of.mustAllow || owner !== account) return isAdmitted;
  return isAdmitted || principals.isUnlimited || of.isOpen || allowed === 'all' || allowed.has(of);
}
