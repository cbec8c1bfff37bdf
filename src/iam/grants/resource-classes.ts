import type { Retagging } from '../authorizer.js';
import type { Engine } from '../build-authorizer.js';
import { RESOURCE_TAG } from '../context/derive-context.js';
import { launchKindFor } from '../context/launch-keys.js';
import { type ArnPattern, type ArnText, compileArnPattern, matchesArn } from '../matching/arn-pattern.js';
import { type OpenForm, openForm, overlap } from '../matching/pattern-overlap.js';
import { PatternIndex } from '../matching/pattern-index.js';
import type { Policy } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';
import { type Template, widest } from '../policy/template.js';
import { mustResourceAllow } from '../resources/must-resource-allow.js';
import { isPublicPolicy } from '../resources/public-policy.js';
import { hasList } from '../resources/buckets.js';
import { policyOf, type Target } from '../resources/resolve-target.js';
import { isOpenResource } from '../witnesses.js';
import type { AlikeTargets, Placed, TargetList } from './target-lists.js';

/** Resources that every policy treats alike for an action. */
export interface ResourceClass {
  readonly id: number;
  /** In the order of the question. */
  readonly arns: readonly string[];
  readonly first: Target;
  /** Statements of the resource's own policy that match action and resource. */
  readonly own: readonly Statement[];
  /** Whether some of these allow. */
  readonly ownAllows: boolean;
  /** What the own statements say and to whom grants of a key give the action, in a key. */
  readonly ownKey: string;
  /** Whom the grants of a key name that give the action. */
  readonly grantees: readonly string[];
  readonly matched: ReadonlySet<number>;
  /** Equal for classes that differ in the patterns that match them alone; `undefined` for one that is like no other. */
  readonly treatment: string | undefined;
  readonly isOpen: boolean;
  readonly mustAllow: boolean;
  /** Whom it concerns that its own policy may allow or deny something that was not read. */
  readonly uncollected: 'no' | 'outsiders' | 'everybody';
}

interface ClassInput {
  readonly engine: Engine;
  readonly action: string;
  readonly list: TargetList;
  /** All statements of principals' and organization's policies that speak of the action. */
  readonly statements: Iterable<Statement>;
  readonly relevant: (policy: Policy) => readonly Statement[];
  readonly usedKeys: ReadonlySet<string>;
  /** Of the principals that are asked about. */
  readonly accounts: ReadonlySet<string | undefined>;
  readonly retagged: Retagging | undefined;
}

export interface ResourceClasses {
  readonly classes: readonly ResourceClass[];
  readonly index: PatternIndex;
}

/** A class before it has its number. */
interface Draft extends Omit<ResourceClass, 'id'> {
  /** Where its first resource stands in the question. */
  readonly position: number;
}

