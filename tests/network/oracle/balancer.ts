import { at, field, type JsonObject, number, objects, text, texts } from '../../../src/model/index.js';
import { type Address, contained, parseAddress, parseCidr } from './addresses.js';
import { connect, isAlive, type Start } from './connect.js';
import { networkAclDenies } from './network-acl.js';
import { answerTo, type Outcome, type Packet, TCP, UDP } from './packet.js';
import {
  type AddressHolder,
  addressHolders,
  equal,
  findPrivate,
  interfaceGroups,
  interfaceSubnet,
  interfaceVpc,
  type Records,
  subnetZone,
} from './records.js';
import { lookUpRoute } from './route-table.js';
import { groupsAllow } from './security-group.js';

/** A target that a balancer's node may choose for a connection. */
interface Target {
  readonly holder: AddressHolder;
  readonly port: number;
  /** Whether the target sees the client's address. */
  readonly preservesClient: boolean;
}

/**
 * Whether a packet to a node of a balancer can end at the interface `to`: the connection to the node first, then a listener on its
 * port, a target group, a registered target that the node may choose, and the node's way to it. Health is no obstacle.
 */
export function connectThroughBalancer(records: Records, start: Start, packet: Packet, to: string): Outcome {
  const front = connect(records, start, packet);
  if (front.outcome.verdict === 'dropped' || !front.holder || !front.packet) return front.outcome;
  const node = front.holder;
  const { hops } = front.outcome;
  const best = leadOn(records, node, front.packet, to, (target) => target.preservesClient);
  if (best.verdict === 'delivered' && front.outcome.verdict === 'undetermined') return front.outcome;
  // AWS says that internet-facing nodes are found at their public addresses, and not what their private ones do.
  const isOwn = packet.destination.bits === 32 && equal(packet.destination, node.privateAddress);
  if (best.verdict === 'delivered' && node.publicAddress && isOwn) {
    return {
      verdict: 'undetermined',
      why: `${node.interfaceId}: the private address of an internet-facing node`,
      hops,
    };
  }
  return best;
}

/** Where a node that speaks for itself leads a client's connection on to. */
export function listensAndLeads(records: Records, nodeId: string, client: Packet, to: string): Outcome {
  const [node] = addressHolders(records, nodeId);
  if (!node) return { verdict: 'dropped', at: `${nodeId} has no address`, hops: [] };
  return leadOn(records, node, client, to, () => false);
}

/** Where a node leads a connection on to that came to it with the client's own address. */
export const leadsOn = (records: Records, node: AddressHolder, client: Packet, to: string): Outcome =>
  leadOn(records, node, client, to, (target) => target.preservesClient);

/**
 * On from a node to `to`: as a target, or behind an application balancer that is one, whose node then speaks for itself.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
 */
function leadOn(
  records: Records,
  node: AddressHolder,
  client: Packet,
  to: string,
  preserves: (target: Target) => boolean,
): Outcome {
  const outcomes = targetsOf(records, node.interfaceId, client).flatMap((drawn): Outcome[] => {
    const target = { ...drawn, preservesClient: preserves(drawn) };
    if (target.holder.interfaceId === to) return [reachTarget(records, node, client, target)];
    if (!isBalancerNode(records, target.holder.interfaceId)) return [];
    const first = reachTarget(records, node, client, target);
    if (first.verdict === 'dropped') return [first];
    const { bits } = target.holder.privateAddress;
    const own = addressHolders(records, node.interfaceId).find((h) => h.privateAddress.bits === bits);
    const isSeen = target.preservesClient && client.source.bits === bits;
    const source = isSeen ? client.source : (own?.privateAddress ?? client.source);
    const seen = { ...client, source, destination: target.holder.privateAddress, destinationPort: target.port };
    const second = leadOn(records, target.holder, seen, to, () => false);
    return [second.verdict === 'delivered' ? first : second];
  });
  const hops = [node.interfaceId];
  return (
    outcomes.find((o) => o.verdict === 'delivered') ??
    outcomes.find((o) => o.verdict === 'undetermined') ??
    outcomes[0] ?? { verdict: 'dropped', at: `${node.interfaceId}: no listener leads to ${to}`, hops }
  );
}

