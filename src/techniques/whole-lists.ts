import type { Grant } from '../iam/index.js';

/** Lists of resources that are parts of one whole, and for each resource the part that it is in. */
interface Whole {
  readonly list: readonly string[];
  readonly partOf: ReadonlyMap<string, readonly string[]>;
}

const wholes = new WeakMap<readonly string[], Whole>();

/**
 * Says that what is asked about one of these lists will be asked about the others too: permissions ask about all of them at once.
 * @param whole all resources of the lists, each of which is in one of them
 */
export function joinLists(parts: readonly (readonly string[])[], whole: readonly string[] = parts.flat()): void {
  if (parts.length < 2) return;
  const partOf = new Map(parts.flatMap((part) => part.map((resource) => [resource, part] as const)));
  for (const part of parts) wholes.set(part, { list: whole, partOf });
}

/** What to ask about for a list: the whole that it is a part of, or itself. */
export const wholeList = (part: readonly string[]): readonly string[] => wholes.get(part)?.list ?? part;

const restricted = new WeakMap<readonly string[], ReadonlyMap<readonly string[], readonly string[]>>();

/** Of grants on the whole that a list is a part of, those on the part. */
export function onPart(grants: readonly Grant[], part: readonly string[]): readonly Grant[] {
  const whole = wholes.get(part);
  if (!whole) return grants;
  const { onAll, onSome } = placesByPart(grants, whole);
  const some = onSome.get(part);
  if (!some) return onAll.map((place) => ({ ...(grants[place] as Grant), resources: part }));
  return [...onAll.map((place) => [place, part] as const), ...some]
    .sort(([a], [b]) => a - b)
    .map(([place, resources]) => ({ ...(grants[place] as Grant), resources }));
}

/** Where grants on a whole stand: those on all of it, and by part, with what they are on in it, those on some of it. */
interface PlacesByPart {
  readonly onAll: readonly number[];
  readonly onSome: ReadonlyMap<readonly string[], readonly (readonly [number, readonly string[]])[]>;
}

const places = new WeakMap<readonly Grant[], PlacesByPart>();

/** Made once, as it is asked for part by part. */
function placesByPart(grants: readonly Grant[], whole: Whole): PlacesByPart {
  const known = places.get(grants);
  if (known) return known;
  const onAll: number[] = [];
  const onSome = new Map<readonly string[], (readonly [number, readonly string[]])[]>();
  grants.forEach(({ resources }, place) => {
    if (resources === whole.list) onAll.push(place);
    else
      for (const [part, own] of byPart(resources, whole)) {
        const before = onSome.get(part);
        if (before) before.push([place, own]);
        else onSome.set(part, [[place, own]]);
      }
  });
  const made = { onAll, onSome };
  places.set(grants, made);
  return made;
}

function byPart(resources: readonly string[], { partOf }: Whole): ReadonlyMap<readonly string[], readonly string[]> {
  const known = restricted.get(resources);
  if (known) return known;
  const made = new Map<readonly string[], string[]>();
  for (const resource of resources) {
    const part = partOf.get(resource);
    if (!part) continue;
    const own = made.get(part);
    if (own) own.push(resource);
    else made.set(part, [resource]);
  }
  restricted.set(resources, made);
  return made;
}