export function classifyResources(input: ClassInput): ResourceClasses {
  const index = new PatternIndex();
  const templates = new Map<string, Template>();
  const patterns = new Map<string, ArnPattern>();
  for (const { resources } of input.statements) {
    for (const pattern of resources?.fixed ?? []) {
      index.add(pattern);
      patterns.set(pattern.text, pattern);
    }
    for (const template of resources?.templates ?? []) templates.set(template.text, template);
  }
  const wide = [...templates.values()].map((template) => compileArnPattern(widest(template)));
  const usedKeys = [...input.usedKeys].sort();
  const ownMemo = ownStatementsMemo(input);
  const membersByKey = new Map<string, string[]>();
  const drafts: Draft[] = [];
  const add = ({ position, target }: Placed): void => {
    const form = isOpenResource(target.arn) ? openForm(target.arn) : undefined;
    const text = form?.filled ?? target.text;
    const own = ownMemo(target, form, text);
    const isOpen =
      form !== undefined && (own.isPartial || [...patterns.values(), ...wide].some((p) => overlap(form, p) === 'some'));
    const matched = index.match(text);
    const isSingle = isOpen || wide.some((pattern) => matchesArn(pattern, text));
    const mustAllow = mustResourceAllow(input.action, target.arn);
    const uncollected = howUncollected(target, mustAllow, input);
    const isAlone = isSingle || uncollected !== 'no' || target.own.kind === 'elsewhere';
    const treatment = [
      target.account ?? '',
      own.key,
      mustAllow ? 1 : 0,
      factsKey(target, usedKeys, input),
      bucketKey(target),
      grantsKey(target, input.action),
      form === undefined ? 0 : 1,
    ].join('|');
    const key = isAlone ? target.arn : `${matched.join()}|${treatment}`;
    const found = membersByKey.get(key);
    if (found) found.push(target.arn);
    else {
      const { statements, key: ownKey } = own;
      const grantees = target.grants.filter((g) => g.actions.includes(input.action)).map((g) => g.grantee);
      const members = [target.arn];
      membersByKey.set(key, members);
      drafts.push({
        position,
        arns: members,
        first: target,
        own: statements,
        ownAllows: statements.some(({ effect }) => effect === 'Allow'),
        ownKey: grantees.length === 0 ? ownKey : `${ownKey} ${grantees.join(' ')}`,
        grantees,
        matched: new Set(matched),
        treatment: isAlone ? undefined : treatment,
        isOpen,
        mustAllow,
        uncollected,
      });
    }
  };
  const isAboutEach = usedKeys.some((key) => isResourcesOwnKey(key, input));
  for (const alike of input.list.alike) {
    const matched = isAboutEach ? undefined : matchedAlike(alike, index, patterns.values(), wide);
    const { first } = alike;
    if (matched && howUncollected(first, false, input) === 'no')
      drafts.push({
        position: alike.position,
        arns: alike.arns,
        first,
        own: [],
        ownAllows: false,
        ownKey: '',
        grantees: [],
        matched,
        treatment: alikeTreatment(first, usedKeys, input),
        isOpen: false,
        mustAllow: false,
        uncollected: 'no',
      });
    else for (const placed of alike.all()) add(placed);
  }
  for (const placed of input.list.others) add(placed);
  drafts.sort((a, b) => a.position - b.position);
  return { classes: drafts.map((draft, id) => ({ ...draft, id })), index };
}

/** As for others, of a target that has nothing of its own. */
const alikeTreatment = (target: Target, usedKeys: readonly string[], input: ClassInput): string =>
  [target.account ?? '', '', 0, factsKey(target, usedKeys, input), '', '', 0].join('|');

/** The numbers of the patterns that match all of the targets, where each matches all or none; `undefined` where that cannot be said. */
function matchedAlike(
  alike: AlikeTargets,
  index: PatternIndex,
  patterns: Iterable<ArnPattern>,
  wide: readonly ArnPattern[],
): ReadonlySet<number> | undefined {
  if (wide.some((pattern) => alike.covers(pattern) !== 'none')) return undefined;
  const matched = new Set<number>();
  for (const pattern of patterns) {
    const covered = alike.covers(pattern);
    if (covered === 'some') return undefined;
    if (covered === 'all') matched.add(index.add(pattern));
  }
  return matched;
}

/** To whom it matters that a resource's own policy was not read: to nobody, to principals of other accounts, or to everybody. */
function howUncollected(
  target: Target,
  mustAllow: boolean,
  { engine, action, accounts }: ClassInput,
): ResourceClass['uncollected'] {
  const { own, account } = target;
  if (own.kind === 'policy') {
    if (own.policy.document.problem !== undefined) return 'everybody';
    return target.grants.some((grant) => grant.actions.includes(action)) ? 'everybody' : 'no';
  }
  if (own.kind === 'gap' || mustAllow) return 'everybody';
  const isForeign = account !== undefined && !engine.surroundings.accounts.has(account);
  const hasOutsiders = account !== undefined && (accounts.size > 1 || !accounts.has(account));
  return hasOutsiders && (isForeign || own.kind === 'missing') ? 'outsiders' : 'no';
}

interface OwnStatements {
  readonly statements: readonly Statement[];
  readonly key: string;
  /** Whether the policy tells apart names of the form that is asked about. */
  readonly isPartial: boolean;
}

const NO_OWN: OwnStatements = { statements: [], key: '', isPartial: false };

