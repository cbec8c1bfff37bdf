import { describe, expect, it } from 'vitest';
import { agreeOnPackets, seed } from './oracle/agree.js';
import { servicePairs } from './oracle/pairs.js';

const IN_CI = process.env['CI'] === 'true';

describe('to databases and interface endpoints', () => {
  it(`engine and packet oracle agree (TRESPASS_SEED=${seed})`, { timeout: 900_000 }, () => {
    process.stdout.write(`to databases and interface endpoints: TRESPASS_SEED=${seed}\n`);
    const tally = agreeOnPackets({
      networks: IN_CI ? 150 : 40,
      pairs: 8,
      packetsAPair: 40,
      candidates: servicePairs,
    });
    process.stdout.write(`${JSON.stringify({ ...tally, questions: undefined, disagreements: undefined })}\n`);
    expect(tally.packets).toBeGreaterThan(IN_CI ? 10_000 : 2_000);
    expect(tally.delivered / tally.packets).toBeGreaterThan(0.02);
    expect(tally.mixed).toBeGreaterThanOrEqual(IN_CI ? 1 : 0);
    expect(tally.engineOpen / tally.packets).toBeLessThan(0.05);
  });
});
