import type { JsonObject } from '../../../src/model/index.js';
import { arn, type Miniature, type Says } from '../miniature.js';
import { ANN, annMay, type Example, type ExampleFamily, fromOffice, type TechniqueExamples } from './example.js';

type Answers = Readonly<Record<string, JsonObject>>;

const HOST = arn('ec2', 'instance/i-app');
const NO_GROUPS = ['ec2/DescribeSecurityGroups'];
const lacksGroups = 'The security groups were not collected.';

/** A host under control with a role, beside a store. */
const onHost = (says: readonly Says[], more: Miniature, missing: readonly string[] = []): Miniature => ({
  ...more,
  roles: { app: { profile: true, says } },
  instances: { 'i-app': { role: 'app' } },
  ...(missing.length > 0 && { missing }),
});

/** Works where the store's group lets the host in. */
const reached = (
  reaches: string,
  why: string,
  says: readonly Says[],
  store: (group: string) => Miniature,
): Omit<TechniqueExamples, 'works'> & { readonly works: Example } => ({
  from: HOST,
  reaches,
  access: 'read',
  works: { why, world: onHost(says, store('sg-from-hosts')) },
  fails: { why: 'The group of the store lets nobody in.', world: onHost(says, store('sg-closed')) },
  unknown: { why: lacksGroups, world: onHost(says, store('sg-from-hosts'), NO_GROUPS), because: 'security group' },
});

const WAREHOUSE = arn('redshift', 'cluster:dw');
const warehouse = (group: string): Answers => ({
  'redshift/DescribeClusters': {
    Clusters: [
      {
        ClusterIdentifier: 'dw',
        ClusterStatus: 'available',
        ClusterSubnetGroupName: 'data',
        VpcSecurityGroups: [{ VpcSecurityGroupId: group }],
        Endpoint: { Port: 5439 },
      },
    ],
  },
  'redshift/DescribeClusterSubnetGroups': {
    ClusterSubnetGroups: [
      { ClusterSubnetGroupName: 'data', VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
    ],
  },
});
const USER = arn('redshift', 'dbuser:dw/*');
const DATABASE = arn('redshift', 'dbname:dw/*');

/** Credentials for the cluster. */
function login(call: string, resource: string): TechniqueExamples {
  const world = (says: Says): Miniature => annMay([says], { answers: warehouse('sg-closed') });
  return {
    from: ANN,
    reaches: WAREHOUSE,
    access: 'login',
    works: { why: `Ann may call ${call} for the cluster.`, world: world(`${call} on ${resource}`) },
    fails: {
      why: 'The cluster for which Ann may call it is another one.',
      world: world(`${call} on ${resource.replace(':dw', ':other')}`),
    },
    unknown: {
      why: 'Ann may call it from the addresses of one office alone.',
      world: world(fromOffice(`${call} on ${resource}`)),
      because: 'aws:SourceIp',
    },
  };
}

const QUERY = ['redshift-data:ExecuteStatement', 'redshift-data:GetStatementResult'];
const TEMPORARY = `redshift:GetClusterCredentials on ${USER}`;
const queries = (says: readonly Says[]): Miniature => annMay(says, { answers: warehouse('sg-closed') });

const DOMAIN = arn('es', 'domain/logs');
const domain = (more: JsonObject = {}): Answers => ({
  'opensearch/DescribeDomains': { DomainStatusList: [{ DomainName: 'logs', ARN: DOMAIN, ...more }] },
});
const IN_VPC = { VPCOptions: { VPCId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-closed'] } };
const inVpc = 'The domain is in a VPC, to which Ann has no connection.';
const onDomain = (says: Says, more?: JsonObject): Miniature => annMay([says], { answers: domain(more) });
const GET = `es:ESHttpGet on ${DOMAIN}/*`;
const UPDATE = `es:UpdateDomainConfig on ${DOMAIN}`;

const FILES = arn('elasticfilesystem', 'file-system/fs-1');
const POLICY = { 'fs-1': { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }) } };
const files =
  (policy: JsonObject | undefined) =>
  (group: string): Miniature => ({
    interfaces: { 'eni-efs': group },
    answers: {
      'efs/DescribeFileSystems': { FileSystems: [{ FileSystemId: 'fs-1', FileSystemArn: FILES }] },
      'efs/DescribeMountTargets': {
        'fs-1': {
          MountTargets: [
            { MountTargetId: 'fsmt-1', FileSystemId: 'fs-1', SubnetId: 'subnet-1', NetworkInterfaceId: 'eni-efs' },
          ],
        },
      },
      ...(policy && { 'efs/DescribeFileSystemPolicy': policy }),
    },
  });

const EVERYBODY = (Action: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action, Resource: `${DOMAIN}/*` }],
  });
