import { EACH, type FactId } from './clause.js';
import { grown } from './grown.js';

/** Facts by key, numbered as they come. */
export interface FactTable {
  count(): number;
  intern(key: string): FactId;
  /**
   * The facts of a key in which each of the members takes the place of {@link EACH}, remembered for an array that comes again (to be read only);
   * the one fact of a key without it.
   */
  internEach(key: string, members: readonly string[]): Uint32Array | FactId;
  id(key: string): FactId | undefined;
  /** @throws RangeError where there is no such fact */
  key(fact: FactId): string;
  /** What stands before the key's first space; '' where there is none. */
  kind(fact: FactId): string;
  /** The rest of the key. */
  subject(fact: FactId): string;
}

/** Divides a fact's key. One that begins with a space has no kind. */
export function splitKey(key: string): readonly [kind: string, subject: string] {
  const space = key.indexOf(' ');
  return space > 0 ? [key.slice(0, space), key.slice(space + 1)] : ['', key];
}

export const joinKey = (kind: string, subject: string): string => (kind === '' ? subject : `${kind} ${subject}`);

/** Facts of one kind: by the number of the subject, the fact's number plus one. */
interface Kind {
  readonly name: string;
  facts: Uint32Array;
}

/**
 * Keys are kept as a kind and a subject, each a number: there are few kinds, and in each of them much the same is said of the same many subjects, so
 * that a fact costs a look-up in an array and no string.
 */
export function makeFactTable(): FactTable {
  const kinds: Kind[] = [];
  const kindNumbers = new Map<string, number>();
  const subjects: string[] = [];
  const subjectNumbers = new Map<string, number>();
  let count = 0;
  let kindOf = new Uint32Array(64);
  let subjectOf = new Uint32Array(64);
  /** Facts that came by their whole key, as most of those do again. */
  const named = new Map<string, FactId>();
  const numbered = new WeakMap<readonly string[], Uint32Array>();
  const lists = new WeakMap<readonly string[], Map<string, Uint32Array>>();

  function kindNumber(name: string): number {
    const known = kindNumbers.get(name);
    if (known !== undefined) return known;
    kinds.push({ name, facts: new Uint32Array(64) });
    kindNumbers.set(name, kinds.length - 1);
    return kinds.length - 1;
  }

  function subjectNumber(subject: string): number {
    const known = subjectNumbers.get(subject);
    if (known !== undefined) return known;
    subjects.push(subject);
    subjectNumbers.set(subject, subjects.length - 1);
    return subjects.length - 1;
  }

  function numbersOf(members: readonly string[]): Uint32Array {
    const known = numbered.get(members);
    if (known) return known;
    const made = new Uint32Array(members.length);
    for (let i = 0; i < made.length; i++) made[i] = subjectNumber(members[i]!);
    numbered.set(members, made);
    return made;
  }

  function factOf(kind: number, subject: number): FactId {
    const own = kinds[kind]!;
    if (subject >= own.facts.length)
      own.facts = grown(own.facts, new Uint32Array(Math.max(subjects.length, subject * 2)));
    const known = own.facts[subject]!;
    if (known > 0) return known - 1;
    if (count === kindOf.length) {
      kindOf = grown(kindOf, new Uint32Array(count * 2));
      subjectOf = grown(subjectOf, new Uint32Array(count * 2));
    }
    kindOf[count] = kind;
    subjectOf[count] = subject;
    own.facts[subject] = ++count;
    return count - 1;
  }

  function intern(key: string): FactId {
    const known = named.get(key);
    if (known !== undefined) return known;
    const [kind, subject] = splitKey(key);
    const fact = factOf(kindNumber(kind), subjectNumber(subject));
    named.set(key, fact);
    return fact;
  }

  function internEach(key: string, members: readonly string[]): Uint32Array | FactId {
    const place = key.indexOf(EACH);
    if (place < 0) return intern(key);
    const byKey = lists.get(members) ?? new Map<string, Uint32Array>();
    lists.set(members, byKey);
    const known = byKey.get(key);
    if (known) return known;
    const made = isWholeSubject(key, place) ? ofKind(key.slice(0, place - 1), members) : inserted(key, place, members);
    byKey.set(key, made);
    return made;
  }

  function ofKind(name: string, members: readonly string[]): Uint32Array {
    const kind = kindNumber(name);
    return numbersOf(members).map((subject) => factOf(kind, subject));
  }

  function inserted(key: string, place: number, members: readonly string[]): Uint32Array {
    const before = key.slice(0, place);
    const after = key.slice(place + EACH.length);
    return Uint32Array.from(members, (member) => intern(`${before}${member}${after}`));
  }

  function checked(fact: FactId): FactId {
    if (!(fact >= 0 && fact < count)) throw new RangeError(`there is no fact ${fact}`);
    return fact;
  }

  const kind = (fact: FactId): string => kinds[kindOf[checked(fact)]!]!.name;
  const subject = (fact: FactId): string => subjects[subjectOf[checked(fact)]!]!;

  return {
    count: () => count,
    intern,
    internEach,
    id: (key) => {
      const [name, about] = splitKey(key);
      const facts = kinds[kindNumbers.get(name) ?? -1]?.facts;
      const found = facts?.[subjectNumbers.get(about) ?? -1] ?? 0;
      return found > 0 ? found - 1 : undefined;
    },
    key: (fact) => joinKey(kind(fact), subject(fact)),
    kind,
    subject,
  };
}

/** Whether the member is all that follows the key's first word. */
const isWholeSubject = (key: string, place: number): boolean =>
  place > 1 && place === key.length - EACH.length && key.indexOf(' ') === place - 1;
