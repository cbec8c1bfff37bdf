import { describe, expect, it } from 'vitest';
import { agreeOnPackets, seed } from './oracle/agree.js';
import { hostPairs } from './oracle/pairs.js';

/** Both directions together hold 200,000 packets in CI. */
const IN_CI = process.env['CI'] === 'true';

describe('from interface to interface', () => {
  it(`engine and packet oracle agree (TRESPASS_SEED=${seed})`, { timeout: 900_000 }, () => {
    process.stdout.write(`from interface to interface: TRESPASS_SEED=${seed}\n`);
    const tally = agreeOnPackets({
      networks: IN_CI ? 160 : 40,
      pairs: 8,
      packetsAPair: 170,
      candidates: (records) => hostPairs(records).filter(({ from }) => from !== 'internet'),
    });
    process.stdout.write(`${JSON.stringify({ ...tally, questions: undefined, disagreements: undefined })}\n`);
    expect(tally.packets).toBeGreaterThan(IN_CI ? 100_000 : 20_000);
    expect(tally.delivered / tally.packets).toBeGreaterThan(0.07);
    // Open in a decidable network is only which of its interfaces an instance sends by.
    expect(tally.openInDecidable / tally.packets).toBeLessThan(0.02);
    expect(tally.engineOpen / tally.packets).toBeLessThan(0.05);
  });
});
