import { at, field, groupBy, type JsonObject, makeEc2Arn, objects, text, texts } from '../model/index.js';
import type { Answer, Snapshot } from '../snapshot/index.js';
import { parseBlock } from './ip-address.js';
import { hasIps, intersectIps, type IpSet, parseIpSet, subtractIps } from './ip-set.js';
import type { PrefixLists } from './prefix-lists.js';
import { type Found, indexById, keyedRecords, recordsOf } from './snapshot-records.js';
import type { Vpc } from './vpcs.js';

export interface Attachment {
  readonly id: string;
  readonly arn: string;
  readonly gateway: string;
  /** `vpc`, `peering`, `vpn`, `direct-connect-gateway`, `connect`, … */
  readonly kind: string;
  /** The VPC, VPN connection, …; for a peering the gateway on the other side. */
  readonly resource: string;
  readonly isUsable: boolean;
  /** The table that judges what comes in by this attachment. */
  readonly table: string | undefined;
  /** That it has none is known: whose the gateway is was asked. */
  readonly isTableKnown: boolean;
  /** Subnets of a VPC attachment. */
  readonly subnets: readonly string[];
  readonly hasApplianceMode: boolean;
  readonly carriesIpv6: boolean | undefined;
  /** `undefined`: it was not collected, or not with its options. */
  readonly refersToGroups: boolean | undefined;
  readonly source: string;
}

export interface TransitRoute {
  readonly destination: string;
  readonly ips: IpSet;
  readonly prefix: number;
  /** Equal-cost attachments; none for a blackhole. */
  readonly attachments: readonly string[];
  readonly isBlackhole: boolean;
  /** Of routes for one block the lowest takes it: static ones, those by a prefix list, propagated ones by the kind of attachment. */
  readonly rank: number;
}

/** @see https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview */
const RANKS = ['static', 'prefix-list', 'vpc', 'direct-connect-gateway', 'connect', 'vpn', 'peering'];
const PROPAGATED = RANKS.indexOf('vpc');

const rankOf = (kind: string): number => {
  const rank = RANKS.indexOf(kind);
  return rank < 0 ? RANKS.length : rank;
};

export interface TransitTable {
  readonly id: string;
  readonly routes: readonly TransitRoute[];
  /** Why routes may be missing from it, any of which may take what others would. */
  readonly unclear: readonly string[];
  readonly source: string;
}

export interface TransitGateways {
  /** Keyed `attachment gateway`. */
  readonly attachments: ReadonlyMap<string, Attachment>;
  /** Attachments of one VPC to one gateway: `vpc gateway`. */
  readonly byVpcAndGateway: ReadonlyMap<string, Attachment>;
  readonly tables: ReadonlyMap<string, TransitTable>;
  readonly arnOf: (gateway: string) => string;
  /** `undefined`: the gateway was not collected, or it was not said. */
  readonly sharesGroups: (gateway: string) => boolean | undefined;
}

/** @see https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html */
export function readTransitGateways(
  snapshot: Snapshot,
  vpcs: ReadonlyMap<string, Vpc>,
  prefixLists: PrefixLists,
): TransitGateways {
  const gateways = indexById(
    recordsOf(snapshot, 'ec2', 'DescribeTransitGateways', 'TransitGateways'),
    'TransitGatewayId',
    (id, f) => ({
      arn:
        text(field(f.record, 'TransitGatewayArn')) ??
        makeEc2Arn(f.answer.region, f.answer.account, 'transit-gateway', id),
      sharesGroups: namesGroups(f.record),
    }),
  );
  const attachments = readAttachments(snapshot);
  const byVpcAndGateway = new Map<string, Attachment>();
  for (const attachment of attachments.values())
    if (attachment.kind === 'vpc' && attachment.isUsable)
      byVpcAndGateway.set(`${attachment.resource} ${attachment.gateway}`, attachment);
  return {
    attachments,
    byVpcAndGateway,
    tables: readTables(snapshot, new Map([...attachments.values()].map((a) => [a.id, a])), vpcs, prefixLists),
    arnOf: (gateway) => gateways.get(gateway)?.arn ?? gateway,
    sharesGroups: (gateway) => gateways.get(gateway)?.sharesGroups,
  };
}

