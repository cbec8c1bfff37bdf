import { type ArnPattern, type ArnText, matchesArn } from './arn-pattern.js';

/** Many patterns at once: which of them does a resource have the form of? */
export class PatternIndex {
  readonly #ids = new Map<string, number>();
  readonly #always: number[] = [];
  readonly #exact = new Map<string, number>();
  /** By length of the part before the first wildcard, then by that part. */
  readonly #byPrefix = new Map<number, Map<string, { id: number; pattern: ArnPattern }[]>>();

  /** The pattern's number; equal patterns have one. */
  add(pattern: ArnPattern): number {
    const known = this.#ids.get(pattern.text);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(pattern.text, id);
    if (pattern.any) this.#always.push(id);
    else if (pattern.exact) this.#exact.set(pattern.prefix, id);
    else {
      const { length } = pattern.prefix;
      const prefixes = this.#byPrefix.get(length) ?? new Map<string, { id: number; pattern: ArnPattern }[]>();
      this.#byPrefix.set(length, prefixes);
      const same = prefixes.get(pattern.prefix);
      if (same) same.push({ id, pattern });
      else prefixes.set(pattern.prefix, [{ id, pattern }]);
    }
    return id;
  }

  /** Numbers of all patterns that match. */
  match(arn: ArnText): number[] {
    const found = [...this.#always];
    const exact = this.#exact.get(arn.text);
    if (exact !== undefined) found.push(exact);
    for (const [length, prefixes] of this.#byPrefix) {
      if (length > arn.text.length) continue;
      const candidates = prefixes.get(arn.text.slice(0, length));
      if (candidates) for (const { id, pattern } of candidates) if (matchesArn(pattern, arn)) found.push(id);
    }
    return found;
  }
}
