import type { AuthorizationAnswer } from '../iam/index.js';
import { type Condition, unknown } from '../model/index.js';
import { adminId, fact } from './fact.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

export const ACCOUNT_ADMINISTRATOR: TechniqueInfo = {
  id: 'account-administrator',
  title: 'Be an administrator of the account',
  tactic: 'Privilege Escalation',
  attack: ['T1078.004', 'T1098.003'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html#jf_administrator'],
  premises: ['The principal may do everything in the account, by its policies or by policies that it can give itself.'],
  assumptions: ['What follows from administering an account is everything in it; it is not listed step by step.'],
  difficulty: { cost: 0, reason: 'nothing more to do' },
  detection: ['CloudTrail: calls of iam:, organizations: and of services that the principal never used before'],
  remediation: 'Take administrator rights from principals that workloads use, and the means to get them.',
};

/**
 * Administrators by policy.
 * @returns those that are for certain
 */
export function emitAdministrators(world: World, emit: Emit): ReadonlySet<string> {
  const certain = new Set<string>();
  for (const { id, account } of world.iam.principals) {
    const answer = world.iam.isAdministrator(id);
    if (!isPossible(answer)) continue;
    if (answer.verdict === 'allowed') certain.add(id);
    const note = `${nameOf(world, id)} may do everything in account ${account}.`;
    for (const kind of ['creds', 'act-as'] as const) emitOne(world, emit, id, account, [fact(kind, id)], answer, note);
  }
  return certain;
}

/**
 * Those of `elevated` that are no administrators, but become so once their policies are rewritten.
 * @returns the principals of `elevated` that stay capped, by a boundary, a deny or an organization policy
 */
export function emitElevatedAdministrators(
  world: World,
  emit: Emit,
  elevated: readonly string[],
  administrators: ReadonlySet<string>,
): readonly string[] {
  const capped: string[] = [];
  for (const id of elevated) {
    if (administrators.has(id)) continue;
    const answer = world.iam.isAdministrator(id, { elevated: true });
    if (answer.verdict !== 'allowed') capped.push(id);
    emitAdministratorOf(world, emit, id, [fact('elevated', id)], answer, 'With its policies rewritten');
  }
  return capped;
}

/** `admin ← creds principal ∧ needs`, where the answer leaves it possible; `how` begins the sentence. */
export function emitAdministratorOf(
  world: World,
  emit: Emit,
  principal: string,
  needs: readonly string[],
  answer: AuthorizationAnswer,
  how: string,
): void {
  const account = world.graph.asset(principal)?.account;
  if (account === undefined || !isPossible(answer)) return;
  const note = `${how}, ${nameOf(world, principal)} may do everything in account ${account}.`;
  emitOne(world, emit, principal, account, [fact('creds', principal), ...needs], answer, note);
}

export const isPossible = ({ verdict }: AuthorizationAnswer): boolean =>
  verdict === 'allowed' || verdict === 'depends' || verdict === 'unknown';

function emitOne(
  world: World,
  emit: Emit,
  principal: string,
  account: string,
  body: readonly string[],
  answer: AuthorizationAnswer,
  note: string,
): void {
  emit({
    head: fact('admin', adminId(account)),
    body,
    conditions: conditionsOf(answer),
    label: {
      technique: ACCOUNT_ADMINISTRATOR,
      detail: () => ({
        text: note,
        evidence: [
          ...answer.decidedBy.flatMap((d) => (d.evidence ? [d.evidence] : [])),
          stated(world, principal, 'its policies, boundary and organization policies leave it everything'),
        ],
        fix: `Replace the administrator rights of ${nameOf(world, principal)} by what it needs.`,
      }),
    },
  });
}

export function conditionsOf(answer: AuthorizationAnswer): readonly Condition[] {
  if (answer.verdict === 'allowed') return [];
  return answer.conditions.length > 0
    ? answer.conditions
    : [unknown('policies', 'a policy that decides was not collected')];
}
