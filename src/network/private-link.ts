import {
  type Condition,
  field,
  groupBy,
  list,
  makeEc2Arn,
  onceFor,
  onceForBoth,
  text,
  unknown,
} from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Balancer } from './balancers.js';
import type { Endpoints } from './endpoints.js';
import { intersectFlows, subtractFlows, uniteFlows } from './flow-set.js';
import { combineGates, doubtfulGate } from './gate.js';
import type { VpcEndpoint } from './gateways.js';
import { groupGate } from './group-gate.js';
import type { Interface } from './interfaces.js';
import type { Attempt } from './attempts.js';
import { indexById, recordsOf } from './snapshot-records.js';
import type { World } from './world.js';

/** A service that a customer offers to endpoints of other VPCs, in front of network balancers. */
export interface EndpointService {
  readonly arn: string;
  readonly balancers: readonly string[];
  readonly source: string;
}

const OPERATION = 'DescribeVpcEndpointServiceConfigurations';

/**
 * Services by the name that their endpoints name.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
 */
export function readEndpointServices(snapshot: Snapshot): Map<string, EndpointService> {
  const found = recordsOf(snapshot, 'ec2', OPERATION, 'ServiceConfigurations');
  return indexById(found, 'ServiceName', (_, { record, answer }) => ({
    arn: makeEc2Arn(answer.region, answer.account, 'vpc-endpoint-service', text(field(record, 'ServiceId')) ?? ''),
    balancers: list(field(record, 'NetworkLoadBalancerArns')).flatMap((arn) => text(arn) ?? []),
    source: answer.source,
  }));
}

/** An interface of an endpoint, and the node of a balancer at which what comes to it goes on. */
export interface Door {
  readonly endpoint: Pick<VpcEndpoint, 'id' | 'arn'>;
  /** `undefined` where it was not collected. */
  readonly service: EndpointService | undefined;
  readonly face: Interface;
  readonly node: Interface;
}

const doors = new WeakMap<Endpoints, ReadonlyMap<string, readonly Door[]>>();

/** The doors to a balancer; each to the node in its own zone, or to any node where none is there. */
export function doorsTo(world: World, endpoints: Endpoints, balancer: string): readonly Door[] {
  const known = doors.get(endpoints) ?? indexDoors(world, endpoints);
  doors.set(endpoints, known);
  return known.get(balancer) ?? [];
}

function indexDoors(world: World, endpoints: Endpoints): ReadonlyMap<string, readonly Door[]> {
  const byBalancer = new Map<string, Door[]>();
  const zoneOf = ({ subnet }: Interface): string | undefined => world.subnets.get(subnet)?.zone;
  for (const endpoint of world.gateways.endpoints.values()) {
    const service = world.gateways.services.get(endpoint.service);
    if (!service) continue;
    for (const balancer of service.balancers) {
      const made = byBalancer.get(balancer) ?? [];
      byBalancer.set(balancer, made);
      const nodes = endpoints.byAsset.get(balancer)?.interfaces ?? [];
      for (const face of endpoints.byAsset.get(endpoint.arn)?.interfaces ?? []) {
        const near = nodes.filter((node) => zoneOf(node) === zoneOf(face));
        for (const node of near.length > 0 ? near : nodes) made.push({ endpoint, service, face, node });
      }
    }
  }
  return byBalancer;
}

/**
 * What came to the endpoint goes on at the node, whose groups see the client's own address unless that was turned off for such traffic.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html#security-group-considerations
 */
