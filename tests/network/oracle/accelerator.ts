import { at, field, flag, isObject, type JsonObject, number, objects, text } from '../../../src/model/index.js';
import type { Snapshot } from '../../../src/snapshot/index.js';
import { leadsOn, nodesOfBalancer } from './balancer.js';
import { publicAccessBlocks } from './block-public-access.js';
import { isAlive } from './connect.js';
import { best } from './goals.js';
import { type Outcome, type Packet, TCP, UDP } from './packet.js';
import {
  type AddressHolder,
  addressHolders,
  interfaceGroups,
  interfaceSubnet,
  interfaceVpc,
  type Records,
} from './records.js';
import { groupsAllow } from './security-group.js';

/** One endpoint of an accelerator, as its answers say it. */
interface Endpoint {
  readonly accelerator: JsonObject;
  readonly listener: JsonObject;
  readonly group: JsonObject;
  readonly endpoint: JsonObject;
}

const keyed = (snapshot: Snapshot, operation: string, id: string): JsonObject | undefined =>
  snapshot
    .answers('global-accelerator', operation)
    .map(({ body }) => field(body, id))
    .find(isObject);

function endpointsOf(snapshot: Snapshot): readonly Endpoint[] {
  return snapshot
    .answers('global-accelerator', 'ListAccelerators')
    .flatMap(({ body }) => objects(field(body, 'Accelerators')))
    .flatMap((accelerator) =>
      objects(
        field(keyed(snapshot, 'ListListeners', text(field(accelerator, 'AcceleratorArn')) ?? ''), 'Listeners'),
      ).flatMap((listener) =>
        objects(
          field(keyed(snapshot, 'ListEndpointGroups', text(field(listener, 'ListenerArn')) ?? ''), 'EndpointGroups'),
        ).flatMap((group) =>
          objects(field(group, 'EndpointDescriptions')).map((endpoint) => ({ accelerator, listener, group, endpoint })),
        ),
      ),
    );
}

/**
 * Sends a packet from the internet to every accelerator, at whatever address it has: whether one of them leads it on to an interface of `to`. Endpoints that do
 * not see the client's own address are left out: they are asked at their public addresses.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-how-it-works.html
 */
export function throughAccelerators(
  records: Records,
  snapshot: Snapshot,
  packet: Packet,
  to: readonly string[],
): Outcome {
  const outcomes = endpointsOf(snapshot).flatMap((endpoint) => {
    const port = portAsked(endpoint, packet);
    if (port === undefined) return [];
    const id = text(field(endpoint.endpoint, 'EndpointId')) ?? '';
    return arrivalsAt(records, id, packet).flatMap((holder): Outcome[] => {
      const arriving = { ...packet, destination: holder.privateAddress, destinationPort: port };
      const first = letIn(records, holder, arriving);
      if (first.verdict === 'dropped') return [first];
      if (to.includes(holder.interfaceId)) return [first];
      return to.map((target) => {
        const second = leadsOn(records, holder, arriving, target);
        return second.verdict === 'delivered' ? first : second;
      });
    });
  });
  return best(outcomes) ?? { verdict: 'dropped', at: 'no accelerator leads there', hops: [] };
}

/** The port on which the endpoint is asked; `undefined` where the packet does not come to it. */
function portAsked(
  { accelerator, listener, group, endpoint }: Endpoint,
  { protocol, destinationPort, source }: Packet,
): number | undefined {
  const isOn =
    flag(field(accelerator, 'Enabled')) === true &&
    number(field(group, 'TrafficDialPercentage')) !== 0 &&
    number(field(endpoint, 'Weight')) !== 0 &&
    flag(field(endpoint, 'ClientIPPreservationEnabled')) === true;
  if (!isOn || protocol !== (text(field(listener, 'Protocol')) === 'UDP' ? UDP : TCP)) return undefined;
  if (source.bits === 128 && text(field(accelerator, 'IpAddressType')) !== 'DUAL_STACK') return undefined;
  const isListening = objects(field(listener, 'PortRanges')).some(
    (range) =>
      destinationPort >= (number(field(range, 'FromPort')) ?? 0) &&
      destinationPort <= (number(field(range, 'ToPort')) ?? 0),
  );
  if (!isListening) return undefined;
  const override = objects(field(group, 'PortOverrides')).find(
    (one) => number(field(one, 'ListenerPort')) === destinationPort,
  );
  return override ? number(field(override, 'EndpointPort')) : destinationPort;
}

/** Where packets come to an endpoint: an instance at its primary interface, a balancer at its nodes, of the client's family. */
function arrivalsAt(records: Records, endpoint: string, { source }: Packet): readonly AddressHolder[] {
  const holders = endpoint.startsWith('arn:')
    ? nodesOfBalancer(records, endpoint)
    : [...records.interfaces]
        .filter(
          ([, { record }]) =>
            text(at(record, 'Attachment', 'InstanceId')) === endpoint &&
            number(at(record, 'Attachment', 'DeviceIndex')) === 0,
        )
        .flatMap(([id]) => addressHolders(records, id));
  return holders.filter(({ privateAddress }) => privateAddress.bits === source.bits);
}

/**
 * What an interface says to a client of an accelerator. The VPC has to have an internet gateway, which no packet goes through: neither routes nor network
 * ACLs are asked.
 * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
 */
function letIn(records: Records, { interfaceId }: AddressHolder, packet: Packet): Outcome {
  const stop = (where: string): Outcome => ({ verdict: 'dropped', at: where, hops: [interfaceId] });
  if (!isAlive(records, interfaceId)) return stop(`${interfaceId}: nothing runs there`);
  const vpc = interfaceVpc(records, interfaceId);
  const hasGateway = [...records.internetGateways.values()].some(({ record }) =>
    objects(field(record, 'Attachments')).some(
      (a) => text(field(a, 'VpcId')) === vpc && ['available', 'attached'].includes(text(field(a, 'State')) ?? ''),
    ),
  );
  if (!hasGateway) return stop(`${vpc} has no internet gateway`);
  const blocked = publicAccessBlocks(records, interfaceSubnet(records, interfaceId), 'inbound');
  if (blocked === 'yes') return stop(`Block Public Access of ${vpc}`);
  const groups = interfaceGroups(records, interfaceId);
  const allowed = groups.length === 0 ? 'yes' : groupsAllow(records, groups, 'in', packet, []);
  if (allowed === 'no') return stop(`groups of ${interfaceId} (in)`);
  return allowed === 'undetermined' || blocked === 'undetermined'
    ? { verdict: 'undetermined', why: `groups of ${interfaceId}`, hops: [interfaceId] }
    : { verdict: 'delivered', hops: [interfaceId] };
}
