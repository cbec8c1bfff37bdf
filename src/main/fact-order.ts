import type { FactId } from '../attack/index.js';
import type { AttackGraph } from '../findings/index.js';
import { byCode } from '../model/index.js';
import { fact, parseFact } from '../techniques/index.js';

/** Facts in the order by which equally good proofs are told apart: by what their assets count as, then by their keys. */
export interface FactOrder {
  readonly keys: readonly string[];
  /** The place of each fact in `keys`. */
  readonly numbers: Uint32Array;
}

export function orderFacts(clauses: AttackGraph['engine']['clauses'], logicalId: AttackGraph['logicalId']): FactOrder {
  const keys = Array.from({ length: clauses.factCount }, (_, id: FactId) => clauses.factKey(id));
  const orderKeys = keys.map((key) => {
    const { kind, id } = parseFact(key);
    return fact(kind, logicalId(id));
  });
  const order = [...keys.keys()].sort(
    (a, b) => byCode(orderKeys[a] as string, orderKeys[b] as string) || byCode(keys[a] as string, keys[b] as string),
  );
  const numbers = new Uint32Array(keys.length);
  order.forEach((id, at) => (numbers[id] = at));
  return { keys: order.map((id) => keys[id] as string), numbers };
}
