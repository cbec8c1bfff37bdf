import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { idOf, type NetworkText, networkOf } from './case-network.js';

interface Case extends NetworkText {
  readonly name: string;
  readonly why: string;
  readonly questions: readonly {
    readonly from: string;
    readonly to: string;
    readonly port?: string;
    readonly expect: string;
    /** Words that some blocker must contain, each. */
    readonly because?: readonly string[];
    readonly sources?: readonly string[];
    readonly ports?: readonly string[];
    /** Words that some condition must contain. */
    readonly condition?: string;
    /** Words that some evidence must contain. */
    readonly evidence?: string;
  }[];
  /** Expected exposures: `asset grade ports`. */
  readonly exposures?: readonly string[];
}

const folder = new URL('cases/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Case[];
  describe(file, () => {
    for (const item of cases)
      test(`${item.name}: ${item.why}`, () => {
        const network = networkOf(item);
        for (const q of item.questions) {
          const asked = { from: idOf(q.from), to: idOf(q.to), ...(q.port !== undefined && { port: q.port }) };
          const answer = network.reach(asked);
          const label = `${q.from} → ${q.to} ${q.port ?? ''}\n${JSON.stringify(answer, undefined, 1)}`;
          expect(answer.verdict, label).toBe(q.expect);
          const blockers = answer.blockedBy.map((b) => b.fact).join('\n');
          for (const words of q.because ?? []) expect(blockers, label).toContain(words);
          if (q.expect === 'no') expect(answer.blockedBy.length, label).toBeGreaterThan(0);
          if (q.expect === 'yes') expect(answer.allowed.flatMap((a) => a.evidence).length, label).toBeGreaterThan(0);
          if (q.sources !== undefined)
            expect(
              answer.allowed.flatMap((a) => a.sources),
              label,
            ).toEqual(q.sources);
          if (q.ports !== undefined)
            expect([...new Set(answer.allowed.flatMap((a) => a.ports))], label).toEqual(q.ports);
          if (q.evidence !== undefined)
            expect(JSON.stringify(answer.allowed.map((a) => a.evidence)), label).toContain(q.evidence);
          if (q.condition !== undefined) expect(JSON.stringify(answer.conditions), label).toContain(q.condition);
        }
        if (item.exposures !== undefined)
          expect(
            network.exposures().map((e) => `${e.asset.split('/').at(-1)} ${e.grade} ${e.ports.join(',')}`),
          ).toEqual(item.exposures);
      });
  });
}

test('what links say of groups over a transit gateway that was not collected is what reach says', () => {
  const cases = JSON.parse(readFileSync(new URL('routes.json', folder), 'utf8')) as readonly Case[];
  const item = cases.find(({ name }) => name === 'groups across a transit gateway that was not collected');
  const links = networkOf(item as Case).links();
  const verdictTo = (host: string): readonly string[] =>
    links.flatMap(({ sources, targets, verdict, conditions }) =>
      sources.includes(idOf('i-a')) && targets.includes(idOf(host))
        ? [[verdict, ...conditions.map(({ key }) => key)].join(' ')]
        : [],
    );
  expect(verdictTo('i-ref')).toEqual(['unknown groups over tgw-1']);
  expect(verdictTo('i-cidr')).toEqual(['yes']);
  expect(verdictTo('i-other')).toEqual([]);
});
