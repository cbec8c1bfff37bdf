import { onceFor } from '../model/index.js';
import { type FlowSet, intersectFlows, subtractFlows } from './flow-set.js';
import { besides, type Gate } from './gate.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import { ALL_ADDRESSES, hasIps, intersectIps, type IpSet, subtractIps, uniteAllIps } from './ip-set.js';
import { blockedLeg, type Leg, PLAIN, opaqueLeg } from './leg.js';
import { ALL_PORTS } from './port-set.js';
import type { Subnet } from './vpcs.js';
import { tableOf, type World } from './world.js';

/**
 * A route that leads to an interface. What an appliance does with packets is not in the API; that it gets none is, where it does not
 * run, or where the interface checks that packets are addressed to it.
 * @param target the id of the interface or instance
 * @param words the route, as a sentence
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck
 */
export function leadThrough(world: World, target: string, ips: IpSet, words: string): Leg[] {
  const why = `${words}; what the appliance does is not in the API`;
  const appliance = applianceAt(world, target);
  if (appliance === undefined) return [opaqueLeg(ips, `the appliance at ${target}`, why)];
  if (appliance.refuses !== undefined && appliance.kind === 'instance')
    return [blockedLeg(ips, appliance.refuses.asset, `${words}, and ${appliance.refuses.fact}`)];
  const own = intersectIps(ips, uniteAllIps(appliance.addresses.map((a) => a.ips)));
  const others = subtractIps(ips, own);
  const legs: Leg[] = [];
  if (hasIps(own)) legs.push({ ...PLAIN, ips: own, end: 'vpc', vpc: appliance.vpc, sharesGroups: true });
  if (hasIps(others))
    legs.push(
      appliance.checksDestination === true
        ? blockedLeg(
            others,
            appliance.arn,
            `${words}, which drops what is not addressed to it: its source/destination check is on`,
          )
        : { ...opaqueLeg(others, `the appliance at ${target}`, why), appliance },
    );
  return legs;
}

/** The interface that a route names, or the primary one of the instance that it names. */
export const applianceAt = (world: World, target: string): Interface | undefined =>
  world.interfaces.get(target) ?? primaryOf(world, target);

/**
 * Tells the subnets from which the way to somewhere may lead through an appliance, of which the groups ask whose packets they are.
 * A transit gateway delivers into subnets with routes of their own.
 */
export function behindAppliances(world: World): (subnet: Subnet) => boolean {
  const { bySubnet, mainByVpc } = world.routeTables;
  const tables = [...new Set([...bySubnet.values(), ...mainByVpc.values()])];
  const leads = tables.filter(({ routes }) =>
    routes.some(({ target, targetId }) => target === 'interface' && applianceAt(world, targetId) !== undefined),
  );
  if (leads.length === 0) return () => false;
  const mayLead = new Set([
    ...leads,
    ...tables.filter(({ routes }) => routes.some(({ target }) => target === 'transit-gateway')),
  ]);
  return (subnet) => {
    const table = tableOf(world, subnet);
    return table !== undefined && mayLead.has(table);
  };
}

const primaryByAsset = onceFor(
  (interfaces: World['interfaces']): ReadonlyMap<string, Interface> =>
    new Map([...interfaces.values()].flatMap((face) => (face.deviceIndex === 0 ? [[face.asset, face]] : []))),
);

function primaryOf(world: World, instance: string): Interface | undefined {
  const arn = world.instances.get(instance)?.arn;
  return arn === undefined ? undefined : primaryByAsset(world.interfaces).get(arn);
}

/** What the groups of the appliances on the way keep out never gets to them. */
export function applianceGates(
  world: World,
  legs: readonly Leg[],
  flows: FlowSet,
  peerGroups: readonly string[],
): Gate[] {
  return legs.flatMap(({ appliance, ips }): Gate[] => {
    if (appliance === undefined) return [];
    const through = intersectFlows(flows, [{ src: ALL_ADDRESSES, dst: ips, ports: ALL_PORTS }]);
    const elsewhere = subtractFlows(flows, through);
    return [besides(groupGate(world, appliance, 'ingress', through, peerGroups), elsewhere)];
  });
}