/** The node's interface names its balancer in its description. */
export const isBalancerNode = (records: Records, interfaceId: string): boolean =>
  (text(field(records.interfaces.get(interfaceId)?.record, 'Description')) ?? '').startsWith('ELB ');

function targetsOf(records: Records, nodeId: string, packet: Packet): readonly Target[] {
  const name = (text(field(records.interfaces.get(nodeId)?.record, 'Description')) ?? '').slice('ELB '.length);
  const balancer = [...records.balancers].find(([arn]) => arn.endsWith(`:loadbalancer/${name}`));
  const zone = subnetZone(records, interfaceSubnet(records, nodeId));
  if (!balancer) return packet.protocol === TCP ? classicTargets(records, name, packet, zone) : [];
  const [arn, { record }] = balancer;
  const attribute = (attributes: JsonObject | undefined, key: string): string | undefined =>
    text(
      field(
        objects(field(attributes, 'Attributes')).find((a) => text(field(a, 'Key')) === key),
        'Value',
      ),
    );
  // Targets in a zone that is not enabled get no traffic, even across zones.
  // @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#availability-zones
  const enabled = objects(field(record, 'AvailabilityZones')).map((z) => text(field(z, 'ZoneName')) ?? '');
  const targets: Target[] = [];
  for (const listener of objects(field(records.listeners.get(arn), 'Listeners'))) {
    if (number(field(listener, 'Port')) !== packet.destinationPort) continue;
    if (!protocolsOf(text(field(listener, 'Protocol')) ?? '').includes(packet.protocol)) continue;
    for (const groupArn of forwardsOf(records, listener, packet.source)) {
      const group = records.targetGroups.get(groupArn)?.record;
      const attributes = records.targetGroupAttributes.get(groupArn);
      const own = attribute(attributes, 'load_balancing.cross_zone.enabled');
      const inherited = attribute(records.balancerAttributes.get(arn), 'load_balancing.cross_zone.enabled');
      const crossesZones = (own === undefined || own.startsWith('use_') ? inherited : own) === 'true';
      // @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
      const kind = text(field(group, 'TargetType')) ?? '';
      const preserves =
        attribute(attributes, 'preserve_client_ip.enabled') ?? String(['instance', 'alb'].includes(kind));
      for (const { Target: target, TargetHealth: health } of objects(
        field(records.targetHealth.get(groupArn), 'TargetHealthDescriptions'),
      )) {
        // What is draining gets no new connections.
        if (text(field(health, 'State')) === 'draining') continue;
        const isFar = text(field(target, 'AvailabilityZone')) === 'all';
        const vpcId = text(field(group, 'VpcId')) ?? '';
        const id = text(field(target, 'Id')) ?? '';
        const one = isFar ? farHolder(records, vpcId, id) : holderOf(records, vpcId, id);
        for (const holder of kind === 'alb' ? nodesOf(records, id) : one ? [one] : []) {
          const targetZone = subnetZone(records, interfaceSubnet(records, holder.interfaceId));
          if (!isFar && (!enabled.includes(targetZone) || (!crossesZones && targetZone !== zone))) continue;
          targets.push({
            holder,
            port: number(field(target, 'Port')) ?? number(field(group, 'Port')) ?? 0,
            preservesClient: text(field(record, 'Type')) === 'network' && preserves === 'true',
          });
        }
      }
    }
  }
  return targets;
}

function protocolsOf(listener: string): readonly number[] {
  if (listener === 'UDP') return [UDP];
  return listener === 'TCP_UDP' ? [TCP, UDP] : [TCP];
}

