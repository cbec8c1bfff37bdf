import { type Condition, type Evidence, unknown } from '../model/index.js';
import {
  type FlowSet,
  flowPorts,
  forEveryDestination,
  forEverySource,
  intersectFlows,
  subtractFlows,
  uniteFlows,
} from './flow-set.js';
import { combineGates, doubtfulGate, type Gate, type Outcome, shutGate } from './gate.js';
import { isNameless } from './group-gate.js';
import { type Address, type Interface, isPublic } from './interfaces.js';
import {
  ALL_ADDRESSES,
  countAddresses,
  describeIps,
  hasIps,
  INTERNET,
  intersectIps,
  type IpSet,
  NO_ADDRESSES,
  ofFamily,
  parseIpSet,
  subtractIps,
} from './ip-set.js';
import type { Blocker } from './network.js';
import { outwardExit } from './outward-exit.js';
import { insideGates } from './inside-gates.js';
import { outsideGates, privateOutsideGates } from './outside-gates.js';
import type { PortSet } from './port-set.js';
import type { World } from './world.js';

/** One way that was tried, and what came of it. */
export interface Attempt {
  readonly outcome: Outcome;
  /** The address as the source sees it. */
  readonly destination: string;
  /** Which interface of the target it went to. */
  readonly face: string;
  /** The address that the far end sees of the source, where that is not its own. */
  readonly seenAs?: IpSet;
  readonly evidence: readonly Evidence[];
}

/** Who asks: addresses outside, or the interfaces of something inside. */
export interface Asker {
  readonly outside: IpSet;
  readonly faces: readonly {
    readonly face: Interface;
    readonly addresses: readonly (Address & { readonly isSeenPublic?: boolean })[];
  }[];
  /** A host with several interfaces: its system picks one for each destination. */
  readonly picksFace: boolean;
}

/** What of an attempt is on some ports. */
export function onPorts(attempt: Attempt, ports: PortSet): Attempt {
  const only: FlowSet = [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports }];
  const { outcome } = attempt;
  return {
    ...attempt,
    outcome: { ...outcome, sure: intersectFlows(outcome.sure, only), maybe: intersectFlows(outcome.maybe, only) },
  };
}

/** What gets through does so under one condition more. */
export function onCondition(attempt: Attempt, condition: Condition): Attempt {
  const { outcome } = attempt;
  if (outcome.sure.length + outcome.maybe.length === 0) return attempt;
  return {
    ...attempt,
    outcome: {
      ...outcome,
      sure: [],
      maybe: uniteFlows(outcome.sure, outcome.maybe),
      conditions: [...outcome.conditions, condition],
    },
  };
}

const named = (blocker: Blocker): Gate => shutGate(blocker);

/** Tries every way from outside addresses to an address of an interface. */
export function fromOutside(
  world: World,
  sources: IpSet,
  face: Interface,
  address: Address,
  ports: PortSet,
): Attempt[] {
  const family = ofFamily(sources, address.family);
  const global = intersectIps(family, INTERNET);
  const local = subtractIps(family, INTERNET);
  const attempts: Attempt[] = [];
  if (hasIps(global)) {
    const flows: FlowSet = [{ src: global, dst: address.ips, ports }];
    const isOpen = isPublic(address);
    const gate = isOpen ? doubtGates(flows, address) : [named({ asset: face.arn, fact: privateFact(address) })];
    const ask = (): Outcome => combineGates(flows, [...gate, ...outsideGates(world, face, flows, address.family)]);
    const outcome = isOpen && sources === INTERNET ? onceAlike(world, face, address, ports, ask) : ask();
    attempts.push(attempt(outcome, flows, face, address, address.publicIp ?? address.text));
  }
  if (hasIps(local)) {
    const flows: FlowSet = [{ src: local, dst: address.ips, ports }];
    attempts.push(
      attempt(combineGates(flows, privateOutsideGates(world, face, flows)), flows, face, address, address.text),
    );
  }
  return attempts;
}

/** Whether an address is public at all may not be known. */
const doubtGates = (flows: FlowSet, { publicIf }: Address): readonly Gate[] =>
  publicIf ? [doubtfulGate(flows, publicIf)] : [];

const privateFact = ({ text, family }: Address): string =>
  family === 4 ? `${text} has no public address` : `nothing comes to ${text} by an internet gateway: it is private`;

const fromInternet = new WeakMap<World, Map<string, Outcome>>();

/** Interfaces of one subnet and with the same groups that are somewhere in the same range, as the nodes of balancers are, are asked about once. */
function onceAlike(
  world: World,
  face: Interface,
  { text, family, publicIf }: Address,
  ports: PortSet,
  ask: () => Outcome,
): Outcome {
  if (!isNameless(world, face)) return ask();
  const outcomes = fromInternet.get(world) ?? new Map<string, Outcome>();
  fromInternet.set(world, outcomes);
  const key = JSON.stringify([face.vpc, face.subnet, face.kind, face.groups, family, text, publicIf, ports]);
  const outcome = outcomes.get(key) ?? ask();
  outcomes.set(key, outcome);
  return outcome;
}

