import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** What an intruder changes of a network. */
export type ChangeKind = 'groups' | 'acls' | 'tables' | 'stores';

interface ChangingCalls {
  readonly type: string;
  /** Any one of these does. */
  readonly anyOf: readonly string[];
  /** The call can give a public address too. */
  readonly makesPublic?: true;
}

interface NetworkChange {
  readonly info: TechniqueInfo;
  readonly calls: readonly ChangingCalls[];
  readonly does: (world: World, id: string) => string;
  readonly evidence: string;
}

const USER_GUIDE = 'https://docs.aws.amazon.com/vpc/latest/userguide';
const ROW = {
  tactic: 'Lateral Movement',
  assumptions: ['Nothing undoes the change before it is used.'],
} as const;

function change(
  row: Pick<TechniqueInfo, 'id' | 'title' | 'attack' | 'references' | 'premises' | 'difficulty' | 'remediation'>,
  calls: readonly ChangingCalls[],
  does: NetworkChange['does'],
  evidence: string,
): NetworkChange {
  const actions = calls.flatMap(({ anyOf }) => anyOf);
  const may = `A principal under the intruder’s control may call ${actions.join(' or ')} on it.`;
  return {
    info: { ...ROW, ...row, premises: [may, ...row.premises], detection: actions.map(eventOf) },
    calls,
    does,
    evidence,
  };
}

const REST_IS_OPEN = 'All else on the way lets the connection through, or is opened too.';

/** Ways to open a network. A store or host is asked about again in the network that they would make. */
export const NETWORK_CHANGES: Readonly<Record<ChangeKind, NetworkChange>> = {
  groups: change(
    {
      id: 'open-security-group',
      title: 'Open a security group',
      attack: ['T1686.001', 'T1562.007'],
      references: [
        `${USER_GUIDE}/vpc-security-groups.html`,
        'https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.ec2-security-group-open-port-22-ingress/',
      ],
      premises: [REST_IS_OPEN],
      difficulty: { cost: 1, reason: 'one API call' },
      remediation:
        'Keep ec2:AuthorizeSecurityGroupIngress to those who run the network, and watch rules for everywhere.',
    },
    [{ type: 'ec2:security-group', anyOf: ['ec2:AuthorizeSecurityGroupIngress'] }],
    (world, id) => `Let everything in by security group ${nameOf(world, id)}.`,
    'is a security group on the way, which does not let the intruder in as it is',
  ),
  acls: change(
    {
      id: 'open-network-acl',
      title: 'Open a network ACL',
      attack: ['T1686.001', 'T1562.007'],
      references: [`${USER_GUIDE}/vpc-network-acls.html`],
      premises: ['The network ACL was what stops the connection, or its answer.', REST_IS_OPEN],
      difficulty: { cost: 1, reason: 'one API call in each direction' },
      remediation: 'Keep ec2:CreateNetworkAclEntry and ec2:ReplaceNetworkAclEntry to those who run the network.',
    },
    [{ type: 'ec2:network-acl', anyOf: ['ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry'] }],
    (world, id) => `Let everything through network ACL ${nameOf(world, id)}.`,
    'is a network ACL on the way, which does not let everything through as it is',
  ),
  tables: change(
    {
      id: 'route-to-internet',
      title: 'Route a private subnet to the internet gateway',
      attack: ['T1578.005', 'T1557'],
      references: [`${USER_GUIDE}/VPC_Internet_Gateway.html`],
      premises: [
        'The VPC has an internet gateway, and what is in the subnet has, or is given, a public address.',
        REST_IS_OPEN,
      ],
      difficulty: { cost: 2, reason: 'one API call; what left by the old route is cut off, which is seen' },
      remediation: 'Keep ec2:CreateRoute and ec2:ReplaceRoute to those who run the network.',
    },
    [{ type: 'ec2:route-table', anyOf: ['ec2:CreateRoute', 'ec2:ReplaceRoute'] }],
    (world, id) => `Route what leaves by ${nameOf(world, id)} to the internet gateway.`,
    'is the route table of a subnet on the way, and does not lead all to the internet gateway as it is',
  ),
  stores: change(
    {
      id: 'move-store-in-network',
      title: 'Make a store publicly accessible, or give it other security groups',
      attack: ['T1578.005', 'T1686.001', 'T1562.007'],
      references: [
        'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html',
        'https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html',
        'https://docs.aws.amazon.com/efs/latest/ug/API_ModifyMountTargetSecurityGroups.html',
      ],
      premises: [
        'With a public address (databases of RDS, warehouses) or with security groups that its VPC has already, it is reached.',
        REST_IS_OPEN,
      ],
      difficulty: { cost: 1, reason: 'one API call, which takes minutes' },
      remediation: 'Limit the call to those who operate the store; deny it with rds:PubliclyAccessible for databases.',
    },
    [
      { type: 'rds:db-instance', anyOf: ['rds:ModifyDBInstance'], makesPublic: true },
      { type: 'redshift:cluster', anyOf: ['redshift:ModifyCluster'], makesPublic: true },
      { type: 'efs:file-system', anyOf: ['elasticfilesystem:ModifyMountTargetSecurityGroups'] },
      { type: 'elasticache:cluster', anyOf: ['elasticache:ModifyCacheCluster'] },
      { type: 'elasticache:replication-group', anyOf: ['elasticache:ModifyReplicationGroup'] },
    ],
    (world, id) =>
      `Make ${nameOf(world, id)} publicly accessible where it can be, and give it security groups that let in.`,
    'is kept from the intruder by its own settings in the network',
  ),
};

