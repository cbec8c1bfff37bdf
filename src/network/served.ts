import { type Condition, type Evidence, groupBy, onceFor, onceForBoth, unknown } from '../model/index.js';
import { aclGate, answerGate } from './acl-gate.js';
import type { Attempt } from './attempts.js';
import { throughBalancer } from './balanced.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import { balancedEntry, type Entry } from './exposures.js';
import { gatewayGates, missingSubnet, publicAccessGates, refusal } from './face-gates.js';
import { type FlowSet, forEverySource, subtractFlows, uniteFlows } from './flow-set.js';
import { combineGates, doubtfulGate, type Gate, type Outcome } from './gate.js';
import { ORIGIN_PORTS } from './grade.js';
import { groupGate } from './group-gate.js';
import type { Address, Interface } from './interfaces.js';
import { hasIps, INTERNET, type IpSet, ofFamily, uniteAllIps } from './ip-set.js';
import { formatPorts } from './port-set.js';
import { mayServeUnseen, type PrivateOrigin, unlistedOrigins } from './vpc-origins.js';
import type { World } from './world.js';

/**
 * What comes to instances, to some of them where these are given, and through balancers to their targets, by VPC origins of CloudFront.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
export const servedEntries = (world: World, endpoints: Endpoints, assets?: ReadonlySet<string>): readonly Entry[] =>
  [...world.privateOrigins, ...possiblyServed(world, endpoints)].flatMap((item) => {
    const endpoint = endpoints.byAsset.get(item.endpoint);
    if (!endpoint || (!endpoint.balancer && assets?.has(endpoint.asset) === false)) return [];
    // An instance is asked at its primary interface.
    const faces = endpoint.balancer ? endpoint.interfaces : endpoint.interfaces.slice(0, 1);
    return faces.flatMap((face) =>
      face.addresses
        .filter(({ family }) => family === 4 || item.isDual)
        .flatMap((address) => entriesOf(world, endpoints, endpoint, face, arrive(world, item, face, address)))
        .map((entry): Entry => ({ ...entry, isByCloudFront: true })),
    );
  });

const entriesOf = (
  world: World,
  endpoints: Endpoints,
  endpoint: Endpoint,
  node: Interface,
  attempt: Attempt,
): readonly Entry[] => {
  const { sure, maybe } = attempt.outcome;
  if (sure.length + maybe.length === 0) return [];
  if (!endpoint.balancer) return [{ endpoint, attempt }];
  return throughBalancer(world, endpoints, endpoint.balancer, { node, attempt }).flatMap(balancedEntry);
};

/**
 * CloudFront comes from an interface of its own in the VPC, and with its own addresses: groups may let in these, or the group of that interface. It takes
 * no route and no public address, in a VPC that has an internet gateway. Block Public Access stops it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html#security-vpc-bpa-service-support
 */
function arrive(world: World, item: PrivateOrigin, face: Interface, { family, ips }: Address): Attempt {
  const edges = edgesOf(world, family);
  const flows: FlowSet = [{ src: edges ?? ofFamily(INTERNET, family), dst: ips, ports: item.ports }];
  const subnet = world.subnets.get(face.subnet);
  const missing = missingSubnet(world, face, flows);
  const outcome = combineGates(flows, [
    ...refusal(face),
    ...(missing ? [missing] : []),
    ...item.conditions.map((condition) => doubtfulGate(flows, condition)),
    ...(subnet ? [...publicAccessGates(world, subnet, flows), ...aclDoubts(world, subnet.id, flows)] : []),
    ...gatewayGates(world, face, flows, 'no VPC origin comes in'),
    groupGate(world, face, 'ingress', flows, serviceGroups(world).get(face.vpc) ?? []),
  ]);
  return {
    outcome: {
      ...fromEveryEdge(outcome, flows, edges === undefined),
      via: [...(item.distribution ? [item.distribution.distribution.arn] : []), item.vpcOrigin, ...outcome.via],
    },
    destination: `VPC origin ${item.name}`,
    face: face.id,
    evidence: evidenceOf(item, face),
  };
}

