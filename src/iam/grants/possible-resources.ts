import type { RequestContext } from '../context/request-context.js';
import { compileArnPattern, matchesArn } from '../matching/arn-pattern.js';
import { resolveTemplate } from '../policy/template.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Allowed } from './candidates.js';
import type { PrincipalClass } from './principal-classes.js';
import type { ResourceClass, ResourceClasses } from './resource-classes.js';

/** Finds the classes of resources that the allowing statements of a class of principals speak of. */
export function makeReach(
  { classes, index }: ResourceClasses,
  contextOf: (subject: Subject) => RequestContext,
): (principals: PrincipalClass) => Allowed {
  const byPattern = new Map<number, ResourceClass[]>();
  const byArn = new Map<string, ResourceClass>();
  for (const of of classes) {
    for (const id of of.matched) {
      const same = byPattern.get(id);
      if (same) same.push(of);
      else byPattern.set(id, [of]);
    }
    if (of.arns.length === 1) byArn.set(of.first.arn, of);
  }
  return ({ first, allowing, isUnlimited }) => {
    if (isUnlimited) return 'all';
    const found = new Set<ResourceClass>();
    const context = contextOf(first);
    for (const { resources } of allowing) {
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
        for (const of of byArn.values()) if (matchesArn(pattern, of.first.text)) found.add(of);
      }
    }
    return found;
  };
}