const searchIn = (group: string, action: string, more: JsonObject = {}): Miniature => ({
  answers: domain({
    VPCOptions: { VPCId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: [group] },
    AccessPolicies: EVERYBODY(action),
    ...more,
  }),
});

/** Stores that are reached over the network, beside databases of RDS. */
export const NETWORK_STORE_EXAMPLES: ExampleFamily = {
  'redshift-login': reached(
    WAREHOUSE,
    'The host reaches the cluster, and its role may get temporary credentials.',
    [TEMPORARY],
    (group) => ({ answers: warehouse(group) }),
  ),
  'redshift-temporary-credentials': login('redshift:GetClusterCredentials', USER),
  'redshift-iam-credentials': login('redshift:GetClusterCredentialsWithIAM', DATABASE),
  'redshift-master-password': login('redshift:ModifyCluster', WAREHOUSE),
  'redshift-data-api': {
    from: ANN,
    reaches: WAREHOUSE,
    access: 'read',
    works: {
      why: 'Ann may send statements, read their results, and get credentials for a user of the cluster.',
      world: queries([...QUERY, TEMPORARY]),
    },
    fails: { why: 'Ann may get no credentials.', world: queries(QUERY) },
    unknown: {
      why: 'Ann may get credentials from the addresses of one office alone.',
      world: queries([...QUERY, fromOffice(TEMPORARY)]),
      because: 'aws:SourceIp',
    },
  },
  'opensearch-read': {
    from: ANN,
    reaches: DOMAIN,
    access: 'read',
    works: { why: 'The domain is on the internet, and Ann may send it requests.', world: onDomain(GET) },
    fails: { why: inVpc, world: onDomain(GET, IN_VPC) },
    alsoFails: [
      { why: 'The domain to which Ann may send is another one.', world: onDomain(`es:ESHttpGet on ${DOMAIN}-2/*`) },
    ],
    unknown: {
      why: 'The domain has fine-grained access control, whose roles are not in the API.',
      world: onDomain(GET, { AdvancedSecurityOptions: { Enabled: true } }),
      because: 'fine-grained access',
    },
  },
  'opensearch-unsigned': {
    ...reached(DOMAIN, 'The host reaches the domain, whose access policy lets everybody in.', [], (group) =>
      searchIn(group, 'es:*'),
    ),
    alsoFails: [
      { why: 'Everybody may write to it, and not read.', world: onHost([], searchIn('sg-from-hosts', 'es:ESHttpPut')) },
    ],
    unknown: {
      why: 'The domain has fine-grained access control, whose roles are not in the API.',
      world: onHost([], searchIn('sg-from-hosts', 'es:*', { AdvancedSecurityOptions: { Enabled: true } })),
      because: 'fine-grained access',
    },
  },
  'opensearch-configuration': {
    from: ANN,
    reaches: DOMAIN,
    access: 'read',
    works: { why: 'The domain is on the internet, and Ann may rewrite its access policy.', world: onDomain(UPDATE) },
    fails: { why: inVpc, world: onDomain(UPDATE, IN_VPC) },
    unknown: {
      why: 'Ann may rewrite it from the addresses of one office alone.',
      world: onDomain(fromOffice(UPDATE)),
      because: 'aws:SourceIp',
    },
  },
  'efs-mount': {
    ...reached(FILES, 'The host reaches a mount target, and the file system has no policy.', [], files({})),
    unknown: {
      why: 'Whether the file system has a policy was not collected.',
      world: onHost([], files(undefined)('sg-from-hosts')),
      because: 'file system policy',
    },
  },
  'efs-policy': reached(
    FILES,
    'The host reaches a mount target, and its role may rewrite the policy of the file system.',
    [`elasticfilesystem:PutFileSystemPolicy on ${FILES}`],
    files(POLICY),
  ),
};