/** Tries the way between two interfaces by their own addresses. */
export function fromInside(
  world: World,
  from: Interface,
  source: Address,
  to: Interface,
  address: Address,
  ports: PortSet,
): Attempt {
  const flows: FlowSet = [{ src: source.ips, dst: address.ips, ports }];
  return attempt(combineGates(flows, insideGates(world, from, to, flows)), flows, to, address, address.text);
}

/** Tries the way out to the internet and back in to a public address. */
export function aroundOutside(
  world: World,
  from: Interface,
  source: Address,
  to: Interface,
  address: Address,
  ports: PortSet,
): Attempt {
  const publicIps = address.family === 6 ? address.ips : (parseIpSet(address.publicIp ?? '') ?? NO_ADDRESSES);
  const somewhere = ofFamily(INTERNET, 4);
  const out: FlowSet = [{ src: source.ips, dst: hasIps(publicIps) ? publicIps : somewhere, ports }];
  const exit = outwardExit(world, from, source, parseIpSet(source.publicIp ?? '') ?? NO_ADDRESSES, out);
  const passed = flowPorts(uniteFlows(exit.outcome.sure, exit.outcome.maybe));
  const back: FlowSet = [
    {
      src: hasIps(exit.seenAs) ? exit.seenAs : somewhere,
      dst: address.ips,
      ports: passed.length > 0 ? passed : ports,
    },
  ];
  const entry = combineGates(back, [
    ...doubtGates(back, address),
    ...outsideGates(world, to, back, address.family, from),
  ]);
  const restored = (flows: FlowSet): FlowSet => flows.map((f) => ({ ...f, src: source.ips }));
  const ports1 = (flows: FlowSet): FlowSet => [{ src: ALL_ADDRESSES, dst: ALL_ADDRESSES, ports: flowPorts(flows) }];
  const entrySure = hasIps(exit.seenAs) ? restored(forEverySource(entry.sure, back)) : [];
  const entryAll = restored(uniteFlows(entry.sure, entry.maybe));
  // To an address that is not known, sure is what leads to all of the internet.
  const exitSure = hasIps(publicIps) ? exit.outcome.sure : forEveryDestination(exit.outcome.sure, out);
  const sure = intersectFlows(entrySure, ports1(exitSure));
  const possible = intersectFlows(entryAll, ports1(uniteFlows(exit.outcome.sure, exit.outcome.maybe)));
  const seen = [
    ...(hasIps(exit.seenAs)
      ? []
      : [unknown(`the public address of ${from.arn}`, 'the address that the far end sees was not collected')]),
    ...(countAddresses(exit.seenAs) > 1
      ? [unknown(`the public address of ${from.arn}`, `it is one of ${describeIps(exit.seenAs)}`)]
      : []),
    ...(hasIps(publicIps) ? [] : [unknown(`the public address of ${to.asset}`, 'which one it is is not in the API')]),
  ];
  const outcome: Outcome = {
    sure,
    maybe: subtractFlows(possible, sure),
    conditions: [...exit.outcome.conditions, ...entry.conditions, ...seen],
    evidence: [...exit.outcome.evidence, ...entry.evidence],
    via: [...exit.outcome.via, ...entry.via],
    blockers: possible.length > 0 ? [] : [...exit.outcome.blockers, ...entry.blockers],
  };
  const asked: FlowSet = [{ src: source.ips, dst: address.ips, ports }];
  const made = attempt(outcome, asked, to, address, address.publicIp ?? address.text);
  return hasIps(exit.seenAs) ? { ...made, seenAs: exit.seenAs } : made;
}

function attempt(outcome: Outcome, question: FlowSet, face: Interface, address: Address, destination: string): Attempt {
  const evidence = outcome.sure.length + outcome.maybe.length > 0 ? [addressEvidence(face, address)] : [];
  if (!address.isRange) return { outcome, destination, face: face.id, evidence };
  // The address lies somewhere in the range: sure is only what holds for all of it.
  const all = uniteFlows(outcome.sure, outcome.maybe);
  const sure = forEveryDestination(outcome.sure, question);
  const maybe = subtractFlows(
    all.map((f) => ({ ...f, dst: address.ips })),
    sure,
  );
  const which = unknown(`the address of ${face.asset}`, `it is somewhere in ${address.text}`);
  const conditions = maybe.length > 0 && outcome.maybe.length === 0 ? [which] : outcome.conditions;
  return { outcome: { ...outcome, sure, maybe, conditions }, destination, face: face.id, evidence };
}

function addressEvidence(face: Interface, address: Address): Evidence {
  const mapped = address.publicIp === undefined ? '' : ` behind ${address.publicIp}`;
  const fact = address.isRange
    ? `it has an interface in subnet ${face.subnet} (${address.text})`
    : `interface ${face.id} has ${address.text}${mapped}${face.note === undefined ? '' : `: ${face.note}`}`;
  return { asset: face.arn, fact, source: face.source };
}
