import { type Condition, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { instanceProfilesOf } from './instance-role.js';
import { consumersOf } from './launch-template-poisoning.js';
import type { Technique } from './technique.js';
import { EC2, rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/**
 * Naming a profile in a version of a template passes no role; whoever makes or changes the group is checked for that, and when the group launches, its
 * service-linked role passes whatever role the version names.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export const launchTemplateProfile: Technique = {
  id: 'launch-template-profile',
  title: 'Put another instance profile into a launch template from which a group launches instances',
  tactic: 'Privilege Escalation',
  attack: ['T1525', 'T1578.005', 'T1548.005'],
  references: [
    'pathfinding.cloud:ec2-005',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html',
  ],
  premises: [
    'ec2:CreateLaunchTemplateVersion is allowed on a launch template that an Auto Scaling group launches from by its latest version; by its default version: ec2:ModifyLaunchTemplate too.',
    'An instance profile of the account holds a role that trusts EC2. The group passes it, so that the intruder need not be allowed to.',
  ],
  assumptions: ['The group launches an instance: it scales, or replaces one.'],
  difficulty: { cost: 4, reason: 'the group has to launch an instance, with another role than before' },
  detection: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'],
  remediation: 'Pin the version in the Auto Scaling group, and limit who may make versions of the template.',
  steps: (world, emit) => {
    for (const { account, ids: roles } of groupsOf(world, 'iam:role')) {
      const held = roles.filter((role) => instanceProfilesOf(world, role).length > 0);
      const trusting = rolesTrusting(world, EC2, held);
      if (trusting.size === 0) continue;
      const launched = fact('may', `launch with any profile in ${account}`);
      const templates = openTemplates(world, account);
      for (const { template, body, conditions, why } of templates) {
        emit({
          head: launched,
          body,
          conditions,
          cost: 0,
          label: {
            technique: launchTemplateProfile,
            inner: true,
            detail: () => ({
              text: `Make a version of launch template ${nameOf(world, template)}.`,
              evidence: [stated(world, template, why)],
              fix: launchTemplateProfile.remediation,
            }),
          },
        });
      }
      if (templates.length === 0) continue;
      for (const [role, conditions] of trusting) {
        emit({
          head: fact('creds', role),
          body: [launched],
          conditions,
          label: {
            technique: launchTemplateProfile,
            detail: () => ({
              text: `Put own user data and an instance profile with role ${nameOf(world, role)} into a launch template, from which a group launches instances.`,
              evidence: [stated(world, role, 'trusts EC2, and is in an instance profile')],
              fix: launchTemplateProfile.remediation,
            }),
          },
        });
      }
    }
  },
};

interface OpenTemplate {
  readonly template: string;
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
  readonly why: string;
}

/** Templates from which a group would launch what somebody makes of them; where groups were not collected, on the condition that one does. */
function openTemplates(world: World, account: string): readonly OpenTemplate[] {
  const operation = 'auto-scaling/DescribeAutoScalingGroups';
  const seen = world.observed.isCollected(operation, account);
  return groupsOf(world, 'ec2:launch-template')
    .filter((group) => group.account === account)
    .flatMap(({ ids }) => {
      const create = world.permissions.may({ action: 'ec2:CreateLaunchTemplateVersion', resources: ids });
      if (create.resources.length === 0) return [];
      const modify = world.permissions.may({ action: 'ec2:ModifyLaunchTemplate', resources: ids });
      return create.resources.flatMap((template): readonly OpenTemplate[] => {
        const consumers = consumersOf(world, template);
        const isLatest = consumers.some(({ version }) => version === '$Latest');
        if (consumers.length === 0 && seen) return [];
        const body = [create.of(template), ...(isLatest ? [] : [modify.of(template)])];
        if (body.includes(undefined)) return [];
        const [consumer] = consumers;
        return [
          {
            template,
            body: body.filter((b) => b !== undefined),
            conditions: consumer
              ? []
              : [
                  unknown(
                    'autoscaling:group',
                    `${operation} was not collected everywhere in ${account}: whether a group launches from ${template} is not known`,
                  ),
                ],
            why: consumer ? `${consumer.group} launches from its version ${consumer.version}` : 'is a launch template',
          },
        ];
      });
    });
}
