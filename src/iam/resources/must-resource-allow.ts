const TRUST_ACTIONS = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
]);

const ROLE = /^arn:[^:]*:iam::[^:]*:role\//;
const KEY = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//;

/** Whether an action is one that a role's trust policy decides. `action` in lower case. */
export const isTrustAction = (action: string): boolean => TRUST_ACTIONS.has(action);

/**
 * Whether a resource's own policy must allow an action, whatever identity policies say: role trust and KMS key policies.
 * `action` in lower case.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export function mustResourceAllow(action: string, resource: string): boolean {
  if (action.startsWith('sts:')) return isTrustAction(action) && ROLE.test(resource);
  return action.startsWith('kms:') && KEY.test(resource);
}

/**
 * Whether a resource's own policy can allow an action at all: those of IAM itself ask no policy of the role, user or policy that they are about.
 * `action` in lower case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
export const mayResourceAllow = (action: string): boolean => !action.startsWith('iam:');

/** Whether a resource is of a kind whose own policy must allow some action ({@link mustResourceAllow}). */
export const mustHavePolicy = (resource: string): boolean => ROLE.test(resource) || KEY.test(resource);
