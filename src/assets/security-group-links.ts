import { field, type JsonObject, objects, text } from '../model/index.js';
import type { Link, Place } from './declaration.js';
import { link } from './declaration.js';

/** Ranges that mean everybody. */
const ANYBODY = new Set(['0.0.0.0/0', '::/0']);

/**
 * Who a group lets in and out: other groups, prefix lists, and the internet where a rule says so by name. Whether that adds up
 * to a connection is the network engine's question.
 */
export function securityGroupLinks(group: JsonObject, place: Place): Link[] {
  const links: Link[] = [];
  for (const rule of objects(field(group, 'IpPermissions'))) {
    // An open egress rule is the default of every group and says nothing about it.
    if (isOpen(rule)) links.push(...link('allows-from', 'internet', 'internet'));
    addPeers(links, 'allows-from', rule, place);
  }
  for (const rule of objects(field(group, 'IpPermissionsEgress'))) addPeers(links, 'allows-to', rule, place);
  return links;
}

const isOpen = (rule: JsonObject): boolean =>
  objects(field(rule, 'IpRanges')).some((range) => ANYBODY.has(text(field(range, 'CidrIp')) ?? '')) ||
  objects(field(rule, 'Ipv6Ranges')).some((range) => ANYBODY.has(text(field(range, 'CidrIpv6')) ?? ''));

function addPeers(links: Link[], kind: string, rule: JsonObject, place: Place): void {
  for (const pair of objects(field(rule, 'UserIdGroupPairs'))) links.push(...groupLink(kind, pair, place));
  for (const item of objects(field(rule, 'PrefixListIds')))
    links.push(...link(kind, 'ec2:prefix-list', text(field(item, 'PrefixListId'))));
}

/** A group of another account is named with its account; it is reached over a peering. */
function groupLink(kind: string, pair: JsonObject, place: Place): Link[] {
  const group = text(field(pair, 'GroupId'));
  const owner = text(field(pair, 'UserId'));
  if (group === undefined || owner === undefined || owner === place.account || !/^\d{12}$/.test(owner)) {
    return link(kind, 'ec2:security-group', group);
  }
  return link(
    kind,
    'ec2:security-group',
    `arn:${place.partition}:ec2:${place.region}:${owner}:security-group/${group}`,
  );
}
