import type { ClauseId, FactId } from '../attack/index.js';
import { type Asset, at, groupBy, sortedUnique, text } from '../model/index.js';
import { fact, parseFact } from '../techniques/index.js';
import type { AttackGraph } from './attack-graph.js';
import { blockSharing } from './block-sharing.js';
import { closeKeys } from './close-keys.js';
import type { Signer } from './signers.js';
import { bySet, canBeDenied, type Denial, denyTo } from './deny-by-name.js';
import { allOf, inRegion, type Measure, nameIn, quoted } from './measure.js';

/** Whose sessions are looked at one by one: those that are had soonest. */
const MOST_SIGNERS = 100;

/** Every measure that may cut something; what it cuts is asked of the engine. */
export function measuresFor(
  attack: AttackGraph,
  assets: readonly Asset[],
  reached: readonly FactId[],
  signers: readonly Signer[],
): readonly Measure[] {
  const held = new Set(assets.map(({ id }) => id));
  const sorted = sortClauses(attack, assets);
  // Who administers an account makes or takes another principal of it for each that is shut out.
  const some = signers.filter(({ administered }) => !administered).slice(0, MOST_SIGNERS);
  return [
    ...assets.flatMap((asset) => onCompromised(attack, asset, sorted)),
    ...some.flatMap(({ principal }) => (held.has(principal) ? [] : onReached(attack, principal))),
    ...blockSharing(attack, signers, sorted.sharing),
    ...closeKeys(attack, reached, signers),
  ];
}

/** The clauses that measures are about, found in one go over all of them. */
interface SortedClauses {
  /** By host: what code on it does over the network. */
  readonly network: ReadonlyMap<string, readonly ClauseId[]>;
  /** By host: what takes the credentials of its role. */
  readonly credentials: ReadonlyMap<string, readonly ClauseId[]>;
  /** What gives a copy of data to another account. */
  readonly sharing: readonly ClauseId[];
}

/** Over 169.254.169.254, which security groups do not stand before. */
const METADATA = new Set(['imds-credential-theft', 'imds-forged-request']);
const LOCAL = new Set([
  ...METADATA,
  'user-data-secrets',
  'function-credentials',
  'ecs-task-credentials',
  'workload-credentials',
  'ecs-host-containers',
  'ecs-container-escape',
  'ecs-container-metadata',
]);

const SHARES = new Set([
  'ebs-snapshot-share',
  'ebs-share-existing-snapshot',
  'ebs-reencrypt-share',
  'ec2-image-share',
  'rds-share-snapshot',
  'rds-snapshot-share',
  'rds-copy-snapshot-share',
  'rds-reencrypt-share',
]);

function sortClauses({ engine }: AttackGraph, assets: readonly Asset[]): SortedClauses {
  const { clauses } = engine;
  const hosts = new Map<FactId, string>();
  for (const { id } of assets) {
    const exec = clauses.factId(fact('exec', id));
    if (exec !== undefined) hosts.set(exec, id);
  }
  const network = new Map<string, ClauseId[]>();
  const credentials = new Map<string, ClauseId[]>();
  const sharing: ClauseId[] = [];
  const add = (to: Map<string, ClauseId[]>, host: string, clause: ClauseId): void => {
    const known = to.get(host);
    if (known) known.push(clause);
    else to.set(host, [clause]);
  };
  const { body, bodyStart } = clauses.columns();
  const groups = clauses.groups();
  for (let group = 0; group < groups.count; group++) {
    const technique = groups.label(group).technique.id;
    const isShare = SHARES.has(technique);
    for (let id = groups.start[group] as number; id < (groups.start[group + 1] as number); id++) {
      if (isShare) sharing.push(id);
      if (hosts.size === 0) continue;
      for (let i = bodyStart[id] as number; i < (bodyStart[id + 1] as number); i++) {
        const host = hosts.get(body[i] as FactId);
        if (host === undefined) continue;
        if (METADATA.has(technique)) add(credentials, host, id);
        else if (!LOCAL.has(technique)) add(network, host, id);
      }
    }
  }
  return { network, credentials, sharing };
}

/** On what is compromised itself. */
function onCompromised(attack: AttackGraph, asset: Asset, sorted: SortedClauses): readonly Measure[] {
  switch (asset.type) {
    case 'iam:user':
      return [deactivation(attack, asset.id)];
    case 'iam:role':
      return canBeDenied(asset.id) ? [revocation(attack, asset.id), shutOut(attack, asset.id)] : [];
    case 'ec2:instance':
      return [isolation(attack, asset, sorted), ...cutOff(attack, asset, sorted)];
    case 'lambda:function': {
      const name = nameIn(asset.id);
      return [
        {
          text: `Stop function ${name}: let it run in no instance.`,
          command: `aws lambda put-function-concurrency${inRegion(asset.region)} --function-name ${quoted(asset.id)} --reserved-concurrent-executions 0`,
          interrupts: `whatever calls ${name}`,
          leaves: 'credentials that were already taken stay valid until they expire',
          harm: 2,
          removal: { facts: factIds(attack, fact('exec', asset.id)) },
        },
      ];
    }
    default:
      return [];
  }
}

/** On whom the intruder gets hold of on the way. */
function onReached(attack: AttackGraph, principal: string): readonly Measure[] {
  const type = attack.graph.asset(principal)?.type;
  if (type === 'iam:role') return canBeDenied(principal) ? [shutOut(attack, principal)] : [];
  return type === 'iam:user' ? [deactivation(attack, principal)] : [];
}