/**
 * Target groups that some rule forwards a client's requests to: rules in the order of their priority, of which those for other clients do not
 * count, and one for all requests of the client hides what follows. Redirects, fixed responses and logins lead nowhere.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#listener-rules
 */
function forwardsOf(records: Records, listener: JsonObject, client: Address): ReadonlySet<string> {
  const rules = [...objects(field(records.listenerRules.get(text(field(listener, 'ListenerArn')) ?? ''), 'Rules'))];
  const isDefault = (rule: JsonObject): boolean => text(field(rule, 'Priority')) === 'default';
  const ordered = rules
    .filter((rule) => !isDefault(rule))
    .sort((a, b) => Number(text(field(a, 'Priority'))) - Number(text(field(b, 'Priority'))));
  const arns = new Set<string>();
  for (const rule of ordered) {
    const conditions = objects(field(rule, 'Conditions'));
    const sources = conditions.filter((c) => text(field(c, 'Field')) === 'source-ip');
    const isFor = sources.every((c) =>
      contained(
        texts(at(c, 'SourceIpConfig', 'Values')).flatMap((cidr) => parseCidr(cidr) ?? []),
        client,
      ),
    );
    if (!isFor) continue;
    for (const arn of forwardedBy(objects(field(rule, 'Actions')))) arns.add(arn);
    if (sources.length === conditions.length) return arns;
  }
  for (const arn of forwardedBy(objects(field(rules.find(isDefault) ?? {}, 'Actions')))) arns.add(arn);
  if (rules.length === 0) for (const arn of forwardedBy(objects(field(listener, 'DefaultActions')))) arns.add(arn);
  return arns;
}

/** A group of weight 0 gets nothing. */
function forwardedBy(actions: readonly JsonObject[]): readonly string[] {
  return actions
    .filter((action) => text(field(action, 'Type')) === 'forward')
    .flatMap((action) => {
      const weighted = objects(at(action, 'ForwardConfig', 'TargetGroups'));
      return weighted.length === 0
        ? [text(field(action, 'TargetGroupArn')) ?? '']
        : weighted.filter((g) => number(field(g, 'Weight')) !== 0).map((g) => text(field(g, 'TargetGroupArn')) ?? '');
    });
}

function classicTargets(records: Records, name: string, packet: Packet, zone: string): readonly Target[] {
  const record = records.classicBalancers.get(name)?.record;
  const enabled = texts(field(record, 'AvailabilityZones'));
  const crosses =
    at(records.classicAttributes.get(name), 'LoadBalancerAttributes', 'CrossZoneLoadBalancing', 'Enabled') === true;
  return objects(field(record, 'ListenerDescriptions'))
    .filter((description) => number(at(description, 'Listener', 'LoadBalancerPort')) === packet.destinationPort)
    .flatMap((description) =>
      objects(field(record, 'Instances')).flatMap((instance) => {
        const holder = holderOf(records, text(field(record, 'VPCId')) ?? '', text(field(instance, 'InstanceId')) ?? '');
        if (!holder) return [];
        const targetZone = subnetZone(records, interfaceSubnet(records, holder.interfaceId));
        if (!enabled.includes(targetZone) || (!crosses && targetZone !== zone)) return [];
        return [{ holder, port: number(at(description, 'Listener', 'InstancePort')) ?? 0, preservesClient: false }];
      }),
    );
}

/** The IPv4 addresses of a balancer's nodes. */
const nodesOf = (records: Records, arn: string): readonly AddressHolder[] =>
  nodesOfBalancer(records, arn).filter(({ privateAddress }) => privateAddress.bits === 32);

/** All addresses of a balancer's nodes. */
export const nodesOfBalancer = (records: Records, arn: string): readonly AddressHolder[] =>
  [...records.interfaces]
    .filter(([, { record }]) => text(field(record, 'Description')) === `ELB ${arn.split(':loadbalancer/')[1]}`)
    .flatMap(([id]) => addressHolders(records, id));

