import { once } from '../../model/index.js';
import type { AuthorizationAnswer } from '../authorizer.js';
import type { RequestContext } from '../context/request-context.js';
import type { Statement } from '../policy/statement.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Target } from '../resources/resolve-target.js';
import { type Allowed, isPossible, makeCandidates } from './candidates.js';
import type { GrantCollector } from './grant-collector.js';
import { type OwnPartition, partitionBy, splitByConditions } from './own-partition.js';
import { membersByName, type PrincipalClass } from './principal-classes.js';
import type { PrincipalLists } from './principal-lists.js';
import type { ResourceClass, ResourceClasses } from './resource-classes.js';
import { makeTreatments } from './treatments.js';

/** A question about classes of principals and classes of resources. */
export interface PairQuestion {
  readonly principals: readonly PrincipalClass[];
  readonly resources: ResourceClasses;
  /** Statements of policies that are nobody's own. */
  readonly shared: readonly Statement[];
  readonly trusting: boolean;
  readonly lists: PrincipalLists;
  contextOf(subject: Subject): RequestContext;
  principalNamed(arn: string): string | undefined;
  answer(subject: Subject, target: Target): AuthorizationAnswer;
}

/** Some principals of a class before a class of resources. */
interface Pair {
  readonly of: ResourceClass;
  readonly principals: PrincipalClass;
  readonly members: readonly Subject[];
}

/** Asks about pairs of classes, of each about one member for all that are treated alike, and collects what is no denial. */
export class ClassPairs {
  readonly #partitions = new Map<string, OwnPartition>();
  readonly #splits = new Map<string, readonly (readonly Subject[])[]>();
  readonly #answers = new Map<string, AuthorizationAnswer>();
  readonly #treatmentOf: ReturnType<typeof makeTreatments>;
  readonly #byName: () => ReturnType<typeof membersByName>;

  constructor(
    private readonly question: PairQuestion,
    private readonly collector: GrantCollector,
  ) {
    this.#treatmentOf = makeTreatments(question.resources, question.shared);
    this.#byName = once(() => membersByName(question.principals));
  }

  /** @param reach the classes of resources that the statements of a class of principals speak of */
  askAll(reach: (principals: PrincipalClass) => Allowed): void {
    const { principals, resources, trusting } = this.question;
    const partitionOf = (of: ResourceClass): OwnPartition => this.#partitionOf(of);
    const candidates = makeCandidates({ classes: resources.classes, principals, trusting, partitionOf });
    for (const some of principals) {
      const allowed = reach(some);
      for (const of of candidates(some, allowed)) this.#visit(of, some, allowed);
    }
  }

  #visit(of: ResourceClass, principals: PrincipalClass, allowed: Allowed): void {
    const members = principals.members();
    if (of.own.length === 0 && of.grantees.length === 0) {
      this.#evaluate({ of, principals, members });
      return;
    }
    const partition = this.#partitionOf(of);
    const isOpen = (group: readonly Subject[]): boolean =>
      isPossible(principals, group, of, partition, allowed, this.question.trusting);
    const alone = this.#namedMembers(partition, principals);
    if (!partition.personal && alone.size === 0) {
      if (isOpen(members)) this.#evaluate({ of, principals, members });
      return;
    }
    // Where the others are let in for certain, so are those that are named besides.
    const other = partition.onlyGives && !partition.personal && members.find((member) => !alone.has(member));
    if (other && isOpen([other])) {
      const pair = { of, principals, members };
      const found = this.#ask(pair, other);
      if (found.verdict === 'allowed') {
        this.#take(pair, other, found);
        return;
      }
    }
    for (const group of this.#groupsOf(principals, of, alone)) {
      if (isOpen(group)) this.#evaluate({ of, principals, members: group });
    }
  }

  #evaluate(pair: Pair): void {
    const [first] = pair.members;
    if (first) this.#take(pair, first, this.#ask(pair, first));
  }

  /** What one of some members is answered; equal questions once. */
  #ask({ of, principals, members }: Pair, subject: Subject): AuthorizationAnswer {
    const treated = this.#treatmentOf(principals, of);
    if (treated === undefined) return this.question.answer(subject, of.first);
    const key = `${this.question.lists.numberOf(members)} ${treated} ${subject === members[0] ? '' : subject.id}`;
    const found = this.#answers.get(key) ?? this.question.answer(subject, of.first);
    this.#answers.set(key, found);
    return found;
  }

  /** Takes what one of some members was answered as the answer to all of them. */
  #take({ of, principals, members }: Pair, subject: Subject, answer: AuthorizationAnswer): void {
    if (isDenial(answer)) return;
    // What decides for another than the first of its class is named by other policies.
    const decided =
      subject === principals.first
        ? answer.decidedBy.map((statement) => principals.contentOf(statement))
        : answer.decidedBy.map((d) => `${d.policy} ${d.statement} ${d.effect}`);
    const isOwn = (policy: string): boolean =>
      subject.policies.some(({ label }) => label === policy) || subject.boundary?.label === policy;
    const isByOwn = answer.decidedBy.some(({ policy }) => isOwn(policy));
    this.collector.add({ members, of, answer, decided: [...new Set(decided)].sort().join('\n'), isByOwn });
  }

  #partitionOf(of: ResourceClass): OwnPartition {
    const known = this.#partitions.get(of.ownKey);
    if (known) return known;
    const made = partitionBy(of.own, of.grantees, this.question.principalNamed);
    this.#partitions.set(of.ownKey, made);
    return made;
  }

  /** The members of a class that the resources' own statements name. */
  #namedMembers({ named }: OwnPartition, principals: PrincipalClass): ReadonlySet<Subject> {
    const found = [...named].flatMap((name) => this.#byName().get(name) ?? []);
    return new Set(found.flatMap(({ member, among }) => (among === principals ? [member] : [])));
  }

  /** Groups of a class that the resources' own statements treat alike. */
  #groupsOf(
    principals: PrincipalClass,
    of: ResourceClass,
    alone: ReadonlySet<Subject>,
  ): readonly (readonly Subject[])[] {
    const partition = this.#partitionOf(of);
    const { personal } = partition;
    const names = Array.from(alone, ({ id }) => id).join(' ');
    const key = `${principals.id} ${personal ? of.ownKey : names}`;
    const known = this.#splits.get(key);
    if (known) return known;
    const members = principals.members();
    const others = members.filter((member) => !alone.has(member));
    const made = personal
      ? splitByConditions(members, partition, personal, this.question.contextOf)
      : [...(others.length > 0 ? [others] : []), ...Array.from(alone, (member) => [member])];
    this.#splits.set(key, made);
    return made;
  }
}

const isDenial = ({ verdict }: AuthorizationAnswer): boolean => verdict.endsWith('-deny');
