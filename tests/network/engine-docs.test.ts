import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idOf, type NetworkText, networkOf } from './case-network.js';

const page = readFileSync(new URL('../../docs/reachability.md', import.meta.url), 'utf8');
const sketch = JSON.parse(readFileSync(new URL('worked-example.json', import.meta.url), 'utf8')) as NetworkText;
const rows = [...page.matchAll(/^\| (\S+) \| (\S+) \| (tcp\/\d+) \| (\w+) \| (.+) \|$/gm)];

test('the worked example of docs/reachability.md holds, row by row', () => {
  expect(rows).toHaveLength(6);
  const network = networkOf(sketch);
  for (const [, from = '', to = '', port = '', verdict, because] of rows) {
    const answer = network.reach({ from: idOf(from), to: idOf(to), port });
    expect(answer.verdict, `${from} → ${to} ${port}`).toBe(verdict);
    const facts = [...answer.blockedBy, ...answer.allowed.flatMap((a) => a.evidence)].map((f) => f.fact).join('\n');
    expect(facts).toContain(because);
  }
});
