import type { ClauseId, FactId, Proof } from '../attack/index.js';
import { byKey, type Condition, type Evidence, sortedUnique } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { readFact } from './read-fact.js';
import type { ReportStep } from './report.js';
import { type Choice, premisesOf, sourceOf, type Support, supportOf } from './support.js';

/**
 * The steps of a proof in the order in which they are taken; inner clauses are folded into the step that uses them. Proofs share most of their
 * steps, so each distinct one is written once.
 */
export function stepsOf(attack: AttackGraph, proof: Proof): readonly ReportStep[] {
  const { head } = attack.engine.clauses.columns();
  const byHead = new Map(proof.clauses.map((id) => [head[id] as FactId, id]));
  const stepOf = stepWriter(attack, (fact) => byHead.get(fact));
  return proof.clauses.flatMap((id) => stepOf(id) ?? []);
}

/** Writes the step of a clause; none for an inner one. */
export function stepWriter(attack: AttackGraph, choice: Choice): (id: ClauseId) => ReportStep | undefined {
  const { engine, written } = attack;
  const own = new Map<ClauseId, ReportStep | undefined>();
  const make = (id: ClauseId): ReportStep | undefined => {
    if (engine.clauses.label(id).inner === true) return undefined;
    const support = supportOf(engine.clauses, id, choice);
    const key = keyOf(id, support.inner);
    const known = written.get(key);
    if (known) return known;
    const made = new WrittenStep(engine.clauses, id, support, choice);
    written.set(key, made);
    return made;
  };
  return (id) => {
    const known = own.get(id);
    if (known !== undefined || own.has(id)) return known;
    const made = make(id);
    own.set(id, made);
    return made;
  };
}

/** Names a step by its clauses. Most rest on one inner clause at most: a number, which is exact for any two clauses that there can be. */
function keyOf(id: ClauseId, inner: readonly ClauseId[]): number | string {
  if (inner.length === 0) return -1 - id;
  return inner.length === 1 ? id * MOST_CLAUSES + (inner[0] as ClauseId) : [id, ...inner].join();
}

const MOST_CLAUSES = 2 ** 26;

/** What of a step is only read by people. */
type Words = Pick<ReportStep, 'text' | 'evidence' | 'fix'>;

/**
 * A step whose words are put together when they are first read: there are many more steps than anybody looks at, and to name the statements that
 * allow one takes asking for its principal again. Its properties are its own all the same, so it is written, copied and compared like any other.
 */
class WrittenStep implements ReportStep {
  // Declared only, and so put in place in the order in which the report has them.
  declare readonly technique: string;
  declare readonly title: string;
  declare readonly from: string;
  declare readonly to: string;
  declare readonly requires: readonly string[];
  declare readonly text: string;
  declare readonly attack: readonly string[];
  declare readonly assumptions: readonly string[];
  declare readonly conditions: readonly Condition[];
  declare readonly evidence: ReportStep['evidence'];
  declare readonly fix: string;
  readonly #clauses: Clauses;
  readonly #id: ClauseId;
  readonly #inner: readonly ClauseId[];
  #words: Words | undefined;

  constructor(clauses: Clauses, id: ClauseId, { inner, premises }: Support, choice: Choice) {
    const { technique, to, assumptions } = clauses.label(id);
    const held = premisesOf(clauses, premises, choice);
    this.#clauses = clauses;
    this.#id = id;
    this.#inner = inner;
    this.technique = technique.id;
    this.title = technique.title;
    this.from = sourceOf(held);
    this.to = to ?? readFact(clauses, clauses.columns().head[id] as FactId).id;
    this.requires = sortedUnique(held.map(({ asset }) => asset));
    Object.defineProperty(this, 'text', TEXT);
    this.attack = technique.attack;
    this.assumptions = assumptions ?? technique.assumptions;
    this.conditions = conditionsOf(clauses, id, inner);
    Object.defineProperty(this, 'evidence', EVIDENCE);
    Object.defineProperty(this, 'fix', FIX);
  }

  static wordsOf(step: WrittenStep): Words {
    step.#words ??= write(step.#clauses, step.#id, step.#inner);
    return step.#words;
  }
}

// One function for all steps each, so that steps are of one shape.
const lazily = (key: keyof Words): PropertyDescriptor & ThisType<WrittenStep> => ({
  enumerable: true,
  get() {
    return WrittenStep.wordsOf(this)[key];
  },
});
const TEXT = lazily('text');
const EVIDENCE = lazily('evidence');
const FIX = lazily('fix');

type Clauses = AttackGraph['engine']['clauses'];

function write(clauses: Clauses, id: ClauseId, inner: readonly ClauseId[]): Words {
  const { text, evidence, fix } = clauses.label(id).detail(clauses.member(id) ?? '');
  const under = inner.map((clause) => clauses.label(clause).detail(clauses.member(clause) ?? ''));
  return {
    text,
    evidence: distinctEvidence([...under.flatMap((u) => u.evidence), ...evidence]),
    fix: under.find((u) => u.fix !== '')?.fix ?? fix,
  };
}

function conditionsOf(clauses: Clauses, id: ClauseId, inner: readonly ClauseId[]): readonly Condition[] {
  const own = clauses.conditions(id);
  if (own.length === 0 && inner.every((clause) => clauses.conditions(clause).length === 0)) return NONE;
  return distinctConditions([...own, ...inner.flatMap((clause) => clauses.conditions(clause))]);
}

const NONE: readonly Condition[] = [];

/** Everything that must hold for some steps to be taken. */
export function conditionsOfSteps(steps: readonly Pick<ReportStep, 'conditions'>[]): readonly Condition[] {
  if (steps.every(({ conditions }) => conditions.length === 0)) return NONE;
  return distinctConditions(steps.flatMap(({ conditions }) => conditions));
}

export function distinctConditions(conditions: readonly Condition[]): readonly Condition[] {
  if (conditions.length === 0) return NONE;
  const byText = new Map(conditions.map((c) => [JSON.stringify([c.key, c.operator, c.values]), c]));
  return [...byText].sort(byKey(([text]) => text)).map(([, condition]) => condition);
}

function distinctEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((e) => [JSON.stringify([e.asset, e.fact]), e])).values()];
}