/** The fact that something on the way is opened. */
const openedFact = (id: string): string => fact('opened', id);

/** What somebody who is no administrator may open. */
export interface Openable {
  /** Stores that can be given other groups, and those among them that can have a public address. */
  readonly moved: ReadonlySet<string>;
  readonly madePublic: ReadonlySet<string>;
  /** The permission's fact for each, by kind of change; those with the same fact are opened by the same people. */
  readonly by: Readonly<Record<ChangeKind, ReadonlyMap<string, string>>>;
  /** Emits the step that opens something, once. */
  readonly open: (kind: ChangeKind, id: string) => string;
}

const memo = new WeakMap<World, Openable>();

export function openableIn(world: World, emit: Emit): Openable {
  const known = memo.get(world);
  if (known) return known;
  const ways = new Map<string, string[]>();
  const madePublic = new Set<string>();
  const firstOf = (kind: ChangeKind): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const { type, anyOf, makesPublic } of NETWORK_CHANGES[kind].calls)
      for (const { ids } of groupsOf(world, type))
        for (const action of anyOf) {
          const facts = world.permissions.may({ action, resources: ids });
          for (const id of facts.resources) {
            const may = facts.of(id);
            if (may === undefined) continue;
            ways.set(id, [...(ways.get(id) ?? []), may]);
            if (makesPublic) madePublic.add(id);
            if (!found.has(id)) found.set(id, may);
          }
        }
    return found;
  };
  const by = { groups: firstOf('groups'), acls: firstOf('acls'), tables: firstOf('tables'), stores: firstOf('stores') };
  const emitted = new Set<string>();
  const open = (kind: ChangeKind, id: string): string => {
    const head = openedFact(id);
    if (emitted.has(id)) return head;
    emitted.add(id);
    const { info, does, evidence } = NETWORK_CHANGES[kind];
    for (const may of ways.get(id) ?? [])
      emit({
        head,
        body: [may],
        label: {
          technique: info,
          detail: () => ({ text: does(world, id), evidence: [stated(world, id, evidence)], fix: info.remediation }),
        },
      });
    return head;
  };
  const made = { moved: new Set(by.stores.keys()), madePublic, by, open };
  memo.set(world, made);
  return made;
}
