import type { Grant } from '../iam/index.js';
import { type Condition, parseArn, sortedUnique } from '../model/index.js';
import { movesStores } from './acting.js';
import { divideByConditions } from './alike.js';
import { certainAdministrators } from './certain-administrators.js';
import { eventOf } from './cloudtrail.js';
import { adminId, EACH, fact, type FactKind } from './fact.js';
import { stateOf } from './starting.js';
import { asJoint, narrow } from './joint-grants.js';
import { type KeyedGroup, keyedGroups, keyRequirements, openingKey, turnedOnAfter, turningKeyOn } from './keys.js';
import { namedAlone } from './named-stores.js';
import { isServiceLinked } from './policy-rewrite.js';
import { READABLE_STORES } from './readable-stores.js';
import type { Requirement } from './requirement.js';
import type { Emit, StepLabel, TechniqueInfo } from './technique.js';
import { namesOf } from './resource-steps.js';
import { onPart, wholeList } from './whole-lists.js';
import { nameOf, stated, type World } from './world.js';

/** What an administrator of an account has of the assets of one type, and the calls of which any one shows that nothing holds it back there. */
interface Administration {
  readonly type: string;
  readonly gives: FactKind;
  readonly cost: number;
  /** Followed by the asset's name. */
  readonly does: string;
  readonly anyOf: readonly string[];
  /** The resource that the calls are checked on, where that is not the asset itself. */
  readonly as?: (id: string) => string;
  /** The service that uses a customer-managed key for the caller, where the data is not had without it. */
  readonly keyThrough?: string;
  readonly isThere?: (world: World, id: string) => boolean;
}

/** Reading adds nothing to the difficulty of becoming administrator: what is had with it is told with it. */
const reads = (
  type: string,
  anyOf: readonly string[],
  more: Pick<Administration, 'as' | 'keyThrough'> = {},
): Administration => ({ type, gives: 'data-read', cost: 0, does: 'read', anyOf, ...more });

const writes = (
  type: string,
  anyOf: readonly string[],
  more: Pick<Administration, 'as' | 'keyThrough'> = {},
): Administration => ({ type, gives: 'data-write', cost: 0, does: 'write to', anyOf, ...more });

const partsOf = (id: string): string => `${id}/*`;

const ADMINISTRATION: readonly Administration[] = [
  {
    type: 'iam:user',
    gives: 'creds',
    cost: 1,
    does: 'make an access key of',
    anyOf: ['iam:CreateAccessKey'],
  },
  {
    type: 'iam:role',
    gives: 'creds',
    cost: 1,
    does: 'rewrite the trust policy of, and assume,',
    anyOf: ['iam:UpdateAssumeRolePolicy'],
    isThere: (_world, role) => !isServiceLinked(role),
  },
  {
    type: 'ec2:instance',
    gives: 'exec',
    cost: 2,
    does: 'run code on',
    anyOf: ['ssm:SendCommand', 'ec2:ModifyInstanceAttribute'],
    isThere: (world, instance) => stateOf(world, instance) !== 'terminated',
  },
  {
    type: 'lambda:function',
    gives: 'exec',
    cost: 2,
    does: 'replace the code of',
    anyOf: ['lambda:UpdateFunctionCode'],
  },
  reads('rds:db-instance', ['rds:ModifyDBInstance', 'rds:CreateDBSnapshot']),
  reads('rds:db-cluster', ['rds:ModifyDBCluster', 'rds:CreateDBClusterSnapshot']),
  reads('rds:db-snapshot', ['rds:RestoreDBInstanceFromDBSnapshot'], { keyThrough: 'rds' }),
  reads('rds:db-cluster-snapshot', ['rds:RestoreDBClusterFromSnapshot'], { keyThrough: 'rds' }),
  reads('ec2:volume', ['ec2:CreateSnapshot', 'ec2:AttachVolume'], { keyThrough: 'ec2' }),
  reads('ec2:snapshot', ['ebs:GetSnapshotBlock', 'ec2:CreateVolume'], { keyThrough: 'ec2' }),
  reads('s3:bucket', ['s3:GetObject'], { as: partsOf, keyThrough: 's3' }),
  writes('s3:bucket', ['s3:PutObject'], { as: partsOf, keyThrough: 's3' }),
  reads('secretsmanager:secret', ['secretsmanager:GetSecretValue'], { keyThrough: 'secretsmanager' }),
  reads('ssm:parameter', ['ssm:GetParameter'], { keyThrough: 'ssm' }),
  reads('dynamodb:table', ['dynamodb:Scan', 'dynamodb:Query'], { keyThrough: 'dynamodb' }),
  writes('dynamodb:table', ['dynamodb:PutItem', 'dynamodb:UpdateItem'], { keyThrough: 'dynamodb' }),
  reads('sqs:queue', ['sqs:ReceiveMessage'], { keyThrough: 'sqs' }),
  reads('sns:topic', ['sns:Subscribe']),
  reads('efs:file-system', ['elasticfilesystem:ClientMount', 'elasticfilesystem:PutFileSystemPolicy']),
  writes('efs:file-system', ['elasticfilesystem:ClientWrite', 'elasticfilesystem:PutFileSystemPolicy']),
  reads('redshift:cluster', ['redshift:ModifyCluster']),
  reads('elasticache:cluster', ['elasticache:ModifyCacheCluster']),
  reads('elasticache:replication-group', ['elasticache:ModifyReplicationGroup']),
  reads('opensearch:domain', ['es:ESHttpGet', 'es:UpdateDomainConfig'], { as: partsOf }),
  writes('opensearch:domain', ['es:ESHttpPost', 'es:UpdateDomainConfig'], { as: partsOf }),
];

