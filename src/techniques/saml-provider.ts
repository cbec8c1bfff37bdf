import { type Condition, groupBy, isMentionedOnly, unknown } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const UPDATE = 'iam:UpdateSAMLProvider';
const DELETE = 'iam:DeleteSAMLProvider';
const CREATE = 'iam:CreateSAMLProvider';

const LISTING = 'iam/ListSAMLProviders';

/** Calls that put a provider of the intruder's under a name. */
interface Way {
  readonly calls: readonly string[];
  readonly does: string;
  readonly conditions: readonly Condition[];
}

const way = (does: string, calls: readonly string[], conditions: readonly Condition[] = []): Way => ({
  calls,
  does,
  conditions,
});

const REMADE = way('Delete, and make anew with metadata of one’s own,', [DELETE, CREATE]);
const THERE = 'Replace the metadata of';
const MISSING = 'Make, with metadata of one’s own, the missing';
const REPLACED: readonly Way[] = [way(THERE, [UPDATE]), REMADE];
const MADE: readonly Way[] = [way(MISSING, [CREATE])];

/** Where providers were not listed: one call that needs it there, one that needs it missing, and two that serve either way. */
const either = (provider: string): readonly Way[] => {
  const unlisted = [unknown('SAML provider', `whether ${provider} is there was not collected (${LISTING})`)];
  return [
    way(THERE, [UPDATE], unlisted),
    way(MISSING, [CREATE], unlisted),
    REMADE,
    way('Make anew, or replace the metadata of,', [CREATE, UPDATE]),
  ];
};

/** A trust policy names its provider by its ARN alone: whatever provider has it is trusted, one that is made later too. */
const waysTo = (world: World, provider: string, account: string): readonly Way[] => {
  const asset = world.graph.asset(provider);
  if (asset !== undefined && !isMentionedOnly(asset)) return REPLACED;
  return world.observed.isCollected(LISTING, account) ? MADE : either(provider);
};

/** Putting one's own identity provider in the place of the one that roles trust: `creds role ← permissions on its provider`. */
export const samlProviderMetadata: Technique = {
  id: 'saml-provider-metadata',
  title: 'Replace the SAML provider that a role trusts, or its metadata',
  tactic: 'Privilege Escalation',
  attack: ['T1484.002', 'T1606.002'],
  references: [
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html',
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html',
  ],
  premises: [
    `Principals under the intruder’s control may call ${UPDATE} on a provider, or ${DELETE} and ${CREATE}; ${CREATE} alone where there is none of the name.`,
    'The trust policy of a role admits the provider.',
  ],
  assumptions: ['What the trust policy asks of an assertion is said in it: the intruder signs it.'],
  difficulty: { cost: 2, reason: 'an assertion of one’s own; everybody else’s sign-in ends, which is seen' },
  detection: [...[UPDATE, DELETE, CREATE].map(eventOf), 'sts:AssumeRoleWithSAML'],
  remediation: `Keep ${UPDATE}, ${DELETE} and ${CREATE} to those who run the sign-in, and trust no provider that is not there.`,
  steps: (world, emit) => {
    const trusted = world.graph.assetsOfType('iam:role').flatMap(({ id, account }) =>
      world.graph
        .outgoing(id, 'trusts')
        .filter(({ to }) => to.includes(`::${account}:saml-provider/`))
        .map(({ to }) => ({ role: id, provider: to, account })),
    );
    const roles = groupBy(trusted, ({ provider }) => provider);
    const providers = [...roles.keys()].sort();
    const may = new Map(
      [UPDATE, DELETE, CREATE].map((action) => [action, world.permissions.may({ action, resources: providers })]),
    );
    for (const provider of providers) {
      const own = roles.get(provider) ?? [];
      for (const { calls, does, conditions: open } of waysTo(world, provider, own[0]?.account ?? '')) {
        const body = calls.flatMap((action) => may.get(action)?.of(provider) ?? []);
        if (body.length < calls.length) continue;
        const conditions = provider.includes('/AWSSSO_')
          ? [...open, unknown('SAML provider', `whether AWS lets ${provider}, which Identity Center made, be changed`)]
          : open;
        for (const { role } of own)
          emit({
            head: fact('creds', role),
            body,
            conditions,
            label: {
              technique: samlProviderMetadata,
              detail: () => ({
                text: `${does} ${nameOf(world, provider)}, and assume role ${nameOf(world, role)} with an assertion of one’s own.`,
                evidence: [stated(world, role, `trusts ${provider}`)],
                fix: `Take ${calls.join(' and ')} on ${nameOf(world, provider)} away.`,
              }),
            },
          });
      }
    }
  },
};
