import { byCode, groupBy, onceFor, sortedUnique } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { findAdministration, isAdministrator } from './administrator.js';
import type {
  AuthorizationAnswer,
  AuthorizationRequest,
  Authorizer,
  PolicyChange,
  PolicyOpening,
} from './authorizer.js';
import { readStated } from './context/derive-context.js';
import { evaluateQuestion, type Question, requestOf, type Surroundings } from './evaluate-request.js';
import { findGrants } from './grants/find-grants.js';
import { statementFinder } from './grants/relevant.js';
import { statementContents } from './grants/statement-contents.js';
import { groupSubjects, type SubjectGroup } from './grants/subject-groups.js';
import { makeTargetList, type TargetList } from './grants/target-lists.js';
import { findNearMisses } from './near-misses.js';
import { findOpenings } from './openings.js';
import { findPermissions } from './permissions.js';
import { readOrganizations } from './organizations/read-organizations.js';
import { type Likeness, makeLikeness } from './likeness.js';
import { lowerCase } from './matching/lower-case.js';
import type { CompiledDocument, Policy } from './policy/document.js';
import { unreadablePolicies } from './policy/unreadable-policies.js';
import { servicesNamedBy } from './policy-facts.js';
import { statementsByActions } from './statements-by-actions.js';
import { PolicyCompiler } from './policy/policy-compiler.js';
import type { PolicySet } from './policy/policy-set.js';
import type { NamedPolicy } from './policy/named-policy.js';
import type { Statement } from './policy/statement.js';
import { resolveTemplate, type Template } from './policy/template.js';
import { policiesOf, type PrincipalRecord, readPrincipals } from './principals/read-principals.js';
import { makeSubjects, type Subjects } from './principals/resolve-subject.js';
import { readBuckets, readCanonicalIds } from './resources/buckets.js';
import { readKeyAliases } from './resources/key-aliases.js';
import { readManagedKeys } from './resources/managed-keys.js';
import { readEndpointPolicies } from './resources/endpoint-policies.js';
import { readKeyGrants } from './resources/key-grants.js';
import { type OwnPolicy, readOwnPolicies } from './resources/own-policies.js';
import { policyOf, type ResourceFacts, resolveTarget, type Target } from './resources/resolve-target.js';
import { readTags } from './resources/tags.js';
import { templateFiller } from './variable-values.js';
import { makeWitnesses, namesOf, type Witness } from './witnesses.js';

/** The engine's insides, shared by its questions. */
export interface Engine {
  readonly subjects: Subjects;
  readonly surroundings: Surroundings;
  readonly facts: ResourceFacts;
  target(arn: string): Target;
  /** Principals (all collected ones when absent) grouped by their policies; remembered for an array that is asked about again. */
  groups(principals?: readonly string[]): readonly SubjectGroup[];
  /** Those of the collected principals of one account. */
  groupsIn(account: string): readonly SubjectGroup[];
  /** Remembered for an array that is asked about again. */
  targets(arns: readonly string[]): TargetList;
  /** A number for what a statement says of an action that it speaks of: equal for statements that differ in other actions and names alone. */
  contentOf(statement: Statement): number;
  /** The policies that are nobody's own: of resources, organizations and endpoints. */
  readonly shared: readonly Policy[];
  sessionSet(policies: readonly NamedPolicy[]): PolicySet;
  /** Policies that were added to principals, in worlds that an intruder makes. */
  readonly added: readonly Policy[];
  /** Compiled once for a document. */
  add(policy: NamedPolicy): Policy;
  /** The statements of a policy that speak of an action, given in lower case. */
  relevantTo(action: string): (policy: Policy) => readonly Statement[];
  /** The id of the collected principal that a principal element names, by its ARN or by a session's. */
  principalNamed(arn: string): string | undefined;
  /** Of a concrete resource or, where its name is open, of the one that serves the principal best. */
  answer(question: Question): AuthorizationAnswer;
  /** Of one resource, whose name is given, of the form that is asked about. */
  example(question: Question, name: string): AuthorizationAnswer;
}