/**
 * Whether rules can name groups of another VPC, as far as an answer says: that of a client older than the setting (2024) leaves it out, whatever it
 * is. It is off by default at a gateway, and on at an attachment.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachmentRequestOptions.html
 */
function namesGroups(record: JsonObject): boolean | undefined {
  const support = text(at(record, 'Options', 'SecurityGroupReferencingSupport'));
  return support === undefined ? undefined : support === 'enable';
}

/** Keyed `attachment gateway`: a peering has the same id at both gateways. */
function readAttachments(snapshot: Snapshot): Map<string, Attachment> {
  const vpcSides = indexById(
    recordsOf(snapshot, 'ec2', 'DescribeTransitGatewayVpcAttachments', 'TransitGatewayVpcAttachments'),
    'TransitGatewayAttachmentId',
    (_, found) => found,
    'VpcOwnerId',
  );
  const generic = recordsOf(snapshot, 'ec2', 'DescribeTransitGatewayAttachments', 'TransitGatewayAttachments');
  const peers = peeringEnds(snapshot, generic);
  const associated = readAssociations(snapshot);
  const attachments = new Map<string, Attachment>();
  const isListed = new Set(generic.map(({ record }) => record));
  const asked = new Set(
    [...keyedRecords(snapshot, 'ec2', 'GetTransitGatewayRouteTableAssociations')].map(([id]) => id),
  );
  const tables = groupBy(
    recordsOf(snapshot, 'ec2', 'DescribeTransitGatewayRouteTables', 'TransitGatewayRouteTables'),
    ({ record }) => text(field(record, 'TransitGatewayId')),
  );
  const owners = gatewayOwners(snapshot, generic);
  // Whose the gateway is sees what its attachments are associated with: there, or table by table.
  const isAssociationTold = ({ record, answer: { account, region } }: Found): boolean => {
    const owner = owners.get(text(field(record, 'TransitGatewayId')) ?? '') ?? account;
    if (isListed.has(record) && owner === account) return true;
    const own = tables.get(text(field(record, 'TransitGatewayId')) ?? '') ?? [];
    return (
      snapshot.coverage(owner, region, 'ec2', 'DescribeTransitGatewayRouteTables') === 'answered' &&
      own.every((table) => asked.has(text(field(table.record, 'TransitGatewayRouteTableId')) ?? ''))
    );
  };
  for (const { record, answer } of [...generic, ...vpcSides.values()]) {
    const id = text(field(record, 'TransitGatewayAttachmentId')) ?? '';
    const gateway = text(field(record, 'TransitGatewayId')) ?? '';
    const key = `${id} ${gateway}`;
    const isAssociated = text(at(record, 'Association', 'State')) === 'associated';
    const table =
      (isAssociated ? text(at(record, 'Association', 'TransitGatewayRouteTableId')) : undefined) ?? associated.get(key);
    const known = attachments.get(key);
    const isTableKnown = table !== undefined || known?.isTableKnown === true || isAssociationTold({ record, answer });
    if (known !== undefined && (known.table !== undefined || table === undefined)) {
      if (isTableKnown !== known.isTableKnown) attachments.set(key, { ...known, isTableKnown });
      continue;
    }
    const side = vpcSides.get(id)?.record;
    const state = text(field(record, 'State'));
    const kind = text(field(record, 'ResourceType')) ?? (side === undefined ? 'unknown' : 'vpc');
    const ipv6 = text(at(side, 'Options', 'Ipv6Support'));
    attachments.set(key, {
      id,
      arn: makeEc2Arn(answer.region, answer.account, 'transit-gateway-attachment', id),
      gateway,
      kind,
      resource:
        kind === 'peering'
          ? (peers.get(id)?.find((g) => g !== gateway) ?? text(field(record, 'ResourceId')) ?? '')
          : (text(field(record, 'ResourceId')) ?? text(field(record, 'VpcId')) ?? ''),
      isUsable: state === undefined || state === 'available' || state === 'modifying',
      table,
      isTableKnown,
      subnets: texts(field(side, 'SubnetIds')),
      hasApplianceMode: text(at(side, 'Options', 'ApplianceModeSupport')) === 'enable',
      carriesIpv6: ipv6 === undefined ? undefined : ipv6 === 'enable',
      refersToGroups: side && namesGroups(side),
      source: answer.source,
    });
  }
  return attachments;
}