const factIds = ({ engine }: AttackGraph, ...keys: readonly string[]): readonly FactId[] =>
  keys.map((key) => engine.clauses.factId(key)).filter((id) => id !== undefined);

/**
 * A group without rules, on every interface. What security groups track goes on after they were changed.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#connection-tracking-throttling
 */
function isolation({ graph }: AttackGraph, host: Asset, { network }: SortedClauses): Measure {
  const name = nameIn(host.id);
  const region = inRegion(host.region);
  const interfaces = sortedUnique(graph.outgoing(host.id, 'has-interface').map(({ to }) => nameIn(to)));
  const attach =
    interfaces.length > 0
      ? interfaces.map(
          (id) =>
            `aws ec2 modify-network-interface-attribute${region} --network-interface-id ${quoted(id)} --groups "$GROUP"`,
        )
      : [`aws ec2 modify-instance-attribute${region} --instance-id ${quoted(name)} --groups "$GROUP"`];
  return {
    text: `Isolate instance ${name}: give its interfaces a security group without rules.`,
    command: allOf(
      `GROUP=$(aws ec2 create-security-group${region} --vpc-id ${quoted(text(at(host.record, 'VpcId')) ?? 'VPC-ID')} --group-name isolated-${name} --description isolated --query GroupId --output text)`,
      `aws ec2 revoke-security-group-egress${region} --group-id "$GROUP" --security-group-rule-ids $(aws ec2 describe-security-group-rules${region} --filters Name=group-id,Values="$GROUP" --query 'SecurityGroupRules[].SecurityGroupRuleId' --output text)`,
      ...attach,
    ),
    interrupts: `everything that ${name} serves`,
    leaves:
      'connections that are tracked (a shell that is open) go on until they end or idle out: a network ACL that denies, or stopping the instance, ends those; ' +
      'the metadata service still answers on the host; credentials that were already taken stay valid',
    harm: 2,
    removal: { clauses: network.get(host.id) ?? [] },
  };
}

/**
 * Without the profile no new credentials are given, and those that were given are denied. Neither does by itself: who is on the host asks for new
 * ones after a revocation, and a profile that is taken away leaves sessions valid.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
function cutOff(attack: AttackGraph, host: Asset, { credentials }: SortedClauses): readonly Measure[] {
  const { head } = attack.engine.clauses.columns();
  const own = credentials.get(host.id) ?? [];
  const roles = groupBy(own, (clause) => parseFact(attack.engine.clauses.factKey(head[clause] as FactId)).id);
  const name = nameIn(host.id);
  const region = inRegion(host.region);
  return [...roles].map(([role, clauses]) => ({
    text: `Cut role ${nameIn(role)} off from ${name}: take the instance profile off, then revoke the sessions that were issued until now.`,
    command: allOf(
      `aws ec2 disassociate-iam-instance-profile${region} --association-id "$(aws ec2 describe-iam-instance-profile-associations${region} --filters Name=instance-id,Values=${name} --query 'IamInstanceProfileAssociations[0].AssociationId' --output text)"`,
      denyTo(attack, role, OLDER_SESSIONS),
    ),
    interrupts: `what ${name} does with the role; what else uses it, until it asks for new credentials`,
    harm: 1 as const,
    removal: { clauses },
  }));
}

/** What was issued before the time that the shell writes in. */
const OLDER_SESSIONS: Denial = {
  name: 'AWSRevokeOlderSessions',
  document: `"{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Deny\\",\\"Action\\":\\"*\\",\\"Resource\\":\\"*\\",\\"Condition\\":{\\"DateLessThan\\":{\\"aws:TokenIssueTime\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\"}}}]}"`,
};

const EVERYTHING: Denial = {
  name: 'Containment',
  document: quoted('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'),
};

function revocation(attack: AttackGraph, role: string): Measure {
  const set = bySet(role);
  const more = set === undefined ? '. Detaching it would leave them valid.' : `${set.how}.`;
  return {
    text: `Revoke the sessions of role ${nameIn(role)} that were issued until now${more}`,
    command: denyTo(attack, role, OLDER_SESSIONS),
    interrupts: 'whatever uses the role, until it asks for new credentials',
    leaves: ['whoever can get new credentials of the role where these came from', ...(set ? [set.leaves] : [])].join(
      '; ',
    ),
    harm: 0,
    removal: { facts: factIds(attack, fact('creds', role)) },
  };
}

function shutOut(attack: AttackGraph, role: string): Measure {
  const set = bySet(role);
  return {
    text: `Deny everything to role ${nameIn(role)}, for sessions old and new${set?.how ?? ''}.`,
    command: denyTo(attack, role, EVERYTHING),
    interrupts: `whatever uses role ${nameIn(role)}, until the policy is taken away`,
    ...(set && { leaves: set.leaves }),
    harm: 1,
    removal: { facts: factIds(attack, fact('creds', role), fact('act-as', role), fact('moves-as', role)) },
  };
}

/** Keys first, so that no new session is made with them; a deny ends those that were. */
function deactivation(attack: AttackGraph, user: string): Measure {
  const name = quoted(nameIn(user));
  return {
    text: `Deactivate the access keys of user ${nameIn(user)}, and deny what is signed in already.`,
    command: allOf(
      `for KEY in $(aws iam list-access-keys --user-name ${name} --query 'AccessKeyMetadata[].AccessKeyId' --output text); do aws iam update-access-key --user-name ${name} --status Inactive --access-key-id "$KEY"; done`,
      denyTo(attack, user, EVERYTHING),
    ),
    interrupts: `whatever signs in as ${nameIn(user)}`,
    harm: 1,
    removal: { facts: factIds(attack, fact('creds', user)) },
  };
}
