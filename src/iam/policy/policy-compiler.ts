import type { Json } from '../../model/index.js';
import { type CompiledDocument, DocumentCache, type Policy } from './document.js';
import type { NamedPolicy } from './named-policy.js';
import { type PolicySet, policySet, StatementIndex } from './policy-set.js';

/** Compiles what many evaluations share once: equal documents, policies and lists of policies. None of them may change. */
export class PolicyCompiler {
  readonly #documents = new DocumentCache();
  readonly document: (document: Json | undefined) => CompiledDocument = this.#documents.compile;
  readonly index = new StatementIndex();
  readonly #sets = new WeakMap<readonly NamedPolicy[], PolicySet>();
  readonly #levels = new WeakMap<readonly (readonly NamedPolicy[])[], readonly PolicySet[]>();
  readonly #single = new WeakMap<NamedPolicy, PolicySet>();

  /** For when all that comes in numbers has been compiled. */
  forgetTexts(): void {
    this.#documents.forgetTexts();
  }

  setOf(policies: readonly NamedPolicy[]): PolicySet {
    const known = this.#sets.get(policies);
    if (known) return known;
    const made = policySet(policies.map((policy) => this.#compile(policy)));
    this.#sets.set(policies, made);
    return made;
  }

  levelsOf(levels: readonly (readonly NamedPolicy[])[]): readonly PolicySet[] {
    const known = this.#levels.get(levels);
    if (known) return known;
    const made = levels.map((level) => this.setOf(level));
    this.#levels.set(levels, made);
    return made;
  }

  soleSetOf(policy: NamedPolicy): PolicySet {
    const known = this.#single.get(policy);
    if (known) return known;
    const made = policySet([this.#compile(policy)]);
    this.#single.set(policy, made);
    return made;
  }

  #compile({ name, document }: NamedPolicy): Policy {
    return { label: name, document: this.document(document) };
  }
}
