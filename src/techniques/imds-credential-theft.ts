import { EACH, fact } from './fact.js';
import { instancesByRole } from './instance-role.js';
import { hasMetadataService, metadataOption } from './metadata-service.js';
import type { Technique } from './technique.js';
import { nameOf, stated } from './world.js';

export const imdsCredentialTheft: Technique = {
  id: 'imds-credential-theft',
  title: "Take the instance role's credentials from the metadata service",
  tactic: 'Credential Access',
  attack: ['T1552.005'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html'],
  premises: [
    'Code runs on the instance.',
    'An instance profile with a role is attached, and the role lets EC2 in.',
    'The metadata service is on. Its version and hop limit do not stop code on the host itself.',
  ],
  assumptions: ['No local firewall keeps the process away from 169.254.169.254.'],
  difficulty: { cost: 1, reason: 'two local HTTP requests' },
  detection: [
    'GuardDuty: UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.*',
    'CloudTrail: calls by the role session from another address',
  ],
  remediation: 'Give the instance the narrowest role that it needs, or none.',
  steps: (world, emit) => {
    for (const [held, instances] of instancesByRole(world)) {
      emit({
        head: fact('creds', held.role),
        body: [fact('exec', EACH)],
        each: instances.filter((instance) => hasMetadataService(world, instance)),
        label: {
          technique: imdsCredentialTheft,
          detail: (instance) => ({
            text: `Read the credentials of role ${nameOf(world, held.role)} from the metadata service of ${nameOf(world, instance)}.`,
            evidence: [
              stated(
                world,
                instance,
                `instance profile ${held.profile} is attached; HttpTokens is ${metadataOption(world, instance, 'HttpTokens') ?? 'not stated'}`,
              ),
              stated(world, held.profile, `holds role ${held.role}`),
            ],
            fix: `Narrow what ${nameOf(world, held.role)} may do, or detach the instance profile if nothing on the host needs it.`,
          }),
        },
      });
    }
  },
};
