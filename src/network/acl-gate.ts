import { type Condition, type Evidence, unknown } from '../model/index.js';
import { type Box, type FlowSet, flowPorts, intersectFlows, NO_FLOWS, subtractFlows, uniteFlows } from './flow-set.js';
import { doubtfulGate, type Gate, openGate, type Pass } from './gate.js';
import { ALL_ADDRESSES } from './ip-set.js';
import { type AclRule, letsThrough, type NetworkAcl } from './network-acls.js';
import {
  formatPorts,
  ICMP,
  ICMPV6,
  icmp,
  intersectPorts,
  portRange,
  type PortSet,
  subtractPorts,
  TCP,
  UDP,
  unitePorts,
  wholeProtocol,
} from './port-set.js';
import { aclOf, type World } from './world.js';

/** The source ports of clients that must all get their answer for a sure yes. */
export type ClientPorts = 'host' | 'gateway';

/**
 * Linux takes 32768–60999 and Windows 49152–65535; NAT gateways, load balancers and Lambda 1024–65535.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
 */
const CLIENT_PORTS: { readonly [kind in ClientPorts]: readonly [number, number] } = {
  host: [32768, 65535],
  gateway: [1024, 65535],
};

/** The network ACL of a subnet; why not, where it is not known. */
function findAcl(world: World, subnetId: string): NetworkAcl | string {
  const own = world.acls.bySubnet.get(subnetId);
  if (own !== undefined) return own;
  const subnet = world.subnets.get(subnetId);
  if (subnet === undefined) return `subnet ${subnetId} was not collected`;
  return aclOf(world, subnet) ?? `the network ACL of subnet ${subnetId} was not collected`;
}

/** Asks the rules in the order of their numbers; the first that matches a packet decides. */
function judge(rules: readonly AclRule[], flows: FlowSet, side: 'src' | 'dst', acl: NetworkAcl): Gate {
  let rest = flows;
  let doubted: FlowSet = NO_FLOWS;
  const passes: Pass[] = [];
  const denials: string[] = [];
  for (const rule of rules) {
    if (rest.length === 0) break;
    const box: Box = {
      src: ALL_ADDRESSES,
      dst: ALL_ADDRESSES,
      ports: rule.ports,
      [side]: rule.unclear === undefined ? rule.ips : ALL_ADDRESSES,
    };
    const matched = intersectFlows(rest, [box]);
    if (matched.length === 0) continue;
    if (rule.unclear !== undefined) {
      // It may match or not: what later rules say of these is not sure.
      doubted = uniteFlows(doubted, matched);
      passes.push({
        flows: matched,
        conditions: [unknown(`network ACL ${acl.id}`, `${rule.words}: ${rule.unclear}`)],
        evidence: [],
      });
      continue;
    }
    if (rule.allow) {
      const evidence = [{ asset: acl.arn, fact: rule.words, source: acl.source }];
      const sure = subtractFlows(matched, doubted);
      if (sure.length > 0) passes.push({ flows: sure, conditions: [], evidence });
    } else denials.push(rule.words);
    rest = subtractFlows(rest, matched);
  }
  if (rest.length > 0) denials.push(`no ${side === 'src' ? 'inbound' : 'outbound'} rule allows it`);
  return { passes, blockers: denials.map((fact) => ({ asset: acl.arn, fact })) };
}

/** Packets of the question on their way in (`ingress`, judged by their source) or out (`egress`, by their destination). */
export function aclGate(world: World, subnetId: string, direction: 'ingress' | 'egress', flows: FlowSet): Gate {
  const acl = findAcl(world, subnetId);
  if (typeof acl === 'string') return doubtfulGate(flows, unknown(`network ACL of ${subnetId}`, acl));
  return judge(acl[direction], flows, direction === 'ingress' ? 'src' : 'dst', acl);
}

