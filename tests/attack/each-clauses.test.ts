import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClauseSet, EACH, type EachClause, makeClauseSet } from '../../src/attack/index.js';

// Keys that begin alike up to the member, that end with it, and that do not name it; members that begin alike, or look like a pattern.
const key = fc.constantFrom('a', 'b', 'p x', `p ${EACH}`, `q ${EACH}`, `p ${EACH}/s`, `p x${EACH}`, EACH);
const member = fc.constantFrom('x', 'y', 'x/s', 'xx', '10', '9', '$&');

const each = fc.record({
  head: key,
  body: fc.array(key, { maxLength: 3 }),
  cost: fc.constantFrom(0, 1, 5),
  minor: fc.boolean(),
  each: fc.option(fc.uniqueArray(member, { maxLength: 4 }), { nil: undefined }),
});

const written = (set: ClauseSet<number>) =>
  Array.from({ length: set.clauseCount }, (_, id) => ({ ...set.clause(id), length: set.columns().length[id] }));

const keys = (set: ClauseSet<number>): string[] =>
  Array.from({ length: set.factCount }, (_, fact) => set.factKey(fact)).sort();

describe('clauses added for each of many', () => {
  it('are those that would be added one by one', () => {
    fc.assert(
      fc.property(fc.array(each, { maxLength: 6 }), (drawn) => {
        const together = makeClauseSet<number>();
        const apart = makeClauseSet<number>();
        const members: (string | undefined)[] = [];
        drawn.forEach((one, label) => {
          const clause: EachClause<number> = { ...one, conditions: [], label };
          if (one.each) together.addEach(clause);
          else together.add(clause);
          for (const name of one.each ?? [undefined]) {
            const named = (text: string): string => text.split(EACH).join(name ?? EACH);
            apart.add({ ...clause, head: named(one.head), body: one.body.map(named) });
            members.push(name);
          }
        });
        expect(written(together)).toEqual(written(apart));
        expect(keys(together)).toEqual(keys(apart));
        expect(members.map((_, id) => together.member(id))).toEqual(members);
        const { count, start, label } = together.groups();
        const labels = Array.from({ length: count }, (_, group) =>
          Array.from({ length: start[group + 1]! - start[group]! }, () => label(group)),
        );
        expect(labels.flat()).toEqual(written(together).map((clause) => clause.label));
      }),
      { seed: 20240607, numRuns: 1000 },
    );
  });
});
