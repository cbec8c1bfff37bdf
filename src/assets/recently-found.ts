const SLOTS = 32;

/**
 * What was found last for ids with the same last character, in one place. Records that come together mostly name the same VPC, subnet
 * and groups: to compare an id with the one before is faster than to look it up again.
 */
export class RecentlyFound<Place> {
  #place: Place | undefined;
  readonly #ids: (string | undefined)[] = Array.from({ length: SLOTS });
  readonly #found = new Uint32Array(SLOTS);

  get(id: string, place: Place): number | undefined {
    const slot = slotOf(id);
    return this.#ids[slot] === id && this.#place === place ? this.#found[slot] : undefined;
  }

  keep(id: string, place: Place, found: number): number {
    if (this.#place !== place) this.#ids.fill(undefined);
    this.#place = place;
    const slot = slotOf(id);
    this.#ids[slot] = id;
    this.#found[slot] = found;
    return found;
  }
}

const slotOf = (id: string): number => (id === '' ? 0 : id.charCodeAt(id.length - 1) % SLOTS);