/** Reads the snapshot's policies and compiles them; everything asked afterwards is answered from memory. */
export function buildAuthorizer(snapshot: Snapshot): Authorizer {
  const compiler = new PolicyCompiler();
  const records = readPrincipals(snapshot, compiler.document);
  const authorizer = makeAuthorizer(makeEngine(snapshot, records, compiler), records);
  compiler.forgetTexts();
  return authorizer;
}

function makeAuthorizer(engine: Engine, records: readonly PrincipalRecord[]): Authorizer {
  const fill = templateFiller(records, { ...engine, nowhere: engine.target('*') });
  let known: { readonly likeness: Likeness; readonly added: number } | undefined;
  // Policies that an intruder may bring into force look at keys too.
  const likeness = (): Likeness => {
    const { shared, added } = engine;
    if (known?.added === added.length) return known.likeness;
    const others = new Set([...shared, ...added].map(({ document }) => document));
    const made = makeLikeness([...records.flatMap(policiesOf), ...shared, ...added], (template, document) =>
      fill(template, document, others.has(document)),
    );
    known = { likeness: made, added: added.length };
    return made;
  };
  const statementsOn = statementsByActions(engine, records, fill);
  const openings = new Map<string, readonly PolicyOpening[]>();
  const services = new Map<CompiledDocument, ReturnType<typeof servicesNamedBy>>();
  const questionOf = (request: AuthorizationRequest): Question | undefined => {
    const subject = engine.subjects.resolve(request.principal);
    if (!subject) return undefined;
    return {
      action: lowerCase(request.action),
      subject,
      target: engine.target(request.resource ?? '*'),
      stated: readStated(request.context),
      elevated: request.elevated ?? false,
      trusting: request.trusting ?? false,
      unguarded: request.unguarded ?? false,
      retagged: request.retagged,
      session: request.sessionPolicies && engine.sessionSet(request.sessionPolicies),
    };
  };
  const evaluate = (request: AuthorizationRequest): AuthorizationAnswer => {
    const question = questionOf(request);
    return question ? engine.answer(question) : unknownAnswer(request.principal, 'is no principal');
  };
  return {
    principals: records.map(({ id, kind, account, boundaryArn }) => ({
      id,
      kind,
      account,
      bounded: boundaryArn !== undefined,
    })),
    gaps: unreadablePolicies([...records.flatMap(policiesOf), ...engine.shared]),
    evaluate,
    nearMisses: (request) => {
      const question = questionOf(request);
      return question ? findNearMisses(question, engine.surroundings) : [];
    },
    grants: (question) => findGrants(engine, question),
    isAdministrator: (principal, options) =>
      isAdministrator(evaluate, principal, options?.elevated ?? false, {
        isHeldBack: (id) => isHeldBack(engine, id),
        isBounded: (id) => engine.subjects.resolve(id)?.record?.boundaryArn !== undefined,
      }),
    administration: (principal) => findAdministration(evaluate, principal, engine.subjects.resolve(principal)?.record),
    permissions: (question) => findPermissions(engine, question),
    namesOf: (form, actions, keys = []) => namesOf(form, statementsOn(actions), keys.map(lowerCase)),
    looksAt: (keys) => likeness().looksAt(keys),
    tagsAskedOf: (owner) => likeness().tagsAskedOf(owner),
    likenessOf: (context) => likeness().of(context),
    servicesNamedBy: (role) => {
      const document = engine.facts.principals.get(role)?.trust?.document;
      if (!document) return 'all';
      const known = services.get(document) ?? servicesNamedBy(document);
      services.set(document, known);
      return known;
    },
    openings: (resource) => {
      const found = openings.get(resource) ?? findOpenings(engine, resource);
      openings.set(resource, found);
      return found;
    },
    changed: (changes) => {
      const changed = records.flatMap((record) => {
        const change = changes.get(record.id);
        return change ? [changeRecord(record, change, engine)] : [];
      });
      return makeAuthorizer(withRecords(engine, changed), changed);
    },
  };
}

/** Whether anything may take away from a principal what it could give itself: only what certainly cannot is said not to. */
function isHeldBack({ subjects, surroundings }: Engine, principal: string): boolean {
  const subject = subjects.resolve(principal);
  if (!subject?.record || subject.account === undefined || subject.isUnheardOf || subject.isForeign) return true;
  if (subject.boundary || subject.missing.length > 0) return true;
  const { serviceControl, resourceControl } = surroundings.organizations.of(subject.account);
  if (serviceControl.length > 0 || resourceControl.length > 0) return true;
  return subject.policies.some(
    ({ document }) => document.problem !== undefined || document.statements.some(({ effect }) => effect === 'Deny'),
  );
}

