import { byKey, sortedUnique } from '../model/index.js';
import type { AuthorizationAnswer, Permission, PermissionQuestion, PermittedResources } from './authorizer.js';
import type { Engine } from './build-authorizer.js';
import { deriveContext, readStated } from './context/derive-context.js';
import { lowerCase } from './matching/lower-case.js';
import { contains, type Form, formOf, meet, meetAll } from './permissions/form.js';
import { allowedForms, type Asked, closure, ownForms, tellingPatterns } from './permissions/telling-forms.js';

/**
 * On which resources a principal may do each of a set of actions, as patterns: what its allowing statements say, cut to what boundary and
 * organization leave of it, with what is denied as exceptions. Resources whose own policies decide stand by their ARNs.
 */
export function findPermissions(engine: Engine, question: PermissionQuestion): readonly Permission[] {
  const subject = engine.subjects.resolve(question.principal);
  if (!subject) return [];
  const stated = readStated(question.context);
  const none = { elevated: false, trusting: false, unguarded: false, retagged: undefined };
  const nowhere = engine.target('*');
  return sortedUnique(question.actions).map((name) => {
    const action = lowerCase(name);
    const context = deriveContext({ ...none, ...engine.surroundings, action, subject, target: nowhere, stated });
    const judge = (form: Form): Judged => {
      const target = engine.target(form.patterns[0] ?? '*');
      const answer = engine.example({ ...none, action, subject, target, stated }, form.example);
      return { form, answer, terms: JSON.stringify([answer.verdict, answer.conditions]) };
    };
    return { action: name, resources: permittedOn(engine, { subject, action, context }, judge) };
  });
}

interface Judged {
  readonly form: Form;
  readonly answer: AuthorizationAnswer;
  /** Equal where verdict and conditions are. */
  readonly terms: string;
}

function permittedOn(engine: Engine, asked: Asked, judge: (form: Form) => Judged): readonly PermittedResources[] {
  const allowed = allowedForms(engine, asked);
  const told = tellingPatterns(engine, asked);
  const named = closure([...meetAll(allowed, told.map(formOf)), ...ownForms(engine, asked)]);
  const parts = named.forms.map(judge);
  const all = [...allowed.map(judge), ...parts].filter(({ answer }) => !isDenial(answer));
  // Where not all could be looked at, everything that is told apart is left out of what is certain.
  const more = named.isWhole ? [] : told;
  return withoutCovered(all.map((one) => describe(one, parts, more))).sort(
    byKey(({ pattern, also }) => [pattern, ...also].join(' ')),
  );
}

const isDenial = ({ verdict }: AuthorizationAnswer): boolean => verdict.endsWith('-deny');

const RANK = { allowed: 3, depends: 2, unknown: 1, 'explicit-deny': 0, 'implicit-deny': 0 } as const;

function describe(
  { form, answer, terms }: Judged,
  parts: readonly Judged[],
  more: readonly string[],
): PermittedResources {
  const { verdict, conditions, decidedBy } = answer;
  const [pattern = '*', ...also] = form.patterns;
  const except = new Set<string>();
  for (const part of parts) {
    if (part.terms === terms || RANK[part.answer.verdict] > RANK[verdict]) continue;
    // What the exception adds to what the entry says already.
    const added = part.form.patterns.filter((one) => !form.patterns.some((own) => contains(one, own)));
    const [first] = added;
    if (first !== undefined && meet(form, part.form)) except.add(added.length === 1 ? first : narrowest(added));
  }
  for (const one of more) if (!form.patterns.includes(one)) except.add(one);
  const all = [...except].sort();
  return {
    pattern,
    also,
    except: all.filter((one) => !all.some((other) => other !== one && contains(other, one))),
    verdict: verdict === 'allowed' || verdict === 'depends' ? verdict : 'unknown',
    conditions,
    decidedBy,
  };
}

/** Of patterns that an exception has all of, one that says the most. */
const narrowest = (patterns: readonly string[]): string =>
  patterns.reduce((best, one) => (one.length > best.length ? one : best));

/** Leaves out what an entry before or a wider one says too, on the same conditions. */
function withoutCovered(all: readonly PermittedResources[]): PermittedResources[] {
  const terms = new Map(all.map((one) => [one, JSON.stringify([one.verdict, one.conditions])]));
  const covers = (wide: PermittedResources, narrow: PermittedResources): boolean =>
    terms.get(wide) === terms.get(narrow) &&
    [wide.pattern, ...wide.also].every((one) => [narrow.pattern, ...narrow.also].some((own) => contains(one, own))) &&
    wide.except.every((denied) => narrow.except.includes(denied) || !meet(formOf(denied), formOf(narrow.pattern)));
  return all.filter(
    (one, index) =>
      !all.some((other, before) => other !== one && covers(other, one) && (before < index || !covers(one, other))),
  );
}
