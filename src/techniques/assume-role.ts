import { fact } from './fact.js';
import { sortedUnique } from '../model/index.js';
import { conditionsOf } from './account-administrator.js';
import { type AskedBefore, isFurther } from './attachable-policies.js';
import type { Requirement } from './permissions.js';
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
    'Where a policy asks for a source identity or for tags of the session, both sides allow these to be set too (sts:SetSourceIdentity, sts:TagSession).',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['sts:AssumeRole'],
  remediation: 'Name the exact principals in the trust policy; add conditions; take sts:AssumeRole away.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'iam:role')) {
      for (const { role, may } of assumable(world, ids)) {
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

const ASSUME = 'sts:AssumeRole';

/** What a session may be made with, by the action that it takes beside; the caller and the trust policy have to allow both. */
interface SessionExtra {
  readonly action: string;
  readonly keys: readonly string[];
}

function sessionExtras(world: World): readonly SessionExtra[] {
  const tags = world.iam.tagsAskedOf('request').map(({ name }) => `aws:RequestTag/${name}`);
  const extras = [
    { action: 'sts:SetSourceIdentity', keys: ['sts:SourceIdentity'] },
    { action: 'sts:TagSession', keys: ['aws:TagKeys', 'sts:TransitiveTagKeys', ...sortedUnique(tags)] },
  ];
  return extras.filter(({ keys }) => world.iam.looksAt(keys));
}

/** Roles that somebody may assume: as it is, and where policies look at them with a source identity or tags of the session, as far as those may be set. */
function assumable(world: World, ids: readonly string[]): readonly { readonly role: string; readonly may: string }[] {
  const extras = sessionExtras(world);
  const before: AskedBefore[] = [];
  return subsetsOf(extras).flatMap((some) => {
    const without = extras.filter((extra) => !some.includes(extra)).flatMap(({ keys }) => keys);
    const context = Object.fromEntries(without.map((key) => [key, []]));
    const asked: Pick<Requirement, 'action' | 'context'> = { action: ASSUME, ...(without.length > 0 && { context }) };
    const plain = world.permissions.may({ ...asked, resources: ids });
    const found = plain.resources.flatMap((role) => {
      if (before.length > 0 && !isFurther(role, { facts: plain, body: [] }, before)) return [];
      const may =
        some.length === 0
          ? plain.of(role)
          : world.permissions
              .may({ ...asked, resources: [role] }, ...some.map(({ action }) => ({ action, resources: [role] })))
              .of(role);
      return may === undefined ? [] : [{ role, may }];
    });
    before.push({ facts: plain, body: [], conditions: [] });
    return found;
  });
}

/** From none of them to all. */
const subsetsOf = (extras: readonly SessionExtra[]): readonly (readonly SessionExtra[])[] =>
  extras.reduce<readonly (readonly SessionExtra[])[]>(
    (subsets, extra) => [...subsets, ...subsets.map((subset) => [...subset, extra])],
    [[]],
  );

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
