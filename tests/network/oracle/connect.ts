import { at, field, text } from '../../../src/model/index.js';
import { answerTo, type Outcome, type Packet } from './packet.js';
import { type AddressHolder, equal, interfaceGroups, interfaceSubnet, type Records } from './records.js';
import { groupsAllow } from './security-group.js';
import {
  type Arrival,
  comeFromService,
  type Landing,
  leaveSubnet,
  onInternet,
  type Passage,
  type Session,
  type Walk,
} from './walk.js';

/** Where a connection begins: at an address of an interface, or at a host on the internet. */
export type Start = { readonly kind: 'interface'; readonly holder: AddressHolder } | { readonly kind: 'internet' };

/** The end of a connection as the one who answers sees it. */
export interface Reached {
  readonly outcome: Outcome;
  /** The interface that the packet came to, where it came to one. */
  readonly holder?: AddressHolder;
  /** The packet as it arrived. */
  readonly packet?: Packet;
}

/**
 * Opens a connection: the request hop by hop, the groups at both ends, then the answer hop by hop back to where it began.
 * Groups are stateful, so they judge the request alone; ACLs and routes judge both.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-connection-tracking.html
 */
export function connect(records: Records, start: Start, packet: Packet): Reached {
  const session: Session = { nat: new Map(), egressOnly: new Set(), borders: new Set() };
  const walk: Walk = { records, session, answering: false, passages: [], hops: [] };
  const arrival = begin(walk, start, packet);
  if (arrival.kind === 'dropped') return { outcome: { verdict: 'dropped', at: arrival.at, hops: arrival.walk.hops } };
  if (arrival.kind === 'undetermined')
    return { outcome: { verdict: 'undetermined', why: arrival.why, hops: arrival.walk.hops } };
  const reached =
    arrival.kind === 'interface' ? { holder: arrival.holder, packet: arrival.packet } : { packet: arrival.packet };
  return { outcome: judge(records, start, packet, arrival), ...reached };
}

function begin(walk: Walk, start: Start, packet: Packet): Arrival {
  if (start.kind === 'internet') return onInternet(walk, packet);
  return leaveSubnet(walk, interfaceSubnet(walk.records, start.holder.interfaceId), packet, 'host');
}

function judge(records: Records, start: Start, packet: Packet, arrival: Landing): Outcome {
  const { hops, passages, session } = arrival.walk;
  const stop = (where: string): Outcome => ({ verdict: 'dropped', at: where, hops });
  const doubts: string[] = [];
  const from = start.kind === 'interface' ? start.holder.interfaceId : undefined;
  const to = arrival.kind === 'interface' ? arrival.holder.interfaceId : undefined;
  const fromGroups = from === undefined ? [] : interfaceGroups(records, from);
  const toGroups = to === undefined ? [] : interfaceGroups(records, to);

  if (from !== undefined && !isAlive(records, from)) return stop(`${from}: nothing runs there`);
  if (from !== undefined && !hasNoGroups(records, from)) {
    const allowed = groupsAllow(
      records,
      fromGroups,
      'out',
      packet,
      groupsAreSeen(records, passages, 'out') ? toGroups : [],
    );
    if (allowed === 'no') return stop(`groups of ${from} (out)`);
    if (allowed === 'undetermined') doubts.push(`groups of ${from} (out)`);
  }
  if (to !== undefined && !isAlive(records, to)) return stop(`${to}: nothing runs there`);
  if (to !== undefined && !hasNoGroups(records, to)) {
    const seen = groupsAreSeen(records, passages, 'in') ? fromGroups : [];
    const allowed = groupsAllow(records, toGroups, 'in', arrival.packet, seen);
    if (allowed === 'no') return stop(`groups of ${to} (in)`);
    if (allowed === 'undetermined') doubts.push(`groups of ${to} (in)`);
  }

  const answer = answerTo(arrival.packet);
  if (!answer) return { verdict: 'undetermined', why: 'a packet without an answer', hops };
  const back: Walk = { records, session, answering: true, passages: [], hops };
  const returned = sendBack(back, start, arrival, answer);
  if (returned.kind === 'dropped')
    return { verdict: 'dropped', at: `the answer: ${returned.at}`, hops: returned.walk.hops };
  if (returned.kind === 'undetermined') return { verdict: 'undetermined', why: returned.why, hops: returned.walk.hops };
  if (!isBack(start, packet, returned))
    return { verdict: 'dropped', at: 'the answer came elsewhere', hops: returned.walk.hops };
  const [doubt] = doubts;
  if (doubt !== undefined) return { verdict: 'undetermined', why: doubt, hops: returned.walk.hops };
  return { verdict: 'delivered', hops: returned.walk.hops };
}

function sendBack(back: Walk, start: Start, arrival: Landing, answer: Packet): Arrival {
  if (arrival.kind === 'internet') return onInternet(back, answer);
  if (arrival.kind === 'service') {
    return start.kind === 'interface' ? comeFromService(back, start.holder, answer) : onInternet(back, answer);
  }
  return leaveSubnet(back, interfaceSubnet(back.records, arrival.holder.interfaceId), answer, 'host');
}

/** An answer counts only where the question was asked, and from the address that was asked. */
function isBack(start: Start, asked: Packet, returned: Landing): boolean {
  if (!equal(returned.packet.source, asked.destination)) return false;
  if (start.kind === 'internet')
    return returned.kind === 'internet' && equal(returned.packet.destination, asked.source);
  return (
    returned.kind === 'interface' &&
    returned.holder.interfaceId === start.holder.interfaceId &&
    equal(returned.holder.privateAddress, asked.source)
  );
}

/** An interface answers where it is in use, and its instance, if it has one, runs. */
export function isAlive(records: Records, interfaceId: string): boolean {
  const record = records.interfaces.get(interfaceId)?.record;
  if (text(field(record, 'Status')) !== 'in-use') return false;
  const instance = text(at(record, 'Attachment', 'InstanceId'));
  if (instance === undefined) return true;
  return text(at(records.instances.get(instance)?.record, 'State', 'Name')) === 'running';
}

/** Service interfaces without any group (such as a network balancer made without) are not filtered. */
const hasNoGroups = (records: Records, interfaceId: string): boolean =>
  interfaceGroups(records, interfaceId).length === 0 &&
  text(field(records.interfaces.get(interfaceId)?.record, 'InterfaceType')) !== 'interface';

/**
 * Rules that name a group see the remote end's groups inside a VPC, over a peering in the same Region, and, inbound only, over one
 * transit gateway where it and both attachments support it.
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security
 */
function groupsAreSeen(records: Records, passages: readonly Passage[], direction: 'in' | 'out'): boolean {
  const [passage, ...more] = passages;
  if (passage === undefined) return true;
  if (more.length > 0) return false;
  if (passage.kind === 'peering') {
    const peering = records.peerings.get(passage.id)?.record;
    const regions = ['RequesterVpcInfo', 'AccepterVpcInfo'].map(
      (end) => records.vpcs.get(text(at(peering, end, 'VpcId')) ?? '')?.region,
    );
    return regions[0] === regions[1];
  }
  if (passage.kind !== 'transit' || direction === 'out' || passage.gateways.length > 1) return false;
  const gateway = records.transitGateways.get(passage.gateways[0] ?? '')?.record;
  const supports = [
    text(at(gateway, 'Options', 'SecurityGroupReferencingSupport')),
    ...passage.attachments.map((id) =>
      text(at(records.transitVpcAttachments.get(id)?.record, 'Options', 'SecurityGroupReferencingSupport')),
    ),
  ];
  return supports.every((support) => support === 'enable');
}
