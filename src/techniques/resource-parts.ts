/** Resources in parts: those of one part are in the same lists. */
export interface ResourceParts {
  readonly partOf: ReadonlyMap<string, number>;
  /** For each part, the indices of the lists that it is in, rising. */
  readonly sets: readonly (readonly number[])[];
}

const NO_PARTS: ResourceParts = { partOf: new Map(), sets: [] };
const single = new WeakMap<readonly string[], ResourceParts>();

/** Divides resources by the lists that they are in, in time linear in the lists' lengths. */
export function partResources(lists: readonly (readonly string[])[]): ResourceParts {
  const [only] = lists;
  if (only === undefined) return NO_PARTS;
  if (lists.length === 1) {
    const known = single.get(only) ?? { partOf: new Map(only.map((resource) => [resource, 0])), sets: [[0]] };
    single.set(only, known);
    return known;
  }
  const partOf = new Map<string, number>();
  const sets: (readonly number[])[] = [];
  lists.forEach((list, index) => {
    // The part of this list's resources that were in some part before, or (-1) in none.
    const within = new Map<number, number>();
    for (const resource of list) {
      const before = partOf.get(resource) ?? -1;
      let part = within.get(before);
      if (part === undefined) {
        part = sets.length;
        sets.push([...(sets[before] ?? []), index]);
        within.set(before, part);
      }
      partOf.set(resource, part);
    }
  });
  return { partOf, sets };
}
