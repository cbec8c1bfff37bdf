import { onceFor } from '../../model/index.js';
import type { DecidingStatement } from '../authorizer.js';
import type { Truth } from '../logic/formula.js';
import type { CompiledDocument, Policy } from './document.js';
import { matchesAction, type Statement } from './statement.js';

/** A statement in its policy. */
export class PlacedStatement {
  #deciding: DecidingStatement | undefined;
  /** Says that it applies whatever the circumstances are. */
  readonly certain: AppliedStatement = { placed: this, truth: true };

  constructor(
    readonly policy: Policy,
    readonly statement: Statement,
  ) {}

  /** The statement as an answer names it. */
  get deciding(): DecidingStatement {
    return (this.#deciding ??= describe(this.policy, this.statement));
  }
}

/** A statement that applies, or applies under conditions. */
export interface AppliedStatement {
  readonly placed: PlacedStatement;
  readonly truth: Truth;
}

function describe({ label, source }: Policy, { name, effect }: Statement): DecidingStatement {
  if (source === undefined) return { policy: label, statement: name, effect };
  const fact = `statement ${name} of ${label}: ${effect}`;
  const evidence = { asset: label, fact, source, stated: { kind: 'statement', statement: name } } as const;
  return { policy: label, statement: name, effect, evidence };
}

/** The policies of one kind that bear on a principal or a resource, as one. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  /** Those of them that cannot be read. */
  readonly unreadable: readonly Policy[];
}

const NO_POLICIES: PolicySet = { policies: [], unreadable: [] };

const makeSet = onceFor(
  (policies: readonly Policy[]): PolicySet => ({
    policies,
    unreadable: policies.filter(({ document }) => document.problem !== undefined),
  }),
);

/** One set for one array; the array must not change. */
export const policySet = (policies: readonly Policy[]): PolicySet =>
  policies.length === 0 ? NO_POLICIES : makeSet(policies);

/** The set of one policy. */
export const soleSet = onceFor((policy: Policy): PolicySet => policySet([policy]));

const NONE: readonly never[] = [];

/** The statements of a document that speak of an action, given in lower case. */
export function statementsFor({ byService, anyService }: CompiledDocument, action: string): readonly Statement[] {
  const named = byService.size === 0 ? undefined : byService.get(action.slice(0, action.indexOf(':')));
  if (!named && anyService.length === 0) return NONE;
  const found: Statement[] = [];
  if (named) for (const statement of named) if (matchesAction(statement, action)) found.push(statement);
  for (const statement of anyService) if (matchesAction(statement, action)) found.push(statement);
  return found;
}

/** How many answers are remembered before all are forgotten. */
const REMEMBERED = 1 << 18;

/** Which statements of which policies speak of which action: worked out once, so that a request meets no others. */
export class StatementIndex {
  readonly #byAction = new Map<string, Map<PolicySet, readonly PlacedStatement[]>>();
  #size = 0;
  #lastAction = '';
  #lastSets = new Map<PolicySet, readonly PlacedStatement[]>();

  /** `action` in lower case. */
  speaking(set: PolicySet, action: string): readonly PlacedStatement[] {
    if (set === NO_POLICIES) return NONE;
    const bySet = action === this.#lastAction ? this.#lastSets : this.#turnTo(action);
    return bySet.get(set) ?? this.#find(set, action, bySet);
  }

  #turnTo(action: string): Map<PolicySet, readonly PlacedStatement[]> {
    let bySet = this.#byAction.get(action);
    if (!bySet) {
      bySet = new Map();
      this.#byAction.set(action, bySet);
    }
    this.#lastAction = action;
    this.#lastSets = bySet;
    return bySet;
  }

  #find(set: PolicySet, action: string, bySet: Map<PolicySet, readonly PlacedStatement[]>): readonly PlacedStatement[] {
    let found: PlacedStatement[] | undefined;
    for (const policy of set.policies) {
      for (const statement of statementsFor(policy.document, action))
        (found ??= []).push(new PlacedStatement(policy, statement));
    }
    if (this.#size >= REMEMBERED) {
      for (const map of this.#byAction.values()) map.clear();
      this.#size = 0;
    }
    this.#size += 1;
    const made = found ?? NONE;
    bySet.set(set, made);
    return made;
  }
}
