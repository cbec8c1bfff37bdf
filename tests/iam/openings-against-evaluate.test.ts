import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Authorizer, buildAuthorizer, type PolicyOpening } from '../../src/iam/index.js';
import { compileGlob, matchesGlob } from '../../src/iam/matching/glob.js';
import { drawEstate, type Estate } from './oracle/account-arbitrary.js';
import { ANYBODY, FOREIGN, HOME, SERVICES } from './oracle/alphabet.js';
import { IS_CI, SEED } from './oracle/seed.js';

const RUNS = Number(process.env['TRESPASS_RUNS'] ?? (IS_CI ? 400 : 120));

const NOBODYS = '777788889999';
/** Outsiders to one account or the other, or to both, who are in no snapshot's answers. */
const STRANGERS = [HOME, FOREIGN, NOBODYS].flatMap((account) => [
  `aws:account/${account}`,
  `arn:aws:iam::${account}:root`,
  `arn:aws:iam::${account}:user/new`,
]);

const accountOf = (principal: string): string | undefined => /(?<=:|\/)\d{12}(?=:|$)/.exec(principal)?.[0];

/** Whose resources they are, and the one that has the policy. */
const holderOf = (resource: string): string => resource.replace(/^(arn:aws:s3:::[^/]+)\/.*$/, '$1');
const ownerOf = (resource: string): string | undefined =>
  /:::data/.test(resource) ? HOME : /:::lake/.test(resource) ? FOREIGN : accountOf(resource);

function lets({ to, who }: PolicyOpening, principal: string): boolean {
  const account = accountOf(principal);
  switch (to) {
    case 'public':
      return true;
    case 'account':
      return account !== undefined && matchesGlob(compileGlob(who), account);
    case 'organization':
      return account !== undefined;
    case 'service':
      return who === principal || who === '*';
  }
}

/** A bucket that nobody lists is taken to be the asking principal's own. */
const isListed = ({ snapshot }: Estate, resource: string): boolean =>
  !resource.includes(':s3:') || snapshot.answers('s3', 'ListBuckets').length > 0;

function checkOutsiders(iam: Authorizer, estate: Estate, count: (what: string) => void): void {
  const { principals, questions } = estate;
  for (const { action, resources } of questions)
    for (const resource of resources) {
      if (/[*?]/.test(resource) || !isListed(estate, resource)) continue;
      const owner = ownerOf(resource);
      const openings = iam.openings(holderOf(resource));
      for (const principal of [...principals, ...STRANGERS, ...SERVICES, ANYBODY]) {
        if (accountOf(principal) === owner) continue;
        const { verdict } = iam.evaluate({ principal, action, resource });
        if (verdict !== 'allowed' && verdict !== 'depends') continue;
        const named = openings.filter((opening) => lets(opening, principal));
        const actions = new Set(named.flatMap((opening) => opening.actions.map((one) => one.toLowerCase())));
        const context = `${principal} ${action} ${resource}: ${verdict}, ${JSON.stringify(openings)}`;
        expect([...actions], context).toContain(action.toLowerCase());
        count(verdict);
        for (const { to } of named) count(to);
      }
    }
}

describe('openings', () => {
  const counts = new Map<string, number>();

  it('name every outsider that may be allowed anything', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(drawEstate(), (estate) =>
        checkOutsiders(buildAuthorizer(estate.snapshot), estate, (what) =>
          counts.set(what, (counts.get(what) ?? 0) + 1),
        ),
      ),
      { seed: SEED, numRuns: RUNS },
    );
    process.stderr.write(`TRESPASS_SEED=${SEED}: ${JSON.stringify(Object.fromEntries(counts))}\n`);
    for (const what of ['allowed', 'depends', 'public', 'account', 'service'])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(RUNS / 40);
  });
});
