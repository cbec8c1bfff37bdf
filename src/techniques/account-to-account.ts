import { groupBy } from '../model/index.js';
import { adminId, fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated } from './world.js';

export const accountToAccount: Technique = {
  id: 'account-to-account',
  title: 'Enter another account by a role that trusts the administered one',
  tactic: 'Lateral Movement',
  attack: ['T1199', 'T1078.004'],
  references: [
    'pathfinding.cloud:sts-002',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html',
  ],
  premises: [
    'The intruder administers an account.',
    'A role of another account trusts that account, or a principal in it that may assume the role.',
  ],
  assumptions: ['An administrator makes or becomes the principal that the trust asks for.'],
  difficulty: { cost: 2, reason: 'a principal is made or taken over, then one API call' },
  detection: ['sts:AssumeRole', 'Callers of other accounts'],
  remediation: 'Name exact roles in trust policies across accounts, with conditions.',
  steps: (world, emit) => {
    const collected = new Set(world.iam.principals.map((p) => p.account));
    const accountOf = new Map(world.iam.principals.map((p) => [p.id, p.account]));
    for (const { account, ids } of groupsOf(world, 'iam:role')) {
      const assumable = world.permissions.may({ action: 'sts:AssumeRole', resources: ids });
      for (const role of ids) {
        const byAccount = groupBy(assumable.holders(role), (h) => accountOf.get(h.principal) ?? account);
        const foreign = new Map([...byAccount].map(([other, holders]) => [other, holders[0]?.conditions ?? []]));
        for (const { to, who, conditions } of world.iam.openings(role)) {
          if (to === 'account' && collected.has(who) && !foreign.has(who)) foreign.set(who, conditions);
        }
        foreign.delete(account);
        for (const [other, conditions] of foreign) {
          emit({
            head: fact('creds', role),
            body: [fact('admin', adminId(other))],
            conditions,
            label: {
              technique: accountToAccount,
              detail: () => ({
                text: `As administrator of ${other}, assume role ${nameOf(world, role)} in account ${account}.`,
                evidence: [stated(world, role, `its trust policy admits account ${other}`)],
                fix: `Take account ${other} out of the trust policy of ${nameOf(world, role)}, or add a condition.`,
              }),
            },
          });
        }
      }
    }
  },
};
