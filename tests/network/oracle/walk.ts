import { at, field, flag, type JsonObject, objects, text } from '../../../src/model/index.js';
import { type Address, contained, isInternetAddress } from './addresses.js';
import { type Crossing, publicAccessBlocks } from './block-public-access.js';
import { isKeptFromInternet } from './kept-private.js';
import { networkAclDenies } from './network-acl.js';
import type { Packet } from './packet.js';
import {
  type AddressHolder,
  addressHolders,
  equal,
  findPrivate,
  findPublic,
  interfaceSubnet,
  interfaceVpc,
  type Records,
  subnetVpc,
  subnetZone,
  vpcCidrs,
} from './records.js';
import { lookUpEdgeRoute, lookUpRoute } from './route-table.js';
import { attachmentSubnets, crossTransit, vpcAttachment } from './transit.js';

/** What the gateways remember of a connection: made by the request, read by its answer. */
export interface Session {
  readonly nat: Map<string, Address>;
  /** VPCs whose egress-only gateway the request left by. */
  readonly egressOnly: Set<string>;
  /** VPCs whose border to the internet the question has crossed: its answer may. */
  readonly borders: Set<string>;
}

/** A way between two subnets that is not local; group references see through some of them. */
export type Passage =
  | { readonly kind: 'internet' | 'nat' }
  | { readonly kind: 'peering'; readonly id: string }
  | { readonly kind: 'transit'; readonly gateways: readonly string[]; readonly attachments: readonly string[] };

export type Arrival =
  | { readonly kind: 'interface'; readonly holder: AddressHolder; readonly packet: Packet; readonly walk: Walk }
  | { readonly kind: 'internet'; readonly packet: Packet; readonly walk: Walk }
  | { readonly kind: 'service'; readonly packet: Packet; readonly walk: Walk }
  | { readonly kind: 'dropped'; readonly at: string; readonly walk: Walk }
  | { readonly kind: 'undetermined'; readonly why: string; readonly walk: Walk };

/** An arrival somewhere. */
export type Landing = Extract<Arrival, { readonly packet: Packet }>;

/** A packet under way. */
export interface Walk {
  readonly records: Records;
  readonly session: Session;
  /** Whether this is the answer of a connection that the session knows. */
  readonly answering: boolean;
  readonly passages: readonly Passage[];
  readonly hops: readonly string[];
}

const dropped = (walk: Walk, where: string): Arrival => ({ kind: 'dropped', at: where, walk });
const undetermined = (walk: Walk, why: string): Arrival => ({ kind: 'undetermined', why, walk });
const hop = (walk: Walk, name: string): Walk => ({ ...walk, hops: [...walk.hops, name] });
const pass = (walk: Walk, passage: Passage): Walk => ({ ...walk, passages: [...walk.passages, passage] });

/** A packet leaves a host, a NAT gateway or a transit gateway's interface in a subnet, as the subnet's route table says. */
export function leaveSubnet(walk: Walk, subnetId: string, packet: Packet, by: 'host' | 'nat' | 'transit'): Arrival {
  if (walk.hops.length > 20) return dropped(walk, 'a loop');
  const { records } = walk;
  const vpcId = subnetVpc(records, subnetId);
  const here = hop(walk, subnetId);
  // Neighbours in one subnet need no router.
  const neighbour = findPrivate(records, vpcId, packet.destination);
  if (neighbour && interfaceSubnet(records, neighbour.interfaceId) === subnetId)
    return enterSubnet(here, subnetId, neighbour, packet);
  const target = lookUpRoute(records, subnetId, packet.destination);
  if (target.kind === 'none') return dropped(here, `${subnetId}: no route`);
  if (target.kind === 'blackhole') return dropped(here, `${subnetId}: blackhole route`);
  if (target.kind === 'other') return passAppliance(here, subnetId, target.id, packet);
  if (target.kind === 'local') {
    const holder = findPrivate(records, vpcId, packet.destination);
    return holder ? enterSubnet(here, subnetId, holder, packet) : dropped(here, `nobody in ${vpcId} has the address`);
  }
  const denied = networkAclDenies(records, subnetId, 'out', packet);
  switch (target.kind) {
    case 'internet-gateway':
      return denied ? dropped(here, denied) : leaveByInternetGateway(here, subnetId, target.id, packet, by);
    case 'egress-only':
      return denied ? dropped(here, denied) : leaveByEgressOnlyGateway(here, subnetId, target.id, packet, by);
    case 'nat':
      return passNat(here, subnetId, target.id, packet);
    case 'endpoint':
      return denied ? dropped(here, denied) : passEndpoint(here, vpcId, target.id, packet, by);
    case 'peering':
      // AWS describes no such path: the peering would carry what a gateway brought back into its own VPC.
      if (by === 'transit') return undetermined(here, `${subnetId}: from a transit gateway into a peering`);
      return denied ? dropped(here, denied) : passPeering(here, vpcId, target.id, packet);
    case 'transit-gateway':
      if (by === 'transit') return undetermined(here, `${subnetId}: from a transit gateway back into one`);
      return denied ? dropped(here, denied) : passTransit(here, subnetId, target.id, packet);
  }
}

