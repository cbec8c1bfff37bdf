import type { Condition } from '../model/index.js';
import { at, text } from '../model/index.js';
import { fact } from './fact.js';
import { instanceProfilesOf, roleOfInstance } from './instance-role.js';
import { isCertainAdministrator } from './certain-administrator.js';
import type { Technique } from './technique.js';
import { rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const EC2 = 'ec2.amazonaws.com';

export const profileSwap: Technique = {
  id: 'ec2-profile-swap',
  title: 'Give a stronger instance profile to an instance under control',
  tactic: 'Privilege Escalation',
  attack: ['T1098.003', 'T1578.005'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/replace-iam-role.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
  ],
  premises: [
    'The intruder runs code on an instance whose metadata service is on.',
    'One principal may call iam:PassRole on the role for EC2, and ec2:AssociateIamInstanceProfile on the instance; ec2:ReplaceIamInstanceProfileAssociation where it has a profile already.',
    'The role trusts EC2, and an instance profile holds it.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'one API call, and some waiting for the metadata service' },
  detection: ['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
  remediation: 'Limit iam:PassRole to the roles and the service that the principal has to deploy with.',
  steps: (world, emit) => {
    for (const { account, ids } of groupsOf(world, 'iam:role')) {
      const trusted = rolesTrusting(world, EC2, ids);
      const roles = [...trusted.keys()].filter((role) => instanceProfilesOf(world, role).length > 0);
      if (roles.length === 0) continue;
      const pass = world.permissions.may({
        action: 'iam:PassRole',
        resources: roles,
        context: { 'iam:PassedToService': EC2 },
      });
      const passers = new Map<string, Map<string, readonly Condition[]>>();
      for (const role of pass.resources) {
        for (const { principal, conditions, changed } of pass.holders(role)) {
          if (changed || isCertainAdministrator(world, principal)) continue;
          const passed = passers.get(principal) ?? new Map<string, readonly Condition[]>();
          passers.set(principal, passed);
          if (!passed.has(role) || conditions.length === 0) passed.set(role, conditions);
        }
      }
      if (passers.size === 0) continue;
      const hosts = hostsByPrincipal(world, account, passers);
      for (const [principal, passed] of passers) {
        const instances = hosts.get(principal) ?? [];
        if (instances.length === 0) continue;
        const host = fact('may', `swap the profile of a host as ${principal}`);
        for (const { instance, conditions } of instances) {
          emit({
            head: host,
            body: [fact('creds', principal), fact('exec', instance)],
            cost: 0,
            conditions,
            label: {
              technique: profileSwap,
              inner: true,
              detail: () => ({
                text: '',
                evidence: [stated(world, instance, `is an instance whose profile ${nameOf(world, principal)} may set`)],
                fix: '',
              }),
            },
          });
        }
        for (const [role, conditions] of passed) {
          emit({
            head: fact('creds', role),
            body: [host],
            conditions: [...conditions, ...(trusted.get(role) ?? [])],
            label: {
              technique: profileSwap,
              detail: () => ({
                text: `Give the instance the profile of role ${nameOf(world, role)}, and read its credentials there.`,
                evidence: [stated(world, role, `trusts ${EC2} and is in an instance profile`)],
                fix: `Limit iam:PassRole of ${nameOf(world, principal)} so that it cannot pass ${nameOf(world, role)} to EC2.`,
              }),
            },
          });
        }
      }
    }
  },
};

interface Host {
  readonly instance: string;
  readonly conditions: readonly Condition[];
}

/** The instances whose profile each of the principals may set. */
function hostsByPrincipal(
  world: World,
  account: string,
  principals: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly Host[]> {
  const hosts = new Map<string, Host[]>();
  for (const group of groupsOf(world, 'ec2:instance')) {
    if (group.account !== account) continue;
    const associate = world.permissions.may({ action: 'ec2:AssociateIamInstanceProfile', resources: group.ids });
    const replace = world.permissions.may({ action: 'ec2:ReplaceIamInstanceProfileAssociation', resources: group.ids });
    for (const instance of group.ids) {
      const record = world.graph.asset(instance)?.record;
      const isOff = text(at(record, 'MetadataOptions', 'HttpEndpoint')) === 'disabled';
      if (isOff || text(at(record, 'State', 'Name')) === 'terminated') continue;
      const allowed = roleOfInstance(world, instance) ? replace : associate;
      for (const { principal, conditions, changed } of allowed.holders(instance)) {
        if (changed || !principals.has(principal)) continue;
        const known = hosts.get(principal) ?? [];
        hosts.set(principal, known);
        known.push({ instance, conditions });
      }
    }
  }
  return hosts;
}
