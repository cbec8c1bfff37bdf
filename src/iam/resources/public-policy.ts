import type { CompiledDocument } from '../policy/document.js';
import type { Statement } from '../policy/statement.js';

const LIMITING =
  /^(aws:(principalorgid|principalorgpaths|principalaccount|principalarn|sourcearn|sourceaccount|sourceip|sourcevpc|sourcevpce|userid|sourceorgid|sourceorgpaths|vpcsourceip)|s3:(dataaccesspointarn|dataaccesspointaccount|accesspointnetworkorigin|x-amz-server-side-encryption-aws-kms-key-id))$/;
const POSITIVE = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/**
 * Whether S3 calls a bucket policy public: it allows everybody, with no condition that holds the caller to fixed values.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export const isPublicPolicy = (document: CompiledDocument): boolean => document.statements.some(isPublicStatement);

function isPublicStatement({ effect, principals, conditions }: Statement): boolean {
  if (effect !== 'Allow' || !principals) return false;
  if (!principals.not && !principals.entries.some((entry) => entry.kind === 'any')) return false;
  return !conditions.some(
    ({ lowerKey, operatorName, values, variables }) =>
      LIMITING.test(lowerKey) && POSITIVE.test(operatorName) && variables.length === 0 && values.every(isFixed),
  );
}

/** No whole internet, no anything, no ARN of any account. */
function isFixed(value: string): boolean {
  if (/^(0\.0\.0\.0\/[0-7]|::\/(\d|[12]\d|3[01]))$/.test(value)) return false;
  const [, service, account] = /^arn:[^:]*:([^:]*):[^:]*:([^:]*):/.exec(value) ?? [];
  if (account?.includes('*')) return false;
  return value !== '*' && (service === undefined || !service.includes('*'));
}
