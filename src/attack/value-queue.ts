import type { FactId } from './clause.js';

/** Facts by value, the least first. */
export interface ValueQueue {
  add(fact: FactId, conditional: number, cost: number, steps: number): void;
  /** One of the facts of the least value; `undefined` where there is none. */
  takeFirst(): FactId | undefined;
  clear(): void;
}

/** Facts of one value. */
interface Bucket {
  readonly conditional: number;
  readonly cost: number;
  readonly steps: number;
  readonly facts: FactId[];
  /** Whether it is in the heap. */
  isQueued: boolean;
  /** Another of the same hash. */
  readonly next: Bucket | undefined;
}

/**
 * Thousands of facts share a value, so they wait in buckets, and only the buckets are kept in order (a binary heap): adding a fact of a value that
 * others have costs no comparison with them.
 */
export function makeValueQueue(): ValueQueue {
  const heap: Bucket[] = [];
  const byHash = new Map<number, Bucket>();
  let recent: Bucket | undefined;

  function bucketOf(conditional: number, cost: number, steps: number): Bucket {
    const hash = steps + cost * 4099 + conditional * 1_000_003;
    const first = byHash.get(hash);
    for (let bucket = first; bucket !== undefined; bucket = bucket.next) {
      if (bucket.steps !== steps || bucket.cost !== cost || bucket.conditional !== conditional) continue;
      if (!bucket.isQueued) rise(heap, bucket);
      bucket.isQueued = true;
      return bucket;
    }
    const made: Bucket = { conditional, cost, steps, facts: [], isQueued: true, next: first };
    byHash.set(hash, made);
    rise(heap, made);
    return made;
  }

  return {
    add: (fact, conditional, cost, steps) => {
      if (recent === undefined || recent.steps !== steps || recent.cost !== cost || recent.conditional !== conditional)
        recent = bucketOf(conditional, cost, steps);
      recent.facts.push(fact);
    },
    takeFirst: () => {
      for (let first = heap[0]; first !== undefined; first = heap[0]) {
        const fact = first.facts.pop();
        if (fact !== undefined) return fact;
        removeFirst(heap);
        first.isQueued = false;
        if (recent === first) recent = undefined;
      }
      byHash.clear();
      return undefined;
    },
    clear: () => {
      heap.length = 0;
      byHash.clear();
      recent = undefined;
    },
  };
}

function isBelow(a: Bucket, b: Bucket): boolean {
  if (a.conditional !== b.conditional) return a.conditional < b.conditional;
  if (a.cost !== b.cost) return a.cost < b.cost;
  return a.steps < b.steps;
}

function rise(heap: Bucket[], bucket: Bucket): void {
  let at = heap.length;
  while (at > 0) {
    const up = (at - 1) >> 1;
    const above = heap[up]!;
    if (!isBelow(bucket, above)) break;
    heap[at] = above;
    at = up;
  }
  heap[at] = bucket;
}

function removeFirst(heap: Bucket[]): void {
  const bucket = heap.pop()!;
  const size = heap.length;
  if (size === 0) return;
  let at = 0;
  for (let child = 1; child < size; child = at * 2 + 1) {
    if (child + 1 < size && isBelow(heap[child + 1]!, heap[child]!)) child++;
    const below = heap[child]!;
    if (!isBelow(below, bucket)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = bucket;
}