function evidenceOf({ distribution, vpcOrigin, ports, source }: PrivateOrigin, face: Interface): readonly Evidence[] {
  const leads = `it leads to ${face.asset.split('/').at(-1)} on ${formatPorts(ports).join(', ')}`;
  return [
    ...(distribution
      ? [
          {
            asset: distribution.distribution.arn,
            fact: `it sends requests to ${vpcOrigin}`,
            source: distribution.source,
          },
        ]
      : []),
    { asset: vpcOrigin, fact: leads, source },
  ];
}

/** The addresses of one family from which CloudFront asks origins; `undefined` where they were not collected. */
function edgesOf({ cloudFront }: World, family: 4 | 6): IpSet | undefined {
  const own = ofFamily(uniteAllIps(cloudFront), family);
  return hasIps(own) ? own : undefined;
}

/** Nobody chooses the address from which CloudFront asks: sure is what is let in from all of them. */
function fromEveryEdge(outcome: Outcome, flows: FlowSet, isUnknown: boolean): Outcome {
  const all = uniteFlows(outcome.sure, outcome.maybe);
  const sure = forEverySource(outcome.sure, flows);
  const isForSome = [
    [outcome.sure, sure],
    [all, forEverySource(all, flows)],
  ].some(([some = [], every = []]) => subtractFlows(some, every).length > 0);
  if (!isForSome) return outcome;
  const which: Condition = isUnknown
    ? unknown('addresses of CloudFront', 'which ones it has was not collected')
    : unknown('addresses of CloudFront', 'from which of them it asks is not in the API');
  return { ...outcome, sure, maybe: subtractFlows(all, sure), conditions: [...outcome.conditions, which] };
}

/** AWS does not say whether network ACLs are asked about what comes by a VPC origin. */
function aclDoubts(world: World, subnet: string, flows: FlowSet): readonly Gate[] {
  const { sure } = combineGates(flows, [
    aclGate(world, subnet, 'ingress', flows),
    answerGate(world, subnet, 'egress', flows, 'gateway'),
  ]);
  if (subtractFlows(flows, sure).length === 0) return [];
  const why = 'whether it is asked about what comes by a VPC origin is not documented';
  return [doubtfulGate(flows, unknown(`network ACL of ${subnet}`, why))];
}

/** The groups that CloudFront makes for its interfaces, by VPC. */
const serviceGroups = onceFor(({ groups }: World): ReadonlyMap<string, readonly string[]> => {
  const own = [...groups.values()].filter(({ name }) => name === SERVICE_GROUP);
  return new Map([...groupBy(own, ({ vpc }) => vpc)].map(([vpc, all]) => [vpc, all.map(({ id }) => id)]));
});

const SERVICE_GROUP = 'CloudFront-VPCOrigins-Service-SG';

/**
 * Where it was not collected what VPC origins lead to, that may be any instance or balancer in a VPC in which CloudFront has a group; where groups were
 * not collected either, in any VPC, if a distribution names an origin.
 */
const possiblyServed = onceForBoth((world: World, endpoints: Endpoints): readonly PrivateOrigin[] => {
  const { snapshot } = world;
  const signOf = ({
    vpc,
    account,
    region,
  }: Interface): Pick<PrivateOrigin, 'vpcOrigin' | 'name' | 'source'> | undefined => {
    const [id = ''] = serviceGroups(world).get(vpc) ?? [];
    const group = world.groups.get(id);
    if (group) return { vpcOrigin: group.arn, name: id, source: group.source };
    const owner = world.vpcs.get(vpc)?.account ?? account;
    return snapshot.coverage(owner, region, 'ec2', 'DescribeSecurityGroups') === 'answered'
      ? undefined
      : unlistedOrigins(snapshot, account)[0];
  };
  return [...endpoints.byAsset.values()]
    .filter(({ type, balancer }) => type === 'ec2:instance' || (balancer && SERVED_KINDS.has(balancer.kind)))
    .flatMap(({ asset, interfaces: [face] }) => {
      const sign = face && mayServeUnseen(snapshot, face.account) ? signOf(face) : undefined;
      if (!face || !sign) return [];
      const why = unknown(`VPC origins of ${face.account}`, `whether one leads to ${asset} was not collected`);
      return [
        { ...sign, distribution: undefined, endpoint: asset, isDual: true, ports: ORIGIN_PORTS, conditions: [why] },
      ];
    });
});

const SERVED_KINDS: ReadonlySet<string> = new Set(['application', 'network']);
