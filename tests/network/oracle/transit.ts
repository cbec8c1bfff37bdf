import { at, field, type JsonObject, objects, text, texts } from '../../../src/model/index.js';
import { type Address, contains, parseCidr } from './addresses.js';
import { type Records, vpcCidrs } from './records.js';

/** Where a transit gateway hands a packet over. */
export type TransitExit =
  | { readonly kind: 'vpc'; readonly attachment: JsonObject; readonly gateways: readonly string[] }
  | { readonly kind: 'dropped'; readonly at: string }
  | { readonly kind: 'undetermined'; readonly why: string };

/** The available attachment of a VPC to a gateway. */
export function vpcAttachment(records: Records, gatewayId: string, vpcId: string): JsonObject | undefined {
  return [...records.transitVpcAttachments.values()].find(
    ({ record }) =>
      text(field(record, 'TransitGatewayId')) === gatewayId &&
      text(field(record, 'VpcId')) === vpcId &&
      text(field(record, 'State')) === 'available',
  )?.record;
}

export const attachmentSubnets = (attachment: JsonObject): readonly string[] => texts(field(attachment, 'SubnetIds'));

/**
 * Follows a packet through a gateway, and over peerings to others: the table associated with the attachment that it came by
 * decides; most specific first, static before a prefix list's before propagated.
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 */
export function crossTransit(
  records: Records,
  gatewayId: string,
  attachmentId: string,
  destination: Address,
): TransitExit {
  const gateways: string[] = [];
  let gateway = gatewayId;
  let by = attachmentId;
  while (!gateways.includes(gateway)) {
    gateways.push(gateway);
    const entered = attachmentAt(records, gateway, by);
    const association = field(entered, 'Association');
    const tableId = text(field(association, 'TransitGatewayRouteTableId'));
    if (tableId === undefined || text(field(association, 'State')) !== 'associated') {
      return { kind: 'dropped', at: `${by} is associated with no route table of ${gateway}` };
    }
    const next = lookUp(records, gateway, tableId, destination);
    if (next === 'ambiguous') return { kind: 'undetermined', why: `${tableId} has several routes of the same length` };
    if (next === undefined) return { kind: 'dropped', at: `${tableId}: no route or a blackhole` };
    const left = attachmentAt(records, gateway, next);
    if (text(field(left, 'State')) !== 'available') return { kind: 'dropped', at: `${next} is not available` };
    const type = text(field(left, 'ResourceType'));
    if (type === 'vpc') {
      const attachment = records.transitVpcAttachments.get(next)?.record;
      return attachment
        ? { kind: 'vpc', attachment, gateways }
        : { kind: 'undetermined', why: `${next} was not collected` };
    }
    if (type !== 'peering') return { kind: 'undetermined', why: `${next} is a ${type}` };
    if (next === by) return { kind: 'undetermined', why: `${next}: back over the peering that it came by` };
    gateway = text(field(left, 'ResourceId')) ?? '';
    by = next;
  }
  return { kind: 'dropped', at: 'a loop between transit gateways' };
}

const attachmentAt = (records: Records, gateway: string, id: string): JsonObject | undefined =>
  records.transitAttachments.find(
    ({ record }) =>
      text(field(record, 'TransitGatewayAttachmentId')) === id && text(field(record, 'TransitGatewayId')) === gateway,
  )?.record;

interface Candidate {
  readonly attachment: string | undefined;
  readonly prefix: number;
  /** Static 0, by a prefix list 1, propagated 2. */
  readonly rank: number;
}

/** @returns the next attachment; nothing for no route or a blackhole */
function lookUp(records: Records, gateway: string, tableId: string, destination: Address): string | undefined {
  const candidates: Candidate[] = [];
  for (const route of objects(field(records.transitRoutes.get(tableId), 'Routes'))) {
    const isBlackhole = text(field(route, 'State')) === 'blackhole';
    const attachment = text(at(objects(field(route, 'TransitGatewayAttachments'))[0], 'TransitGatewayAttachmentId'));
    const list = text(field(route, 'PrefixListId'));
    const cidr = parseCidr(text(field(route, 'DestinationCidrBlock')) ?? '');
    const rank = text(field(route, 'Type')) === 'propagated' ? 2 : list === undefined ? 0 : 1;
    for (const { prefix, ...range } of list === undefined
      ? cidr
        ? [cidr]
        : []
      : (records.prefixLists.get(list) ?? [])) {
      if (contains({ prefix, ...range }, destination))
        candidates.push({ attachment: isBlackhole ? undefined : attachment, prefix, rank });
    }
  }
  const propagations = objects(field(records.transitPropagations.get(tableId), 'TransitGatewayRouteTablePropagations'));
  for (const propagation of propagations) {
    if (text(field(propagation, 'State')) !== 'enabled' || text(field(propagation, 'ResourceType')) !== 'vpc') continue;
    const id = text(field(propagation, 'TransitGatewayAttachmentId')) ?? '';
    const vpc = text(field(attachmentAt(records, gateway, id), 'ResourceId')) ?? '';
    for (const cidr of vpcCidrs(records, vpc)) {
      if (contains(cidr, destination)) candidates.push({ attachment: id, prefix: cidr.prefix, rank: 2 });
    }
  }
  const longest = Math.max(...candidates.map((c) => c.prefix));
  const best = candidates.filter((c) => c.prefix === longest);
  const rank = Math.min(...best.map((c) => c.rank));
  const preferred = best.filter((c) => c.rank === rank);
  return new Set(preferred.map((c) => c.attachment)).size > 1 ? 'ambiguous' : preferred[0]?.attachment;
}
