import { at, text } from '../../../src/model/index.js';
import type { Network, ReachAnswer } from '../../../src/network/network.js';
import { type Address, contained, formatAddress, isInternetAddress, parseAddress } from './addresses.js';
import { claims, edgesOf, readClaim } from './claims.js';
import { connectThroughBalancer, isBalancerNode } from './balancer.js';
import { connect, type Reached, type Start } from './connect.js';
import type { Draw } from './draw.js';
import { ICMP, ICMPV6, type Outcome, type Packet, TCP, UDP } from './packet.js';
import { type AddressHolder, addressHolders, type Records, vpcCidrs } from './records.js';

export interface Tally {
  /** Packets sent through the oracle. */
  packets: number;
  delivered: number;
  /** Engine and oracle said the same. */
  agreed: number;
  /** The answer comes back to some source ports only. */
  someSourcePorts: number;
  /** The engine said that it does not know, or on what it depends. */
  engineOpen: number;
  /** The oracle could not tell. */
  oracleOpen: number;
  readonly questions: Set<string>;
  readonly disagreements: Disagreement[];
}

export interface Disagreement {
  readonly from: string;
  readonly to: string;
  readonly packet: Packet;
  readonly engine: ReachAnswer;
  readonly oracle: Outcome;
}

export const newTally = (): Tally => ({
  packets: 0,
  delivered: 0,
  agreed: 0,
  someSourcePorts: 0,
  engineOpen: 0,
  oracleOpen: 0,
  questions: new Set(),
  disagreements: [],
});

/** Source ports of operating systems and gateways, and the edges of the port ranges that the drawn ACLs know. */
const EPHEMERAL = [1024, 32767, 32768, 40000, 40001, 60999, 61000, 65535] as const;
const INTERNET = [
  '8.8.8.8',
  '8.8.9.1',
  '9.9.9.9',
  '1.2.3.4',
  '130.5.5.5',
  '200.1.1.1',
  '2a00::1',
  '2001:4860:4860::8888',
];
const SERVICES: readonly (readonly [number, number])[] = [
  ...[22, 22, 80, 443, 443, 444, 5432, 1023, 1024, 40000, 65535, 0].map((port) => [TCP, port] as const),
  [UDP, 53],
  [UDP, 5000],
  [ICMP, 8],
  [50, 0],
];

export interface Pair {
  /** `internet`, or the id of an instance or interface. */
  readonly from: string;
  /** The id of an instance or interface. */
  readonly to: string;
}

/** From the internet and from every host to every other, as instances and as single interfaces. */
export function pairsOf(records: Records): Pair[] {
  const pairs: Pair[] = [];
  for (const kind of ['instance', 'network-interface'] as const) {
    const arns = new Map<string, string>();
    for (const [id, { account, region, record }] of records.interfaces) {
      const instance = text(at(record, 'Attachment', 'InstanceId'));
      if (instance === undefined) continue;
      arns.set(`arn:aws:ec2:${region}:${account}:${kind}/${kind === 'instance' ? instance : id}`, instance);
    }
    for (const [to, instance] of arns) {
      pairs.push({ from: 'internet', to });
      for (const [from, other] of arns) if (other !== instance) pairs.push({ from, to });
    }
  }
  return pairs;
}

/** The interfaces that an id stands for. */
function interfacesOf(records: Records, arn: string): readonly string[] {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  if (records.interfaces.has(id)) return [id];
  return [...records.interfaces.keys()].filter(
    (key) => text(at(records.interfaces.get(key)?.record, 'Attachment', 'InstanceId')) === id,
  );
}

/** A packet to an interface, or to a balancer's node that may pass it on to that interface. */
function send(records: Records, start: Start, packet: Packet, targets: readonly string[]): Reached {
  const front = connect(records, start, packet);
  if (front.holder === undefined || !isBalancerNode(records, front.holder.interfaceId)) return front;
  const outcomes = targets.map((to) => connectThroughBalancer(records, start, packet, to));
  const rank = ['delivered', 'undetermined', 'dropped'];
  outcomes.sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict));
  return { outcome: outcomes[0] ?? { verdict: 'dropped', at: 'nobody there', hops: [] } };
}

/** Addresses of balancers' nodes: the public ones from outside, the private ones inside a VPC. */
function nodesOf(records: Records): readonly AddressHolder[] {
  return [...records.interfaces.keys()]
    .filter((id) => isBalancerNode(records, id))
    .flatMap((id) => addressHolders(records, id));
}

