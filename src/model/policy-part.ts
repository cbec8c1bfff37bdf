import { parseArn } from './arn.js';

const isRole = (owner: string): boolean => /^arn:[^:]*:iam::[^:]*:role\//.test(owner);

/** Before the name of an inline policy of a role that is called like its trust policy. No name of a policy has a slash. */
const INLINE = 'inline/';

/** What evidence calls an inline policy: `OWNER#NAME`, or `ROLE#inline/trust` where it is called `trust`, as IAM allows. */
export const inlinePolicyId = (owner: string, name: string): string =>
  `${owner}#${name === 'trust' && isRole(owner) ? INLINE : ''}${name}`;

/** What evidence calls a policy, taken apart. */
export interface PolicyPart {
  readonly owner: string;
  /** `owner` is a policy itself. */
  readonly isManaged: boolean;
  /** The trust policy of a role, or the own policy of another resource. */
  readonly part?: 'trust' | 'policy';
  /** The name of an inline policy. */
  readonly inline?: string;
}

export function readPolicyId(policy: string): PolicyPart {
  const hash = policy.indexOf('#');
  if (hash < 0) return { owner: policy, isManaged: true };
  const [owner, name] = [policy.slice(0, hash), policy.slice(hash + 1)];
  if (name === 'trust' && isRole(owner)) return { owner, isManaged: false, part: name };
  if (name === 'policy' && parseArn(owner)?.service !== 'iam') return { owner, isManaged: false, part: name };
  return { owner, isManaged: false, inline: name.startsWith(INLINE) ? name.slice(INLINE.length) : name };
}
