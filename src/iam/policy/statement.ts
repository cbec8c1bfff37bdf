import { isObject, type Json, type JsonObject } from '../../model/index.js';
import { compileCondition, type CompiledCondition } from '../conditions/compile-condition.js';
import { parseOperator } from '../conditions/operators.js';
import { type ArnPattern, compileArnPattern } from '../matching/arn-pattern.js';
import { compileGlob, type Glob, matchesGlob } from '../matching/glob.js';
import { type PrincipalElement, readPrincipals } from './principal-element.js';
import { parseTemplate, type Template } from './template.js';

/** A `Resource` or `NotResource` element. */
export interface ResourceElement {
  readonly not: boolean;
  readonly fixed: readonly ArnPattern[];
  /** Those with policy variables, compiled anew for each principal. */
  readonly templates: readonly Template[];
}

export interface Statement {
  /** Its `Sid`, or its index. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly notAction: boolean;
  /** As written. */
  readonly actionNames: readonly string[];
  /** In lower case. */
  readonly actions: readonly Glob[];
  /** In lower case, where every action names its service. */
  readonly services: readonly string[] | undefined;
  /** Absent in trust policies. */
  readonly resources: ResourceElement | undefined;
  readonly principals: PrincipalElement | undefined;
  readonly conditions: readonly CompiledCondition[];
}

export type StatementResult = { readonly statement: Statement } | { readonly problem: string; readonly name: string };

class Unreadable extends Error {}

const ELEMENTS = new Set(
  ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition'].map(
    (name) => name.toLowerCase(),
  ),
);

export function compileStatement(object: JsonObject, index: number, hasVariables: boolean): StatementResult {
  const parts = new Map<string, Json>();
  for (const [key, value] of Object.entries(object)) if (value !== undefined) parts.set(key.toLowerCase(), value);
  const sid = parts.get('sid');
  const name = typeof sid === 'string' && sid !== '' ? sid : String(index);
  try {
    const alien = [...parts.keys()].find((key) => !ELEMENTS.has(key));
    if (alien !== undefined)
      throw new Unreadable(`has an element ${JSON.stringify(alien)} that statements do not have`);
    if (parts.size < Object.keys(object).length) throw new Unreadable('has an element twice');
    const { not: notAction, values: actions } = one(parts, 'action', 'notaction') ?? missing('Action');
    const lower = actions.map((action) => action.toLowerCase());
    return {
      statement: {
        name,
        effect: readEffect(parts.get('effect')),
        notAction,
        actionNames: actions,
        actions: lower.map(compileGlob),
        services: notAction ? undefined : servicesOf(lower),
        resources: readResources(parts, hasVariables),
        principals: readPrincipals(parts.get('principal'), parts.get('notprincipal'), fail),
        conditions: readConditions(parts.get('condition'), hasVariables),
      },
    };
  } catch (error) {
    if (error instanceof Unreadable) return { name, problem: error.message };
    throw error;
  }
}

export function matchesAction(statement: Statement, lowerAction: string): boolean {
  return statement.actions.some((glob) => matchesGlob(glob, lowerAction)) !== statement.notAction;
}

function fail(problem: string): never {
  throw new Unreadable(problem);
}

const missing = (what: string): never => fail(`has no ${what}`);

function readEffect(value: Json | undefined): 'Allow' | 'Deny' {
  if (value === 'Allow' || value === 'Deny') return value;
  return fail(value === undefined ? 'has no Effect' : `has the Effect ${JSON.stringify(value)}`);
}

function servicesOf(actions: readonly string[]): readonly string[] | undefined {
  const services = new Set<string>();
  for (const action of actions) {
    const colon = action.indexOf(':');
    const service = colon < 0 ? '*' : action.slice(0, colon);
    if (/[*?]/.test(service)) return undefined;
    services.add(service);
  }
  return [...services];
}

/** An element or its negation, of which at most one may stand. */
function one(
  parts: ReadonlyMap<string, Json>,
  name: string,
  negation: string,
): { not: boolean; values: readonly string[] } | undefined {
  const value = parts.get(name);
  const negated = parts.get(negation);
  if (value !== undefined && negated !== undefined) return fail(`has both ${name} and ${negation}`);
  const stated = value ?? negated;
  if (stated === undefined) return undefined;
  return { not: value === undefined, values: strings(stated, value === undefined ? negation : name) };
}

function strings(value: Json, what: string): readonly string[] {
  const all = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return all.map((item) => (typeof item === 'string' ? item : fail(`has a value in ${what} that is no text`)));
}

function readResources(parts: ReadonlyMap<string, Json>, hasVariables: boolean): ResourceElement | undefined {
  const stated = one(parts, 'resource', 'notresource');
  if (!stated) return undefined;
  const fixed: ArnPattern[] = [];
  const templates: Template[] = [];
  for (const value of stated.values) {
    const template = hasVariables ? parseTemplate(value) : value;
    if (typeof template === 'string') fixed.push(compileArnPattern(template));
    else templates.push(template);
  }
  return { not: stated.not, fixed, templates };
}

function readConditions(value: Json | undefined, hasVariables: boolean): readonly CompiledCondition[] {
  if (value === undefined) return [];
  if (!isObject(value)) return fail('has a Condition that is no object');
  const conditions: CompiledCondition[] = [];
  for (const [name, block] of Object.entries(value)) {
    const operator = parseOperator(name);
    if (!operator) return fail(`has the unknown condition operator ${JSON.stringify(name)}`);
    if (!isObject(block)) return fail(`has a condition ${JSON.stringify(name)} that is no object`);
    for (const [key, stated] of Object.entries(block)) {
      if (stated === undefined) continue;
      const all = Array.isArray(stated) ? (stated as readonly Json[]) : [stated];
      const values = all.map((item) =>
        typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean'
          ? String(item)
          : fail(`has a value of ${key} that is no text`),
      );
      conditions.push(compileCondition(operator, key, values, hasVariables));
    }
  }
  return conditions;
}
