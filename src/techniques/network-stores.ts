import { at, flag, unknown } from '../model/index.js';
import { fact, type FactKind } from './fact.js';
import { isForSome, opensAction } from './public-opening.js';
import { makeResourceStep, type ResourceStep } from './resource-steps.js';
import type { Technique } from './technique.js';
import type { World } from './world.js';

const COLLECTION = { tactic: 'Collection', attack: ['T1213.006', 'T1530'] } as const;

const read: readonly FactKind[] = ['data-read'];
const login: readonly FactKind[] = ['db-creds'];
const reached = (id: string): readonly string[] => [fact('net-reach', id)];

const usersOf = (cluster: string): string => `${cluster.replace(':cluster:', ':dbuser:')}/*`;
const databasesOf = (cluster: string): string => `${cluster.replace(':cluster:', ':dbname:')}/*`;
const pathsOf = (domain: string): string => `${domain}/*`;

export const isInVpc = (world: World, domain: string): boolean => world.graph.outgoing(domain, 'in-subnet').length > 0;

export const SEARCH_READS: readonly string[] = ['es:ESHttpGet', 'es:ESHttpPost'];

/** The conditions on which a domain in a VPC answers requests that nobody has signed; `undefined` where it does not. */
function answersUnsigned(world: World, domain: string) {
  if (!isInVpc(world, domain)) return undefined;
  const open = world.iam
    .openings(domain)
    .find(
      (opening) =>
        opening.to === 'public' && !isForSome(opening) && SEARCH_READS.some((action) => opensAction(opening, action)),
    );
  return open && [...open.conditions, ...finerAccess(world, domain)];
}

/** Whether a domain asks for a user of its own beside IAM. */
export function finerAccess(world: World, domain: string) {
  const on = flag(at(world.graph.asset(domain)?.record, 'AdvancedSecurityOptions', 'Enabled')) === true;
  return on
    ? [unknown('fine-grained access', `which roles of ${domain} the caller is mapped to is not in the API`)]
    : [];
}

