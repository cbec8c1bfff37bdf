import { bareOf, groupBy, once } from '../../model/index.js';
import type { CompiledCondition } from '../conditions/compile-condition.js';
import { RESOURCE_TAG } from '../context/derive-context.js';
import type { KeyStatus, RequestContext } from '../context/request-context.js';
import { type ArnPattern, compileArnPattern, matchesArn } from '../matching/arn-pattern.js';
import { hasWildcard, unescapeGlob } from '../matching/glob.js';
import type { ResourceElement, Statement } from '../policy/statement.js';
import { resolveTemplate } from '../policy/template.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Allowed } from './candidates.js';
import type { PrincipalClass } from './principal-classes.js';
import type { ResourceClass, ResourceClasses } from './resource-classes.js';

/**
 * Finds the classes of resources that the allowing statements of a class of principals speak of.
 * @param contextOf of a request on no resource
 * @param tagOf what is known of a tag of a resource (a condition key), whoever asks
 */
export function makeReach(
  { classes, index }: ResourceClasses,
  contextOf: (subject: Subject) => RequestContext,
  tagOf: (of: ResourceClass, key: string) => KeyStatus,
): (principals: PrincipalClass) => Allowed {
  const byPattern = new Map<number, ResourceClass[]>();
  const byArn = new Map<string, ResourceClass>();
  const byName = once(() => groupBy(byArn.values(), (of) => bareOf(of.first.arn)));
  const byHead = once(() => groupBy(byArn.values(), (of) => headOf(of.first.arn)));
  /** Those that a pattern could match: where no wildcard is in its last part, or in what stands before the first slash, these are alike. */
  const near = ({ text }: ArnPattern): Iterable<ResourceClass> => {
    const [name, head] = [bareOf(text), headOf(text)];
    if (!hasWildcard(name)) return byName().get(unescapeGlob(name)) ?? [];
    return head === text || hasWildcard(head) ? byArn.values() : (byHead().get(unescapeGlob(head)) ?? []);
  };
  for (const of of classes) {
    for (const id of of.matched) {
      const same = byPattern.get(id);
      if (same) same.push(of);
      else byPattern.set(id, [of]);
    }
    if (of.arns.length === 1) byArn.set(of.first.arn, of);
  }
  const tagged = new Map<string, TaggedClasses>();
  /** Those that have the tag which a statement asks for; `undefined` where it asks for none by name and value. */
  const ofTag = ({ conditions }: Statement, context: RequestContext): readonly ResourceClass[] | undefined => {
    const asking = conditions.find(asksForTag);
    const values = asking && valuesIn(asking, context);
    if (!asking || !values) return undefined;
    const { lowerKey } = asking;
    const found = tagged.get(lowerKey) ?? byTag(classes, (of) => tagOf(of, lowerKey));
    tagged.set(lowerKey, found);
    return [...found.open, ...values.flatMap((value) => found.byValue.get(value) ?? [])];
  };
  return ({ first, allowing, isUnlimited }) => {
    if (isUnlimited) return 'all';
    const found = new Set<ResourceClass>();
    const context = contextOf(first);
    for (const statement of allowing) {
      const { resources } = statement;
      const those = ofTag(statement, context);
      if (those) {
        for (const of of those) if (!resources || mayBeOn(resources, of, index)) found.add(of);
        continue;
      }
      if (!resources || resources.not) return 'all';
      for (const pattern of resources.fixed) {
        if (pattern.any) return 'all';
        for (const of of byPattern.get(index.add(pattern)) ?? []) found.add(of);
      }
      for (const template of resources.templates) {
        const resolved = resolveTemplate(template, context);
        if (resolved.kind === 'absent') continue;
        const pattern = compileArnPattern(resolved.kind === 'text' ? resolved.text : resolved.form);
        if (pattern.exact) {
          const of = byArn.get(pattern.prefix);
          if (of) found.add(of);
          continue;
        }
        for (const of of near(pattern)) if (matchesArn(pattern, of.first.text)) found.add(of);
      }
    }
    return found;
  };
}

const headOf = (arn: string): string => arn.split('/', 1)[0] ?? arn;

/** Whether a statement's resources may be those of a class: surely not where all are written out and none of them matches. */
const mayBeOn = (
  { fixed, templates, not }: ResourceElement,
  of: ResourceClass,
  index: ResourceClasses['index'],
): boolean =>
  not ||
  templates.length > 0 ||
  of.isOpen ||
  fixed.some((pattern) => pattern.any || of.matched.has(index.add(pattern)));

/** Whether a condition holds for resources alone that have a tag with one of its values. */
const asksForTag = ({ lowerKey, operator }: CompiledCondition): boolean =>
  RESOURCE_TAG.test(lowerKey) &&
  operator.base.name === 'StringEquals' &&
  operator.quantifier === undefined &&
  !operator.ifExists;

/** The values of a condition for whoever asks; `undefined` where a policy variable in them is open. */
function valuesIn({ templates }: CompiledCondition, context: RequestContext): readonly string[] | undefined {
  const resolved = templates.map((value) => (typeof value === 'string' ? value : resolveTemplate(value, context)));
  const values = resolved.map((one) => (typeof one === 'string' ? one : one.kind === 'text' ? one.text : undefined));
  return values.some((value) => value === undefined) ? undefined : values.map((value) => unescapeGlob(value ?? ''));
}

interface TaggedClasses {
  readonly byValue: ReadonlyMap<string, readonly ResourceClass[]>;
  /** Those of which the tag is not known, or may be chosen. */
  readonly open: readonly ResourceClass[];
}

function byTag(classes: readonly ResourceClass[], tagOf: (of: ResourceClass) => KeyStatus): TaggedClasses {
  const byValue = new Map<string, ResourceClass[]>();
  const open: ResourceClass[] = [];
  for (const of of classes) {
    const status = tagOf(of);
    if (status.kind === 'open') open.push(of);
    if (status.kind !== 'known') continue;
    for (const value of status.values) {
      const same = byValue.get(value);
      if (same) same.push(of);
      else byValue.set(value, [of]);
    }
  }
  return { byValue, open };
}
