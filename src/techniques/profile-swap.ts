import { at, groupBy, text } from '../model/index.js';
import { EACH, fact } from './fact.js';
import { attachedRole, instanceProfilesOf } from './instance-role.js';
import { hasMetadataService } from './metadata-service.js';
import { bothWays, type HeldWay, waysOfHolders } from './held-ways.js';
import { passersOf } from './passers.js';
import type { Technique } from './technique.js';
import { EC2, rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

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
    'One principal may call iam:PassRole on the role for EC2, and ec2:AssociateIamInstanceProfile on the instance; where it has a profile already, ec2:ReplaceIamInstanceProfileAssociation, or somebody may take that away first (ec2:DisassociateIamInstanceProfile).',
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
      const passers = passersOf(world, EC2, roles);
      if (passers.size === 0) continue;
      const swappable = swappableHosts(world, account, passers);
      const underControl = new Map<SwappableHosts, string>();
      /** The fact of being on some host of a kind. */
      const onHost = (hosts: SwappableHosts): string => {
        const known = underControl.get(hosts);
        if (known !== undefined) return known;
        const made = fact(
          'may',
          `use a host to swap the profile of (${hosts.kind} ${hosts.needs.length} ${hosts.ids[0]})`,
        );
        underControl.set(hosts, made);
        emit({
          head: made,
          body: [fact('exec', EACH), ...hosts.needs],
          each: hosts.ids,
          cost: 0,
          label: {
            technique: profileSwap,
            inner: true,
            detail: (instance) => ({
              text: '',
              evidence: [stated(world, instance, 'is an instance whose profile may be set')],
              fix: '',
            }),
          },
        });
        return made;
      };
      for (const [principal, passed] of passers) {
        const held = swappable.flatMap((hosts) => (hosts.holders.get(principal) ?? []).map((way) => ({ hosts, way })));
        for (const [needs, own] of groupBy(held, ({ way }) => way.needs.join('\n'))) {
          const host = fact('may', `swap the profile of a host as ${principal} ${needs}`);
          for (const { hosts, way } of own)
            emit({
              head: host,
              body: [fact('creds', principal), onHost(hosts), ...way.needs],
              cost: 0,
              conditions: way.conditions,
              label: { technique: profileSwap, inner: true, detail: () => ({ text: '', evidence: [], fix: '' }) },
            });
          for (const { roles, way } of passed) {
            const both = bothWays(way, { needs: own[0]?.way.needs ?? [], conditions: [] });
            for (const role of roles) {
              emit({
                head: fact('creds', role),
                body: [host, ...both.needs],
                conditions: [...both.conditions, ...(trusted.get(role) ?? [])],
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
      }
    }
  },
};

/** Instances whose profile the same principals may set. */
interface SwappableHosts {
  readonly kind: 'bare' | 'with a role';
  readonly ids: readonly string[];
  /** Facts that are needed first, by whomever. */
  readonly needs: readonly string[];
  /** The ways in which a principal may. */
  readonly holders: ReadonlyMap<string, readonly HeldWay[]>;
}

/** The instances of an account that run with their metadata service on, by who among some principals may set their profile. */
function swappableHosts(world: World, account: string, among: ReadonlyMap<string, unknown>): readonly SwappableHosts[] {
  return groupsOf(world, 'ec2:instance').flatMap((group) => {
    if (group.account !== account) return [];
    const associate = world.permissions.may({ action: 'ec2:AssociateIamInstanceProfile', resources: group.ids });
    const replace = world.permissions.may({ action: 'ec2:ReplaceIamInstanceProfileAssociation', resources: group.ids });
    const free = { action: 'ec2:DisassociateIamInstanceProfile', resources: group.ids };
    const freed = (associate.resources.length === 0 ? [] : world.permissions.may(free).parts).map(
      (part) => ({ kind: 'with a role', facts: associate, first: part }) as const,
    );
    return [
      { kind: 'bare', facts: associate, first: undefined } as const,
      { kind: 'with a role', facts: replace, first: undefined } as const,
      ...freed,
    ].flatMap(({ kind, facts, first }) => {
      const freeable = first && new Set(first.resources);
      return facts.parts.flatMap(({ resources }): readonly SwappableHosts[] => {
        const [one] = resources;
        const held = one === undefined ? [] : facts.holders(one).filter((h) => among.has(h.principal));
        if (held.length === 0) return [];
        const holders = waysOfHolders(held);
        const ids = resources.filter(
          (id) => freeable?.has(id) !== false && isOn(world, id) && hasRole(world, id) === (kind === 'with a role'),
        );
        return ids.length === 0 ? [] : [{ kind, ids, needs: first ? [first.fact] : [], holders }];
      });
    });
  });
}

const hasRole = (world: World, instance: string): boolean => attachedRole(world, instance) !== undefined;

function isOn(world: World, instance: string): boolean {
  const state = text(at(world.graph.asset(instance)?.record, 'State', 'Name'));
  return hasMetadataService(world, instance) && state !== 'terminated';
}
