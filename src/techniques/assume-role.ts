import { fact } from './fact.js';
import { conditionsOf } from './account-administrator.js';
import type { Emit, Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

export const assumeRole: Technique = {
  id: 'assume-role',
  title: 'Assume a role whose trust policy admits the principal',
  tactic: 'Privilege Escalation',
  attack: ['T1548.005', 'T1078.004'],
  references: [
    'pathfinding.cloud:sts-001',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html',
  ],
  premises: [
    'The trust policy allows the principal; naming its exact ARN is enough within an account, otherwise sts:AssumeRole must be allowed to it too.',
    'Across accounts both sides allow it, and no organization policy denies it.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['sts:AssumeRole'],
  remediation: 'Name the exact principals in the trust policy; add conditions; take sts:AssumeRole away.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'iam:role')) {
      const allowed = world.permissions.may({ action: 'sts:AssumeRole', resources: ids });
      for (const role of allowed.resources) {
        const may = allowed.of(role);
        if (may === undefined) continue;
        emit({
          head: fact('creds', role),
          body: [may],
          label: {
            technique: assumeRole,
            detail: () => ({
              text: `Assume role ${nameOf(world, role)}.`,
              evidence: [],
              fix: `Take the principal out of the trust policy of ${nameOf(world, role)}.`,
            }),
          },
        });
      }
    }
    emitForUncollected(world, emit);
  },
};

/**
 * Principals that a trust policy names and that were not collected: of other accounts, or left out of the answer. What their own policies say is
 * not known, so these steps depend on it.
 */
function emitForUncollected(world: World, emit: Emit): void {
  const collected = new Set(world.iam.principals.map((p) => p.id));
  for (const { id: role } of world.graph.assetsOfType('iam:role')) {
    for (const { to: principal } of world.graph.outgoing(role, 'trusts')) {
      if (!/:(user|role)\//.test(principal) || !principal.startsWith('arn:') || collected.has(principal)) continue;
      const answer = world.iam.evaluate({ principal, action: 'sts:AssumeRole', resource: role });
      if (answer.verdict === 'explicit-deny' || answer.verdict === 'implicit-deny') continue;
      emit({
        head: fact('creds', role),
        body: [fact('creds', principal)],
        conditions: conditionsOf(answer),
        label: {
          technique: assumeRole,
          detail: () => ({
            text: `Assume role ${nameOf(world, role)}.`,
            evidence: [stated(world, role, `its trust policy names ${principal}`)],
            fix: `Take ${principal} out of the trust policy of ${nameOf(world, role)}.`,
          }),
        },
      });
    }
  }
}
