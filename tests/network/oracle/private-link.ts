import { field, text, texts } from '../../../src/model/index.js';
import { listensAndLeads } from './balancer.js';
import { connect, type Start } from './connect.js';
import type { Outcome, Packet } from './packet.js';
import { interfaceGroups, interfaceSubnet, type Records, subnetZone } from './records.js';
import { groupsAllow } from './security-group.js';

/** The balancer of a customer's service that an interface is an endpoint's door to. */
export function balancerBehind(records: Records, interfaceId: string): string | undefined {
  const endpoint = [...records.endpoints.values()].find(({ record }) =>
    texts(field(record, 'NetworkInterfaceIds')).includes(interfaceId),
  )?.record;
  if (text(field(endpoint, 'State')) !== 'available') return undefined;
  const service = records.services.get(text(field(endpoint, 'ServiceName')) ?? '')?.record;
  return texts(field(service, 'NetworkLoadBalancerArns'))[0];
}

/**
 * Whether a packet to an endpoint's interface can end at the interface `to`: what comes to it goes on at the balancer's node in its zone, which
 * asks its groups about the client's address and speaks for itself.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html#security-group-considerations
 */
export function connectThroughEndpoint(records: Records, start: Start, packet: Packet, to: string): Outcome {
  const front = connect(records, start, packet);
  if (front.outcome.verdict === 'dropped' || !front.holder || !front.packet) return front.outcome;
  const { hops } = front.outcome;
  const door = front.holder.interfaceId;
  const balancer = balancerBehind(records, door) ?? '';
  const zone = subnetZone(records, interfaceSubnet(records, door));
  const node = [...records.interfaces.keys()].find(
    (id) =>
      text(field(records.interfaces.get(id)?.record, 'Description')) === `ELB ${balancer.split(':loadbalancer/')[1]}` &&
      subnetZone(records, interfaceSubnet(records, id)) === zone,
  );
  if (node === undefined) return { verdict: 'undetermined', why: `no node of ${balancer} in ${zone}`, hops };
  const groups = interfaceGroups(records, node);
  const setting = text(
    field(records.balancers.get(balancer)?.record, 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'),
  );
  if (groups.length > 0 && setting !== 'off') {
    const allowed = groupsAllow(records, groups, 'in', front.packet, []);
    if (allowed === 'no') return { verdict: 'dropped', at: `groups of ${node} (in)`, hops };
    if (allowed === 'undetermined') return { verdict: 'undetermined', why: `groups of ${node} (in)`, hops };
  }
  const onward = listensAndLeads(records, node, { ...front.packet, destinationPort: packet.destinationPort }, to);
  return onward.verdict === 'delivered' && front.outcome.verdict === 'undetermined' ? front.outcome : onward;
}
