import { byCode, sortedUnique } from '../../model/index.js';
import type { AuthorizationAnswer, DecidingStatement, Grant } from '../authorizer.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { Target } from '../resources/resolve-target.js';
import type { PrincipalLists } from './principal-lists.js';
import type { ResourceClass } from './resource-classes.js';

/** An answer about a set of principals and a class of resources, that is no denial. */
export interface Finding {
  readonly members: readonly Subject[];
  readonly of: ResourceClass;
  readonly answer: AuthorizationAnswer;
  /** Equal where statements of the same content decide. */
  readonly decided: string;
  /** Whether some of these are of the principals' own policies. */
  readonly isByOwn: boolean;
}

interface Cell {
  readonly members: readonly Subject[];
  readonly classes: ResourceClass[];
  readonly answer: AuthorizationAnswer;
  readonly decided: string;
  readonly isByOwn: boolean;
}

/** Puts answers about pairs of classes together to few grants: by principals first, then by resources. */
export class GrantCollector {
  readonly #cells = new Map<string, Cell>();
  readonly #answerIds = new Map<string, number>();

  constructor(
    private readonly lists: PrincipalLists,
    private readonly decide: (principal: string, target: Target) => readonly DecidingStatement[],
  ) {}

  add({ members, of, answer, decided, isByOwn }: Finding): void {
    const conditions = answer.conditions.length === 0 ? '' : JSON.stringify(answer.conditions);
    const text = `${answer.verdict} ${decided} ${isByOwn} ${conditions}`;
    const id = this.#answerIds.get(text) ?? this.#answerIds.size;
    this.#answerIds.set(text, id);
    const key = `${this.lists.numberOf(members)} ${id}`;
    const cell = this.#cells.get(key);
    if (cell) cell.classes.push(of);
    else this.#cells.set(key, { members, classes: [of], answer, decided, isByOwn });
  }

  /** @param arns all that were asked about, sorted */
  grants(arns: readonly string[]): readonly Grant[] {
    const merged = new Map<string, { sets: (readonly Subject[])[]; cell: Cell }>();
    for (const [key, cell] of this.#cells) {
      const answer = key.slice(key.indexOf(' '));
      const whole = `${answer} ${classesKey(cell.classes)}`;
      const same = merged.get(whole);
      if (same) same.sets.push(cell.members);
      else merged.set(whole, { sets: [cell.members], cell });
    }
    const resources = new Map<string, readonly string[]>();
    const made = [...merged.values()].map(({ sets, cell }): Grant => {
      const { verdict, conditions } = cell.answer;
      const target = cell.classes.reduce((least, of) => (of.id < least.id ? of : least)).first;
      return {
        principals: this.lists.idsOf(sets),
        resources: resourcesOf(cell.classes, resources, arns),
        verdict: verdict === 'allowed' || verdict === 'depends' ? verdict : 'unknown',
        conditions,
        basis: cell.decided,
        isByOthers: !cell.isByOwn,
        decidedBy: remembered((principal) => this.decide(principal, target)),
      };
    });
    if (made.length < 2) return made;
    return made
      .map((grant) => ({ grant, key: sortKey(grant) }))
      .sort((a, b) => byCode(a.key, b.key))
      .map(({ grant }) => grant);
  }
}

const classesKey = (classes: readonly ResourceClass[]): string =>
  classes.length === 1
    ? String(classes[0]?.id)
    : classes
        .map((of) => of.id)
        .sort((a, b) => a - b)
        .join();

/** The sorted resources of classes; one array for the same classes, and that of the question where they are all of it. */
function resourcesOf(
  classes: readonly ResourceClass[],
  memo: Map<string, readonly string[]>,
  arns: readonly string[],
): readonly string[] {
  const key = classesKey(classes);
  const known = memo.get(key);
  if (known) return known;
  const count = classes.reduce((sum, of) => sum + of.arns.length, 0);
  const made = count === arns.length ? arns : sortedUnique(classes.flatMap((of) => of.arns));
  memo.set(key, made);
  return made;
}

const sortKey = ({ principals, resources, verdict, conditions }: Grant): string =>
  [principals[0], resources[0], verdict, principals.length, resources.length, JSON.stringify(conditions)].join(' ');

/** Works an answer out once for each argument. */
function remembered<T>(make: (argument: string) => T): (argument: string) => T {
  const known = new Map<string, T>();
  return (argument) => {
    const before = known.get(argument);
    if (before !== undefined) return before;
    const made = make(argument);
    known.set(argument, made);
    return made;
  };
}
