import { unescapeGlob } from '../matching/glob.js';
import { instances, intersections } from '../matching/intersect-globs.js';
import type { Atom, KeyAtom, Truth } from './formula.js';

/** Truth of every atom, by id. */
export type Assignment = ReadonlyMap<string, boolean>;

export interface Assignments {
  /** Each world with the assignments among which the intruder chooses. */
  readonly worlds: readonly (readonly Assignment[])[];
  /** Ids of atoms that the intruder alone decides. */
  readonly chosen: ReadonlySet<string>;
}

const LIMIT = 20_000;

/** A group of atoms that are decided together: those of one key, or a free one. Worlds of alternatives of truths. */
interface Variable {
  readonly atoms: readonly Atom[];
  readonly worlds: readonly (readonly (readonly boolean[])[])[];
}

/** All assignments that differ to the given atoms; `undefined` where they are too many to try. */
export function enumerateAssignments(atoms: readonly Atom[]): Assignments | undefined {
  const variables = makeVariables(atoms);
  if (!variables) return undefined;
  const count = variables.reduce(
    (product, { worlds }) => product * worlds.reduce((sum, world) => sum + world.length, 0),
    1,
  );
  if (count > LIMIT) return undefined;
  let worlds: (readonly Assignment[])[] = [[new Map()]];
  for (const variable of variables) {
    worlds = worlds.flatMap((world) =>
      variable.worlds.map((alternatives) =>
        world.flatMap((assignment) =>
          alternatives.map((truths) => {
            const extended = new Map(assignment);
            for (const [i, atom] of variable.atoms.entries()) extended.set(atom.id, truths[i] ?? false);
            return extended;
          }),
        ),
      ),
    );
  }
  const chosen = variables.filter((v) => v.worlds.length === 1).flatMap((v) => v.atoms.map((atom) => atom.id));
  return { worlds, chosen: new Set(chosen) };
}

function makeVariables(atoms: readonly Atom[]): Variable[] | undefined {
  const variables: Variable[] = [];
  const keyed: KeyAtom[] = [];
  for (const atom of atoms) {
    if (atom.kind === 'key') keyed.push(atom);
    else {
      const alternatives = [[true], [false]];
      const worlds = atom.decider === 'chosen' ? [alternatives] : alternatives.map((one) => [one]);
      variables.push({ atoms: [atom], worlds });
    }
  }
  for (const joined of joinByKeys(keyed)) {
    const worlds = distinctWorlds(joined);
    if (!worlds) return undefined;
    variables.push({ atoms: joined, worlds });
  }
  return variables;
}

/** Atoms that share a key, directly or through others, in one group. */
function joinByKeys(atoms: readonly KeyAtom[]): KeyAtom[][] {
  let groups: { keys: Set<string>; atoms: KeyAtom[] }[] = [];
  for (const atom of atoms) {
    const keys = new Set(atom.keys.map(({ key }) => key));
    const touching = groups.filter((group) => [...keys].some((key) => group.keys.has(key)));
    const merged = {
      keys: new Set([...keys, ...touching.flatMap((group) => [...group.keys])]),
      atoms: [...touching.flatMap((group) => group.atoms), atom],
    };
    groups = [...groups.filter((group) => !touching.includes(group)), merged];
  }
  return groups.map((group) => group.atoms);
}

/**
 * Values of the keys are the same where they make the same atoms true; worlds, where they offer the same. `undefined` where they are too
 * many to try.
 */
function distinctWorlds(atoms: readonly KeyAtom[]): Variable['worlds'] | undefined {
  const keys = [...new Map(atoms.flatMap((atom) => atom.keys.map((open) => [open.key, open]))).values()];
  const isJoint = keys.length > 1;
  const samples = samplesOf(atoms, isJoint);
  const domains = keys.map(({ key, domain }) => {
    const isMultivalued = atoms.some((atom) => atom.multivalued && atom.keys[0]?.key === key);
    const likeness = (value: string) => atoms.map((atom) => (atom.holds([[value]]) ? 1 : 0)).join('');
    return domain(samples, isMultivalued ? (isJoint ? (value) => value : likeness) : undefined);
  });
  const size = domains.reduce((product, domain) => product * domain.reduce((sum, world) => sum + world.length, 0), 1);
  if (size > TRIED) return undefined;
  const places = atoms.map((atom) => atom.keys.map(({ key }) => keys.findIndex((open) => open.key === key)));
  const worlds = new Map<string, readonly (readonly boolean[])[]>();
  for (const world of product(domains)) {
    const alternatives = new Map<string, readonly boolean[]>();
    for (const values of product(world)) {
      const truths = atoms.map((atom, i) => atom.holds((places[i] ?? []).map((place) => values[place])));
      alternatives.set(truths.map(Number).join(''), truths);
    }
    worlds.set([...alternatives.keys()].sort().join(), [...alternatives.values()]);
  }
  return [...worlds.values()];
}

/** How many values of keys that belong together are tried at most. */
const TRIED = 200_000;

function samplesOf(atoms: readonly KeyAtom[], isJoint: boolean): readonly string[] {
  const samples = new Set(atoms.flatMap((atom) => atom.samples));
  for (const pattern of commonPatterns(atoms)) for (const text of instances(pattern)) samples.add(unescapeGlob(text));
  if (!isJoint) return [...samples];
  for (const atom of atoms) for (const sample of atom.expand?.([...samples]) ?? []) samples.add(sample);
  return [...samples];
}

const MAX_PATTERNS = 48;

/** What two or more patterns have in common, as patterns. */
function commonPatterns(atoms: readonly KeyAtom[]): readonly string[] {
  const forms = atoms.flatMap(({ keys }) => keys.flatMap(({ form }) => form ?? []));
  const patterns = [...new Set([...atoms.flatMap((atom) => atom.patterns), ...forms])];
  if (patterns.length < 2) return [];
  const known = new Set(patterns);
  for (let i = 1; i < patterns.length; i++) {
    for (let j = 0; j < i && patterns.length < MAX_PATTERNS; j++) {
      for (const common of intersections(patterns[i] ?? '', patterns[j] ?? '')) {
        if (known.has(common)) continue;
        known.add(common);
        patterns.push(common);
      }
    }
  }
  return patterns;
}

/** One element of each list, in all ways. */
function product<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let rows: readonly (readonly T[])[] = [[]];
  for (const list of lists) rows = rows.flatMap((row) => list.map((item) => [...row, item]));
  return rows;
}

export function evaluateTruth(truth: Truth, assignment: Assignment): boolean {
  if (typeof truth === 'boolean') return truth;
  switch (truth.kind) {
    case 'atom':
      return assignment.get(truth.atom.id) ?? false;
    case 'not':
      return !evaluateTruth(truth.of, assignment);
    case 'and':
      return truth.of.every((part) => evaluateTruth(part, assignment));
    default:
      return truth.of.some((part) => evaluateTruth(part, assignment));
  }
}
