import { sortedUnique } from '../../model/index.js';
import type { Engine } from '../build-authorizer.js';
import type { RequestContext } from '../context/request-context.js';
import type { Policy } from '../policy/document.js';
import { statementsFor } from '../policy/policy-set.js';
import type { Statement } from '../policy/statement.js';
import { resolveTemplate } from '../policy/template.js';
import type { Subject } from '../principals/resolve-subject.js';
import { isTrustAction } from '../resources/must-resource-allow.js';
import { policyOf } from '../resources/resolve-target.js';
import { type Form, formKey, formOf, meet, meetAll } from './form.js';

/** Who asks about what. */
export interface Asked {
  readonly subject: Subject;
  /** In lower case. */
  readonly action: string;
  readonly context: RequestContext;
}

/** Every ARN; `*` stands for requests that name no resource too. */
const ANY_ARN = 'arn:*:*:*:*:*';
/** Resources whose own policies must allow. */
const ROLES = 'arn:*:iam::*:role/*';
const KEYS = 'arn:*:kms:*:*:key/*';

/** What the allowing statements of every kind of policy that must allow (identity policies, boundary, each level of the organization) have in common. */
export function allowedForms(engine: Engine, asked: Asked): readonly Form[] {
  let forms: readonly Form[] = [formOf(isTrustAction(asked.action) ? ROLES : '*')];
  for (const policies of allowingLayers(engine, asked.subject)) {
    const allowed = sortedUnique(policies.flatMap((policy) => allowedBy(policy, asked)));
    forms = meetAll(forms, allowed.map(formOf));
  }
  return forms;
}

/** Patterns that may be judged otherwise than what is around them: what denying statements name or spare, and allowing ones leave out. */
export function tellingPatterns(engine: Engine, asked: Asked): readonly string[] {
  const policies = [...allowingLayers(engine, asked.subject), asked.subject.policies].flat();
  const named = policies.flatMap((policy) =>
    statementsFor(policy.document, asked.action).flatMap((statement) =>
      statement.effect === 'Deny' || statement.resources?.not === true ? patternsOf(statement, asked) : [],
    ),
  );
  return sortedUnique([...named, ANY_ARN, KEYS]);
}

/**
 * Resources whose own policies, or grants of keys, speak of the action, and the parts of them that these or policies of the principal's side tell apart; of
 * a bucket, what is in it too.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export function ownForms(engine: Engine, asked: Asked): readonly Form[] {
  const layers = [...allowingLayers(engine, asked.subject), asked.subject.policies].map((policies) =>
    formsOf(
      policies.flatMap((policy) => statementsFor(policy.document, asked.action)),
      asked,
    ),
  );
  const { ownPolicies, keyGrants } = engine.facts;
  return sortedUnique([...ownPolicies.arns, ...keyGrants.keys()]).flatMap((arn) => {
    const target = engine.target(arn);
    const policy = policyOf(target.own);
    const statements = policy ? statementsFor(policy.document, asked.action) : [];
    const isGranted = keyGrants.get(arn)?.some(({ actions }) => actions.includes(asked.action)) === true;
    if (statements.length === 0 && !isGranted) return [];
    let parts: readonly Form[] = (target.bucket ? [arn, `${arn}/*`] : [arn]).map(formOf);
    for (const forms of [formsOf(statements, asked), ...layers]) parts = meetAll(parts, forms);
    return parts;
  });
}

/** The forms that statements name, and everything. */
const formsOf = (statements: readonly Statement[], asked: Asked): readonly Form[] =>
  sortedUnique(['*', ...statements.flatMap((statement) => patternsOf(statement, asked))]).map(formOf);

const LIMIT = 500;

/** All that forms have in common with one another, and how many could not be looked at for their number. */
export function closure(forms: readonly Form[]): { readonly forms: readonly Form[]; readonly isWhole: boolean } {
  const found = new Map(forms.map((form) => [formKey(form), form]));
  const all = [...found.values()];
  for (let i = 1; i < all.length; i++) {
    for (let j = 0; j < i; j++) {
      const common = meet(all[i] as Form, all[j] as Form);
      const key = common && formKey(common);
      if (common === undefined || key === undefined || found.has(key)) continue;
      if (all.length >= LIMIT) return { forms: all, isWhole: false };
      found.set(key, common);
      all.push(common);
    }
  }
  return { forms: all, isWhole: true };
}

/** Those of a principal that may do everything, or whose policies are not known, are left out. */
function allowingLayers(engine: Engine, subject: Subject): readonly (readonly Policy[])[] {
  const layers: (readonly Policy[])[] = [];
  if (!subject.isUnlimited && subject.missing.length === 0 && !subject.isUnheardOf) layers.push(subject.policies);
  if (subject.boundary) layers.push([subject.boundary]);
  if (subject.account !== undefined && !subject.isForeign && !subject.record?.isServiceLinked)
    layers.push(...engine.surroundings.organizations.of(subject.account).serviceControl);
  return layers;
}

/** A policy that cannot be read may allow anything. */
function allowedBy(policy: Policy, asked: Asked): readonly string[] {
  if (policy.document.problem !== undefined) return ['*'];
  return statementsFor(policy.document, asked.action).flatMap((statement) => {
    if (statement.effect === 'Deny') return [];
    return statement.resources?.not === false ? patternsOf(statement, asked) : ['*'];
  });
}

/** Variables are filled in as far as their values are known. */
const patternsOf = ({ resources }: Statement, { context }: Asked): readonly string[] => [
  ...(resources?.fixed ?? []).map(({ text }) => text),
  ...(resources?.templates ?? []).flatMap((template) => {
    const resolved = resolveTemplate(template, context);
    if (resolved.kind === 'absent') return [];
    return [resolved.kind === 'text' ? resolved.text : resolved.form];
  }),
];