/** The own statements that match a resource, and a key in which two resources are the same whose policies say the same of them. */
function ownStatementsMemo({ relevant }: ClassInput) {
  const contents = new Map<string, number>();
  const contentOf = new Map<Statement, number>();
  const content = (statement: Statement, policy: Policy): number | string => {
    let known = contentOf.get(statement);
    if (known === undefined) {
      const { effect, principals, conditions } = statement;
      const text = JSON.stringify([
        effect,
        principals,
        conditions.map((c) => [c.operatorName, c.lowerKey, c.values, c.templates]),
      ]);
      known = contents.get(text) ?? contents.size;
      contents.set(text, known);
      contentOf.set(statement, known);
    }
    return statement.effect === 'Allow' ? `${known}@${policy.label}/${statement.name}` : known;
  };
  return (target: Target, form: OpenForm | undefined, text: ArnText): OwnStatements => {
    const policy = policyOf(target.own);
    if (!policy) return NO_OWN;
    if (policy.document.problem !== undefined) return { statements: [], key: policy.label, isPartial: true };
    const isPartial =
      form !== undefined &&
      relevant(policy).some(({ resources }) => resources?.fixed.some((pattern) => overlap(form, pattern) === 'some'));
    const statements = relevant(policy).filter(({ resources }) => {
      if (!resources) return true;
      if (isPartial || resources.templates.length > 0) return true;
      return resources.fixed.some((pattern) => matchesArn(pattern, text)) !== resources.not;
    });
    const hasTemplates = statements.some(({ resources }) => (resources?.templates.length ?? 0) > 0);
    const key = statements.map((statement) => content(statement, policy)).join();
    return { statements, key: hasTemplates ? `${key} ${target.arn}` : key, isPartial };
  };
}

/** Asked of what is there, and of what is only made, in different ways. */
const IS_OF_MAKING = /^(ec2|ecs):createaction$/;

/** Whether a key's value may differ between resources of one account and region. */
const isResourcesOwnKey = (key: string, { retagged }: ClassInput): boolean =>
  (RESOURCE_TAG.test(key) && !retagged) ||
  key === 'ecs:cluster' ||
  IS_OF_MAKING.test(key) ||
  key === 'secretsmanager:secretid' ||
  key === 'kms:resourcealiases';

/** What conditions see of the resource. */
function factsKey(target: Target, usedKeys: readonly string[], { retagged }: ClassInput): string {
  const parts: string[] = [];
  for (const key of usedKeys) {
    const tag = RESOURCE_TAG.exec(key)?.[1];
    if (tag !== undefined && retagged !== 'set') {
      const tags = target.tags();
      const value = tags && [...tags].find(([name]) => name.toLowerCase() === tag)?.[1];
      parts.push(tags ? (value === undefined ? 'none' : JSON.stringify(value)) : '?');
    } else if (key === 'iam:permissionsboundary')
      parts.push(target.principal ? (target.principal.boundaryArn ?? 'none') : '?');
    else if (key === 'aws:requestedregion' || key === 'ec2:region') parts.push(target.region ?? '?');
    else if (key === 'ecs:cluster' || key === 'secretsmanager:secretid') parts.push(target.arn);
    else if (IS_OF_MAKING.test(key)) parts.push(target.tags() ? 'there' : 'made');
    else if (key === 'kms:resourcealiases') parts.push(target.aliases()?.join() ?? '?');
    else parts.push(launchKindFor(key, target.arn) ?? '');
  }
  return parts.join(';');
}

function bucketKey({ bucket, own }: Target): string {
  if (!bucket) return '';
  const policy = policyOf(own);
  const isPublic = policy !== undefined && isPublicPolicy(policy.document);
  if (isPublic && bucket.isRestricted === undefined) return bucket.name;
  return `${isPublic && bucket.isRestricted ? 1 : 0}${hasList(bucket) ? bucket.name : ''}`;
}

const grantsKey = ({ grants, arn }: Target, action: string): string =>
  grants.some((grant) => grant.actions.includes(action)) ? arn : '';
