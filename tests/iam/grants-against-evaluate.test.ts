import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAuthorizer, type Grant } from '../../src/iam/index.js';
import { drawEstate } from './oracle/account-arbitrary.js';
import { KEYS } from './oracle/alphabet.js';
import { drawContext } from './oracle/scene-arbitrary.js';
import { IS_CI, SEED } from './oracle/seed.js';

const RUNS = Number(process.env['TRESPASS_RUNS'] ?? (IS_CI ? 300 : 150));

/** Keys of a request's making; the engine itself knows who asks. */
const STATED = KEYS.filter(({ name }) =>
  /SourceIp|SecureTransport|RequestTag|TagKeys|CurrentTime|SourceVpc/.test(name),
);

/** Ways of asking what would be if the intruder had changed something first. */
const drawAsIf = fc.constantFrom(
  {},
  {},
  {},
  { elevated: true },
  { trusting: true },
  { unguarded: true },
  { retagged: 'set' as const },
  { retagged: 'removed' as const },
);

describe('grants', () => {
  it('say of every principal and resource what evaluating the pair says', { timeout: 600_000 }, () => {
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(drawEstate(), fc.option(drawContext(STATED), { freq: 2 }), drawAsIf, (estate, drawn, asIf) => {
        const authorizer = buildAuthorizer(estate.snapshot);
        expect(authorizer.principals.map(({ id }) => id)).toEqual([...estate.principals].sort());
        const more = { ...(drawn !== null && { context: drawn }), ...asIf };
        for (const { action, resources } of estate.questions) {
          const granted = new Map<string, Grant>();
          for (const grant of authorizer.grants({ action, resources, ...more }))
            for (const principal of grant.principals)
              for (const resource of grant.resources) {
                const pair = `${principal} ${resource}`;
                expect(granted.has(pair), `${pair} twice`).toBe(false);
                granted.set(pair, grant);
              }
          for (const principal of estate.principals)
            for (const resource of resources) {
              const answer = authorizer.evaluate({ principal, action, resource, ...more });
              const grant = granted.get(`${principal} ${resource}`);
              granted.delete(`${principal} ${resource}`);
              verdicts.set(answer.verdict, (verdicts.get(answer.verdict) ?? 0) + 1);
              const context = `${principal} ${action} ${resource} ${JSON.stringify(more)}`;
              expect(grant?.verdict ?? 'denied', context).toBe(answer.verdict.replace(/^.*-deny$/, 'denied'));
              if (grant !== undefined) expect(grant.conditions, context).toEqual(answer.conditions);
            }
          expect([...granted.keys()], 'pairs that nobody asked about').toEqual([]);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(`TRESPASS_SEED=${SEED}: ${JSON.stringify(Object.fromEntries(verdicts))}\n`);
    for (const verdict of ['allowed', 'depends', 'implicit-deny', 'explicit-deny', 'unknown'])
      expect(verdicts.get(verdict) ?? 0, verdict).toBeGreaterThan(RUNS / 30);
  });

  it('name for each principal the statements of its own that decide', () => {
    fc.assert(
      fc.property(drawEstate(), drawAsIf, (estate, asIf) => {
        const authorizer = buildAuthorizer(estate.snapshot);
        for (const { action, resources } of estate.questions) {
          for (const grant of authorizer.grants({ action, resources, ...asIf })) {
            for (const principal of grant.principals) {
              const evaluated = grant.resources.map(
                (resource) => authorizer.evaluate({ principal, action, resource, ...asIf }).decidedBy,
              );
              expect(evaluated).toContainEqual(grant.decidedBy(principal));
            }
          }
        }
      }),
      { seed: SEED, numRuns: RUNS / 5 },
    );
  });

  it('are asked about the principals named, and no others', () => {
    fc.assert(
      fc.property(drawEstate(), fc.nat(), (estate, pick) => {
        const authorizer = buildAuthorizer(estate.snapshot);
        const principal = estate.principals[pick % estate.principals.length] ?? '';
        for (const question of estate.questions) {
          const all = authorizer.grants(question);
          const one = authorizer.grants({ ...question, principals: [principal] });
          const resources = (grants: readonly Grant[]): string[] =>
            grants
              .filter(({ principals }) => principals.includes(principal))
              .flatMap((grant) => grant.resources.map((resource) => `${grant.verdict} ${resource}`))
              .sort();
          expect(one.every(({ principals }) => principals.length === 1)).toBe(true);
          expect(resources(one)).toEqual(resources(all));
        }
      }),
      { seed: SEED, numRuns: RUNS / 5 },
    );
  });
});
