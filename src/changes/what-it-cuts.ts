import type { AssetGraph } from '../graph/index.js';
import { field, isObject, type Json, list, readPolicyId, sortedUnique } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Change } from './change.js';
import { peersOf, portsText } from './permission-text.js';
import { findStatement } from './edit-statement.js';
import { findDocument, statementText } from './policy-documents.js';

/**
 * Access that ends with what a change takes away, whether an intruder or its owner uses it: for a rule, what it lets in where; for a statement, all that it
 * allows and to whom. Sentences, sorted; none for what is added. What could not be read, or was not collected, is said last.
 */
export function whatItCuts(graph: AssetGraph, snapshot: Snapshot, change: Change): readonly string[] {
  if (change.kind !== 'public-access' && change.kind !== 'instance-profile' && change.do === 'add') return [];
  switch (change.kind) {
    case 'group-rule': {
      const peers = peersOf(change.permission).map(({ peer }) => peer);
      const way = `${portsText(change.permission)} ${change.direction === 'ingress' ? 'from' : 'to'} ${peers.join(', ')}`;
      const users = graph.incoming(change.group, 'has-security-group').map(({ from }) => from);
      const assets = users.filter((id) => graph.asset(id)?.type !== 'ec2:network-interface');
      const end = change.direction === 'ingress' ? 'to' : 'out of';
      const unseen = usersUnseen(graph, snapshot, change.group).map(
        (why) => `${way}, ${end} whatever has ${change.group}: ${why}`,
      );
      return [...sortedUnique((assets.length > 0 ? assets : users).map((id) => `${way}, ${end} ${id}`)), ...unseen];
    }
    case 'route': {
      const places = ['serves', 'main-table-of'].flatMap((kind) =>
        graph.outgoing(change.table, kind).map(({ to }) => to),
      );
      return sortedUnique(places.map((id) => `traffic of ${id} to ${change.destination}`));
    }
    case 'statement':
      return cutByStatement(graph, snapshot, change);
    case 'attached-policy':
      return sortedUnique(membersOf(graph, change.holder).map((id) => `everything that ${change.policy} allows ${id}`));
    case 'instance-profile': {
      const roles = graph
        .outgoing(change.instance, 'uses-instance-profile')
        .flatMap(({ to }) =>
          graph.outgoing(to).flatMap((link) => (graph.asset(link.to)?.type === 'iam:role' ? [link.to] : [])),
        );
      return sortedUnique(roles.map((role) => `every call that software on ${change.instance} makes as ${role}`));
    }
    case 'public-access':
      return [`whoever uses ${change.asset} without being let in by name`];
    default:
      return change satisfies never;
  }
}

/** What has a security group is known where the network interfaces of its place were collected: whatever has it has one. */
function usersUnseen(graph: AssetGraph, snapshot: Snapshot, group: string): readonly string[] {
  const [account, region] = [graph.asset(group)?.account, graph.asset(group)?.region];
  if (account === undefined || region === undefined) return [`${group} was not collected`];
  return snapshot.coverage(account, region, 'ec2', 'DescribeNetworkInterfaces') === 'answered'
    ? []
    : [`what that is, was not all collected (ec2/DescribeNetworkInterfaces in ${account}/${region})`];
}

/** A group stands for its members. */
function membersOf(graph: AssetGraph, holder: string): readonly string[] {
  const members = graph.incoming(holder, 'member-of').map(({ from }) => from);
  return members.length > 0 ? members : [holder];
}

function cutByStatement(
  graph: AssetGraph,
  snapshot: Snapshot,
  { policy, statement }: Change & { kind: 'statement' },
): readonly string[] {
  const stated = findStatement(findDocument(snapshot, policy), statement);
  if (!stated) return [`what else statement ${statement} of ${policy} allows is not known: it could not be read`];
  if (field(stated, 'Effect') !== 'Allow') return [];
  const { owner, isManaged, part } = readPolicyId(policy);
  const what = statementText(stated);
  if (part === 'trust') return principalsOf(field(stated, 'Principal')).map((who) => `${who} becoming ${owner}`);
  if (part === 'policy') return principalsOf(field(stated, 'Principal')).map((who) => `${what}, for ${who}`);
  const holders = isManaged ? graph.incoming(policy, 'has-policy').map(({ from }) => from) : [owner];
  return sortedUnique(holders.flatMap((holder) => membersOf(graph, holder)).map((id) => `${what}, for ${id}`));
}

function principalsOf(principal: Json | undefined): readonly string[] {
  if (!isObject(principal)) return [principal === '*' ? 'everybody' : 'whoever it means'];
  const named = Object.keys(principal).flatMap((kind) => {
    const value = field(principal, kind);
    return typeof value === 'string'
      ? [value]
      : list(value).flatMap((item) => (typeof item === 'string' ? [item] : []));
  });
  return sortedUnique(named.map((who) => (who === '*' ? 'everybody' : who)));
}
