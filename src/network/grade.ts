import { pairsOf } from './intervals.js';
import { containsIps, INTERNET, intersectIps, type IpSet, ofFamily, uniteIps } from './ip-set.js';
import type { ExposureGrade } from './network.js';
import { intersectPorts, type PortSet, portRange, TCP, unitePorts } from './port-set.js';
import type { World } from './world.js';

/** More separate ranges than anyone lists on purpose. */
const LISTABLE_RANGES = 1000;

/**
 * The ports on which CloudFront asks an origin.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
 */
export const ORIGIN_PORTS = [
  [80, 80],
  [443, 443],
  [1024, 65_535],
].reduce<PortSet>((sum, [from = 0, to = 0]) => unitePorts(sum, portRange(TCP, from, to)), []);

/**
 * How much of the internet a set of sources is: all of it (of IPv4 or of IPv6); a broad part (more than a /8 of IPv4 or a /16 of
 * IPv6 in sum, or a set that no one could list); all addresses of CloudFront, by which anybody comes with a distribution of their own; or
 * named addresses.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html
 */
export function gradeOf(
  { ownRanges, cloudFront }: Pick<World, 'ownRanges' | 'cloudFront'>,
  sources: IpSet,
  ports: PortSet,
): ExposureGrade {
  const share = shareOf(sources, ownRanges);
  const isByCloudFront =
    share === 'named' &&
    cloudFront.some((addresses) => containsIps(sources, addresses)) &&
    intersectPorts(ports, ORIGIN_PORTS).length > 0;
  return isByCloudFront ? 'cloudfront' : share;
}

/** Whether connections are opened from the internet itself, by whatever protocol. */
export const isDirect = (grade: ExposureGrade): boolean => grade === 'internet' || grade === 'broad';

/** @param own the VPCs' own ranges, which are no one else's addresses */
function shareOf(sources: IpSet, own: IpSet): Exclude<ExposureGrade, 'cloudfront'> {
  const set = intersectIps(sources, INTERNET);
  const whole = uniteIps(set, own);
  if (containsIps(whole, ofFamily(INTERNET, 4)) || containsIps(whole, ofFamily(INTERNET, 6))) return 'internet';
  let v4 = 0;
  for (const [lo, hi] of pairsOf(set.v4)) v4 += hi - lo;
  let v6 = 0n;
  for (const [lo, hi] of pairsOf(set.v6)) v6 += hi - lo;
  const isBroad = v4 > 2 ** 24 || v6 > 1n << 112n || (set.v4.length + set.v6.length) / 2 > LISTABLE_RANGES;
  return isBroad ? 'broad' : 'named';
}
