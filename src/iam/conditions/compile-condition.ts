import type { KeyStatus, RequestContext } from '../context/request-context.js';
import { atomic, type KeyValues, type Truth } from '../logic/formula.js';
import { unescapeGlob } from '../matching/glob.js';
import {
  candidateValues,
  openKeys,
  parseTemplate,
  resolveTemplate,
  settle,
  type Template,
} from '../policy/template.js';
import { type Operator, printOperator } from './operators.js';
import { OTHER_VALUE } from './operator.js';

type Test = (actual: string) => boolean;

/** One operator, key and list of values of a `Condition` element. */
export interface CompiledCondition {
  /** As written. */
  readonly key: string;
  readonly lowerKey: string;
  readonly operator: Operator;
  readonly operatorName: string;
  /** As written. */
  readonly values: readonly string[];
  readonly templates: readonly (string | Template)[];
  /** Made once where the values have no variables. */
  readonly holds: ((values: KeyValues) => boolean) | undefined;
  /** The keys that the variables of the values name, in lower case. */
  readonly variables: readonly string[];
}

export function compileCondition(
  operator: Operator,
  key: string,
  values: readonly string[],
  hasVariables: boolean,
): CompiledCondition {
  const templates = values.map((value) => (hasVariables ? parseTemplate(value) : value));
  const variables = templates.flatMap((t) =>
    typeof t === 'string' ? [] : t.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.key])),
  );
  const fixed = templates.every((t) => typeof t === 'string');
  return {
    key,
    lowerKey: key.toLowerCase(),
    operator,
    operatorName: printOperator(operator),
    values,
    templates,
    holds: fixed ? makeTest(operator, templates) : undefined,
    variables,
  };
}

/** Whether a condition holds in a request; a formula where the request's key is not known. */
export function evaluateCondition(condition: CompiledCondition, context: RequestContext): Truth {
  const status = context.status(condition.lowerKey);
  const resolved = condition.holds ? condition.templates : resolveAll(condition.templates, context);
  if (resolved === undefined) {
    if (status.kind === 'absent' && condition.operator.base.family) return makeTest(condition.operator, [])(undefined);
    return evaluateOpenVariable(condition, context, status);
  }
  const holds = condition.holds ?? makeTest(condition.operator, resolved);
  if (status.kind === 'absent') return holds(undefined);
  if (status.kind === 'known') return holds(status.values);
  const { base, quantifier } = condition.operator;
  const values = condition.holds ? condition.values : resolved.map((text) => unescapeGlob(text as string));
  return atomic({
    kind: 'key',
    id: `${condition.operatorName} ${condition.lowerKey} ${JSON.stringify(values)}`,
    key: condition.lowerKey,
    condition: { key: condition.key, operator: condition.operatorName, values },
    holds,
    samples: [...resolved.flatMap((text) => base.family?.samples(text as string) ?? []), OTHER_VALUE],
    multivalued: quantifier !== undefined,
    domain: (samples, multivalued) => status.domain(samples, multivalued),
  });
}

/** A condition whose values hold a variable that is not known: a condition on the variable's key, where there is one such key alone. */
function evaluateOpenVariable(condition: CompiledCondition, context: RequestContext, status: KeyStatus): Truth {
  const { key, operatorName, values, operator } = condition;
  const rendered = { key, operator: operatorName, values };
  const id = `${operatorName} ${condition.lowerKey} ${JSON.stringify(values)} with variables`;
  const templates = condition.templates.filter((template) => typeof template !== 'string');
  const keys = [...new Set(templates.flatMap((template) => openKeys(template, context)))];
  const [open] = keys;
  const openStatus = open === undefined ? undefined : context.status(open);
  const isSame = open === condition.lowerKey;
  if (open === undefined || keys.length > 1 || openStatus?.kind !== 'open' || (status.kind === 'open' && !isSame)) {
    return atomic({ kind: 'free', id, decider: 'unknown', condition: rendered });
  }
  const actual = status.kind === 'known' ? status.values : undefined;
  return atomic({
    kind: 'key',
    id,
    key: open,
    condition: rendered,
    holds: (settled) => {
      const resolved = resolveAll(condition.templates, settle(context, open, settled));
      return makeTest(operator, resolved ?? [])(isSame ? settled : actual);
    },
    samples: [...candidateValues(actual ?? []), OTHER_VALUE],
    multivalued: false,
    domain: (samples, multivalued) => openStatus.domain(samples, multivalued),
  });
}

/** The values with their variables filled in, those with an absent one left out; `undefined` where one is not known. */
function resolveAll(templates: readonly (string | Template)[], context: RequestContext): string[] | undefined {
  const result: string[] = [];
  for (const template of templates) {
    if (typeof template === 'string') {
      result.push(template);
      continue;
    }
    const resolved = resolveTemplate(template, context);
    if (resolved.kind === 'open') return undefined;
    if (resolved.kind === 'text') result.push(resolved.text);
  }
  return result;
}

/**
 * The test that an operator and its values make of the values of a request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function makeTest(operator: Operator, values: readonly (string | Template)[]): (actual: KeyValues) => boolean {
  const { base, quantifier, ifExists } = operator;
  const expected = values.filter((value): value is string => typeof value === 'string');
  const { family } = base;
  if (!family) {
    const wanted = expected.map((value) => value.toLowerCase());
    return (actual) => wanted.includes(actual === undefined ? 'true' : 'false');
  }
  const tests: Test[] = expected.map((value) => family.compile(family.wildcards ? value : unescapeGlob(value)));
  const matchesAny: Test = (actual) => tests.some((test) => test(actual));
  const passes: Test = base.negated ? (actual) => !matchesAny(actual) : matchesAny;
  if (quantifier === 'ForAllValues') return (actual) => actual === undefined || actual.every(passes);
  if (quantifier === 'ForAnyValue') return (actual) => actual?.some(passes) ?? false;
  if (base.negated) return (actual) => actual === undefined || actual.every(passes);
  return (actual) => (actual === undefined ? ifExists : actual.some(passes));
}
