import { byCode, sortedUnique } from '../../model/index.js';
import type { AuthorizationAnswer, Grant } from '../authorizer.js';
import type { Subject } from '../principals/resolve-subject.js';
import type { ResourceClass } from './resource-classes.js';

interface Cell {
  readonly members: readonly Subject[];
  readonly classes: ResourceClass[];
  readonly answer: AuthorizationAnswer;
}

/** Puts answers about pairs of classes together to few grants: by principals first, then by resources. */
export class GrantCollector {
  readonly #cells = new Map<string, Cell>();
  readonly #answerIds = new Map<string, number>();
  readonly #membersIds = new WeakMap<readonly Subject[], number>();
  readonly #idsByText = new Map<string, number>();

  add(members: readonly Subject[], of: ResourceClass, answer: AuthorizationAnswer): void {
    if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') return;
    const text = JSON.stringify([
      answer.verdict,
      answer.conditions,
      answer.decidedBy.map((d) => [d.policy, d.statement, d.effect]),
    ]);
    const id = this.#answerIds.get(text) ?? this.#answerIds.size;
    this.#answerIds.set(text, id);
    const key = `${this.#membersId(members)} ${id}`;
    const cell = this.#cells.get(key);
    if (cell) cell.classes.push(of);
    else this.#cells.set(key, { members, classes: [of], answer });
  }

  grants(): readonly Grant[] {
    const merged = new Map<string, { principals: Subject[]; cell: Cell }>();
    for (const [key, cell] of this.#cells) {
      const answer = key.slice(key.indexOf(' '));
      const whole = `${answer} ${cell.classes
        .map((of) => of.id)
        .sort((a, b) => a - b)
        .join()}`;
      const same = merged.get(whole);
      if (same) same.principals.push(...cell.members);
      else merged.set(whole, { principals: [...cell.members], cell });
    }
    const resources = new Map<string, readonly string[]>();
    const made = [...merged.values()].map(({ principals, cell }): Grant => {
      const { verdict, conditions, decidedBy } = cell.answer;
      return {
        principals: sortedUnique(principals.map((subject) => subject.id)),
        resources: resourcesOf(cell.classes, resources),
        verdict: verdict === 'allowed' || verdict === 'depends' ? verdict : 'unknown',
        conditions,
        decidedBy,
      };
    });
    return made.sort((a, b) => byCode(sortKey(a), sortKey(b)));
  }

  /** One number for equal sets of members, worked out once an array. */
  #membersId(members: readonly Subject[]): number {
    const known = this.#membersIds.get(members);
    if (known !== undefined) return known;
    const text = members.map((member) => member.id).join(' ');
    const id = this.#idsByText.get(text) ?? this.#idsByText.size;
    this.#idsByText.set(text, id);
    this.#membersIds.set(members, id);
    return id;
  }
}

/** The sorted resources of classes; one array for the same classes. */
function resourcesOf(classes: readonly ResourceClass[], memo: Map<string, readonly string[]>): readonly string[] {
  const key = classes
    .map((of) => of.id)
    .sort((a, b) => a - b)
    .join();
  const known = memo.get(key);
  if (known) return known;
  const made = sortedUnique(classes.flatMap((of) => of.targets.map((target) => target.arn)));
  memo.set(key, made);
  return made;
}

const sortKey = ({ principals, resources, verdict, conditions }: Grant): string =>
  [principals[0], resources[0], verdict, principals.length, resources.length, JSON.stringify(conditions)].join(' ');
