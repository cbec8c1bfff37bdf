import type { KeyStatus, RequestContext } from '../context/request-context.js';
import { atomic, type KeyValues, type Truth } from '../logic/formula.js';
import { hasWildcard, unescapeGlob } from '../matching/glob.js';
import {
  candidateValues,
  openKey,
  openKeys,
  parseTemplate,
  resolveTemplate,
  settleAll,
  type Template,
} from '../policy/template.js';
import type { OperatorFamily } from './operator.js';
import { type Operator, printOperator } from './operators.js';
import { OTHER_VALUE } from './operator.js';
import { isSingleValued } from './single-valued-keys.js';

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
  const mayVary = hasVariables && operator.base.family?.variables === true;
  const templates = values.map((value) => (mayVary ? parseTemplate(value) : value));
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
  const status = context.status(condition.lowerKey, condition.key);
  const resolved = condition.holds ? condition.templates : resolveAll(condition.templates, context);
  if (resolved === undefined) {
    if (status.kind === 'absent' && condition.operator.base.family) return makeTest(condition.operator, [])(undefined);
    return evaluateOpenVariable(condition, context, status);
  }
  const holds = condition.holds ?? makeTest(condition.operator, resolved);
  if (status.kind === 'absent') return holds(undefined);
  if (status.kind === 'known') return holds(status.values);
  const { operator } = condition;
  const { quantifier } = operator;
  const values = condition.holds ? condition.values : resolved.map((text) => unescapeGlob(text as string));
  return atomic({
    kind: 'key',
    id: `${condition.operatorName} ${condition.lowerKey} ${JSON.stringify(values)}`,
    keys: [
      {
        key: condition.lowerKey,
        domain: (samples, likeness) => status.domain(samples, likeness),
        ...(status.form !== undefined && { form: status.form }),
      },
    ],
    condition: { key: condition.key, operator: condition.operatorName, values },
    holds: ([actual]) => holds(actual),
    ...samplesOf(operator, resolved),
    multivalued: quantifier !== undefined && !isSingleValued(condition.lowerKey),
  });
}

/** A condition whose values hold variables that are not known: a condition on those keys, and on its own where that is not known too. */
function evaluateOpenVariable(condition: CompiledCondition, context: RequestContext, status: KeyStatus): Truth {
  const { key, operatorName, values, operator, templates, lowerKey } = condition;
  const variables = templates.flatMap((template) => (typeof template === 'string' ? [] : openKeys(template, context)));
  const names = [...new Set(status.kind === 'open' ? [lowerKey, ...variables] : variables)];
  const actual = status.kind === 'known' ? status.values : undefined;
  if (status.kind !== 'open') {
    // A further value can only turn a match into one more match: where the plain values match, the variables decide nothing.
    const plain = templates.filter((template) => typeof template === 'string');
    const { negated } = operator.base;
    const holds = makeTest(operator, plain)(actual);
    if (plain.length > 0 && holds !== negated) return holds;
  }
  const { family } = operator.base;
  return atomic({
    kind: 'key',
    id: `${operatorName} ${lowerKey} ${JSON.stringify(values)} with variables`,
    keys: names.map((name) => openKey(name, context)),
    condition: { key, operator: operatorName, values },
    holds: (settled) => {
      const resolved = resolveAll(templates, settleAll(context, names, settled));
      return makeTest(operator, resolved ?? [])(status.kind === 'open' ? settled[0] : actual);
    },
    samples: [...candidateValues(templates, actual ?? []), OTHER_VALUE],
    multivalued: operator.quantifier !== undefined && status.kind === 'open' && !isSingleValued(lowerKey),
    expand: (samples) =>
      samples.flatMap((sample) => {
        const all = settleAll(
          context,
          names,
          names.map(() => [sample]),
        );
        return samplesOfAll(family, resolveAll(templates, all) ?? []);
      }),
    patterns: [],
  });
}

/** Values of the request that tell the policy's values from others, and the policy's values with wildcards. */
function samplesOf({ base: { family } }: Operator, values: readonly (string | Template)[]) {
  const texts = values.filter((value): value is string => typeof value === 'string');
  const samples = samplesOfAll(family, texts);
  return {
    samples: family?.complete && samples.length > 0 ? samples : [...samples, OTHER_VALUE],
    patterns: family?.wildcards ? texts.filter(hasWildcard) : [],
  };
}

const samplesOfAll = (family: OperatorFamily | undefined, texts: readonly string[]): readonly string[] =>
  family ? texts.flatMap((text) => family.samples(family.wildcards ? text : unescapeGlob(text))) : [];

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
  const matches = anyOf(expected.map((value) => family.compile(family.wildcards ? value : unescapeGlob(value))));
  const { negated } = base;
  const isForAll = quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  const whereAbsent = quantifier === undefined ? negated || ifExists : isForAll;
  return (actual) => {
    if (actual === undefined) return whereAbsent;
    for (const value of actual) if ((matches(value) !== negated) !== isForAll) return !isForAll;
    return isForAll;
  };
}

function anyOf(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (actual) => {
    for (const test of tests) if (test(actual)) return true;
    return false;
  };
}
