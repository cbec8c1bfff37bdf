import { at, field, flag, type JsonObject, objects, text } from '../../../src/model/index.js';
import { type Address, formatAddress, parseCidr } from './addresses.js';
import {
  type AddressHolder,
  addressHolders,
  equal,
  interfaceGroups,
  interfaceSubnet,
  type Records,
  subnetZone,
} from './records.js';

/** One way that things can be: a database's interface at one of the places where it may be. */
export interface Placement {
  readonly records: Records;
  readonly interfaceId: string;
}

export const DESCRIPTION = 'RDSNetworkInterface';

/**
 * Every place where the interface of a database may be, one address of each kind in every subnet. Interfaces of RDS say nothing of their database:
 * those in its subnets with its groups may be its own (with a public address where it is public), and where there is none its zone's subnets of its group are left.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
 */
export function placementsOf(records: Records, database: JsonObject): readonly Placement[] {
  const like = [...records.interfaces.keys()].filter((id) => mayBelongTo(records, id, database));
  const isPublic = flag(field(database, 'PubliclyAccessible')) === true;
  const fitting = like.filter((id) => addressHolders(records, id).some(isMapped) === isPublic);
  const shown = fitting.length > 0 ? fitting : like;
  if (shown.length > 0) return shown.map((interfaceId) => ({ records, interfaceId }));
  const listed = subnetsOf(database);
  const zones = ['AvailabilityZone', 'SecondaryAvailabilityZone'].map((key) => text(field(database, key)));
  const near = listed.filter((id) => zones.includes(subnetZone(records, id)));
  return (near.length > 0 ? near : listed).flatMap((subnet) =>
    [0, 1, 2].flatMap((kind) => place(records, database, subnet, kind)),
  );
}

/** Whether an internet gateway knows a public address of it; an IPv6 address needs no such one. */
export const isMapped = ({ privateAddress, publicAddress }: AddressHolder): boolean =>
  publicAddress !== undefined && !equal(publicAddress, privateAddress);

const subnetsOf = (database: JsonObject): readonly string[] =>
  objects(at(database, 'DBSubnetGroup', 'Subnets')).map((s) => text(field(s, 'SubnetIdentifier')) ?? '');

const groupsOf = (database: JsonObject): readonly string[] =>
  objects(field(database, 'VpcSecurityGroups')).map((g) => text(field(g, 'VpcSecurityGroupId')) ?? '');

function mayBelongTo(records: Records, interfaceId: string, database: JsonObject): boolean {
  const record = records.interfaces.get(interfaceId)?.record;
  return (
    text(field(record, 'Description')) === DESCRIPTION &&
    subnetsOf(database).includes(interfaceSubnet(records, interfaceId)) &&
    [...interfaceGroups(records, interfaceId)].sort().join() === [...groupsOf(database)].sort().join()
  );
}

/** The lower half of a subnet, the upper half, and the address that rules of the drawn networks single out, where nobody has it. */
function place(records: Records, database: JsonObject, subnet: string, kind: number): readonly Placement[] {
  const record = records.subnets.get(subnet)?.record;
  const cidr = parseCidr(text(field(record, 'CidrBlock')) ?? '');
  if (!cidr) return [];
  const named: Address = { bits: 32, value: cidr.first + 10n };
  const isTaken = [...records.interfaces.keys()].some((id) =>
    addressHolders(records, id).some((h) => equal(h.privateAddress, named)),
  );
  const offset = kind === 0 ? 77n : kind === 1 || isTaken ? 177n : 10n;
  const address = formatAddress({ bits: 32, value: cidr.first + offset });
  const v6 = objects(field(record, 'Ipv6CidrBlockAssociationSet')).map((a) =>
    parseCidr(text(field(a, 'Ipv6CidrBlock')) ?? ''),
  )[0];
  const isDual = text(field(database, 'NetworkType')) === 'DUAL' && v6 !== undefined;
  const association = flag(field(database, 'PubliclyAccessible')) ? { Association: { PublicIp: '57.0.0.9' } } : {};
  const interfaceId = `eni-${text(field(database, 'DBInstanceIdentifier'))}-placed`;
  const face: JsonObject = {
    NetworkInterfaceId: interfaceId,
    VpcId: text(field(record, 'VpcId')) ?? '',
    SubnetId: subnet,
    Status: 'in-use',
    InterfaceType: 'interface',
    Description: DESCRIPTION,
    RequesterManaged: true,
    Groups: groupsOf(database).map((GroupId) => ({ GroupId })),
    PrivateIpAddresses: [{ PrivateIpAddress: address, ...association }],
    Ipv6Addresses: isDual ? [{ Ipv6Address: formatAddress({ bits: 128, value: v6.first + 0x77n }) }] : [],
  };
  const owner = records.subnets.get(subnet);
  const placed = { account: owner?.account ?? '', region: owner?.region ?? '', record: face };
  const interfaces = new Map([...records.interfaces, [interfaceId, placed]]);
  return [{ interfaceId, records: { ...records, interfaces, holders: new Map() } }];
}

/** Databases answer on one port, while they run. */
export function listensOn(database: JsonObject, protocol: number, port: number): boolean {
  return (
    text(field(database, 'DBInstanceStatus')) !== 'stopped' &&
    protocol === 6 &&
    port === at(database, 'Endpoint', 'Port')
  );
}