/**
 * What a host does with packets for others is its own affair; an interface that checks destinations gives it none of them.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck
 */
function passAppliance(walk: Walk, subnetId: string | undefined, id: string, packet: Packet): Arrival {
  const record = walk.records.interfaces.get(id)?.record;
  if (!record) return undetermined(walk, `${subnetId ?? 'a gateway'}: route to ${id}`);
  const instance = walk.records.instances.get(text(at(record, 'Attachment', 'InstanceId')) ?? '')?.record;
  if (instance && text(at(instance, 'State', 'Name')) !== 'running') return dropped(walk, `${id} is not running`);
  const holder = addressHolders(walk.records, id).find((h) => equal(h.privateAddress, packet.destination));
  if (holder) return enterSubnet(walk, subnetId, holder, packet);
  return flag(field(record, 'SourceDestCheck')) === true
    ? dropped(walk, `${id} drops what is not addressed to it`)
    : undetermined(walk, `${subnetId ?? 'a gateway'}: route to ${id}`);
}

/** ACLs are judged at the borders of subnets, so not inside one. */
function enterSubnet(walk: Walk, fromSubnet: string | undefined, holder: AddressHolder, packet: Packet): Arrival {
  const { records } = walk;
  const to = interfaceSubnet(records, holder.interfaceId);
  if (to !== fromSubnet) {
    const denied =
      (fromSubnet === undefined ? undefined : networkAclDenies(records, fromSubnet, 'out', packet)) ??
      networkAclDenies(records, to, 'in', packet);
    if (denied) return dropped(walk, denied);
  }
  return arriveAt(hop(walk, holder.interfaceId), holder, packet);
}

/** A NAT gateway takes only answers to what it has translated. */
function arriveAt(walk: Walk, holder: AddressHolder, packet: Packet): Arrival {
  const { records } = walk;
  const nat = [...records.natGateways.values()].find(({ record }) =>
    objects(field(record, 'NatGatewayAddresses')).some(
      (address) => text(field(address, 'NetworkInterfaceId')) === holder.interfaceId,
    ),
  );
  if (!nat) return { kind: 'interface', holder, packet, walk };
  const id = text(field(nat.record, 'NatGatewayId')) ?? '';
  const original = walk.session.nat.get(id);
  if (!walk.answering || !original) return dropped(walk, `${id}: a NAT gateway is no entry`);
  const subnet = interfaceSubnet(records, holder.interfaceId);
  return leaveSubnet(pass(walk, { kind: 'nat' }), subnet, { ...packet, destination: original }, 'nat');
}

const isAttached = (
  walk: Walk,
  gateway: 'internetGateways' | 'egressOnlyGateways',
  id: string,
  vpcId: string,
): boolean =>
  objects(field(walk.records[gateway].get(id)?.record, 'Attachments')).some(
    (a) => text(field(a, 'VpcId')) === vpcId && ['available', 'attached'].includes(text(field(a, 'State')) ?? ''),
  );

/**
 * An internet gateway exchanges a private IPv4 address for the public one that is associated with it, and drops what has none.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
 */
