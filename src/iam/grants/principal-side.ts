import { byKey } from '../../model/index.js';
import type { Statement } from '../policy/statement.js';
import { classifyPrincipals, type ClassInput, type PrincipalClass } from './principal-classes.js';
import { keysOf } from './relevant.js';
import type { SubjectGroup } from './subject-groups.js';

/** The principals' side of a question, the same whatever the resources are. */
export interface PrincipalSide {
  readonly classes: readonly PrincipalClass[];
  readonly statements: ReadonlySet<Statement>;
  /** Condition keys that the statements look at. */
  readonly keys: ReadonlySet<string>;
}

const sides = new WeakMap<readonly SubjectGroup[], Map<string, PrincipalSide>>();

/** Many questions are about the same principals and action, on the resources of one place after another. */
export function principalSide(input: ClassInput, stated: ReadonlyMap<string, readonly string[]>): PrincipalSide {
  const { groups, action, elevated, shared, apart, contentOf } = input;
  const memo = sides.get(groups) ?? new Map<string, PrincipalSide>();
  sides.set(groups, memo);
  const context = [...stated].sort(byKey(([key]) => key));
  const key = JSON.stringify([action, elevated, shared.map(contentOf).sort((a, b) => a - b), apart, context]);
  const known = memo.get(key);
  if (known) return known;
  const classes = classifyPrincipals(input);
  const statements = new Set(classes.flatMap((c) => c.statements));
  const keys = new Set<string>();
  keysOf(statements, keys);
  const made = { classes, statements, keys };
  memo.set(key, made);
  return made;
}
