import { type Condition, field, sortedUnique, text, texts, unknown } from '../model/index.js';
import type { Endpoints } from './endpoints.js';
import type { Interface } from './interfaces.js';
import { recordsOf } from './snapshot-records.js';
import type { Spot } from './ways.js';
import type { World } from './world.js';

const LISTED_BY = ['elastic-load-balancing-v2', 'elastic-load-balancing'] as const;

/**
 * Where the load balancers of a place were not listed, there may be one that leads to what its groups let anything in to: AWS refused, or nobody
 * asked and an interface of one is there, or a target group behind one.
 */
export function unseenBalancers(world: World, endpoints: Endpoints, spots: readonly Spot[]): readonly Condition[] {
  // What listens on ports of its own is a store, which no balancer is put in front of.
  const isTask = (asset: string): boolean => endpoints.byAsset.get(asset)?.ports === undefined;
  const isOpen = ({ asset, kind, groups, refuses }: Interface): boolean =>
    refuses === undefined &&
    (kind === 'instance' || kind === 'interface' || (kind === 'managed' && isTask(asset))) &&
    (groups ?? ['']).some((id) => (world.groups.get(id)?.ingress.length ?? 1) > 0);
  const places = spots
    .filter(({ face }) => isOpen(face))
    .flatMap(({ face: { account, region, vpc } }) =>
      LISTED_BY.filter((service) => {
        const coverage = world.snapshot.coverage(account, region, service, 'DescribeLoadBalancers');
        return (
          coverage === 'gap' || (coverage === 'missing' && facesOfUnlisted(world, endpoints).has(`${vpc} ${service}`))
        );
      }).map((service) => `${account} ${region} ${service}`),
    );
  return sortedUnique(places).map((place) =>
    unknown(`load balancers (${place})`, 'DescribeLoadBalancers was not answered'),
  );
}

const unlisted = new WeakMap<Endpoints, ReadonlySet<string>>();

/** VPCs with an interface of a load balancer that is not listed, or a target group that names one, each with the service that would list it. */
function facesOfUnlisted(world: World, endpoints: Endpoints): ReadonlySet<string> {
  const known = unlisted.get(endpoints);
  if (known) return known;
  const made = new Set<string>();
  for (const face of world.interfaces.values()) {
    if (!face.description.startsWith('ELB ')) continue;
    if (endpoints.ofInterface(face.arn)?.balancer !== undefined) continue;
    // Those of the second generation are described by kind, name and id.
    made.add(`${face.vpc} ${LISTED_BY[face.description.includes('/') ? 0 : 1]}`);
  }
  for (const { record } of recordsOf(world.snapshot, LISTED_BY[0], 'DescribeTargetGroups', 'TargetGroups'))
    if (texts(field(record, 'LoadBalancerArns')).some((arn) => !endpoints.byAsset.get(arn)?.balancer))
      made.add(`${text(field(record, 'VpcId')) ?? ''} ${LISTED_BY[0]}`);
  unlisted.set(endpoints, made);
  return made;
}
