import { byCode, type Evidence, groupBy, onceFor, onceForBoth, sortedUnique } from '../model/index.js';
import type { Endpoints } from './endpoints.js';
import type { Exposure } from './network.js';
import { dedupe } from './reach-answer.js';
import { readDistributions } from './vpc-origins.js';
import type { World } from './world.js';

/** A distribution that asks a balancer or instance by its DNS name. */
interface Asking {
  readonly distribution: string;
  readonly end: string;
  readonly evidence: Evidence;
}

/**
 * Says of what is open to CloudFront which distributions of the account lead there. Others may too: anybody can have one.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html
 */
export function nameDistributions(
  world: World,
  endpoints: Endpoints,
  exposures: readonly Exposure[],
): readonly Exposure[] {
  if (readDistributions(world.snapshot).length === 0) return exposures;
  return exposures.map((exposure) => {
    if (exposure.grade !== 'cloudfront') return exposure;
    const asked = sortedUnique([exposure.asset, ...exposure.via]).flatMap(
      (end) => askingByEnd(world, endpoints).get(end) ?? [],
    );
    if (asked.length === 0) return exposure;
    return {
      ...exposure,
      via: sortedUnique([...exposure.via, ...asked.map(({ distribution }) => distribution)]),
      evidence: dedupe([...exposure.evidence, ...asked.map(({ evidence }) => evidence)]),
    };
  });
}

const askingByEnd = onceForBoth((world: World, endpoints: Endpoints): ReadonlyMap<string, readonly Asking[]> => {
  const all = readDistributions(world.snapshot).flatMap(({ distribution: { arn, origins }, source }) =>
    origins
      .filter(({ behaviors, record }) => behaviors.length > 0 && !Object.hasOwn(record, 'VpcOriginConfig'))
      .flatMap(({ domain }) =>
        named(endpoints, domain).map((end): Asking => {
          const evidence = { asset: arn, fact: `it sends requests to ${domain}`, source };
          return { distribution: arn, end, evidence };
        }),
      ),
  );
  return groupBy(
    all.sort((a, b) => byCode(a.distribution, b.distribution)),
    ({ end }) => end,
  );
});

/** `ec2-203-0-113-25.compute-1.amazonaws.com`: an address of an instance. */
const PUBLIC_NAME = /^ec2-(\d+)-(\d+)-(\d+)-(\d+)\.[a-z0-9.-]*amazonaws\.com(?:\.cn)?$/;

/**
 * What goes by a DNS name of AWS's.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#ip-address-type
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
 */
function named(endpoints: Endpoints, domain: string): readonly string[] {
  const address = PUBLIC_NAME.exec(domain)?.slice(1).join('.');
  if (address !== undefined) return sortedUnique(endpoints.atAddress(address).map(({ asset }) => asset));
  return balancersByName(endpoints).get(domain.replace(/^dualstack\./, '')) ?? [];
}

const balancersByName = onceFor(({ balancers: { balancers } }: Endpoints) => {
  const names = balancers.filter(({ dnsName }) => dnsName !== '').map(({ dnsName, arn }) => ({ dnsName, arn }));
  return new Map([...groupBy(names, ({ dnsName }) => dnsName)].map(([name, all]) => [name, all.map(({ arn }) => arn)]));
});
