/** About how long a part is, in characters. */
const PART = 1 << 20;

/** Pieces of a text as fewer, longer ones: the text of a large account is longer than one string can be. */
export function* inParts(pieces: Iterable<string>): Generator<string> {
  let part = '';
  for (const piece of pieces) {
    part += piece;
    if (part.length < PART) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}
