import { type Condition, type Evidence, unknown } from '../model/index.js';
import type { NatGateway } from './gateways.js';
import type { Interface } from './interfaces.js';
import type { IpSet } from './ip-set.js';
import type { Blocker } from './network.js';
import type { Subnet } from './vpcs.js';

/** The network ACL of one of a transit gateway attachment's subnets, passed into the gateway (`ingress`) or out of it. */
export interface Crossing {
  readonly subnets: readonly string[];
  readonly direction: 'ingress' | 'egress';
}

/** Whether groups of the other side can be named in rules; a condition where it was not collected. */
export type GroupSharing = boolean | Condition;

/** Where packets to some addresses end up when they leave a subnet. */
export interface Leg {
  readonly ips: IpSet;
  /**
   * `vpc`: delivered in `vpc`; `internet`: handed to an internet gateway (`outbound-only`: an egress-only one); `nat`: handed to
   * a NAT gateway; `outside`: to a network that AWS does not describe; `service`: to an AWS service by a gateway endpoint.
   */
  readonly end: 'vpc' | 'internet' | 'outbound-only' | 'nat' | 'outside' | 'service' | 'blocked' | 'unknown';
  readonly vpc?: string;
  readonly nat?: NatGateway;
  /** For inbound rules; outbound ones name groups of other VPCs over a peering alone. */
  readonly sharesGroups: GroupSharing;
  /** It leads over a transit gateway. */
  readonly isTransit?: true;
  readonly via: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly crossings: readonly Crossing[];
  readonly blocker?: Blocker;
  readonly condition?: Condition;
  /** Another route, which was not collected, may take the packets anywhere else. */
  readonly doubt?: Condition;
  /** The target sees one of these addresses in place of the asker's, and answers to it. */
  readonly seenAs?: IpSet;
  /** The interface of an appliance that a route leads through. */
  readonly appliance?: Interface;
  /** How packets came into the last subnet; `undefined` where it is the source's own. */
  readonly arrivedBy?: 'transit';
}

export interface Step {
  readonly subnet: Subnet;
  readonly ips: IpSet;
  readonly arrivedBy?: 'transit';
  /** The VPC that packets which arrived by a transit gateway come from. */
  readonly origin?: string;
  readonly depth: number;
}

export const PLAIN = { sharesGroups: false, via: [], evidence: [], crossings: [] } as const;

export const blockedLeg = (ips: IpSet, asset: string, fact: string): Leg => ({
  ...PLAIN,
  ips,
  end: 'blocked',
  blocker: { asset, fact },
});
/** Packets whose way was not collected: they may be delivered anywhere, also where groups can be named. */
export const unknownLeg = (ips: IpSet, subject: string, why: string): Leg => ({
  ...PLAIN,
  sharesGroups: true,
  ips,
  end: 'unknown',
  condition: unknown(subject, why),
});

/**
 * Packets that something takes of which the API does not say what it does with them: on its far side groups cannot be named.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
export const opaqueLeg = (ips: IpSet, subject: string, why: string): Leg => ({
  ...unknownLeg(ips, subject, why),
  sharesGroups: false,
});

/**
 * Legs of a route that another one may overrule: what stops packets on them, or judges them further on, may never see them. A more specific route goes first,
 * whatever its kind.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
export function doubtedLeg(leg: Leg, doubt: Condition): Leg {
  if (leg.end === 'blocked') return { ...PLAIN, sharesGroups: true, ips: leg.ips, end: 'unknown', condition: doubt };
  const { appliance: _, ...rest } = leg;
  return { ...rest, crossings: [], doubt };
}

/** Adds what was passed before a leg. */
export function prefixLeg(
  leg: Leg,
  via: readonly string[],
  evidence: readonly Evidence[],
  crossings: readonly Crossing[] = [],
): Leg {
  return {
    ...leg,
    via: [...via, ...leg.via],
    evidence: [...evidence, ...leg.evidence],
    crossings: [...crossings, ...leg.crossings],
  };
}
