import type { Network, ReachAnswer } from '../../../src/network/network.js';
import { type Address, contained, formatAddress, isInternetAddress, parseAddress } from './addresses.js';
import { type Claim, claims, edgesOf, readClaim } from './claims.js';
import type { Start } from './connect.js';
import type { Draw } from './draw.js';
import { drawPacket, EPHEMERAL } from './draw-packet.js';
import { type Aim, aimAt, best, type Goal, holdersAt, isDoor, send } from './goals.js';
import { type Outcome, type Packet, TCP, UDP } from './packet.js';
import { interfacesOf, type Pair } from './pairs.js';
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
  /** It hangs on where the target is. */
  mixed: number;
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
  mixed: 0,
  questions: new Set(),
  disagreements: [],
});

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

/** Addresses of balancers' nodes and of endpoints to them: the public ones from outside, the private ones inside a VPC. */
const nodesOf = (records: Records): readonly AddressHolder[] =>
  [...records.interfaces.keys()].filter((id) => isDoor(records, id)).flatMap((id) => addressHolders(records, id));

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
  const question: Question = { from, to, engine: answer, claim: readClaim(answer), aim: aimAt(records, to) };
  const edges = edgesOf(question.claim);
  const nodes = to.includes(':instance/') ? nodesOf(records) : [];
  const sources =
    from === 'internet' ? [] : interfacesOf(records, from).flatMap((id) => [...addressHolders(records, id)]);
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
    const node = nodes.length > 0 && draw.chance(30) ? draw.pick(nodes) : undefined;
    const names = drawNames(draw, question.aim, node, source, holder);
    if (!names) continue;
    const packet = drawPacket(draw, source, source, edges.ports);
    const start: Start = holder ? { kind: 'interface', holder } : { kind: 'internet' };
    judge(question, start, packet, names, tally);
  }
}

interface Question {
  readonly from: string;
  readonly to: string;
  readonly engine: ReachAnswer;
  readonly claim: Claim;
  readonly aim: Aim;
}

/** The addresses that a packet may go to, for each goal. */
type Names = ReadonlyMap<Goal, readonly Address[]>;

/** From inside mostly the private side, sometimes the public one; from outside the public side. */
function drawNames(
  draw: Draw,
  { goals, byAnyName, outside }: Aim,
  node: AddressHolder | undefined,
  source: Address,
  holder: AddressHolder | undefined,
): Names | undefined {
  const namesOf = ({ privateAddress, publicAddress }: AddressHolder): readonly Address[] => {
    const names = [...(holder ? [privateAddress] : []), ...(publicAddress ? [publicAddress] : [])];
    if (byAnyName || names.length < 2) return names;
    return publicAddress && draw.chance(15) ? [publicAddress] : [privateAddress];
  };
  const of = (goal: Goal): readonly Address[] => {
    if (outside) return outside.bits === source.bits ? [outside] : [];
    const family = (node ? [node] : holdersAt(goal)).filter((h) => h.privateAddress.bits === source.bits);
    return byAnyName ? family.flatMap(namesOf) : family.length > 0 ? namesOf(draw.pick(family)) : [];
  };
  const names = new Map(goals.map((goal) => [goal, of(goal)] as const));
  // What a database has no address for is still a question about it.
  return byAnyName || [...names.values()].some((list) => list.length > 0) ? names : undefined;
}

/** What the oracle says of a packet to one goal, and whether the engine claims it. */
interface Told {
  readonly outcome: Outcome;
  readonly claimed: boolean;
}

const NO_NAME: Outcome = { verdict: 'dropped', at: 'it has no such address', hops: [] };

function judge(
  { aim, claim, engine, from, to }: Question,
  start: Start,
  packet: Packet,
  names: Names,
  tally: Tally,
): void {
  const tell = (sourcePort: number): Told[] =>
    aim.goals.map((goal) => {
      const packets = (names.get(goal) ?? []).map((destination) => ({ ...packet, sourcePort, destination }));
      // A thing whose public address is not known is claimed by the range that its own address lies in.
      const claimed = [...packets, ...ownNames(aim, goal, packets)].some((p) => claims(claim, p));
      return { claimed, outcome: best(packets.map((p) => send(goal, start, p))) ?? NO_NAME };
    });
  const told = tell(packet.sourcePort);
  const verdicts = new Set(told.map(({ outcome }) => outcome.verdict));
  tally.packets++;
  if (verdicts.has('undetermined')) {
    tally.oracleOpen++;
    return;
  }
  if (verdicts.size > 1) tally.mixed++;
  else if (verdicts.has('delivered')) tally.delivered++;
  const { verdict, conditions } = engine;
  // A clear answer lists what is sure, an open one all that may get through.
  const listsAll = verdict === 'depends' || verdict === 'unknown';
  const isOpen = listsAll || conditions.length > 0;
  const wrong = told.filter(({ outcome, claimed }) => (outcome.verdict === 'delivered') !== claimed);
  const hangs = verdicts.size > 1 && !isOpen;
  const plain = wrong.filter(({ claimed }) => !isOpen || claimed !== listsAll);
  if (wrong.length === 0 && !hangs) {
    tally.agreed++;
    return;
  }
  if (plain.length === 0 && !hangs) {
    tally.engineOpen++;
    return;
  }
  const others = packet.protocol === TCP || packet.protocol === UDP ? EPHEMERAL : [];
  const isPartial = others.some((port) =>
    tell(port).every(({ outcome, claimed }) => claimed && outcome.verdict !== 'dropped'),
  );
  if (isPartial) {
    tally.someSourcePorts++;
    return;
  }
  const [first = told[0]] = plain;
  const [destination = packet.destination] = [...names.values()].flat();
  const oracle = first?.outcome ?? NO_NAME;
  tally.disagreements.push({ from, to, engine, packet: { ...packet, destination }, oracle });
}

/** The packets as they would go to a goal's own addresses. */
function ownNames({ byAnyName }: Aim, goal: Goal, packets: readonly Packet[]): readonly Packet[] {
  const [packet] = packets;
  if (!byAnyName || !packet) return [];
  return holdersAt(goal)
    .filter(({ privateAddress }) => privateAddress.bits === packet.source.bits)
    .map(({ privateAddress }) => ({ ...packet, destination: privateAddress }));
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
