import type { AuthorizationAnswer } from './authorizer.js';
import type { Identity } from './principals/identity.js';

const answer = (verdict: 'allowed' | 'implicit-deny', note: string): AuthorizationAnswer => ({
  verdict,
  conditions: [],
  decidedBy: [],
  notes: [note],
});

const NEEDS_NONE = answer('allowed', 'AWS asks for no permission to do this, and no policy can deny it.');
const NO_ROOT = answer('implicit-deny', 'AWS lets no root user assume a role.');

/**
 * What no policy decides: whoever has credentials may ask whose they are, users may ask for a session token, and root users assume no roles.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function settledByAws(action: string, { kind }: Identity): AuthorizationAnswer | undefined {
  if (!action.startsWith('sts:')) return undefined;
  const isUser = kind === 'user' || kind === 'root';
  if (action === 'sts:getcalleridentity')
    return isUser || kind === 'session' || kind === 'federated-user' || kind === 'account' ? NEEDS_NONE : undefined;
  if (action === 'sts:getsessiontoken') return isUser || kind === 'account' ? NEEDS_NONE : undefined;
  return action === 'sts:assumerole' && kind === 'root' ? NO_ROOT : undefined;
}

/** Whether the answer is the same whatever policies say. */
export const isSettled = (action: string): boolean =>
  action === 'sts:getcalleridentity' || action === 'sts:getsessiontoken';
