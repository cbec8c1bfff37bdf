import { groupBy } from '../model/index.js';
import type { FaceClass } from './face-classes.js';
import type { FlowSet } from './flow-set.js';
import { combineGates } from './gate.js';
import type { NatGateway } from './gateways.js';
import { insideGates, wayBetween } from './inside-gates.js';
import { ALL_ADDRESSES, hasIps, intersectIps } from './ip-set.js';
import { leadingInward } from './nat-routes.js';
import { ALL_PORTS, intersectPorts } from './port-set.js';
import { connections, isEgressOpen, onAnyPort, type Peer, type SourceSet } from './source-batches.js';
import type { Route } from './route-tables.js';
import { tableOf, type World } from './world.js';

/** A NAT gateway that leads into other VPCs, and who sends by it, in batches that differ in nothing but their addresses. */
interface Sender {
  readonly nat: NatGateway;
  readonly batches: readonly (readonly FaceClass[])[];
}

/**
 * Finds who reaches a class through a NAT gateway of another VPC: the class sees the gateway's address, so who that is does not show in its rules.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
 */
export function natSources(
  world: World,
  sources: readonly FaceClass[],
): (target: FaceClass, peers: readonly Peer[]) => readonly SourceSet[] {
  const inward = [...world.gateways.nat.values()].filter(
    (nat) => nat.isUsable && hasIps(leadingInward(world, nat, ALL_ADDRESSES)),
  );
  if (inward.length === 0) return () => [];
  const connectedWith = connections(world);
  const senders = groupBy(sendersBy(world, inward, sources, connectedWith), ({ nat }) => nat.vpc);
  return (target, peers) => {
    const flowsFrom = ({ address }: FaceClass): FlowSet => [
      { src: address.ips, dst: target.address.ips, ports: ALL_PORTS },
    ];
    const mayReach = ({ nat }: Sender): boolean => hasIps(leadingInward(world, nat, target.address.ips));
    const isLetIn = ({ nat: { privateIps } }: Sender): boolean =>
      peers.some(
        ({ group, ips }) =>
          group === undefined && (!ips || !hasIps(privateIps) || hasIps(intersectIps(ips, privateIps))),
      );
    return connectedWith(target.face.vpc)
      .flatMap((vpc) => senders.get(vpc) ?? [])
      .filter((sender) => isLetIn(sender) && mayReach(sender))
      .flatMap(({ batches }) => batches)
      .flatMap((batch): readonly SourceSet[] => {
        const [source] = batch;
        if (!source || source.family !== target.family) return [];
        const flows = flowsFrom(source);
        const way = wayBetween(world, source.face, target.face, flows, 'host', 'followed');
        if (way.hidden.length === 0) return [];
        const outcome = combineGates(flows, insideGates(world, source.face, target.face, flows, way));
        const found = onAnyPort(outcome, source, target, flows);
        const listening = target.ports ?? ALL_PORTS;
        const on = { sure: intersectPorts(found.sure, listening), maybe: intersectPorts(found.maybe, listening) };
        return [{ found: { ...found, ...on }, sources: batch }];
      });
  };
}

/** Those who send by a gateway of their own VPC have a route to it, those of others one to a transit gateway. */
function sendersBy(
  world: World,
  inward: readonly NatGateway[],
  sources: readonly FaceClass[],
  connectedWith: (vpc: string) => readonly string[],
): Sender[] {
  const byVpc = groupBy(sources, ({ face }) => face.vpc);
  return inward.flatMap((nat) => {
    const maySend = ({ face }: FaceClass): boolean =>
      routesOf(world, face.subnet).some(({ target, targetId }) =>
        face.vpc === nat.vpc ? targetId === nat.id : target === 'transit-gateway',
      );
    const own = connectedWith(nat.vpc).flatMap((vpc) => (byVpc.get(vpc) ?? []).filter(maySend));
    const batches = groupBy(own, (source) =>
      isEgressOpen(world, source) ? source.place : `${source.place} ${source.index}`,
    );
    return own.length === 0 ? [] : [{ nat, batches: [...batches.values()] }];
  });
}

function routesOf(world: World, id: string): readonly Route[] {
  const subnet = world.subnets.get(id);
  return (subnet && tableOf(world, subnet))?.routes ?? [];
}