function leaveByInternetGateway(walk: Walk, subnetId: string, id: string, packet: Packet, by: string): Arrival {
  const { records } = walk;
  const vpcId = subnetVpc(records, subnetId);
  if (!isAttached(walk, 'internetGateways', id, vpcId)) return dropped(walk, `${id} is not attached to ${vpcId}`);
  const holder = findPrivate(records, vpcId, packet.source);
  if (!holder?.publicAddress) return dropped(walk, `${id}: the source has no public address`);
  const blocked = borderBlocks(walk, subnetId, by === 'nat' ? 'outbound-nat' : 'outbound-direct');
  if (blocked) return blocked;
  return onInternet(hop(walk, id), { ...packet, source: holder.publicAddress });
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html */
function leaveByEgressOnlyGateway(walk: Walk, subnetId: string, id: string, packet: Packet, by: string): Arrival {
  const { records } = walk;
  const vpcId = subnetVpc(records, subnetId);
  if (packet.source.bits !== 128) return dropped(walk, `${id}: IPv6 only`);
  if (!isAttached(walk, 'egressOnlyGateways', id, vpcId)) return dropped(walk, `${id} is not attached to ${vpcId}`);
  if (by === 'transit' || !findPrivate(records, vpcId, packet.source))
    return dropped(walk, `${id}: a source of another VPC`);
  if (walk.answering && !walk.session.egressOnly.has(vpcId))
    return dropped(walk, `${id}: answers nobody who called first`);
  const blocked = borderBlocks(walk, subnetId, 'outbound-egress-only');
  if (blocked) return blocked;
  walk.session.egressOnly.add(vpcId);
  return onInternet(hop(walk, id), packet);
}

function borderBlocks(walk: Walk, subnetId: string, crossing: Crossing): Arrival | undefined {
  const vpcId = subnetVpc(walk.records, subnetId);
  if (walk.answering && walk.session.borders.has(vpcId)) return undefined;
  const blocks = publicAccessBlocks(walk.records, subnetId, crossing);
  if (blocks === 'yes') return dropped(walk, `VPC Block Public Access, ${crossing} of ${subnetId}`);
  if (blocks === 'no') walk.session.borders.add(vpcId);
  return blocks === 'no' ? undefined : undetermined(walk, `VPC Block Public Access, ${crossing} of ${subnetId}`);
}

/** A packet on the internet: it ends at a host out there or enters the VPC that its address belongs to. */
export function onInternet(walk: Walk, packet: Packet): Arrival {
  if (!isInternetAddress(packet.destination)) return dropped(walk, 'no public destination');
  const through = pass(hop(walk, 'internet'), { kind: 'internet' });
  const holder = findPublic(walk.records, packet.destination);
  if (!holder) return { kind: 'internet', packet, walk: through };
  const vpcId = interfaceVpc(walk.records, holder.interfaceId);
  const subnetId = interfaceSubnet(walk.records, holder.interfaceId);
  const gateway = [...walk.records.internetGateways.keys()].find((id) =>
    isAttached(walk, 'internetGateways', id, vpcId),
  );
  const knownAnswer = walk.answering && packet.destination.bits === 128 && walk.session.egressOnly.has(vpcId);
  if (gateway === undefined && !knownAnswer) return dropped(through, `${vpcId} has no internet gateway`);
  const blocked = borderBlocks(through, subnetId, 'inbound');
  if (blocked) return blocked;
  if (packet.destination.bits === 128 && isKeptFromInternet(walk.records, holder.interfaceId))
    return dropped(through, `${holder.interfaceId}: its service keeps it private`);
  const inward = { ...packet, destination: holder.privateAddress };
  const edge = lookUpEdgeRoute(walk.records, gateway ?? '', holder.privateAddress);
  if (edge.kind === 'blackhole') return dropped(through, `${gateway}: blackhole route`);
  if (edge.kind === 'other') return passAppliance(through, undefined, edge.id, inward);
  return enterSubnet(through, undefined, holder, inward);
}

/**
 * A gateway endpoint takes packets of its own VPC to its service.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 */
function passEndpoint(walk: Walk, vpcId: string, id: string, packet: Packet, by: string): Arrival {
  const record = walk.records.endpoints.get(id)?.record;
  if (text(field(record, 'VpcEndpointType')) !== 'Gateway') return undetermined(walk, `route to ${id}`);
  if (text(field(record, 'VpcId')) !== vpcId || by === 'transit')
    return dropped(walk, `${id}: serves its own VPC only`);
  if (by === 'nat') return undetermined(walk, `${id}: from a NAT gateway`);
  if (walk.answering) return dropped(walk, `${id}: the service did not ask`);
  return { kind: 'service', packet, walk: hop(walk, id) };
}

/** An answer of a service comes back by the endpoint that the request took. */
export const comeFromService = (walk: Walk, holder: AddressHolder, packet: Packet): Arrival =>
  enterSubnet(walk, undefined, holder, packet);

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html */
function passNat(walk: Walk, subnetId: string, id: string, packet: Packet): Arrival {
  const nat = walk.records.natGateways.get(id)?.record;
  if (text(field(nat, 'State')) !== 'available') return dropped(walk, `${id} is not available`);
  if (packet.source.bits !== 32) return dropped(walk, `${id}: IPv4 only`);
  // An answer that is sent through a NAT gateway gets another source address than the one that was called.
  if (walk.answering) return dropped(walk, `${id}: an answer cannot pass a NAT gateway that did not see the question`);
  const natSubnet = text(field(nat, 'SubnetId')) ?? '';
  const address = objects(field(nat, 'NatGatewayAddresses'))[0];
  const holder = addressHolders(walk.records, text(field(address, 'NetworkInterfaceId')) ?? '')[0];
  if (!holder) return undetermined(walk, `${id}: its interface is not known`);
  if (natSubnet !== subnetId) {
    const denied =
      networkAclDenies(walk.records, subnetId, 'out', packet) ??
      networkAclDenies(walk.records, natSubnet, 'in', packet);
    if (denied) return dropped(walk, denied);
  }
  if (walk.session.nat.has(id)) return dropped(walk, `${id}: a loop`);
  walk.session.nat.set(id, packet.source);
  const through = pass(hop(walk, id), { kind: 'nat' });
  return leaveSubnet(through, natSubnet, { ...packet, source: holder.privateAddress }, 'nat');
}

/**
 * A peering carries only packets from an address of one VPC to an address of the other.
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
function passPeering(walk: Walk, vpcId: string, id: string, packet: Packet): Arrival {
  const { records } = walk;
  const peering = records.peerings.get(id)?.record;
  if (text(at(peering, 'Status', 'Code')) !== 'active') return dropped(walk, `${id} is not active`);
  const ends = [text(at(peering, 'RequesterVpcInfo', 'VpcId')), text(at(peering, 'AccepterVpcInfo', 'VpcId'))];
  const other = ends.find((end) => end !== vpcId);
  if (!ends.includes(vpcId) || other === undefined) return dropped(walk, `${id} does not end in ${vpcId}`);
  if (!contained(vpcCidrs(records, vpcId), packet.source)) return dropped(walk, `${id}: not transitive (source)`);
  if (!records.vpcs.has(other)) return undetermined(walk, `${other} was not collected`);
  if (!contained(vpcCidrs(records, other), packet.destination))
    return dropped(walk, `${id}: not transitive (destination)`);
  const holder = findPrivate(records, other, packet.destination);
  if (!holder) return dropped(walk, `nobody in ${other} has the address`);
  return enterSubnet(pass(hop(walk, id), { kind: 'peering', id }), undefined, holder, packet);
}

/**
 * Into a transit gateway only from a zone where the VPC's attachment has a subnet. The ACLs of that subnet are judged too: inbound
 * on the way into the gateway, outbound on the way out of it.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
 */
function passTransit(walk: Walk, subnetId: string, gatewayId: string, packet: Packet): Arrival {
  const { records } = walk;
  const attachment = vpcAttachment(records, gatewayId, subnetVpc(records, subnetId));
  if (!attachment) return dropped(walk, `the VPC of ${subnetId} is not attached to ${gatewayId}`);
  const zone = subnetZone(records, subnetId);
  const door = attachmentSubnets(attachment).find((id) => subnetZone(records, id) === zone);
  if (door === undefined) return dropped(walk, `${gatewayId} has no subnet in ${zone}`);
  const denied = networkAclDenies(records, door, 'in', packet);
  if (denied) return dropped(walk, denied);
  const carries = (end: JsonObject): boolean =>
    packet.source.bits === 32 || text(at(end, 'Options', 'Ipv6Support')) === 'enable';
  const attachmentId = text(field(attachment, 'TransitGatewayAttachmentId')) ?? '';
  if (!carries(attachment)) return dropped(walk, `${attachmentId} carries no IPv6`);
  const exit = crossTransit(records, gatewayId, attachmentId, packet.destination);
  if (exit.kind === 'dropped') return dropped(walk, exit.at);
  if (exit.kind === 'undetermined') return undetermined(walk, exit.why);
  const exitId = text(field(exit.attachment, 'TransitGatewayAttachmentId')) ?? '';
  const through = pass(hop(hop(walk, door), gatewayId), {
    kind: 'transit',
    gateways: exit.gateways,
    attachments: [attachmentId, exitId],
  });
  if (!carries(exit.attachment)) return dropped(through, `${exitId} carries no IPv6`);
  const doors = attachmentSubnets(exit.attachment);
  // In appliance mode the gateway picks a zone for each flow.
  const isFixed = text(at(exit.attachment, 'Options', 'ApplianceModeSupport')) !== 'enable';
  const sameZone = !isFixed ? [] : doors.filter((id) => subnetZone(records, id) === zone);
  const ways = (sameZone.length > 0 ? sameZone : doors).map((id) => leaveSubnet(through, id, packet, 'transit'));
  const [first] = ways;
  if (!first) return dropped(through, `${exitId} has no subnet`);
  return ways.every((way) => way.kind === first.kind)
    ? first
    : undetermined(through, `${exitId}: it depends on the zone`);
}
