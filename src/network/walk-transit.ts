import { type Evidence, unknown } from '../model/index.js';
import { hasIps, intersectIps, type IpSet, subtractIps } from './ip-set.js';
import {
  blockedLeg,
  type Crossing,
  doubtedLeg,
  type GroupSharing,
  type Leg,
  prefixLeg,
  type Step,
  unknownLeg,
} from './leg.js';
import { type Attachment, type TransitRoute, transitRoutesFor, type TransitTable } from './transit-gateways.js';
import type { World } from './world.js';

/** More hops than any sane network has; a loop ends here. */
const MAX_HOPS = 8;

/** Follows packets on from a subnet: `walk`, given so that the two ways to walk need not import each other. */
type WalkOn = (step: Step) => Leg[];

/**
 * Follows packets into a transit gateway: the attachment must have a subnet in the zone that they come from; the route table
 * that the attachment is associated with decides.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
 */
export function walkTransit(world: World, step: Step, gateway: string, ips: IpSet, walkOn: WalkOn): Leg[] {
  const { subnet } = step;
  const { transit, snapshot } = world;
  const attachment = transit.byVpcAndGateway.get(`${subnet.vpc} ${gateway}`);
  if (attachment === undefined) {
    const seen = [...transit.attachments.values()].some((a) => a.gateway === gateway);
    const coverage = snapshot.coverage(subnet.account, subnet.region, 'ec2', 'DescribeTransitGatewayVpcAttachments');
    return seen || coverage === 'answered'
      ? [blockedLeg(ips, transit.arnOf(gateway), `${subnet.vpc} has no usable attachment to ${gateway}`)]
      : [
          unknownLeg(
            ips,
            `the attachment of ${subnet.vpc} to ${gateway}`,
            'transit gateway attachments were not collected',
          ),
        ];
  }
  if (step.depth > MAX_HOPS) return [blockedLeg(ips, transit.arnOf(gateway), 'the routes form a loop')];
  const isV6 = ips.v4.length === 0;
  if (isV6 && attachment.carriesIpv6 === false)
    return [blockedLeg(ips, attachment.arn, `attachment ${attachment.id} carries no IPv6`)];
  const entry = attachment.subnets.filter((id) => world.subnets.get(id)?.zone === subnet.zone);
  const crossings: Crossing[] = [];
  if (step.arrivedBy !== 'transit') {
    if (attachment.subnets.length === 0 || attachment.subnets.some((id) => !world.subnets.has(id))) {
      if (entry.length === 0)
        return [
          unknownLeg(
            ips,
            `the subnets of ${attachment.id}`,
            `in which zones attachment ${attachment.id} has subnets was not collected`,
          ),
        ];
    } else if (entry.length === 0) {
      return [
        blockedLeg(
          ips,
          attachment.arn,
          `attachment ${attachment.id} has no subnet in ${subnet.zoneName}: nothing in that zone can use the transit gateway`,
        ),
      ];
    }
    crossings.push({ subnets: entry, direction: 'ingress' });
  }
  return inGateway(world, attachment, ips, step, walkOn).map((leg) =>
    prefixLeg(leg, [transit.arnOf(gateway)], [], crossings),
  );
}

function inGateway(world: World, from: Attachment, ips: IpSet, step: Step, walkOn: WalkOn): Leg[] {
  const { transit } = world;
  if (from.table === undefined)
    return [
      from.isTableKnown
        ? blockedLeg(ips, from.arn, `attachment ${from.id} is associated with no transit gateway route table`)
        : unknownLeg(
            ips,
            `the route table of ${from.id}`,
            `with which transit gateway route table attachment ${from.id} is associated was not collected`,
          ),
    ];
  const table = transit.tables.get(from.table);
  if (table === undefined)
    return [unknownLeg(ips, `routes of ${from.table}`, `the routes of ${from.table} were not collected`)];
  const isWhole = table.unclear.length === 0;
  const doubt = unknown(`routes of ${table.id}`, `${table.unclear.join('; ')}: not collected`);
  return transitRoutesFor(table, ips).flatMap(({ route, ips: taken }): readonly Leg[] => {
    if (route === undefined)
      return isWhole
        ? [blockedLeg(taken, from.arn, `transit gateway route table ${table.id} has no route there`)]
        : [unknownLeg(taken, doubt.key, `${table.unclear.join('; ')}: not collected`)];
    const legs = byRoute(world, from, table, route, taken, step, walkOn);
    return isWhole ? legs : legs.map((leg) => doubtedLeg(leg, doubt));
  });
}