export function enterByDoor(
  world: World,
  balancer: Balancer,
  { endpoint, service, node }: Door,
  attempt: Attempt,
): Attempt {
  const { outcome } = attempt;
  const fact = `${endpoint.id} leads to the endpoint service ${service?.arn.split('/').at(-1)}, which is ${balancer.name}`;
  const passed = {
    ...outcome,
    via: [...outcome.via, endpoint.arn, ...(service ? [service.arn] : [])],
    evidence: [...outcome.evidence, ...(service ? [{ asset: endpoint.arn, fact, source: service.source }] : [])],
  };
  const all = uniteFlows(outcome.sure, outcome.maybe);
  if (!balancer.guardsPrivateLink || balancer.groups.length === 0 || all.length === 0)
    return { ...attempt, outcome: passed };
  const { passes, blockers } = groupGate(world, node, 'ingress', all, []);
  const guards = balancer.guardsPrivateLink;
  const unguarded = guards === true ? [] : doubtfulGate(all, guards).passes;
  const guarded = combineGates(all, [{ passes: [...passes, ...unguarded], blockers }]);
  const sure = intersectFlows(outcome.sure, guarded.sure);
  const possible = intersectFlows(all, uniteFlows(guarded.sure, guarded.maybe));
  return {
    ...attempt,
    outcome: {
      ...passed,
      sure,
      maybe: subtractFlows(possible, sure),
      conditions: [...outcome.conditions, ...guarded.conditions],
      blockers: [...outcome.blockers, ...guarded.blockers],
    },
  };
}

/** A customer's service that was not collected, and the interfaces of its endpoints. */
export interface UnseenService {
  readonly unclear: Condition;
  readonly doors: readonly Pick<Door, 'endpoint' | 'face'>[];
}

/**
 * Services that a balancer may be behind, as far as anybody can tell: they were not collected, and the balancer's account was not asked for its
 * own; or it is behind one, and endpoints that may lead there were not listed. A service is in front of balancers of its own Region.
 */
export function servicesUnseen(
  world: World,
  endpoints: Endpoints,
  { arn, account, region, kind }: Balancer,
): readonly UnseenService[] {
  if (kind !== 'network') return [];
  const isAsked = world.snapshot.coverage(account, region, 'ec2', OPERATION) === 'answered';
  const isServed = [...world.gateways.services.values()].some(({ balancers }) => balancers.includes(arn));
  return [
    ...(isAsked ? [] : (unseenByRegion(world, endpoints).get(region) ?? [])),
    ...(isAsked && !isServed
      ? []
      : unlistedEndpoints(world).filter(({ doors: [door] }) => door?.face.region === region)),
  ];
}

/** Interfaces of endpoints in places where endpoints were not listed: each may lead to any service. */
const unlistedEndpoints = onceFor((world: World): readonly UnseenService[] => {
  const listed = new Set([...world.gateways.endpoints.values()].flatMap(({ interfaces }) => interfaces));
  return [...world.interfaces.values()]
    .filter(
      ({ kind, id, account, region }) =>
        kind === 'vpc_endpoint' &&
        !listed.has(id) &&
        world.snapshot.coverage(account, region, 'ec2', 'DescribeVpcEndpoints') !== 'answered',
    )
    .map((face) => ({
      unclear: unknown(`what ${face.id} leads to`, 'DescribeVpcEndpoints was not answered'),
      doors: [{ face, endpoint: { id: face.id, arn: face.arn } }],
    }));
});

/**
 * The Region that the name of a customer's service says: an endpoint may be in another one.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
 */
const regionOf = (service: string): string | undefined => /\.vpce\.([^.]+)\.vpce-svc-/.exec(service)?.[1];

const unseenByRegion = onceForBoth(
  (world: World, endpoints: Endpoints): ReadonlyMap<string, readonly UnseenService[]> => {
    const doorsOf = (endpoint: VpcEndpoint) =>
      (endpoints.byAsset.get(endpoint.arn)?.interfaces ?? [])
        .filter(({ refuses }) => refuses === undefined)
        .map((face) => ({ endpoint, face }));
    const byService = groupBy(
      [...world.gateways.endpoints.values()].filter(
        ({ service }) => service.includes('.vpce-svc-') && !world.gateways.services.has(service),
      ),
      ({ service }) => service,
    );
    const services = [...byService].map(([service, own]) => ({
      service,
      unclear: unknown(`what is behind ${service}`, `${OPERATION} was not answered`),
      doors: own.flatMap(doorsOf),
    }));
    return groupBy(
      services.filter(({ doors: own }) => own.length > 0),
      ({ service, doors: [door] }) => regionOf(service) ?? door?.face.region ?? '',
    );
  },
);
