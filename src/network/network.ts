import type { Condition, Evidence } from '../model/index.js';

/** Whether something gets through; `depends` lists its conditions, `unknown` names what was not collected. */
export type ReachVerdict = 'yes' | 'no' | 'depends' | 'unknown';

/** One network question. */
export interface ReachQuestion {
  /** `internet`, an IPv4 or IPv6 address or CIDR, or an asset id (instance, interface, database, function, …). */
  readonly from: string;
  /** An asset id or an IP address. */
  readonly to: string;
  /** `tcp/443`, `tcp/8000-8080`, `udp/53`, `icmp`, `tcp`, `all`; all protocols and ports when absent. */
  readonly port?: string;
}

/** One way through. */
export interface AllowedFlow {
  /** CIDRs, canonical, merged and sorted. */
  readonly sources: readonly string[];
  /** How much of the internet may come in; only where the question is from there. */
  readonly grade?: ExposureGrade;
  /** How many addresses the sources are, counted as in {@link Exposure}. */
  readonly addresses: number;
  /** The address at which the target is reached, as the source sees it; for a target without known addresses, its subnet's CIDR. */
  readonly destination: string;
  /** `tcp/22`, `tcp/8000-8080`, `udp/53`, `icmp/8/0`, `all`; sorted. As the source sees them. */
  readonly ports: readonly string[];
  /** What is passed on the way, in order: gateway, balancer, peering, endpoint, interface. */
  readonly via: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Something that stops a flow. */
export interface Blocker {
  readonly asset: string;
  readonly fact: string;
}

export interface ReachAnswer {
  readonly from: string;
  readonly to: string;
  readonly verdict: ReachVerdict;
  readonly allowed: readonly AllowedFlow[];
  /** For *no*: everything that stops it, so that mending one alone would not open it. */
  readonly blockedBy: readonly Blocker[];
  /** For *depends* and *unknown*; for *yes* and *no*, on what further ways depend, which are not listed. */
  readonly conditions: readonly Condition[];
}

/**
 * How much of the internet may come in: all of it; a broad part (more than a /8 of IPv4, or a /16 of IPv6, in sum, or any
 * set that no one could list); all of CloudFront, which sends on what anybody asks it by HTTP; or named addresses.
 */
export type ExposureGrade = 'internet' | 'broad' | 'cloudfront' | 'named';

/** An asset that can be reached from outside of every collected network. */
export interface Exposure {
  /** The asset that traffic ends at: an instance, a database, a function; the instance behind a balancer, not the balancer. */
  readonly asset: string;
  /** e.g. `ec2:instance`, `rds:db-instance`. */
  readonly type: string;
  readonly grade: ExposureGrade;
  /** CIDRs that may come in. */
  readonly sources: readonly string[];
  /** How many IPv4 addresses those are; IPv6 is counted in /64 networks. */
  readonly addresses: number;
  /** Ports on the asset itself (behind a balancer: the target's port). */
  readonly ports: readonly string[];
  readonly via: readonly string[];
  readonly verdict: 'yes' | 'depends' | 'unknown';
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/**
 * Everything in `sources` can open a connection to everything in `targets` on `ports`. A link stands for a pair of classes
 * of interfaces, so there are few of them; members are asset ids (instances, databases, …), sorted.
 */
export interface NetworkLink {
  /** Stable and unique within a snapshot. */
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly ports: readonly string[];
  readonly verdict: 'yes' | 'depends' | 'unknown';
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/** What an API of API Gateway sends by a link into a VPC. */
export interface LinkQuestion {
  /** The link. */
  readonly link: string;
  readonly to:
    | { readonly kind: 'listener'; readonly arn: string }
    /** Whoever is registered in a service of Cloud Map. */
    | { readonly kind: 'registry'; readonly arn: string }
    | { readonly kind: 'balancer'; readonly arn: string; readonly port: number }
    /** Of the balancer that an older link of REST APIs leads to. */
    | { readonly kind: 'port'; readonly port: number };
}

/** Somebody to whom a link leads. */
export type LinkedTarget = Pick<Exposure, 'asset' | 'type' | 'ports' | 'via' | 'verdict' | 'conditions' | 'evidence'>;

export interface LinkOptions {
  /** Only links to assets of these types are worked out; to all when absent. */
  readonly targetTypes?: readonly string[];
}

/** What stands around an asset in its network, by ARN; sorted. */
export interface Surroundings {
  /** Its security groups. */
  readonly groups: readonly string[];
  /** All security groups of its VPC, which it could be given. */
  readonly groupsOfVpcs: readonly string[];
  /** Network ACLs of its subnets, but for those that let everything through. */
  readonly narrowAcls: readonly string[];
  /** Route tables of its subnets that do not lead to the internet gateway, for a family of their addresses, in VPCs that have one. */
  readonly inwardTables: readonly string[];
  /** It has an address that can be reached from outside, if all lets it. */
  readonly hasPublicAddress: boolean;
}

/** Changes of a network that open it; each a set of ARNs. */
export interface NetworkOpening {
  /** Security groups that let everything in. */
  readonly groups?: ReadonlySet<string>;
  /** Network ACLs that let everything through. */
  readonly acls?: ReadonlySet<string>;
  /** Route tables whose default route leads to the internet gateway of their VPC. */
  readonly tables?: ReadonlySet<string>;
  /** Stores that have all security groups of their VPC, and a public address where they are among `madePublic`. */
  readonly regrouped?: ReadonlySet<string>;
  readonly madePublic?: ReadonlySet<string>;
  /** Instances that were stopped and run; nothing else is looked at then. */
  readonly started?: ReadonlySet<string>;
}

/** A network that was opened, without ways through balancers, but for those from the internet to instances that were started. What was changed stands in the evidence as if it were so. */
export interface OpenedNetwork {
  /** Which of these assets the internet reaches; as {@link Network.exposures}. */
  exposures(assets: ReadonlySet<string>): readonly Exposure[];
  /** Who can connect to these assets; as {@link Network.links}. */
  links(assets: ReadonlySet<string>): readonly NetworkLink[];
}

/** The reachability engine over one snapshot. */
export interface Network {
  /** @throws UserError where `from`, `to` or `port` cannot be read or name nothing in the snapshot. */
  reach(question: ReachQuestion): ReachAnswer;
  /** Whether an id can be an end of a question: something with interfaces, or an interface. */
  knows(asset: string): boolean;
  /** Everything exposed to the internet, at any grade; sorted by asset. One entry an asset, grade and verdict. */
  exposures(): readonly Exposure[];
  /** Who can connect to whom inside, by class; sorted by id. Self-links (an asset to itself alone) are left out. */
  links(options?: LinkOptions): readonly NetworkLink[];
  /** Who gets what comes by a link of API Gateway; sorted by asset. */
  sentByLink(question: LinkQuestion): readonly LinkedTarget[];
  /** What stands around an asset; `undefined` for one that is on no network. */
  surroundings(asset: string): Surroundings | undefined;
  /** Network ACLs that serve a subnet, but for those that let everything through; by ARN, sorted. */
  narrowAcls(): readonly string[];
  /** The network as somebody would leave it who opens it. */
  opened(opening: NetworkOpening): OpenedNetwork;
}
