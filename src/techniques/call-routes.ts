import type { ContextValues } from '../iam/index.js';
import { at, type Json, objects, text, texts } from '../model/index.js';
import type { World } from './world.js';

/** A way for calls to AWS to leave a host. */
export interface CallRoute {
  /** The IAM prefix of the service that it serves; all services when absent. */
  readonly service?: string;
  /** A region whose resources alone can be called so; any when absent. */
  readonly region?: string;
  /** A gateway endpoint: what it serves goes no other way. */
  readonly isForced?: boolean;
  /** What a call carries that takes it: its network, and that of the credentials of the host's own role. */
  readonly network: ContextValues;
  /** What credentials of the host's own role carry beside. */
  readonly own: ContextValues;
}

/** Condition keys that say from where a call comes. */
export const NETWORK_KEYS = [
  'aws:SourceIp',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  'aws:Ec2InstanceSourceVpc',
  'aws:Ec2InstanceSourcePrivateIPv4',
  'ec2:SourceInstanceARN',
  'ec2:RoleDelivery',
  'lambda:SourceFunctionArn',
];

type Place = Pick<World, 'graph' | 'network'>;

/**
 * The ways for calls to leave an instance or a function: through the VPC endpoints that it can use, and by the internet. A gateway endpoint in its
 * route table takes the service's calls whatever the intruder likes.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
 */
export function routesFrom(place: Place, host: string): readonly CallRoute[] {
  const asset = place.graph.asset(host);
  if (!asset) return [];
  const vpc = place.graph.outgoing(host, 'in-vpc')[0]?.to;
  const own = ownKeys(asset.type, host, asset.record, vpc);
  const endpoints = vpc === undefined ? [] : endpointsFor(place, host, vpc);
  const address = privateAddress(asset.record);
  return [
    ...endpoints.map(({ id, service, isForced }) => ({
      service,
      region: asset.region,
      isForced,
      own,
      network: { ...byEndpoint(vpc ?? '', address), 'aws:SourceVpce': id },
    })),
    ...publicRoute(place, host, asset.record, vpc).map((network) => ({ network, own })),
  ];
}

const byEndpoint = (vpc: string, address: string | undefined): ContextValues => ({
  'aws:SourceIp': [],
  'aws:SourceVpc': bareId(vpc),
  ...(address !== undefined && { 'aws:VpcSourceIp': address }),
});

/** The way through an endpoint that was not seen, if there is one: which it is, is not known. `undefined` for what is in no VPC. */
export function routeUnseen(place: Place, host: string): Pick<CallRoute, 'network' | 'own'> | undefined {
  const asset = place.graph.asset(host);
  const vpc = place.graph.outgoing(host, 'in-vpc')[0]?.to;
  if (!asset || vpc === undefined) return undefined;
  return {
    network: byEndpoint(vpc, privateAddress(asset.record)),
    own: ownKeys(asset.type, host, asset.record, vpc),
  };
}

const firstFace = (record: Json): Json | undefined => objects(at(record, 'NetworkInterfaces'))[0];

const privateAddress = (record: Json): string | undefined =>
  text(at(record, 'PrivateIpAddress')) ?? text(at(firstFace(record), 'PrivateIpAddress'));

const publicAddress = (record: Json): string | undefined =>
  text(at(record, 'PublicIpAddress')) ?? text(at(firstFace(record), 'Association', 'PublicIp'));

const bareId = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

function ownKeys(type: string, host: string, record: Json, vpc: string | undefined): ContextValues {
  if (type === 'lambda:function') return { 'lambda:SourceFunctionArn': host };
  const address = privateAddress(record);
  return {
    'ec2:SourceInstanceARN': host,
    // Whoever runs code on it asks for credentials as it likes.
    'ec2:RoleDelivery': '2.0',
    ...(vpc !== undefined && { 'aws:Ec2InstanceSourceVpc': bareId(vpc) }),
    ...(address !== undefined && { 'aws:Ec2InstanceSourcePrivateIPv4': address }),
  };
}

interface UsableEndpoint {
  readonly id: string;
  readonly service: string;
  readonly isForced: boolean;
}

function endpointsFor({ graph }: Place, host: string, vpc: string): readonly UsableEndpoint[] {
  const subnets = graph.outgoing(host, 'in-subnet').map(({ to }) => bareId(to));
  const tables = graph
    .incoming(vpc, 'in-vpc')
    .flatMap(({ from }) => graph.asset(from) ?? [])
    .filter(({ type }) => type === 'ec2:route-table');
  const table = (subnet: string) =>
    tables.find(({ record }) => associations(record).some((a) => text(a['SubnetId']) === subnet)) ??
    tables.find(({ record }) => associations(record).some((a) => a['Main'] === true));
  const ownTables = new Set(subnets.flatMap((subnet) => bareId(table(subnet)?.id ?? '')));
  return graph
    .incoming(vpc, 'in-vpc')
    .flatMap(({ from }) => graph.asset(from) ?? [])
    .filter(({ type, record }) => type === 'ec2:vpc-endpoint' && isUp(record))
    .map(({ id, record }) => ({
      id: bareId(id),
      service: servicePrefix(text(at(record, 'ServiceName')) ?? ''),
      isForced: texts(at(record, 'RouteTableIds')).some((table) => ownTables.has(table)),
      isInterface: text(at(record, 'VpcEndpointType')) === 'Interface',
    }))
    .filter(({ isForced, isInterface }) => isForced || isInterface);
}

const associations = (record: Json) => objects(at(record, 'Associations'));

const isUp = (record: Json): boolean => (text(at(record, 'State')) ?? 'available').toLowerCase() === 'available';

/** Endpoint services whose name is not the prefix of their actions. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['ecr.api', 'ecr'],
  ['ecr.dkr', 'ecr'],
  ['monitoring', 'cloudwatch'],
  ['email-smtp', 'ses'],
  ['application-autoscaling', 'application-autoscaling'],
]);

/** `com.amazonaws.us-east-1.s3` → `s3`. */
function servicePrefix(name: string): string {
  const service = name.replace(/^(?:com|cn\.com)\.amazonaws\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?/, '');
  return PREFIXES.get(service) ?? service;
}

/** By the internet: as the address of the host, of its NAT gateway, or as one that is not known. None where it has no way out. */
function publicRoute(
  { graph, network }: Place,
  host: string,
  record: Json,
  vpc: string | undefined,
): readonly ContextValues[] {
  const nowhere = { 'aws:SourceVpc': [], 'aws:SourceVpce': [], 'aws:VpcSourceIp': [] };
  // What is in no VPC calls from addresses of AWS's.
  if (vpc === undefined) return [nowhere];
  const answer = network.reach({ from: host, to: 'internet', port: 'tcp/443' });
  if (answer.verdict === 'no') return [];
  const gateways = [...new Set(answer.allowed.flatMap(({ via }) => via[0] ?? []))];
  const addresses = new Set(
    gateways.flatMap((gateway) =>
      gateway.includes(':natgateway/')
        ? objects(at(graph.asset(gateway)?.record, 'NatGatewayAddresses')).map((one) => text(one['PublicIp']))
        : [publicAddress(record)],
    ),
  );
  const [only, ...more] = addresses;
  return [only === undefined || more.length > 0 ? nowhere : { ...nowhere, 'aws:SourceIp': only }];
}
