import { describe, expect, it } from 'vitest';
import { agreeOnPackets, seed } from './oracle/agree.js';
import { outboundPairs } from './oracle/pairs.js';

const IN_CI = process.env['CI'] === 'true';

describe('from interfaces to the internet', () => {
  it(`engine and packet oracle agree (TRESPASS_SEED=${seed})`, { timeout: 900_000 }, () => {
    process.stdout.write(`from interfaces to the internet: TRESPASS_SEED=${seed}\n`);
    const tally = agreeOnPackets({
      networks: IN_CI ? 150 : 40,
      pairs: 8,
      packetsAPair: 60,
      candidates: outboundPairs,
    });
    process.stdout.write(`${JSON.stringify({ ...tally, questions: undefined, disagreements: undefined })}\n`);
    expect(tally.packets).toBeGreaterThan(IN_CI ? 30_000 : 6_000);
    expect(tally.delivered / tally.packets).toBeGreaterThan(0.07);
    expect(tally.engineOpen / tally.packets).toBeLessThan(0.05);
  });
});
