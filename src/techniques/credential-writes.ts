import { type Condition, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import { isServiceLinked } from './policy-rewrite.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** One IAM write action that makes a credential for another principal. */
interface CredentialWrite {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'assumptions'>;
  readonly on: 'iam:user' | 'iam:role';
  readonly action: string;
  /** Actions that are needed too, on the same resource; another principal may sign them. */
  readonly also?: (world: World, target: string) => readonly string[];
  /** `undefined`: it cannot work on this target. */
  readonly conditions: (world: World, target: string) => readonly Condition[] | undefined;
  readonly does: string;
}

const MAX_ACCESS_KEYS = 2;

const WRITES: readonly CredentialWrite[] = [
  {
    info: {
      id: 'create-access-key',
      title: 'Make an access key for another user',
      references: [
        'pathfinding.cloud:iam-002',
        'pathfinding.cloud:iam-003',
        'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
      ],
      assumptions: ['Where the user has two keys already, one is deleted first, which breaks what uses it.'],
    },
    on: 'iam:user',
    action: 'iam:CreateAccessKey',
    also: (world, user) =>
      (world.observed.accessKeyCount(user) ?? 0) >= MAX_ACCESS_KEYS ? ['iam:DeleteAccessKey'] : [],
    conditions: () => [],
    does: 'Make an access key for user',
  },
  {
    info: {
      id: 'create-login-profile',
      title: 'Give a user its first console password',
      references: ['pathfinding.cloud:iam-004'],
      assumptions: [
        'Policies that ask for MFA still apply to the console session.',
        'Where the user has a password already, it is deleted first.',
      ],
    },
    on: 'iam:user',
    action: 'iam:CreateLoginProfile',
    also: (world, user) => (world.observed.hasPassword(user) === true ? ['iam:DeleteLoginProfile'] : []),
    conditions: (world, user) => (world.observed.hasPassword(user) === true ? [] : unlessPassword(world, user, false)),
    does: 'Set a console password for user',
  },
  {
    info: {
      id: 'update-login-profile',
      title: "Reset a user's console password",
      references: ['pathfinding.cloud:iam-006'],
      assumptions: ['The user has no MFA device, or policies do not ask for it.'],
    },
    on: 'iam:user',
    action: 'iam:UpdateLoginProfile',
    conditions: (world, user) => unlessPassword(world, user, true),
    does: 'Reset the console password of user',
  },
  {
    info: {
      id: 'update-assume-role-policy',
      title: "Rewrite a role's trust policy",
      references: ['pathfinding.cloud:iam-012', 'pathfinding.cloud:sts-004'],
      assumptions: [
        'The new trust names a principal that the intruder has, in this account or in its own; organization policies may still deny it.',
      ],
    },
    on: 'iam:role',
    action: 'iam:UpdateAssumeRolePolicy',
    conditions: (_world, role) => (isServiceLinked(role) ? undefined : []),
    does: 'Rewrite the trust policy to admit the intruder, of role',
  },
];

function unlessPassword(world: World, user: string, needed: boolean): readonly Condition[] | undefined {
  const has = world.observed.hasPassword(user);
  if (has === undefined)
    return [
      unknown(
        'console password',
        `whether ${user} has one was not collected; this needs that it ${needed ? 'has' : 'has not'}`,
      ),
    ];
  return has === needed ? [] : undefined;
}

/** Making credentials for another principal: `creds target ← permission on the target`. */
export const CREDENTIAL_WRITES: readonly Technique[] = WRITES.map(makeTechnique);

function makeTechnique({ info, on, action, also, conditions, does }: CredentialWrite): Technique {
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    attack: on === 'iam:user' ? ['T1098.001'] : ['T1098.003', 'T1548.005'],
    premises: [`A principal may call ${action} on it.`],
    difficulty: { cost: 1, reason: 'one API call' },
    detection: [eventOf(action)],
    remediation: `Take ${action} away, or limit it to principals that hold nothing more.`,
    steps: (world, emit) => {
      for (const { ids } of groupsOf(world, on)) {
        const facts = world.permissions.may({ action, resources: ids });
        for (const target of facts.resources) {
          const may = facts.of(target);
          const needs = conditions(world, target);
          const others = (also?.(world, target) ?? []).map((other) =>
            world.permissions.may({ action: other, resources: ids }).of(target),
          );
          if (may === undefined || needs === undefined || others.includes(undefined)) continue;
          emit({
            head: fact('creds', target),
            body: [may, ...others.filter((o) => o !== undefined)],
            conditions: needs,
            label: {
              technique,
              detail: () => ({
                text: `${does} ${nameOf(world, target)}.`,
                evidence: [stated(world, target, 'can be given a new credential')],
                fix: `Take ${action} on ${nameOf(world, target)} away.`,
              }),
            },
          });
        }
      }
    },
  };
  return technique;
}
