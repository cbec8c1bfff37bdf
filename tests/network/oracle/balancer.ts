import { at, field, type JsonObject, number, objects, text, texts } from '../../../src/model/index.js';
import { parseAddress } from './addresses.js';
import { connect, isAlive, type Start } from './connect.js';
import { networkAclDenies } from './network-acl.js';
import { answerTo, type Outcome, type Packet, TCP } from './packet.js';
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
  const targets = targetsOf(records, node.interfaceId, packet).filter((t) => t.holder.interfaceId === to);
  if (targets.length === 0) return { verdict: 'dropped', at: `${node.interfaceId}: no listener leads to ${to}`, hops };
  const outcomes = targets.map((target) => reachTarget(records, node, front.packet as Packet, target));
  const best = outcomes.find((o) => o.verdict === 'delivered') ?? (outcomes[0] as Outcome);
  if (best.verdict === 'delivered' && front.outcome.verdict === 'undetermined') return front.outcome;
  // AWS says that internet-facing nodes are found at their public addresses, and not what their private ones do.
  if (best.verdict === 'delivered' && node.publicAddress && equal(packet.destination, node.privateAddress)) {
    return {
      verdict: 'undetermined',
      why: `${node.interfaceId}: the private address of an internet-facing node`,
      hops,
    };
  }
  return best;
}

/** The node's interface names its balancer in its description. */
export const isBalancerNode = (records: Records, interfaceId: string): boolean =>
  (text(field(records.interfaces.get(interfaceId)?.record, 'Description')) ?? '').startsWith('ELB ');

function targetsOf(records: Records, nodeId: string, packet: Packet): readonly Target[] {
  const name = (text(field(records.interfaces.get(nodeId)?.record, 'Description')) ?? '').slice('ELB '.length);
  if (packet.protocol !== TCP) return [];
  const balancer = [...records.balancers].find(([arn]) => arn.endsWith(`:loadbalancer/${name}`));
  const zone = subnetZone(records, interfaceSubnet(records, nodeId));
  if (!balancer) return classicTargets(records, name, packet, zone);
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
    for (const groupArn of forwardsOf(records, listener)) {
      const group = records.targetGroups.get(groupArn)?.record;
      const attributes = records.targetGroupAttributes.get(groupArn);
      const own = attribute(attributes, 'load_balancing.cross_zone.enabled');
      const inherited = attribute(records.balancerAttributes.get(arn), 'load_balancing.cross_zone.enabled');
      const crossesZones = (own === undefined || own.startsWith('use_') ? inherited : own) === 'true';
      // @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
      const preserves =
        attribute(attributes, 'preserve_client_ip.enabled') ?? String(text(field(group, 'TargetType')) === 'instance');
      for (const { Target: target } of objects(field(records.targetHealth.get(groupArn), 'TargetHealthDescriptions'))) {
        const holder = holderOf(records, text(field(group, 'VpcId')) ?? '', text(field(target, 'Id')) ?? '');
        if (!holder) continue;
        const targetZone = subnetZone(records, interfaceSubnet(records, holder.interfaceId));
        if (!enabled.includes(targetZone) || (!crossesZones && targetZone !== zone)) continue;
        targets.push({
          holder,
          port: number(field(target, 'Port')) ?? number(field(group, 'Port')) ?? 0,
          preservesClient: text(field(record, 'Type')) === 'network' && preserves === 'true',
        });
      }
    }
  }
  return targets;
}

/** Target groups that some rule of the listener forwards to; redirects, fixed responses and logins lead nowhere. */
function forwardsOf(records: Records, listener: JsonObject): ReadonlySet<string> {
  const rules = objects(field(records.listenerRules.get(text(field(listener, 'ListenerArn')) ?? ''), 'Rules'));
  const actions = [
    ...objects(field(listener, 'DefaultActions')),
    ...rules.flatMap((rule) => objects(field(rule, 'Actions'))),
  ];
  const arns = actions
    .filter((action) => text(field(action, 'Type')) === 'forward')
    .flatMap((action) => [
      text(field(action, 'TargetGroupArn')),
      ...objects(at(action, 'ForwardConfig', 'TargetGroups')).map((g) => text(field(g, 'TargetGroupArn'))),
    ]);
  return new Set(arns.filter((arn) => arn !== undefined));
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

function reachTarget(records: Records, node: AddressHolder, client: Packet, target: Target): Outcome {
  const inner = { ...client, destination: target.holder.privateAddress, destinationPort: target.port };
  if (!target.preservesClient) {
    return connect(records, { kind: 'interface', holder: node }, { ...inner, source: node.privateAddress }).outcome;
  }
  return reachPreserving(records, node, inner, target.holder);
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
