import { onceFor } from '../../model/index.js';
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
import { ClassPairs } from './class-pairs.js';
import { GrantCollector } from './grant-collector.js';
import { groupsOfService } from './groups-by-service.js';
import { isUnlimited } from './principal-classes.js';
import { principalLists } from './principal-lists.js';
import { principalSide } from './principal-side.js';
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
  const { elevated: isElevated = false, trusting = false, unguarded = false, retagged } = question;
  const elevated = isElevated || isSettled(action);
  const stated = readStated(question.context);
  const relevant = engine.relevantTo(action);
  const askers = engine.groups(question.principals);
  if (!elevated && !trusting && !mayAllow(action, askers, relevant)) return [];
  const list = engine.targets(question.resources);
  const owner = trusting || question.principals !== undefined ? undefined : soleOwner(action, list.accounts);
  const groups = owner === undefined ? askers : engine.groupsIn(owner);
  const accounts = accountsOf(groups);
  const nowhere = engine.target('*');
  const { organizations, now } = engine.surroundings;
  const contextOf = onceFor(
    (subject: Subject): RequestContext =>
      deriveContext({ action, subject, target: nowhere, organizations, now, retagged, stated }),
  );
  const endpoint = engine.surroundings.endpoints.of(stated);
  const ofEndpoint = endpoint ? relevant(endpoint) : [];
  const { onAccounts, onResources } = sharedStatements(engine, action, accounts, list.accounts, relevant);
  const onAll = [...onResources, ...ofEndpoint];
  const shared = [...new Set([...[...onAccounts.values()].flat(), ...onAll])];
  const sharedBy = (account: string | undefined) => [...(onAccounts.get(account) ?? []), ...onAll];
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
  } = principalSide({ action, groups, relevant, elevated, shared, sharedBy, apart, contextOf, contentOf }, stated);
  const statements = new Set<Statement>([...shared, ...own]);
  const usedKeys = new Set<string>([...sharedKeys, ...keys]);
  for (const { target } of list.others) if (target.own.kind === 'policy') keysOf(relevant(target.own.policy), usedKeys);
  const resources = classifyResources({ engine, action, list, statements, relevant, usedKeys, accounts, retagged });
  const [someone] = classes;
  const tagOf = ({ first: target }: ResourceClass, key: string): KeyStatus =>
    someone
      ? deriveContext({ action, subject: someone.first, target, organizations, now, retagged, stated }).status(key)
      : ABSENT;
  const answer = (subject: Subject, target: Target): AuthorizationAnswer =>
    engine.answer({ action, subject, target, stated, elevated, trusting, unguarded, retagged });
  const lists = principalLists(groups);
  const collector = new GrantCollector(lists, (principal, target) => {
    const subject = engine.subjects.resolve(principal);
    return subject ? answer(subject, target).decidedBy : [];
  });
  const { principalNamed } = engine;
  const pairs = { principals: classes, resources, shared, trusting, lists, contextOf, principalNamed, answer };
  new ClassPairs(pairs, collector).askAll(makeReach(resources, contextOf, tagOf));
  return collector.grants(list.arns);
}

/**
 * The account that all resources are of, where no policy of a resource lets others in: only its own principals may do anything there.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
function soleOwner(action: string, owners: ReadonlySet<string | undefined>): string | undefined {
  const [owner] = owners;
  const isClosed = !hasResourcePolicies(action.slice(0, action.indexOf(':')));
  return isClosed && owners.size === 1 ? owner : undefined;
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

/** Statements of organization policies that bear on the principals, by their account, and on any of the resources. */
function sharedStatements(
  engine: Engine,
  action: string,
  accounts: ReadonlySet<string | undefined>,
  owners: ReadonlySet<string | undefined>,
  relevant: (policy: Policy) => readonly Statement[],
) {
  const { organizations } = engine.surroundings;
  const of = (account: string | undefined, kind: 'serviceControl' | 'resourceControl'): readonly Statement[] =>
    account === undefined ? [] : organizations.of(account)[kind].flat().flatMap(relevant);
  const controlled = isResourceControlled(action) ? [...new Set([...owners, ...accounts])] : [];
  return {
    onAccounts: new Map([...accounts].map((account) => [account, of(account, 'serviceControl')])),
    onResources: controlled.flatMap((owner) => of(owner, 'resourceControl')),
  };
}
