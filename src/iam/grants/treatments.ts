import type { ArnPattern } from '../matching/arn-pattern.js';
import type { Statement } from '../policy/statement.js';
import type { PrincipalClass } from './principal-classes.js';
import type { ResourceClass, ResourceClasses } from './resource-classes.js';

/**
 * Tells how a class of principals stands to a class of resources: equal where it is answered alike, as the same of the principals' patterns match and
 * nothing else about the resources differs. `undefined` where the resources have to be asked about by themselves.
 */
export function makeTreatments(
  { index }: ResourceClasses,
  shared: readonly Statement[],
): (principals: PrincipalClass, of: ResourceClass) => string | undefined {
  const known = new Map<PrincipalClass, readonly number[] | undefined>();
  const patternsOf = (principals: PrincipalClass): readonly number[] | undefined => {
    if (known.has(principals)) return known.get(principals);
    const made = fixedPatterns([...principals.statements, ...shared])?.map((pattern) => index.add(pattern));
    known.set(principals, made && [...new Set(made)]);
    return known.get(principals);
  };
  return (principals, of) => {
    if (of.treatment === undefined) return undefined;
    const patterns = patternsOf(principals);
    return patterns && `${of.treatment} ${patterns.filter((id) => of.matched.has(id)).join()}`;
  };
}

/** The patterns of statements; `undefined` where some have variables. */
function fixedPatterns(statements: readonly Statement[]): readonly ArnPattern[] | undefined {
  const found: ArnPattern[] = [];
  for (const { resources } of statements) {
    if (!resources) continue;
    if (resources.templates.length > 0) return undefined;
    found.push(...resources.fixed);
  }
  return found;
}
