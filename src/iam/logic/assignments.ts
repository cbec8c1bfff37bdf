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

function makeVariables(atoms: readonly Atom[]): Variable[] {
  const byKey = new Map<string, KeyAtom[]>();
  const variables: Variable[] = [];
  for (const atom of atoms) {
    if (atom.kind === 'free') {
      const alternatives = [[true], [false]];
      variables.push({
        atoms: [atom],
        worlds: atom.decider === 'chosen' ? [alternatives] : alternatives.map((a) => [a]),
      });
    } else {
      const same = byKey.get(atom.key);
      if (same) same.push(atom);
      else byKey.set(atom.key, [atom]);
    }
  }
  for (const same of byKey.values()) variables.push({ atoms: same, worlds: distinctWorlds(same) });
  return variables;
}

/** Values of a key are the same where they make the same atoms true; worlds, where they offer the same. */
function distinctWorlds(atoms: readonly KeyAtom[]): Variable['worlds'] {
  const samples = [...new Set(atoms.flatMap((atom) => atom.samples))];
  const domain =
    atoms[0]?.domain(
      samples,
      atoms.some((atom) => atom.multivalued),
    ) ?? [];
  const worlds = new Map<string, readonly (readonly boolean[])[]>();
  for (const world of domain) {
    const alternatives = new Map<string, readonly boolean[]>();
    for (const values of world) {
      const truths = atoms.map((atom) => atom.holds(values));
      alternatives.set(truths.map(Number).join(''), truths);
    }
    worlds.set([...alternatives.keys()].sort().join(), [...alternatives.values()]);
  }
  return [...worlds.values()];
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