/**
 * The answers to the question's packets: leaving the target's subnet (`egress`, judged by the asker's address) or coming back
 * into the asker's (`ingress`, by the target's), to the port that the asker chose.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export function answerGate(
  world: World,
  subnetId: string,
  direction: 'ingress' | 'egress',
  flows: FlowSet,
  clients: ClientPorts,
): Gate {
  const acl = findAcl(world, subnetId);
  if (typeof acl === 'string') return doubtfulGate(flows, unknown(`network ACL of ${subnetId}`, acl));
  const side = direction === 'egress' ? 'src' : 'dst';
  const [first] = acl[direction];
  if (first !== undefined && flows.every((flow) => letsThrough(first, flow[side]))) {
    const answers = { asset: acl.arn, fact: `answers: ${first.words}`, source: acl.source };
    return openGate(flows, [answers]);
  }
  const passes: Pass[] = [];
  const blockers = new Set<string>();
  for (const kind of answerKinds(flowPorts(flows), clients)) {
    const asked = intersectFlows(flows, [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: kind.ports }]);
    if (asked.length === 0) continue;
    if (kind.answers === undefined) {
      passes.push(...openGate(asked).passes);
      continue;
    }
    const isAlike = kind.answers === 'alike';
    const gate = judge(acl[direction], kind.answers === 'alike' ? asked : withPorts(asked, kind.answers), side, acl);
    const evidence = gate.passes.flatMap((p) => p.evidence).map((e) => ({ ...e, fact: `answers: ${e.fact}` }));
    if (isAlike) passes.push(...gate.passes);
    else for (const pass of liftAnswers(asked, gate.passes, kind, evidence, acl)) passes.push(pass);
    for (const blocker of gate.blockers)
      blockers.add(`stops the answers (network ACLs are stateless): ${blocker.fact}`);
  }
  return { passes, blockers: [...blockers].map((fact) => ({ asset: acl.arn, fact })) };
}

interface AnswerKind {
  readonly ports: PortSet;
  /** What the answers look like; `undefined` where there are none; `alike`: as the question, for protocols without ports. */
  readonly answers: PortSet | 'alike' | undefined;
  /** The part of `answers` that must pass for a sure yes. */
  readonly needed: PortSet;
}

const NO_ANSWER: readonly number[] = [3, 4, 5, 11, 12];

function answerKinds(ports: PortSet, clients: ClientPorts): AnswerKind[] {
  const kinds: AnswerKind[] = [];
  let rest = ports;
  const add = (part: PortSet, answers: PortSet | undefined, needed: PortSet = answers ?? []): void => {
    const mine = intersectPorts(rest, part);
    if (mine.length > 0) kinds.push({ ports: mine, answers, needed });
    rest = subtractPorts(rest, part);
  };
  const [from, to] = CLIENT_PORTS[clients];
  for (const protocol of [TCP, UDP])
    add(wholeProtocol(protocol), portRange(protocol, 1024, 65535), portRange(protocol, from, to));
  const replies = [
    [ICMP, 8, 0],
    [ICMP, 13, 14],
    [ICMP, 15, 16],
    [ICMP, 17, 18],
    [ICMPV6, 128, 129],
  ] as const;
  for (const [protocol, type, reply] of replies) add(icmp(protocol, type, undefined), icmp(protocol, reply, 0));
  for (const type of NO_ANSWER) add(icmp(ICMP, type, undefined), undefined);
  add(unitePorts(wholeProtocol(ICMP), wholeProtocol(ICMPV6)), undefined);
  if (rest.length > 0) kinds.push({ ports: rest, answers: 'alike', needed: rest });
  return kinds;
}

const withPorts = (flows: FlowSet, ports: PortSet): FlowSet => flows.map((f) => ({ ...f, ports }));

/** From which answers pass to which questions pass: surely those whose every needed answer does. */
function liftAnswers(
  asked: FlowSet,
  passes: readonly Pass[],
  kind: AnswerKind,
  evidence: readonly Evidence[],
  acl: NetworkAcl,
): Pass[] {
  const union = (some: readonly Pass[]): FlowSet =>
    some.reduce<FlowSet>((sum, p) => uniteFlows(sum, p.flows), NO_FLOWS);
  const sureAnswers = union(passes.filter((p) => p.conditions.length === 0));
  const anyAnswers = union(passes);
  const whole = (flows: FlowSet): FlowSet => withPorts(flows, kind.ports);
  const failing = subtractFlows(withPorts(asked, kind.needed), sureAnswers);
  const sure = subtractFlows(asked, whole(failing));
  const maybe = subtractFlows(intersectFlows(asked, whole(anyAnswers)), sure);
  const result: Pass[] = sure.length > 0 ? [{ flows: sure, conditions: [], evidence }] : [];
  if (maybe.length > 0) {
    const known: Condition[] = passes.flatMap((p) => p.conditions);
    const open = formatPorts(flowPorts(sureAnswers));
    const partial: Condition = { key: 'the source port of the connection', operator: 'In', values: open };
    result.push({ flows: maybe, conditions: known.length > 0 ? known : [partial], evidence });
  }
  return result.map((pass) => ({
    ...pass,
    evidence: pass.evidence.length > 0 ? pass.evidence : [{ asset: acl.arn, fact: 'answers pass', source: acl.source }],
  }));
}
