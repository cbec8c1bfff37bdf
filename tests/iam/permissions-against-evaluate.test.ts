import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Authorizer, buildAuthorizer, type PermittedResources } from '../../src/iam/index.js';
import { arnText, compileArnPattern, matchesArn } from '../../src/iam/matching/arn-pattern.js';
import { keyArn, miniature, roleArn } from '../techniques/miniature.js';
import { drawEstate, type Estate } from './oracle/account-arbitrary.js';
import { HOME } from './oracle/alphabet.js';
import { IS_CI, SEED } from './oracle/seed.js';

const RUNS = Number(process.env['TRESPASS_RUNS'] ?? (IS_CI ? 120 : 40));

const hasForm = (pattern: string, resource: string): boolean =>
  pattern === '*' || matchesArn(compileArnPattern(pattern), arnText(resource));

/** Resources of the home account that no policy of their own decides on. */
const isPlain = (resource: string): boolean =>
  resource.includes(`:${HOME}:`) && !resource.includes(':kms:') && !resource.includes(':secret');

const isDenial = (verdict: string): boolean => verdict.endsWith('-deny');

/** Every concrete resource of an estate's questions with its action. */
const pairsOf = ({ questions }: Estate): readonly (readonly [action: string, resource: string])[] =>
  questions.flatMap(({ action, resources }) =>
    resources.filter((resource) => resource === '*' || !/[*?]/.test(resource)).map((one) => [action, one] as const),
  );

function entriesOf(iam: Authorizer, principal: string, action: string): readonly PermittedResources[] {
  const [only] = iam.permissions({ principal, actions: [action] });
  return only?.resources ?? [];
}

describe('permissions', () => {
  const counts = new Map<string, number>();
  const count = (what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);

  it('name every resource that may be allowed, and nothing for certain that is not', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(drawEstate(), (estate) => {
        const iam = buildAuthorizer(estate.snapshot);
        for (const principal of estate.principals)
          for (const [action, resource] of pairsOf(estate)) {
            const { verdict } = iam.evaluate({ principal, action, resource });
            const entries = entriesOf(iam, principal, action).filter(({ pattern, also }) =>
              [pattern, ...also].every((one) => hasForm(one, resource)),
            );
            const context = `${principal} ${action} ${resource}: ${verdict}, ${JSON.stringify(entries)}`;
            if (!isDenial(verdict)) expect(entries.length, context).toBeGreaterThan(0);
            const isCertain = entries.some(
              (one) => one.verdict === 'allowed' && !one.except.some((denied) => hasForm(denied, resource)),
            );
            count(isCertain ? 'certain' : verdict);
            if (isCertain && isPlain(resource) && principal.includes(HOME)) expect(verdict, context).toBe('allowed');
          }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(`TRESPASS_SEED=${SEED}: ${JSON.stringify(Object.fromEntries(counts))}\n`);
    for (const what of ['certain', 'depends', 'implicit-deny', 'explicit-deny'])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(RUNS / 30);
  });

  it('are had by a grant on a key whose policy does not speak of the action', () => {
    const grant = (GranteePrincipal: string) => ({
      Grants: [{ GrantId: 'g', GranteePrincipal, Operations: ['Decrypt'] }],
    });
    const Principal = { Service: 'lambda.amazonaws.com' };
    const policy = [{ Effect: 'Deny', Principal, Action: 'kms:DescribeKey', Resource: '*' }];
    const iam = buildAuthorizer(
      miniature({
        roles: { app: {}, other: {} },
        keys: { k1: { policy } },
        answers: { 'kms/ListGrants': { k1: grant(roleArn('app')) } },
      }),
    );
    const patterns = (role: string, action: string): readonly string[] =>
      entriesOf(iam, roleArn(role), action).map(({ pattern }) => pattern);
    expect(patterns('app', 'kms:Decrypt')).toEqual([keyArn('k1')]);
    expect(patterns('app', 'kms:Encrypt')).toEqual([]);
    expect(patterns('other', 'kms:Decrypt')).toEqual([]);
  });
});
