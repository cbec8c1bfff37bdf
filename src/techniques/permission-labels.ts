import type { Evidence } from '../model/index.js';
import type { JointGrant } from './joint-grants.js';
import type { Acting } from './acting.js';
import type { StepLabel, TechniqueInfo } from './technique.js';

export interface LabelOptions {
  /** Whether a policy is somebody's permissions boundary: it limits, and does not grant. */
  readonly isBoundary: (policy: string) => boolean;
  /** Ways to have permissions of others without their keys. */
  readonly acting: readonly Acting[];
}

const PERMISSION: TechniqueInfo = {
  id: 'permission',
  title: 'A permission that a principal has',
  tactic: 'Execution',
  attack: [],
  references: [],
  premises: [],
  assumptions: [],
  difficulty: { cost: 0, reason: '' },
  detection: [],
  remediation: '',
};

/** Of a clause that says that a principal has a permission; it is about the principal. */
export const holderLabel = (action: string, grant: JointGrant, options: LabelOptions): StepLabel => ({
  technique: PERMISSION,
  inner: true,
  detail: (principal) => ({
    text: action,
    evidence: evidenceOf(action, grant, principal),
    fix: fixOf(action, grant, principal, options),
  }),
});

/** Of a clause that only passes a permission on. */
export const THROUGH: StepLabel = {
  technique: PERMISSION,
  inner: true,
  detail: () => ({ text: '', evidence: [], fix: '' }),
};

export function evidenceOf(action: string, grant: JointGrant, principal: string): readonly Evidence[] {
  return grant
    .decidedBy(principal)
    .filter((d) => d.effect === 'Allow')
    .map((d) => d.evidence ?? { asset: d.policy, fact: `statement ${d.statement} allows ${action}`, source: '' });
}

/** Policies of the organization limit what others grant, as boundaries do. */
const isOfOrganization = (policy: string): boolean => /^(arn:[^:]*:organizations:|p-)/.test(policy);

function fixOf(action: string, grant: JointGrant, principal: string, { isBoundary }: LabelOptions): string {
  const allows = grant.decidedBy(principal).filter((d) => d.effect === 'Allow');
  const first = allows.find(({ policy }) => !isBoundary(policy) && !isOfOrganization(policy)) ?? allows[0];
  return first
    ? `Take ${action} out of statement ${first.statement} of ${first.policy}, or narrow its resources.`
    : `Deny ${action}.`;
}