/** An instance is reached at the primary address of its primary interface. */
function holderOf(records: Records, vpcId: string, id: string): AddressHolder | undefined {
  const address = parseAddress(id);
  if (address) return findPrivate(records, vpcId, address);
  const primary = [...records.interfaces].find(
    ([, { record }]) =>
      text(at(record, 'Attachment', 'InstanceId')) === id && number(at(record, 'Attachment', 'DeviceIndex')) === 0,
  );
  return primary ? addressHolders(records, primary[0])[0] : undefined;
}

/** An address of another VPC, where it is the only one there is. */
function farHolder(records: Records, vpcId: string, id: string): AddressHolder | undefined {
  const address = parseAddress(id);
  const holders = [...records.vpcs.keys()].flatMap((vpc) => (address && findPrivate(records, vpc, address)) ?? []);
  return holders.length === 1 && holders[0] && interfaceVpc(records, holders[0].interfaceId) !== vpcId
    ? holders[0]
    : undefined;
}

function reachTarget(records: Records, node: AddressHolder, client: Packet, target: Target): Outcome {
  const { bits } = target.holder.privateAddress;
  const inner = { ...client, destination: target.holder.privateAddress, destinationPort: target.port };
  if (target.preservesClient && client.source.bits === bits)
    return reachPreserving(records, node, inner, target.holder);
  const hops = [node.interfaceId];
  if (client.protocol === UDP && client.source.bits !== bits)
    return { verdict: 'undetermined', why: 'UDP from one family to the other', hops };
  // To a target of the other family the node speaks for itself.
  const holder = addressHolders(records, node.interfaceId).find((h) => h.privateAddress.bits === bits);
  if (!holder) return { verdict: 'dropped', at: `${node.interfaceId} has no address of the target's family`, hops };
  return connect(records, { kind: 'interface', holder }, { ...inner, source: holder.privateAddress }).outcome;
}

/**
 * The target sees the client's address, and its answers go back through the balancer whatever its route table says. The node's
 * subnet sees the target's address, the target's subnet the client's.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#client-ip-preservation
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html#target-security-groups
 */
function reachPreserving(records: Records, node: AddressHolder, packet: Packet, target: AddressHolder): Outcome {
  const hops = [node.interfaceId, target.interfaceId];
  const stop = (where: string): Outcome => ({ verdict: 'dropped', at: where, hops });
  const from = interfaceSubnet(records, node.interfaceId);
  const to = interfaceSubnet(records, target.interfaceId);
  if (!isAlive(records, target.interfaceId)) return stop(`${target.interfaceId}: nothing runs there`);
  if (interfaceVpc(records, node.interfaceId) !== interfaceVpc(records, target.interfaceId)) {
    return { verdict: 'undetermined', why: 'client addresses kept across VPCs', hops };
  }
  if (from !== to && lookUpRoute(records, from, packet.destination).kind !== 'local') {
    return { verdict: 'undetermined', why: `a route of ${from} that is more specific than the local one`, hops };
  }
  const nodeGroups = interfaceGroups(records, node.interfaceId);
  const targetGroups = interfaceGroups(records, target.interfaceId);
  const verdicts = [
    nodeGroups.length === 0 ? 'yes' : groupsAllow(records, nodeGroups, 'out', packet, targetGroups),
    groupsAllow(records, targetGroups, 'in', packet, nodeGroups),
  ];
  if (verdicts.includes('no')) return stop(`groups of ${node.interfaceId} (out) or ${target.interfaceId} (in)`);
  const answer = answerTo(packet);
  if (answer && from !== to) {
    const denied =
      networkAclDenies(records, from, 'out', packet) ??
      networkAclDenies(records, to, 'in', packet) ??
      networkAclDenies(records, to, 'out', answer) ??
      networkAclDenies(records, from, 'in', answer);
    if (denied) return stop(denied);
  }
  if (verdicts.includes('undetermined')) return { verdict: 'undetermined', why: 'groups of node or target', hops };
  return { verdict: 'delivered', hops };
}