function changeRecord(record: PrincipalRecord, change: PolicyChange, engine: Engine): PrincipalRecord {
  const { boundary = false, policies = [], added = [], missing = [] } = change;
  const { tags = new Map(), openTags = new Map(), untagged = [] } = change;
  const renewed = new Set([...tags.keys(), ...untagged].map(lowerCase));
  const removed = new Set(policies);
  return {
    ...record,
    policies: [
      ...record.policies.filter((policy) => !removed.has(policy.label)),
      ...added.map((policy) => engine.add(policy)),
    ],
    missing: [...record.missing, ...missing],
    ...(renewed.size > 0 && {
      tags: new Map([...[...record.tags].filter(([name]) => !renewed.has(lowerCase(name))), ...tags]),
    }),
    ...(openTags.size > 0 && {
      openTags: new Map([...openTags].map(([name, decider]) => [lowerCase(name), decider])),
    }),
    ...(boundary && { boundary: undefined, boundaryArn: undefined }),
  };
}

/** The engine with these principals in place of all of them; resources stay as they are. */
function withRecords(engine: Engine, records: readonly PrincipalRecord[]): Engine {
  const subjects = makeSubjects(records, engine.surroundings.accounts);
  return { ...engine, subjects, ...makeGroups(subjects, records) };
}

function makeGroups(subjects: Subjects, records: readonly PrincipalRecord[]): Pick<Engine, 'groups' | 'groupsIn'> {
  const all = records.map((record) => record.id);
  const byAccount = groupBy(records, ({ account }) => account);
  const groupsOf = onceFor((principals: readonly string[]) =>
    groupSubjects(subjects, principals === all ? all : sortedUnique(principals)),
  );
  const groupsAmong = onceFor((own: readonly PrincipalRecord[]) => groupsOf(own.map(({ id }) => id)));
  return {
    groups: (principals = all) => groupsOf(principals),
    groupsIn: (account) => groupsAmong(byAccount.get(account) ?? []),
  };
}

function makeEngine(snapshot: Snapshot, records: ReturnType<typeof readPrincipals>, compiler: PolicyCompiler): Engine {
  const compile = compiler.document;
  const accounts = new Set(snapshot.accounts.map((account) => account.id));
  const surroundings: Surroundings = {
    organizations: readOrganizations(snapshot, compile),
    now: snapshot.collectedAt,
    accounts,
    index: compiler.index,
    endpoints: readEndpointPolicies(snapshot, compile),
  };
  let tags: ReturnType<typeof readTags> | undefined;
  const canonicalIds = readCanonicalIds(snapshot);
  const facts: ResourceFacts = {
    ownPolicies: readOwnPolicies(snapshot, records, canonicalIds, compile),
    buckets: readBuckets(snapshot, canonicalIds),
    keyGrants: readKeyGrants(snapshot),
    managedKeys: readManagedKeys(snapshot),
    keyAliases: readKeyAliases(snapshot),
    principals: new Map(records.map((record) => [record.id, record])),
    tags: () => (tags ??= readTags(snapshot)),
  };
  const subjects = makeSubjects(records, accounts);
  const added: Policy[] = [];
  const known = new Map<string, Target>();
  const lists = new WeakMap<readonly string[], TargetList>();
  const target = (arn: string): Target => {
    let found = known.get(arn);
    if (!found) {
      found = resolveTarget(arn, facts);
      known.set(arn, found);
    }
    return found;
  };
  return {
    subjects,
    surroundings,
    facts,
    target,
    targets: (arns) => {
      const known = lists.get(arns);
      if (known) return known;
      const made = makeTargetList(arns, target);
      lists.set(arns, made);
      return made;
    },
    contentOf: statementContents(),
    shared: [...facts.ownPolicies.policies, ...surroundings.organizations.policies, ...surroundings.endpoints.policies],
    sessionSet: (policies) => compiler.setOf(policies),
    added,
    add: onceFor((policy: NamedPolicy): Policy => {
      const made = { label: policy.name, document: compile(policy.document) };
      added.push(made);
      return made;
    }),
    relevantTo: statementFinder(),
    ...makeGroups(subjects, records),
    principalNamed: (arn) => (facts.principals.has(arn) ? arn : subjects.resolve(arn)?.record?.id),
    answer: (question) => answerQuestion(question, surroundings, facts),
    example: (question, name) => {
      const { target } = question;
      if (!target.isOpen) return evaluateQuestion(question, surroundings);
      const { own: found } = resolveTarget(name, facts);
      // Buckets whose names are open are meant as the account's own.
      const own: OwnPolicy = found.kind === 'elsewhere' ? { kind: 'none' } : found;
      return evaluateQuestion(
        { ...question, target: { ...newResource({ arn: name }, target, facts), own } },
        surroundings,
      );
    },
  };
}

