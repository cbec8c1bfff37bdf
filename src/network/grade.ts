import { pairsOf } from './intervals.js';
import { containsIps, INTERNET, intersectIps, type IpSet, NO_ADDRESSES, uniteIps } from './ip-set.js';
import type { ExposureGrade } from './network.js';

/** More separate ranges than anyone lists on purpose. */
const LISTABLE_RANGES = 1000;

/**
 * How much of the internet a set of sources is: all of it (of IPv4 or of IPv6); a broad part (more than a /8 of IPv4 or a /16 of
 * IPv6 in sum, or a set that no one could list); or named addresses.
 * @param own the VPCs' own ranges, which are no one else's addresses
 */
export function gradeOf(sources: IpSet, own: IpSet = NO_ADDRESSES): ExposureGrade {
  const set = intersectIps(sources, INTERNET);
  const whole = uniteIps(set, own);
  if (containsIps(whole, { v4: INTERNET.v4, v6: [] }) || containsIps(whole, { v4: [], v6: INTERNET.v6 }))
    return 'internet';
  let v4 = 0;
  for (const [lo, hi] of pairsOf(set.v4)) v4 += hi - lo;
  let v6 = 0n;
  for (const [lo, hi] of pairsOf(set.v6)) v6 += hi - lo;
  const isBroad = v4 > 2 ** 24 || v6 > 1n << 112n || (set.v4.length + set.v6.length) / 2 > LISTABLE_RANGES;
  return isBroad ? 'broad' : 'named';
}
