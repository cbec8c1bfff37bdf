import { EXIT, UserError } from '../model/index.js';

/** Why a call gave no answer, as a gap says it. */
export interface Failure {
  readonly error: string;
  readonly message: string;
  /** By status first: some services, and proxies before them, refuse with a body that the SDK cannot read. */
  readonly kind: 'denied' | 'throttled' | 'unreachable' | 'other';
}

const THROTTLED = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const WRONG_CREDENTIALS = new Set([
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

interface SdkError {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

export function readFailure(cause: unknown): Failure {
  const error = (typeof cause === 'object' && cause !== null ? cause : { message: String(cause) }) as SdkError;
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  const name = errorName(error);
  const isUnread = name === 'SyntaxError' || name === 'TypeError' || name === 'Error';
  if (error.code !== undefined && UNREACHABLE.has(error.code)) return failure('Unreachable', error, 'unreachable');
  if (name === 'TimeoutError') return failure('TimeoutError', error, 'unreachable');
  if (THROTTLED.has(name) || status === 429) return failure(isUnread ? 'Throttling' : name, error, 'throttled');
  if (status === 403 || status === 401)
    return failure(isUnread ? 'AccessDenied' : name, error, 'denied', isUnread, status);
  if (isUnread && status !== undefined) return failure('UnreadableAnswer', error, 'other', true, status);
  return failure(name, error, 'other');
}

/** The error's name as AWS documents it: query protocols put it into `Code`, and the SDK's own shapes into `name`. */
export function errorName(cause: unknown): string {
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as SdkError;
  const isGeneric = error.name === undefined || error.name === '' || error.name === 'Error';
  return (isGeneric ? (error.Code ?? error.name) : error.name) ?? 'Error';
}

function failure(error: string, cause: SdkError, kind: Failure['kind'], isUnread = false, status?: number): Failure {
  const message = isUnread ? `HTTP ${status} with an answer that cannot be read` : oneLine(cause.message ?? '');
  return { error: error.slice(0, 100), message, kind };
}

/** Messages come from outside: one line without control characters, and not longer than a person reads. */
function oneLine(message: string): string {
  const line = message.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** The sentence that ends a run whose first call failed. */
export function cannotStart(cause: unknown, endpoint: string): UserError {
  const { error, message, kind } = readFailure(cause);
  const reason = message === '' ? error : `${error}: ${message}`;
  const name = errorName(cause);
  if (kind === 'unreachable') return new UserError(`AWS could not be reached at ${endpoint} (${reason}).`, EXIT.aws);
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new UserError(
      `No AWS credentials were found or they could not be loaded (${reason}). Give --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      EXIT.aws,
    );
  }
  if (WRONG_CREDENTIALS.has(name) || kind === 'denied') {
    return new UserError(`AWS does not accept the credentials (${reason}).`, EXIT.aws);
  }
  return new UserError(`AWS did not say who the credentials belong to (${reason}).`, EXIT.aws);
}
