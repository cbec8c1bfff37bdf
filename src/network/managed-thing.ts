import { type Condition, field, type JsonObject } from '../model/index.js';
import type { Registry } from './endpoints.js';
import type { Interface } from './interfaces.js';
import { type PortSet, portRange, TCP } from './port-set.js';
import { groupIds } from './security-groups.js';

/** Something that an AWS service runs inside a VPC, on interfaces that are mostly not in the customer's API. */
export interface Managed {
  readonly asset: string;
  readonly type: string;
  /** Subnets it may be in; it is in one of them, unless `spansAll`. An empty id is a subnet of which not even that was collected. */
  readonly subnets: readonly string[];
  readonly spansAll: boolean;
  /** Its IPv4 address, where its own record says it: that of a thing in one subnet. */
  readonly address?: string | undefined;
  /** The VPC of its subnets, where its own record names it. */
  readonly vpc?: string | undefined;
  readonly groups: readonly string[] | undefined;
  /** It has a public address of its own. */
  readonly isPublic: boolean;
  /** Whether it has one is not known, but where its interfaces tell: it has one if this holds. */
  readonly publicIf?: Condition;
  /** It is public, and at further interfaces that are not: some of its parts have a public address each, others have none. */
  readonly isMixed?: boolean;
  /** It has IPv6 addresses beside those of IPv4. */
  readonly isDual?: boolean;
  /** While it is not public, nothing comes to its IPv6 addresses by an internet gateway. */
  readonly keepsIpv6Private?: boolean;
  /** Ports it listens on; `undefined` for any. */
  readonly ports: PortSet | undefined;
  /** It accepts no connections (a function). */
  readonly refuses?: string;
  readonly state: string;
  readonly registries?: readonly Registry[];
  /** Marks of its own interfaces: those that {@link marksOf} finds on them. */
  readonly marks: readonly string[];
  readonly source: string;
}

export const tcp = (port: number | undefined): PortSet | undefined =>
  port === undefined ? undefined : portRange(TCP, port, port);

/** The subnets of a subnet group that is named and may not have been collected. */
export const subnetsNamed = (name: string, collected: readonly string[] | undefined): readonly string[] =>
  collected ?? (name === '' ? [] : ['']);

export const groupsOf = (record: JsonObject, key = 'VpcSecurityGroups'): string[] | undefined => {
  const value = field(record, key);
  return value === undefined ? undefined : groupIds(value);
};

/** Interfaces of RDS carry no name of their database: those with its description, subnets and groups may be its own. */
export const requesterMarks = (
  description: string,
  subnets: readonly string[],
  groups: readonly string[] | undefined,
): readonly string[] => subnets.map((subnet) => `${description} ${subnet} ${[...(groups ?? [])].sort().join()}`);

/** The part of a description after which a function's interfaces differ. */
const UNIQUE_TAIL = /-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an interface can be recognized by as one of a managed thing: its id, its description, or where it stands. */
export function marksOf(face: Interface): readonly string[] {
  const { id, account, region, description, subnet } = face;
  const named = `${account} ${region} ${description.replace(UNIQUE_TAIL, '')}`;
  const placed = ['RDSNetworkInterface', 'RedshiftNetworkInterface']
    .filter((start) => face.isRequesterManaged && description.startsWith(start))
    .map((start) => `${start} ${subnet} ${[...(face.groups ?? [])].sort().join()}`);
  return [id, named, ...placed];
}
