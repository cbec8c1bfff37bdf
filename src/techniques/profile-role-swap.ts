import type { AssetGraph } from '../graph/index.js';
import { groupBy, onceFor } from '../model/index.js';
import { byConditions, permittedTogether } from './alike.js';
import { EACH, fact } from './fact.js';
import { rolesInProfile } from './instance-role.js';
import { hasMetadataService } from './metadata-service.js';
import type { Technique } from './technique.js';
import { EC2, rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated } from './world.js';

const ADD = 'iam:AddRoleToInstanceProfile';
const REMOVE = 'iam:RemoveRoleFromInstanceProfile';

export const profileRoleSwap: Technique = {
  id: 'ec2-profile-role-swap',
  title: 'Put a stronger role into the instance profile of an instance under control',
  tactic: 'Privilege Escalation',
  attack: ['T1098.003', 'T1548.005'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html',
  ],
  premises: [
    'The intruder runs code on an instance whose metadata service is on, and that has an instance profile.',
    `One principal may call iam:PassRole on the role for EC2, and ${ADD} on the profile.`,
    `A profile holds one role: where it has one, somebody under the intruder's control may call ${REMOVE} on it.`,
    'The role trusts EC2.',
  ],
  assumptions: ['All instances with the profile get the other role.'],
  difficulty: { cost: 3, reason: 'two API calls, and up to an hour until the metadata service has the other role' },
  detection: [ADD, REMOVE],
  remediation: 'Limit iam:PassRole to the roles and the service that the principal has to deploy with.',
  steps: (world, emit) => {
    for (const { account, ids: all } of groupsOf(world, 'iam:role')) {
      const trusted = rolesTrusting(world, EC2, all);
      if (trusted.size === 0) continue;
      const roles = [...trusted.keys()];
      const profiles = groupsOf(world, 'iam:instance-profile').flatMap((group) =>
        group.account === account ? group.ids : [],
      );
      for (const [isFull, own] of groupBy(profiles, (profile) => rolesInProfile(world, profile).length > 0)) {
        const calls = (isFull ? [ADD, REMOVE] : [ADD]).map((action) =>
          world.permissions.may({ action, resources: own }),
        );
        for (const { ids, body } of permittedTogether(own, calls)) {
          const alike = ids.filter((profile) => hostsWith(world.graph).has(profile));
          if (alike.length === 0) continue;
          const passed = world.permissions.may(
            { action: 'iam:PassRole', resources: roles, context: { 'iam:PassedToService': EC2 } },
            { action: ADD, resources: alike },
          );
          if (passed.resources.length === 0) continue;
          const host = fact('may', `use a host with a profile to put another role in (${alike[0]})`);
          emit({
            head: host,
            body: [fact('exec', EACH)],
            each: alike.flatMap((profile) => hostsWith(world.graph).get(profile) ?? []),
            cost: 0,
            label: {
              technique: profileRoleSwap,
              inner: true,
              detail: (instance) => ({
                text: '',
                evidence: [stated(world, instance, 'has an instance profile whose role may be swapped')],
                fix: '',
              }),
            },
          });
          for (const { fact: may, resources } of passed.parts)
            for (const { ids: each, conditions } of byConditions(resources, trusted, (role) => trusted.get(role) ?? []))
              emit({
                head: fact('creds', EACH),
                body: [may, ...body.slice(1), host],
                each,
                conditions,
                label: {
                  technique: profileRoleSwap,
                  detail: (role) => ({
                    text: `Put role ${nameOf(world, role)} into the instance profile, and read its credentials on the instance.`,
                    evidence: [stated(world, role, `trusts ${EC2}`)],
                    fix: `Limit iam:PassRole so that ${nameOf(world, role)} cannot be passed to EC2.`,
                  }),
                },
              });
        }
      }
    }
  },
};

/** The instances that give the credentials of their profile's role to who runs code on them, by profile. */
const hostsWith = onceFor((graph: AssetGraph): ReadonlyMap<string, readonly string[]> => {
  const profiles = graph.endsOfType('ec2:instance', 'uses-instance-profile');
  const hosts = new Map<string, string[]>();
  graph.assetsOfType('ec2:instance').forEach(({ id }, at) => {
    if (!hasMetadataService({ graph }, id)) return;
    for (const profile of profiles[at] ?? []) {
      const own = hosts.get(profile);
      if (own) own.push(id);
      else hosts.set(profile, [id]);
    }
  });
  return hosts;
});
