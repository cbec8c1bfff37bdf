import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredOperations } from '../src/collectors/index.js';

// npm run fixtures: writes into each fixture's manifest that every operation which collecting asks for, and for which the fixture holds no
// answer, was answered with nothing; as a scan of that account would. What is asked of buckets stands under the regions that they are in.

interface Manifest {
  readonly accounts: readonly {
    readonly id: string;
    readonly regions: readonly string[];
    empty?: Record<string, string[]>;
  }[];
}

const FIXTURES = join(import.meta.dirname, '../fixtures');
/** Organizations answer only the management account: what a member account's manifest says of them is left as it is. */
const BY_HAND = 'organizations/';

for (const name of readdirSync(FIXTURES)) {
  const file = join(FIXTURES, name, 'manifest.json');
  if (!existsSync(file)) continue;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  for (const account of manifest.accounts) {
    const empty: Record<string, string[]> = {};
    const withBuckets = account.regions.filter((region) =>
      existsSync(join(FIXTURES, name, account.id, region, 's3/GetBucketLocation.json')),
    );
    for (const region of ['global', ...account.regions]) {
      const kept = (account.empty?.[region] ?? []).filter((operation) => operation.startsWith(BY_HAND));
      const unanswered = declaredOperations()
        .filter(({ scope, service, perResource }) =>
          service === 's3' && perResource && withBuckets.length > 0
            ? withBuckets.includes(region)
            : (scope === 'global') === (region === 'global'),
        )
        .map(({ service, name: operation }) => `${service}/${operation}`)
        .filter((operation) => !operation.startsWith(BY_HAND))
        .filter((operation) => !existsSync(join(FIXTURES, name, account.id, region, `${operation}.json`)));
      empty[region] = [...new Set([...kept, ...unanswered])].sort();
    }
    account.empty = empty;
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