function byRoute(
  world: World,
  from: Attachment,
  table: TransitTable,
  route: TransitRoute,
  ips: IpSet,
  step: Step,
  walkOn: WalkOn,
): readonly Leg[] {
  const { transit } = world;
  const unclear = (why: string): Leg[] => [unknownLeg(ips, `route ${route.destination} of ${table.id}`, why)];
  if (route.isBlackhole)
    return [
      blockedLeg(ips, from.arn, `transit gateway route table ${table.id} drops ${route.destination} (blackhole)`),
    ];
  const [next, ...others] = route.attachments;
  if (next === undefined || others.length > 0)
    return unclear('which of several equal attachments takes a packet is not in the API');
  const to = transit.attachments.get(`${next} ${from.gateway}`);
  if (to === undefined) return [unknownLeg(ips, `attachment ${next}`, `${next} was not collected`)];
  if (to.kind === 'peering' && next === from.id)
    return unclear(
      `it sends packets back over the peering ${next} that they came by; whether they pass is not documented`,
    );
  if (!to.isUsable) return [blockedLeg(ips, to.arn, `attachment ${next} is not available`)];
  const evidence: Evidence = {
    asset: to.arn,
    fact: `transit gateway route table ${table.id} sends ${route.destination} to ${next}`,
    source: table.source,
  };
  return leave(world, from, to, ips, step, walkOn).map((leg) =>
    leg.end === 'blocked' ? leg : prefixLeg(leg, [], [evidence]),
  );
}

function leave(world: World, from: Attachment, to: Attachment, ips: IpSet, step: Step, walkOn: WalkOn): Leg[] {
  const { transit } = world;
  if (to.kind === 'peering') {
    const there = transit.attachments.get(`${to.id} ${to.resource}`);
    if (there === undefined)
      return [
        unknownLeg(ips, `transit gateway ${to.resource}`, `the gateway at the other end of ${to.id} was not collected`),
      ];
    if (step.depth > MAX_HOPS) return [blockedLeg(ips, to.arn, 'the routes form a loop')];
    return inGateway(world, there, ips, { ...step, depth: step.depth + 1 }, walkOn).map((leg) =>
      prefixLeg({ ...leg, sharesGroups: false }, [transit.arnOf(to.resource)], []),
    );
  }
  if (to.kind !== 'vpc')
    return [
      {
        ips,
        end: 'outside',
        sharesGroups: false,
        via: [to.arn],
        evidence: [],
        crossings: [],
        condition: unknown(
          `the network behind ${to.id}`,
          `what it holds is not in the API: ${to.kind}${to.resource === '' ? '' : ` ${world.outside(to.resource)}`}`,
        ),
      },
    ];
  const vpc = world.vpcs.get(to.resource);
  if (vpc === undefined) return [unknownLeg(ips, to.resource, `the VPC of attachment ${to.id} was not collected`)];
  if (ips.v4.length === 0 && to.carriesIpv6 === false)
    return [blockedLeg(ips, to.arn, `attachment ${to.id} carries no IPv6`)];
  return deliver(world, from, to, ips, step, vpc.cidrs, walkOn);
}

/** The gateway has to support it, and both attachments. */
function sharingBetween({ transit }: World, from: Attachment, to: Attachment): GroupSharing {
  const support = [transit.sharesGroups(from.gateway), from.refersToGroups, to.refersToGroups];
  if (from.gateway !== to.gateway || support.includes(false)) return false;
  return support.includes(undefined)
    ? unknown(`groups over ${from.gateway}`, 'whether rules can name groups of another VPC over it was not collected')
    : true;
}

/** The gateway keeps to the zone that packets come from where the attachment has a subnet there. */
function deliver(
  world: World,
  from: Attachment,
  to: Attachment,
  ips: IpSet,
  step: Step,
  cidrs: IpSet,
  walkOn: WalkOn,
): Leg[] {
  const sameZone = to.hasApplianceMode
    ? []
    : to.subnets.filter((id) => world.subnets.get(id)?.zone === step.subnet.zone);
  const exits = sameZone.length > 0 ? sameZone : to.subnets;
  const crossings: Crossing[] = exits.length === 0 ? [] : [{ subnets: exits, direction: 'egress' }];
  const inside = intersectIps(ips, cidrs);
  const beyond = subtractIps(ips, inside);
  const sharesGroups = sharingBetween(world, from, to);
  const legs: Leg[] = [];
  // Into the VPC, the attachment's subnets' own tables decide too: a more specific route can lead through an appliance.
  const tables = exits.flatMap((id) => world.subnets.get(id) ?? []);
  const first = tables[0];
  if (first === undefined) {
    if (hasIps(inside))
      legs.push({ ips: inside, end: 'vpc', vpc: to.resource, sharesGroups, via: [], evidence: [], crossings });
    if (hasIps(beyond))
      legs.push(unknownLeg(beyond, `the subnets of ${to.id}`, `the subnets of attachment ${to.id} were not collected`));
    return legs;
  }
  const outcomes = tables.map((subnet) =>
    walkOn({ subnet, ips, arrivedBy: 'transit', origin: step.origin ?? step.subnet.vpc, depth: step.depth + 1 }),
  );
  const outline = (all: readonly Leg[]): string =>
    JSON.stringify(all.map((l) => [l.end, l.vpc, l.ips.v4, l.ips.v6.map(String), l.nat?.id]));
  const agreed = outcomes.every((o) => outline(o) === outline(outcomes[0] as Leg[]));
  if (!agreed)
    return [
      unknownLeg(ips, `the subnet by which ${to.id} delivers`, 'the attachment has subnets with different routes'),
    ];
  return (outcomes[0] as Leg[]).map((leg) =>
    prefixLeg(
      {
        ...leg,
        sharesGroups: leg.end === 'unknown' || (leg.end === 'vpc' && leg.vpc === to.resource) ? sharesGroups : false,
      },
      [],
      [],
      crossings,
    ),
  );
}