/** Whose each gateway is, as it or one of its attachments says. */
function gatewayOwners(snapshot: Snapshot, attachments: readonly Found[]): ReadonlyMap<string, string> {
  const stated = [
    ...attachments.map(({ record }) => ({ record, owner: text(field(record, 'TransitGatewayOwnerId')) })),
    ...recordsOf(snapshot, 'ec2', 'DescribeTransitGateways', 'TransitGateways').map(({ record }) => ({
      record,
      owner: text(field(record, 'OwnerId')),
    })),
  ];
  return new Map(
    stated.flatMap(({ record, owner }) =>
      owner === undefined ? [] : [[text(field(record, 'TransitGatewayId')) ?? '', owner] as const],
    ),
  );
}

/** `attachment gateway` → route table, where associations were collected a table. */
function readAssociations(snapshot: Snapshot): Map<string, string> {
  const gatewayOf = new Map<string, string>();
  for (const { record } of recordsOf(snapshot, 'ec2', 'DescribeTransitGatewayRouteTables', 'TransitGatewayRouteTables'))
    gatewayOf.set(
      text(field(record, 'TransitGatewayRouteTableId')) ?? '',
      text(field(record, 'TransitGatewayId')) ?? '',
    );
  const associated = new Map<string, string>();
  for (const [table, { record }] of keyedRecords(snapshot, 'ec2', 'GetTransitGatewayRouteTableAssociations'))
    for (const item of objects(field(record, 'Associations'))) {
      const id = text(field(item, 'TransitGatewayAttachmentId'));
      if (id !== undefined && text(field(item, 'State')) === 'associated')
        associated.set(`${id} ${gatewayOf.get(table) ?? ''}`, table);
    }
  return associated;
}

/** The two gateways of each peering: as its own record says, else those at which an attachment of this id was listed. */
function peeringEnds(snapshot: Snapshot, attachments: readonly Found[]): Map<string, string[]> {
  const ends = new Map<string, string[]>();
  for (const { record } of attachments) {
    const id = text(field(record, 'TransitGatewayAttachmentId'));
    if (id === undefined || text(field(record, 'ResourceType')) !== 'peering') continue;
    const gateways = [text(field(record, 'TransitGatewayId')), text(field(record, 'ResourceId'))];
    ends.set(id, [...new Set([...(ends.get(id) ?? []), ...gateways.filter((g) => g?.startsWith('tgw-'))])] as string[]);
  }
  const found = recordsOf(
    snapshot,
    'ec2',
    'DescribeTransitGatewayPeeringAttachments',
    'TransitGatewayPeeringAttachments',
  );
  for (const { record } of found) {
    const sides = ['RequesterTgwInfo', 'AccepterTgwInfo'].flatMap(
      (key) => text(at(record, key, 'TransitGatewayId')) ?? [],
    );
    for (const key of ['TransitGatewayAttachmentId', 'AccepterTransitGatewayAttachmentId']) {
      const id = text(field(record, key));
      if (id !== undefined) ends.set(id, sides);
    }
  }
  return ends;
}

