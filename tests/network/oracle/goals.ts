import { text, field } from '../../../src/model/index.js';
import { type Address, parseAddress } from './addresses.js';
import { connectThroughBalancer, isBalancerNode } from './balancer.js';
import { connect, type Start } from './connect.js';
import { listensOn, placementsOf } from './database.js';
import type { Outcome, Packet } from './packet.js';
import { interfacesOf } from './pairs.js';
import { balancerBehind, connectThroughEndpoint } from './private-link.js';
import { type AddressHolder, addressHolders, type Records } from './records.js';

/** One way that the network can be, and what is asked about in it. */
export interface Goal {
  readonly records: Records;
  /** The interfaces asked about; none for an address out there. */
  readonly interfaces: readonly string[];
  /** Whether it takes connections to a port, once a packet has come to it. */
  readonly listens: (packet: Packet) => boolean;
}

/** What a question is about, in every way that the network can be as far as the records tell. */
export interface Aim {
  readonly goals: readonly Goal[];
  /** It is asked about as a thing that has names, as opposed to each of its addresses. */
  readonly byAnyName: boolean;
  /** An address out there. */
  readonly outside: Address | undefined;
}

export function aimAt(records: Records, to: string): Aim {
  const outside = parseAddress(to);
  if (outside) return { goals: [{ records, interfaces: [], listens: () => true }], byAnyName: false, outside };
  const database = [...records.databases.values()].find(({ record }) => text(field(record, 'DBInstanceArn')) === to);
  if (!database) {
    const endpoint = records.endpoints.get(to.slice(to.lastIndexOf('/') + 1))?.record;
    const isServing = !endpoint || text(field(endpoint, 'State')) === 'available';
    const goal = { records, interfaces: interfacesOf(records, to), listens: () => isServing };
    return { goals: [goal], byAnyName: false, outside };
  }
  const goals = placementsOf(records, database.record).map((placed) => ({
    records: placed.records,
    interfaces: [placed.interfaceId],
    listens: (packet: Packet) => listensOn(database.record, packet.protocol, packet.destinationPort),
  }));
  return { goals, byAnyName: true, outside };
}

/** Whether an interface is one by which others are reached. */
export const isDoor = (records: Records, interfaceId: string): boolean =>
  isBalancerNode(records, interfaceId) || balancerBehind(records, interfaceId) !== undefined;

export const holdersAt = ({ records, interfaces }: Goal): AddressHolder[] =>
  interfaces.flatMap((id) => [...addressHolders(records, id)]);

/** Sends a packet to a goal, or to a balancer's node that may pass it on to it. */
export function send({ records, interfaces, listens }: Goal, start: Start, packet: Packet): Outcome {
  const { outcome, holder } = connect(records, start, packet);
  const elsewhere: Outcome = { verdict: 'dropped', at: 'another one has the address', hops: outcome.hops };
  if (holder !== undefined && interfaces.length > 0 && isBalancerNode(records, holder.interfaceId)) {
    const outcomes = interfaces.map((to) => connectThroughBalancer(records, start, packet, to));
    return best(outcomes) ?? elsewhere;
  }
  if (holder !== undefined && !interfaces.includes(holder.interfaceId) && isDoor(records, holder.interfaceId)) {
    return best(interfaces.map((to) => connectThroughEndpoint(records, start, packet, to))) ?? elsewhere;
  }
  // Where address blocks overlap, another interface may hold the same address nearer by.
  if (holder !== undefined && !interfaces.includes(holder.interfaceId)) return elsewhere;
  if (!listens(packet)) return { verdict: 'dropped', at: 'it does not listen there', hops: outcome.hops };
  return outcome;
}

const RANK = ['delivered', 'undetermined', 'dropped'];

/** One way is enough. */
export const best = (outcomes: readonly Outcome[]): Outcome | undefined =>
  [...outcomes].sort((a, b) => RANK.indexOf(a.verdict) - RANK.indexOf(b.verdict))[0];
