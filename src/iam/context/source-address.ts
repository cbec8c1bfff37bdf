import type { KeyValues } from '../logic/formula.js';
import type { KeyStatus } from './request-context.js';

const SOMEWHERE = '203.0.113.77';

/**
 * `aws:SourceIp` where nothing is said of it: a request from the internet, from an IPv4 address that nobody knows; a caller that has an
 * IPv6 address has an IPv4 address too. Requests through a VPC endpoint, which lack the key, are asked for with a context.
 */
export function sourceAddress(): KeyStatus {
  return {
    kind: 'open',
    decider: 'unknown',
    domain: (samples) => {
      const v4 = samples.filter((sample) => /^\d+(\.\d+){3}$/.test(sample));
      const v6 = samples.filter((sample) => sample.includes(':'));
      const worlds: KeyValues[][] = [SOMEWHERE, ...v4].map((address) => [[address]]);
      return worlds.flatMap((world) => [world, ...v6.map((address) => [...world, [address]])]);
    },
  };
}