/** Static routes as searched; propagated ones as searched, or as the propagating VPC attachments imply. */
function readTables(
  snapshot: Snapshot,
  attachments: ReadonlyMap<string, Attachment>,
  vpcs: ReadonlyMap<string, Vpc>,
  prefixLists: PrefixLists,
): Map<string, TransitTable> {
  const parts = new Map<string, TablePart>();
  const partOf = (id: string, { source }: Answer): TablePart => {
    const part = parts.get(id) ?? { routes: [], unclear: [], source, searched: false, holdsPropagated: false };
    parts.set(id, part);
    return part;
  };
  for (const { record, answer } of recordsOf(
    snapshot,
    'ec2',
    'DescribeTransitGatewayRouteTables',
    'TransitGatewayRouteTables',
  )) {
    const id = text(field(record, 'TransitGatewayRouteTableId'));
    if (id !== undefined) partOf(id, answer);
  }
  for (const [id, { record, answer }] of keyedRecords(snapshot, 'ec2', 'SearchTransitGatewayRoutes')) {
    const part = partOf(id, answer);
    part.searched = true;
    const isCut = field(record, 'AdditionalRoutesAvailable') === true;
    if (isCut) part.unclear.push('more routes exist than were collected');
    for (const route of objects(field(record, 'Routes'))) {
      const list = text(field(route, 'PrefixListId'));
      const destination = text(field(route, 'DestinationCidrBlock'));
      const known = list === undefined ? undefined : prefixLists.get(list);
      const cidrs = destination !== undefined ? [destination] : known;
      if (cidrs === undefined) part.unclear.push(`the entries of prefix list ${list ?? '(missing)'}`);
      const state = text(field(route, 'State'));
      const led = objects(field(route, 'TransitGatewayAttachments'));
      const kind = text(field(led[0], 'ResourceType')) ?? 'vpc';
      const isPropagated = text(field(route, 'Type')) === 'propagated';
      for (const cidr of cidrs ?? []) {
        addRoute(part, cidr, {
          attachments: led.flatMap((a) => text(field(a, 'TransitGatewayAttachmentId')) ?? []),
          isBlackhole: state === 'blackhole',
          rank: rankOf(isPropagated ? kind : list === undefined ? 'static' : 'prefix-list'),
        });
      }
    }
    // A search may have been for static routes alone.
    part.holdsPropagated = !isCut && part.routes.some(({ rank }) => rank >= PROPAGATED);
  }
  const propagations = new Map(keyedRecords(snapshot, 'ec2', PROPAGATIONS));
  for (const [id, { record, answer }] of propagations) {
    const part = partOf(id, answer);
    for (const item of objects(field(record, 'TransitGatewayRouteTablePropagations'))) {
      const attachment = text(field(item, 'TransitGatewayAttachmentId'));
      const state = text(field(item, 'State'));
      if (attachment === undefined || (state !== undefined && state !== 'enabled')) continue;
      if (part.routes.some((r) => r.rank >= PROPAGATED && r.attachments.includes(attachment))) continue;
      const vpc = vpcs.get(text(field(item, 'ResourceId')) ?? attachments.get(attachment)?.resource ?? '');
      if (vpc === undefined && !part.holdsPropagated) part.unclear.push(`the routes that ${attachment} propagates`);
      else if (attachments.get(attachment)?.isUsable !== false)
        for (const cidr of vpc?.blocks ?? [])
          addRoute(part, cidr, { attachments: [attachment], isBlackhole: false, rank: PROPAGATED });
    }
  }
  const tables = new Map<string, TransitTable>();
  for (const [id, { routes, unclear, source, searched, holdsPropagated }] of parts) {
    routes.sort((a, b) => b.prefix - a.prefix || a.rank - b.rank);
    const missing = searched ? [] : [`the routes of ${id} (ec2/SearchTransitGatewayRoutes)`];
    const isWhole = holdsPropagated || propagations.has(id);
    const unasked = isWhole ? [] : [`what propagates its routes to ${id} (ec2/${PROPAGATIONS})`];
    tables.set(id, { id, routes, unclear: [...unclear, ...missing, ...unasked], source });
  }
  return tables;
}

const PROPAGATIONS = 'GetTransitGatewayRouteTablePropagations';

/** A table while it is read. */
interface TablePart {
  readonly routes: TransitRoute[];
  readonly unclear: string[];
  readonly source: string;
  searched: boolean;
  /** Its search gave all that is propagated to it. */
  holdsPropagated: boolean;
}

function addRoute(
  part: { routes: TransitRoute[]; unclear: string[] },
  cidr: string,
  rest: Omit<TransitRoute, 'destination' | 'ips' | 'prefix'>,
): void {
  const block = parseBlock(cidr);
  const ips = parseIpSet(cidr);
  if (block === undefined || ips === undefined) part.unclear.push(`a route with the unreadable destination ${cidr}`);
  else part.routes.push({ destination: cidr, ips, prefix: block.prefix, ...rest });
}

/** Splits addresses by the route that takes them; the rest has no route. */
export function transitRoutesFor(table: TransitTable, ips: IpSet): { route: TransitRoute | undefined; ips: IpSet }[] {
  const parts: { route: TransitRoute | undefined; ips: IpSet }[] = [];
  let rest = ips;
  for (const route of table.routes) {
    const taken = intersectIps(rest, route.ips);
    if (!hasIps(taken)) continue;
    parts.push({ route, ips: taken });
    rest = subtractIps(rest, taken);
  }
  return hasIps(rest) ? [...parts, { route: undefined, ips: rest }] : parts;
}
