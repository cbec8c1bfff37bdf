/** What is in an array, at the beginning of a longer one. */
export function grown<A extends { set(from: A): void }>(from: A, into: A): A {
  into.set(from);
  return into;
}