function answerQuestion(question: Question, surroundings: Surroundings, facts: ResourceFacts): AuthorizationAnswer {
  const { arn } = question.target;
  if (!question.target.isOpen) return evaluateQuestion(question, surroundings);
  const { subject, action } = question;
  const own = policyOf(question.target.own);
  const endpoint = surroundings.endpoints.of(question.stated);
  const levels = subject.account === undefined ? undefined : surroundings.organizations.of(subject.account);
  const policies = [
    ...subject.policies,
    ...(subject.boundary ? [subject.boundary] : []),
    ...(own ? [own] : []),
    ...(question.session?.policies ?? []),
    ...(endpoint ? [endpoint] : []),
    ...(levels?.serviceControl.flat() ?? []),
    ...(levels?.resourceControl.flat() ?? []),
  ];
  const witnesses = makeWitnesses(arn, action, policies, fillTemplates(question, surroundings));
  let best: AuthorizationAnswer | undefined;
  for (const witness of witnesses.resources) {
    const target = newResource(witness, question.target, facts);
    const answer = evaluateQuestion({ ...question, target }, surroundings);
    const isBetter =
      !best ||
      RANK[answer.verdict] > RANK[best.verdict] ||
      (answer.verdict === best.verdict && isSimpler(answer, best));
    if (isBetter) best = answer;
    if (answer.verdict === 'allowed') break;
  }
  if (!best) return evaluateQuestion(question, surroundings);
  if (witnesses.leftOut === 0 || best.verdict === 'allowed') return best;
  return { ...best, notes: [...best.notes, `${witnesses.leftOut} forms of the name were not tried.`] };
}

const RANK = { allowed: 4, depends: 3, unknown: 2, 'explicit-deny': 1, 'implicit-deny': 0 } as const;

function isSimpler(a: AuthorizationAnswer, b: AuthorizationAnswer): boolean {
  if (a.conditions.length !== b.conditions.length) return a.conditions.length < b.conditions.length;
  return byCode(JSON.stringify(a.conditions), JSON.stringify(b.conditions)) < 0;
}

/** A name that the principal chooses: what the snapshot knows of the form (its bucket, the search domain that it is in) counts for it too. */
function newResource({ arn, mayBeIn }: Witness, form: Target, facts: ResourceFacts): Target {
  const target = resolveTarget(arn, facts);
  const isNew = target.bucket === undefined && form.bucket === undefined && policyOf(form.own) === undefined;
  const account =
    /:[^:]*\*[^:]*:[^:]*$/.test(form.arn) && form.account === undefined ? undefined : (form.account ?? target.account);
  const region = form.region ?? target.region;
  return {
    ...target,
    isPicked: true,
    account,
    region,
    own: isNew ? { kind: 'none' } : form.own,
    ...(mayBeIn && { mayBeIn }),
  };
}

/** Templates as the request has them: as they are where their variables are known, as patterns where not. */
function fillTemplates(question: Question, surroundings: Surroundings): (template: Template) => string | undefined {
  const { context } = requestOf(question, surroundings);
  return (template) => {
    const resolved = resolveTemplate(template, context);
    if (resolved.kind === 'absent') return undefined;
    return resolved.kind === 'text' ? resolved.text : resolved.form;
  };
}

function unknownAnswer(key: string, why: string): AuthorizationAnswer {
  return { verdict: 'unknown', conditions: [{ key, operator: 'Known', values: [why] }], decidedBy: [], notes: [] };
}