export const ADMINISTER_ACCOUNT: TechniqueInfo = {
  id: 'administer-account',
  title: 'Have what is in an account, as its administrator',
  tactic: 'Collection',
  attack: ['T1530', 'T1078.004'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html#jf_administrator'],
  premises: [
    'The intruder administers the account that the asset is in.',
    'Neither its own policy, nor that of its key, nor the organization keeps administrators from it; a key that they may open to themselves (kms:CreateGrant or kms:PutKeyPolicy) keeps them from nothing.',
  ],
  assumptions: [],
  difficulty: {
    cost: 0,
    reason:
      'any of several API calls, each of which is allowed; 1 for credentials and 2 for hosts, which take more than one',
  },
  detection: sortedUnique(ADMINISTRATION.flatMap(({ anyOf }) => anyOf.map(eventOf))),
  remediation:
    'Keep administrator rights out of reach; where data must be kept from them too, deny in its own policy or that of its key.',
};

/** Types of asset that hold data. */
export const DATA_STORES: readonly string[] = ADMINISTRATION.flatMap(({ type, gives }) =>
  gives === 'data-read' ? [type] : [],
);

/**
 * What follows from administering accounts, once for each: credentials, hosts and data of all that is in them, as far as organization, resource and
 * key policies leave it to administrators. No other technique is asked what administrators may do there.
 */
export function emitAdministered(world: World, emit: Emit, accounts: ReadonlySet<string>): void {
  const ask = asker(world, accounts);
  for (const administration of ADMINISTRATION)
    for (const group of [...keyedGroups(world, administration.type), ...namedFor(world, administration)])
      if (accounts.has(group.account)) emitGroup(world, emit, administration, group, ask);
  for (const account of accounts) emitMoved(world, emit, account, ask);
}

/** Stores that were not listed, and that something else names. */
const namedFor = (world: World, { type, gives }: Administration): readonly KeyedGroup[] =>
  READABLE_STORES.flatMap((store) => (store.on === type && store.gives === gives ? namedAlone(world, store) : []));

/** @param how by what an administrator's rights are had, where that is not being one, and in words */
function emitGroup(
  world: World,
  emit: Emit,
  administration: Administration,
  group: KeyedGroup,
  ask: Ask,
  how?: { readonly by: string; readonly does: string },
): void {
  const { gives, cost, does, isThere } = administration;
  const { account } = group;
  const conditionsOf = conditionsByResource(administration, group, ask);
  const ids = isThere ? group.ids.filter((id) => isThere(world, id)) : group.ids;
  const parts = conditionsOf === 'none' ? [{ ids, conditions: [] }] : divideByConditions(ids, conditionsOf);
  for (const { ids: each, conditions } of parts)
    emit({
      head: fact(gives, EACH),
      body: [how?.by ?? fact('admin', adminId(account))],
      each,
      cost,
      conditions: [...group.conditions, ...conditions],
      label: label(world, account, how?.does ?? `As administrator of ${account}, ${does}`),
    });
}

const label = (world: World, account: string, does: string): StepLabel => ({
  technique: ADMINISTER_ACCOUNT,
  detail: (id) => ({
    text: `${does} ${nameOf(world, id)}.`,
    evidence: [stated(world, id, `is in account ${account}`)],
    fix: ADMINISTER_ACCOUNT.remediation,
  }),
});

type Ask = (requirement: Requirement) => readonly Grant[];

/**
 * Asks what those may do who administer the accounts for certain, and their root users: whoever administers an account makes itself a principal without
 * what its own policies deny. Once about all accounts.
 */
function asker(world: World, accounts: ReadonlySet<string>): Ask {
  const certain = certainAdministrators(world.iam);
  const roots = world.iam.principals.flatMap(({ id, account }) =>
    accounts.has(account) ? [`arn:${parseArn(id)?.partition}:iam::${account}:root`] : [],
  );
  const principals = [...certain.keys(), ...new Set(roots)];
  const known = new Map<string, Map<readonly string[], readonly Grant[]>>();
  const ask: Ask = (requirement) => {
    const { action, resources, context, trusting = false } = requirement;
    const whole = wholeList(resources);
    if (whole !== resources) return onPart(ask({ ...requirement, resources: whole }), resources);
    const key = `${action} ${trusting} ${context ? JSON.stringify(context) : ''}`;
    const memo = known.get(key) ?? new Map<readonly string[], readonly Grant[]>();
    known.set(key, memo);
    const answer =
      memo.get(resources) ?? world.iam.grants({ action, resources, principals, trusting, ...(context && { context }) });
    memo.set(resources, answer);
    return answer;
  };
  return ask;
}

/** On which conditions an administrator has a resource of a group: `undefined` for one that something keeps from all of them; `none` for all of it. */
function conditionsByResource(
  { anyOf, as, keyThrough }: Administration,
  group: KeyedGroup,
  ask: Ask,
): 'none' | ((id: string) => readonly Condition[] | undefined) {
  const keys = keyThrough === undefined ? [[]] : keyChoices(group, `${keyThrough}.${group.region}.amazonaws.com`);
  const resources = as ? namesOf(group, as) : group.ids;
  const best = new Map<string, readonly Condition[]>();
  for (const [action, key] of anyOf.flatMap((one) => keys.map((key) => [one, key] as const))) {
    let grants = ask({ action, resources }).map((grant) => asJoint(grant, undefined));
    for (const call of key) grants = [...narrow(grants, ask(call))];
    grants = grants.filter(({ principals }) => principals.some((id) => parseArn(id)?.account === group.account));
    const whole = grants.find((grant) => grant.resources === resources && grant.conditions.length === 0);
    if (whole) return 'none';
    for (const { resources: own, conditions } of grants)
      for (const resource of own) if (!best.has(resource) || conditions.length === 0) best.set(resource, conditions);
  }
  return (id) => best.get(as ? as(id) : id);
}

/** What an administrator has to be allowed on a group's key: to use it, or to open it to itself first. */
function keyChoices(group: KeyedGroup, via: string): readonly (readonly Requirement[])[] {
  const use = keyRequirements(group, via, ['kms:Decrypt']);
  const opened = use.map((one) => ({ ...one, trusting: true }));
  return [
    [...use, ...turningKeyOn(group)],
    ...openingKey(group).map((opener) => [opener, ...opened, ...turnedOnAfter(opener, group)]),
  ];
}

/** Kinds of store whose contents services move as a role. */
const MOVED: ReadonlySet<string> = new Set(['s3:bucket', 'efs:file-system']);

/** What services that only move what is in stores do as roles that administer the account. */
function emitMoved(world: World, emit: Emit, account: string, ask: Ask): void {
  const movers = [...certainAdministrators(world.iam)].flatMap(([id, own]) =>
    own === account && movesStores(world.iam, id) ? [id] : [],
  );
  if (movers.length === 0) return;
  const moving = fact('may', `move what is in stores of ${account}`);
  emit({
    head: moving,
    body: [fact('moves-as', EACH)],
    each: movers,
    cost: 1,
    label: { ...label(world, account, 'Have a service act as'), inner: true },
  });
  for (const administration of ADMINISTRATION)
    if (administration.gives === 'data-read' && MOVED.has(administration.type))
      for (const group of keyedGroups(world, administration.type))
        if (group.account === account)
          emitGroup(world, emit, { ...administration, cost: 1 }, group, ask, {
            by: moving,
            does: 'Have a service move, and read,',
          });
}
