import { groupBy, unknown } from '../model/index.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { nameOf, stated } from './world.js';

const UPDATE = 'iam:UpdateSAMLProvider';

/** Putting one's own identity provider in the place of the one that roles trust: `creds role ← permission on its provider`. */
export const samlProviderMetadata: Technique = {
  id: 'saml-provider-metadata',
  title: 'Replace the metadata of a SAML provider that a role trusts',
  tactic: 'Privilege Escalation',
  attack: ['T1484.002', 'T1606.002'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html',
  ],
  premises: [`A principal may call ${UPDATE} on a provider.`, 'The trust policy of a role admits the provider.'],
  assumptions: ['What the trust policy asks of an assertion is said in it: the intruder signs it.'],
  difficulty: { cost: 2, reason: 'an assertion of one’s own; everybody else’s sign-in ends, which is seen' },
  detection: [UPDATE, 'sts:AssumeRoleWithSAML'],
  remediation: `Keep ${UPDATE} to those who run the sign-in.`,
  steps: (world, emit) => {
    const trusted = world.graph.assetsOfType('iam:role').flatMap(({ id, account }) =>
      world.graph
        .outgoing(id, 'trusts')
        .filter(({ to }) => to.includes(`::${account}:saml-provider/`))
        .map(({ to }) => ({ role: id, provider: to })),
    );
    const roles = groupBy(trusted, ({ provider }) => provider);
    const may = world.permissions.may({ action: UPDATE, resources: [...roles.keys()].sort() });
    for (const provider of may.resources) {
      const granted = may.of(provider);
      if (granted === undefined) continue;
      for (const { role } of roles.get(provider) ?? []) {
        const conditions = provider.includes('/AWSSSO_')
          ? [unknown('SAML provider', `whether AWS lets ${provider}, which Identity Center made, be changed`)]
          : [];
        emit({
          head: fact('creds', role),
          body: [granted],
          conditions,
          label: {
            technique: samlProviderMetadata,
            detail: () => ({
              text: `Replace the metadata of ${nameOf(world, provider)}, and assume role ${nameOf(world, role)} with an assertion of one’s own.`,
              evidence: [stated(world, role, `trusts ${provider}`)],
              fix: `Take ${UPDATE} on ${nameOf(world, provider)} away.`,
            }),
          },
        });
      }
    }
  },
};
