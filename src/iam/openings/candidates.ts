import { parseArn, sortedUnique } from '../../model/index.js';
import { hasWildcard } from '../matching/glob.js';
import { matchesAction } from '../policy/statement.js';
import type { Policy } from '../policy/document.js';
import { aclActions } from '../resources/buckets.js';
import type { Target } from '../resources/resolve-target.js';

/** Actions worth naming where a statement allows them by a wildcard. */
const NOTABLE: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    s3: 'GetObject ListBucket PutObject DeleteObject GetObjectVersion PutBucketPolicy PutBucketAcl PutObjectAcl GetBucketPolicy DeleteBucket GetBucketAcl',
    kms: 'Decrypt Encrypt GenerateDataKey ReEncryptFrom CreateGrant PutKeyPolicy DescribeKey ScheduleKeyDeletion',
    secretsmanager: 'GetSecretValue PutSecretValue UpdateSecret DescribeSecret DeleteSecret PutResourcePolicy',
    lambda: 'InvokeFunction InvokeFunctionUrl UpdateFunctionCode UpdateFunctionConfiguration AddPermission GetFunction',
    sqs: 'SendMessage ReceiveMessage DeleteMessage PurgeQueue GetQueueAttributes SetQueueAttributes',
    sns: 'Publish Subscribe SetTopicAttributes AddPermission DeleteTopic',
    ecr: 'GetDownloadUrlForLayer BatchGetImage PutImage InitiateLayerUpload SetRepositoryPolicy',
    es: 'ESHttpGet ESHttpPost ESHttpPut ESHttpDelete ESHttpHead ESHttpPatch',
    dynamodb: 'GetItem Query Scan PutItem UpdateItem DeleteItem',
    sts: 'AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML TagSession SetSourceIdentity',
  }).map(([service, names]) => [service, names.split(' ').map((name) => `${service}:${name}`)]),
);

/** The actions that a resource's policy, access control list or grants could open: named ones, and notable ones for wildcards. */
export function candidateActions(policy: Policy | undefined, target: Target): readonly string[] {
  const service = parseArn(target.arn)?.service ?? '';
  const notable = NOTABLE.get(service === 'iam' ? 'sts' : service) ?? [];
  const actions = new Set<string>();
  for (const statement of policy?.document.statements ?? []) {
    if (statement.effect !== 'Allow') continue;
    if (!statement.notAction) for (const name of statement.actionNames) if (!hasWildcard(name)) actions.add(name);
    for (const action of notable) if (matchesAction(statement, action.toLowerCase())) actions.add(action);
  }
  const { bucket, grants } = target;
  const listed = [...(bucket?.publicGrants ?? []), ...(bucket?.accountGrants ?? [])];
  for (const { permission } of listed) for (const action of aclActions(permission)) actions.add(action);
  for (const { actionNames } of grants) for (const action of actionNames) actions.add(action);
  const byLower = new Map([...actions].map((action) => [action.toLowerCase(), action]));
  return sortedUnique(byLower.values());
}

/** What an action is asked about: of a bucket its objects too, of a search domain what is in it. */
export function candidateResources(target: Target, action: string): readonly string[] {
  if (/^es:eshttp/i.test(action)) return [`${target.arn}/*`];
  if (!target.bucket) return [target.arn];
  return /object|^s3:\*/i.test(action) ? [`${target.arn}/*`, target.arn] : [target.arn, `${target.arn}/*`];
}
