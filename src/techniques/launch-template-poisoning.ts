import { at, flag, type Json, objects, text } from '../model/index.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { EC2, letsIn } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

export const launchTemplatePoisoning: Technique = {
  id: 'launch-template-poisoning',
  title: 'Put user data into a launch template from which a group launches instances',
  tactic: 'Privilege Escalation',
  attack: ['T1525', 'T1578.005'],
  references: [
    'pathfinding.cloud:ec2-004',
    'pathfinding.cloud:ec2-005',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html',
  ],
  premises: [
    'ec2:CreateLaunchTemplateVersion is allowed on a launch template that an Auto Scaling group launches from by its latest version; by its default version: ec2:ModifyLaunchTemplate too.',
    'The template names an instance profile with a role; it stays the same, so no role is passed.',
  ],
  assumptions: ['The group launches an instance: it scales, or replaces one.'],
  difficulty: { cost: 3, reason: 'the group has to launch an instance' },
  detection: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'],
  remediation: 'Pin the version in the Auto Scaling group, and limit who may make versions of the template.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'ec2:launch-template')) {
      const create = world.permissions.may({ action: 'ec2:CreateLaunchTemplateVersion', resources: ids });
      if (create.resources.length === 0) continue;
      const modify = world.permissions.may({ action: 'ec2:ModifyLaunchTemplate', resources: ids });
      for (const template of create.resources) {
        for (const { group, version } of consumersOf(world, template)) {
          const role = roleOf(world, template, version);
          const body = [create.of(template), ...(version === '$Latest' ? [] : [modify.of(template)])];
          if (role === undefined || body.includes(undefined)) continue;
          emit({
            head: fact('creds', role),
            body: body.filter((b) => b !== undefined),
            label: {
              technique: launchTemplatePoisoning,
              detail: () => ({
                text: `Make a version of launch template ${nameOf(world, template)} with own user data, which ${nameOf(world, group)} launches with role ${nameOf(world, role)}.`,
                evidence: [
                  stated(world, group, `launches from version ${version} of ${template}`),
                  stated(world, template, `names an instance profile with role ${role}`),
                ],
                fix: `Pin the version of ${nameOf(world, template)} in ${nameOf(world, group)}.`,
              }),
            },
          });
        }
      }
    }
  },
};

export interface Consumer {
  readonly group: string;
  readonly version: '$Latest' | '$Default';
}

/** Groups that launch from whatever version is the latest or the default; a pinned version is not changed by a new one. */
export function consumersOf(world: World, template: string): readonly Consumer[] {
  const bare = template.slice(template.lastIndexOf('/') + 1);
  return world.graph.incoming(template, 'launches-from').flatMap(({ from }): Consumer[] => {
    const record = world.graph.asset(from)?.record;
    const stated = [
      at(record, 'LaunchTemplate'),
      at(record, 'MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification'),
    ].find((t) => text(at(t, 'LaunchTemplateId')) === bare);
    const version = stated === undefined ? undefined : (text(at(stated, 'Version')) ?? '$Default');
    return version === '$Latest' || version === '$Default' ? [{ group: from, version }] : [];
  });
}

/** The role of the instance profile that the version in use names. */
function roleOf(world: World, template: string, version: Consumer['version']): string | undefined {
  const answer = world.observed.detail('ec2/DescribeLaunchTemplateVersions', template);
  const versions = objects(at(answer, 'LaunchTemplateVersions'));
  const numberOf = (v: Json): number => Number(at(v, 'VersionNumber') ?? 0);
  const inUse =
    version === '$Default'
      ? versions.find((v) => flag(v['DefaultVersion']) === true)
      : [...versions].sort((a, b) => numberOf(b) - numberOf(a))[0];
  const profile = at(inUse, 'LaunchTemplateData', 'IamInstanceProfile');
  const named = [text(at(profile, 'Arn')), text(at(profile, 'Name'))].filter((n) => n !== undefined);
  const linked = world.graph
    .outgoing(template, 'uses-instance-profile')
    .map((r) => r.to)
    .find((id) => named.some((name) => id === name || id.endsWith(`/${name}`)));
  const role = linked === undefined ? undefined : world.graph.outgoing(linked, 'contains-role')[0]?.to;
  return role !== undefined && letsIn(world, role, EC2) ? role : undefined;
}