/** Asks the engine once, then holds single packets against its sets. */
export function comparePair(
  records: Records,
  network: Pick<Network, 'reach'>,
  draw: Draw,
  { from, to }: Pair,
  packets: number,
  tally: Tally,
): void {
  const answer = network.reach({ from, to });
  const claim = readClaim(answer);
  const open = answer.verdict === 'depends' || answer.verdict === 'unknown' || answer.conditions.length > 0;
  const edges = edgesOf(claim);
  const holdersOf = (arn: string): AddressHolder[] =>
    interfacesOf(records, arn).flatMap((id) => [...addressHolders(records, id)]);
  const targets = interfacesOf(records, to);
  const target = holdersOf(to);
  const nodes = to.includes(':instance/') ? nodesOf(records) : [];
  const sources = from === 'internet' ? [] : holdersOf(from);
  // An interface without addresses sends nothing.
  if (from !== 'internet' && sources.length === 0) return;
  // What a collected VPC holds is not outside, whoever else could name it.
  const inside = [...records.vpcs.keys()].flatMap((vpc) => vpcCidrs(records, vpc));
  const outside = [...INTERNET.map((a) => parseAddress(a) as Address), ...edges.addresses].filter(
    (address) => isInternetAddress(address) && !contained(inside, address),
  );
  tally.questions.add(`${from} ${to}`);
  for (let n = 0; n < packets; n++) {
    const holder = sources.length === 0 ? undefined : draw.pick(sources);
    const source = holder?.privateAddress ?? draw.pick(outside);
    const through = nodes.length > 0 && draw.chance(20);
    const destination = drawDestination(draw, through ? nodes : target, source, holder);
    if (!destination) continue;
    const packet = drawPacket(draw, source, destination, edges.ports);
    const start: Start = holder ? { kind: 'interface', holder } : { kind: 'internet' };
    judge(records, start, packet, targets, claims(claim, packet), open, tally, { from, to, engine: answer });
  }
}

/** From inside mostly the private side, sometimes the public one; from outside the public side. */
function drawDestination(
  draw: Draw,
  target: readonly AddressHolder[],
  source: Address,
  holder: AddressHolder | undefined,
): Address | undefined {
  const family = target.filter((h) => h.privateAddress.bits === source.bits);
  if (family.length === 0) return undefined;
  const { privateAddress, publicAddress } = draw.pick(family);
  if (!holder) return publicAddress;
  return publicAddress && draw.chance(15) ? publicAddress : privateAddress;
}

function drawPacket(
  draw: Draw,
  source: Address,
  destination: Address,
  edges: readonly (readonly [number, number])[],
): Packet {
  const [protocol, port] = edges.length > 0 && draw.chance(40) ? draw.pick(edges) : draw.pick(SERVICES);
  if (protocol === ICMP && source.bits === 128) {
    return { source, destination, protocol: ICMPV6, sourcePort: 0, destinationPort: 128 };
  }
  const sourcePort = protocol === ICMP ? 0 : draw.pick(EPHEMERAL);
  return { source, destination, protocol, sourcePort, destinationPort: port };
}

function judge(
  records: Records,
  start: Start,
  packet: Packet,
  targets: readonly string[],
  claimed: boolean,
  open: boolean,
  tally: Tally,
  context: Pick<Disagreement, 'from' | 'to' | 'engine'>,
): void {
  const { outcome, holder } = send(records, start, packet, targets);
  // Where address blocks overlap, another interface may hold the same address nearer by.
  const isElsewhere = holder !== undefined && !targets.includes(holder.interfaceId);
  tally.packets++;
  if (isElsewhere) {
    if (claimed && !open) tally.disagreements.push({ ...context, packet, oracle: outcome });
    return;
  }
  if (outcome.verdict === 'delivered') tally.delivered++;
  if (outcome.verdict === 'undetermined') {
    tally.oracleOpen++;
    return;
  }
  if ((outcome.verdict === 'delivered') === claimed) {
    tally.agreed++;
    return;
  }
  if (open) {
    tally.engineOpen++;
    return;
  }
  const others = packet.protocol === TCP || packet.protocol === UDP ? EPHEMERAL : [];
  const verdicts = others.map((sourcePort) => send(records, start, { ...packet, sourcePort }, targets).outcome.verdict);
  if (claimed && verdicts.includes('delivered')) {
    tally.someSourcePorts++;
    return;
  }
  tally.disagreements.push({ ...context, packet, oracle: outcome });
}

/** A disagreement in words. */
export function describe({ from, to, packet, engine, oracle }: Disagreement): string {
  const service = `${packet.protocol}/${packet.destinationPort} from port ${packet.sourcePort}`;
  const ends = `${formatAddress(packet.source)} → ${formatAddress(packet.destination)}`;
  return [
    `${from} → ${to}: ${ends} ${service}`,
    `oracle: ${JSON.stringify(oracle)}`,
    `engine: ${JSON.stringify(engine, (key, value: unknown) => (key === 'evidence' || key === 'source' ? undefined : value))}`,
  ].join('\n');
}
