import { type Condition, unknown } from '../model/index.js';
import { isLoginOnly } from './exposed-service.js';
import { fact, INTERNET_FACT } from './fact.js';
import { roleOfInstance } from './instance-role.js';
import { hasMetadataService, metadataOption } from './metadata-service.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/**
 * On which conditions a plain GET is answered by the metadata service; `undefined` where it is not: it is off, or asks for a token, which takes
 * a PUT with a header.
 */
function answersGet(world: World, instance: string): readonly Condition[] | undefined {
  const tokens = metadataOption(world, instance, 'HttpTokens');
  if (!hasMetadataService(world, instance) || tokens === 'required') return undefined;
  if (tokens === 'optional') return [];
  return [unknown('metadata service', `whether that of ${instance} asks for a token was not collected`)];
}

export const imdsForgedRequest: Technique = {
  id: 'imds-forged-request',
  title: "Have an exposed application fetch its role's credentials from the metadata service, version 1",
  tactic: 'Credential Access',
  attack: ['T1552.005', 'T1190'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html'],
  premises: [
    'The internet reaches a port of the instance that is more than a login.',
    'An instance profile with a role is attached, and the metadata service is on.',
    'The metadata service answers version 1 (HttpTokens is optional): a GET without a token is enough.',
  ],
  assumptions: ['The exposed application forwards requests of a client’s choosing (server-side request forgery).'],
  difficulty: { cost: 5, reason: 'the application has to fetch what it is told to; no code runs on the host' },
  detection: [
    'GuardDuty: UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.*',
    'CloudWatch: MetadataNoToken of the instance',
  ],
  remediation: 'Require tokens (HttpTokens: required), which a forged GET cannot get.',
  steps: (world, emit) => {
    for (const exposure of world.network.exposures()) {
      const { asset: instance, type, grade, verdict } = exposure;
      if (type !== 'ec2:instance' || grade === 'named' || isLoginOnly(exposure)) continue;
      const held = roleOfInstance(world, instance);
      const answers = held && answersGet(world, instance);
      if (!held || !answers) continue;
      emit({
        head: fact('creds', held.role),
        body: [INTERNET_FACT],
        conditions: [...(verdict === 'yes' ? [] : exposure.conditions), ...answers],
        label: {
          technique: imdsForgedRequest,
          // Whoever reaches the port is presumed to enter the host, too.
          weaker: true,
          detail: () => ({
            text: `Have what listens on ${exposure.ports.join(', ')} of ${nameOf(world, instance)} fetch the credentials of role ${nameOf(world, held.role)}.`,
            evidence: [
              ...exposure.evidence,
              stated(
                world,
                instance,
                `instance profile ${held.profile} is attached; HttpTokens is ${metadataOption(world, instance, 'HttpTokens') ?? 'not stated'}`,
              ),
            ],
            fix: `Set HttpTokens of ${nameOf(world, instance)} to required.`,
          }),
        },
      });
    }
  },
};