/**
 * The default policy of a file system lets every host that reaches it mount it.
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
function mountable(world: World, fileSystem: string) {
  const policy = world.observed.detail('efs/DescribeFileSystemPolicy', fileSystem);
  if (policy === null) return [];
  if (policy === undefined) return [unknown('file system policy', `that of ${fileSystem} was not collected`)];
  return [unknown('file system policy', `${fileSystem} has one, which is not evaluated`)];
}

const STEPS: readonly ResourceStep[] = [
  {
    info: {
      ...COLLECTION,
      id: 'redshift-login',
      title: 'Log in to a Redshift cluster that can be reached',
      references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-to-cluster.html'],
      premises: ['The port of the cluster is reached.', 'A password or temporary credentials for it.'],
      difficulty: { cost: 1, reason: 'a database client' },
      detection: ['Redshift connection log'],
      remediation: 'Let only those that query it reach the cluster.',
    },
    on: 'redshift:cluster',
    calls: [],
    needs: (_world, id) => [fact('net-reach', id), fact('db-creds', id)],
    gives: read,
    does: 'Log in to and read warehouse',
    evidence: 'answers logins on its port',
  },
  {
    info: {
      tactic: 'Credential Access',
      attack: ['T1078.004', 'T1552'],
      id: 'redshift-temporary-credentials',
      title: 'Get temporary credentials for a Redshift cluster',
      references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/generating-user-credentials.html'],
      difficulty: { cost: 1, reason: 'one API call' },
    },
    on: 'redshift:cluster',
    calls: [{ anyOf: ['redshift:GetClusterCredentials'], as: usersOf }],
    gives: login,
    does: 'Get temporary credentials for warehouse',
    evidence: 'gives temporary credentials',
  },
  {
    info: {
      tactic: 'Credential Access',
      attack: ['T1078.004', 'T1552'],
      id: 'redshift-iam-credentials',
      title: 'Get credentials for a Redshift cluster as the IAM identity',
      references: ['https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentialsWithIAM.html'],
      assumptions: ['The user that is made for the identity was granted tables, or tables are public.'],
      difficulty: { cost: 2, reason: 'one API call; the user may have few rights' },
    },
    on: 'redshift:cluster',
    calls: [{ anyOf: ['redshift:GetClusterCredentialsWithIAM'], as: databasesOf }],
    gives: login,
    does: 'Get credentials of the IAM identity for warehouse',
    evidence: 'gives credentials to IAM identities',
  },
  {
    info: {
      tactic: 'Credential Access',
      attack: ['T1098', 'T1531'],
      id: 'redshift-master-password',
      title: 'Set a new master password of a Redshift cluster',
      references: ['https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html'],
      difficulty: { cost: 2, reason: 'what uses the password loses its login, which is seen' },
    },
    on: 'redshift:cluster',
    calls: [{ anyOf: ['redshift:ModifyCluster'] }],
    gives: login,
    does: 'Set a new master password for warehouse',
    evidence: 'has a master user',
  },
  {
    info: {
      ...COLLECTION,
      id: 'redshift-data-api',
      title: 'Query a Redshift cluster by the Data API',
      references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html'],
      premises: ['The same principal may call redshift:GetClusterCredentials for a user of the cluster.'],
      difficulty: { cost: 1, reason: 'API calls; no network path is needed' },
    },
    on: 'redshift:cluster',
    calls: [
      {
        anyOf: ['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'],
        with: (group) => [{ action: 'redshift:GetClusterCredentials', resources: group.ids.map(usersOf) }],
      },
      { anyOf: ['redshift-data:GetStatementResult'], on: () => '*' },
    ],
    gives: read,
    does: 'Query by the Data API warehouse',
    evidence: 'can be queried by the Data API',
  },
  {
    info: {
      ...COLLECTION,
      id: 'opensearch-read',
      title: 'Query an OpenSearch domain',
      references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html'],
      premises: ['Where the domain is in a VPC: its endpoint is reached.'],
      difficulty: { cost: 1, reason: 'signed requests' },
      detection: ['Audit log and slow logs of the domain'],
    },
    on: 'opensearch:domain',
    calls: [{ anyOf: SEARCH_READS, as: pathsOf }],
    needs: (world, id) => (isInVpc(world, id) ? reached(id) : []),
    when: finerAccess,
    gives: read,
    does: 'Query search domain',
    evidence: 'answers signed requests',
  },
  {
    info: {
      ...COLLECTION,
      id: 'opensearch-unsigned',
      title: 'Query an OpenSearch domain that lets in everybody who reaches it',
      references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html'],
      premises: [
        'The domain is in a VPC, and its endpoint is reached.',
        'Its access policy lets everybody in, as many do that leave it to the network: then requests need no signature.',
      ],
      difficulty: { cost: 1, reason: 'plain requests' },
      detection: ['Audit log and slow logs of the domain'],
      remediation: 'Name who may query the domain in its access policy, or turn fine-grained access control on.',
    },
    on: 'opensearch:domain',
    calls: [],
    needs: (_world, id) => reached(id),
    when: answersUnsigned,
    gives: read,
    does: 'Query, without a signature, search domain',
    evidence: 'lets everybody in by its access policy',
  },
  {
    info: {
      ...COLLECTION,
      attack: ['T1098', 'T1530'],
      id: 'opensearch-configuration',
      title: "Rewrite an OpenSearch domain's access policy and master user",
      references: ['https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_UpdateDomainConfig.html'],
      premises: ['Where the domain is in a VPC: its endpoint is reached.'],
      difficulty: { cost: 2, reason: 'a change that takes minutes and is seen' },
    },
    on: 'opensearch:domain',
    calls: [{ anyOf: ['es:UpdateDomainConfig', 'es:UpdateElasticsearchDomainConfig'] }],
    needs: (world, id) => (isInVpc(world, id) ? reached(id) : []),
    gives: read,
    does: 'Rewrite the access policy of, and query, search domain',
    evidence: 'has an access policy',
  },
  {
    info: {
      ...COLLECTION,
      id: 'efs-mount',
      title: 'Mount a file system that can be reached',
      references: ['https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html'],
      premises: [
        'A mount target of the file system is reached on tcp/2049.',
        'The file system has no policy: then everybody who reaches it may mount it.',
      ],
      difficulty: { cost: 1, reason: 'one mount' },
      detection: ['VPC flow logs: tcp/2049', 'elasticfilesystem:NewClientConnection'],
      remediation:
        'Give the file system a policy that asks for IAM authorization, and narrow the group of its mount targets.',
    },
    on: 'efs:file-system',
    calls: [],
    needs: (_world, id) => [fact('net-reach', id)],
    when: mountable,
    gives: ['data-read', 'data-write'],
    does: 'Mount file system',
    evidence: 'has mount targets',
  },
  {
    info: {
      ...COLLECTION,
      attack: ['T1098', 'T1530'],
      id: 'efs-policy',
      title: 'Rewrite the policy of a file system that can be reached, and mount it',
      references: ['https://docs.aws.amazon.com/efs/latest/ug/create-file-system-policy.html'],
      premises: ['A mount target of the file system is reached on tcp/2049.'],
      difficulty: { cost: 2, reason: 'one API call and a mount' },
    },
    on: 'efs:file-system',
    calls: [{ anyOf: ['elasticfilesystem:PutFileSystemPolicy', 'elasticfilesystem:DeleteFileSystemPolicy'] }],
    needs: (_world, id) => [fact('net-reach', id)],
    when: (world, id) => (world.observed.detail('efs/DescribeFileSystemPolicy', id) === null ? undefined : []),
    gives: read,
    does: 'Rewrite the policy of, and mount, file system',
    evidence: 'has a policy',
  },
];

/** Stores that are reached over the network, beside RDS. */
export const NETWORK_STORES: readonly Technique[] = STEPS.map(makeResourceStep);
