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
  return [
    ...objects(field(group, 'IpPermissions')).flatMap((rule) => ruleLinks('allows-from', rule, place)),
    ...objects(field(group, 'IpPermissionsEgress')).flatMap((rule) => ruleLinks('allows-to', rule, place)),
  ];
}

function ruleLinks(kind: string, rule: JsonObject, place: Place): Link[] {
  const ranges = [
    ...objects(field(rule, 'IpRanges')).map((range) => text(field(range, 'CidrIp'))),
    ...objects(field(rule, 'Ipv6Ranges')).map((range) => text(field(range, 'CidrIpv6'))),
  ];
  const isOpen = ranges.some((range) => range !== undefined && ANYBODY.has(range));
  return [
    // An open egress rule is the default of every group and says nothing about it.
    ...(isOpen && kind === 'allows-from' ? link(kind, 'internet', 'internet') : []),
    ...objects(field(rule, 'UserIdGroupPairs')).flatMap((pair) => groupLink(kind, pair, place)),
    ...objects(field(rule, 'PrefixListIds')).flatMap((item) =>
      link(kind, 'ec2:prefix-list', text(field(item, 'PrefixListId'))),
    ),
  ];
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
