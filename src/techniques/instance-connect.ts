import { type Condition, type Evidence, unknown } from '../model/index.js';
import type { Exposure } from '../network/index.js';
import { fact } from './fact.js';
import { isRunning } from './instance-takeover.js';
import { usefulness } from './resource-steps.js';
import type { Emit, Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

const SSH = /^(all|tcp|tcp\/(\d+)(?:-(\d+))?)$/;

const includesSsh = (ports: readonly string[]): boolean =>
  ports.some((port) => {
    const match = SSH.exec(port);
    if (!match) return false;
    if (match[2] === undefined) return true;
    return Number(match[2]) <= 22 && 22 <= Number(match[3] ?? match[2]);
  });

const INSTALLED = unknown('EC2 Instance Connect', 'whether its package is installed on the host is not in the API');

export const ec2InstanceConnect: Technique = {
  id: 'ec2-instance-connect',
  title: 'Push an SSH key by EC2 Instance Connect to an instance that is reached on SSH',
  tactic: 'Lateral Movement',
  attack: ['T1098.004', 'T1021.004'],
  references: [
    'pathfinding.cloud:ec2instanceconnect-003',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-methods.html',
  ],
  premises: [
    'ec2-instance-connect:SendSSHPublicKey is allowed on the instance.',
    'Port 22 of the instance is reached: from the internet, from an address of the intruder’s, or from a host under control.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'an API call and a login within a minute' },
  detection: ['ec2-instance-connect:SendSSHPublicKey'],
  remediation: 'Limit ec2-instance-connect:SendSSHPublicKey by instance and user, and close SSH.',
  steps: (world, emit) => {
    const pushed = groupsOf(world, 'ec2:instance').flatMap(({ ids }) => {
      const facts = world.permissions.may({ action: 'ec2-instance-connect:SendSSHPublicKey', resources: ids });
      const isUseful = usefulness(world, facts);
      return facts.resources.flatMap((instance) => {
        const may = facts.of(instance);
        return may !== undefined && isUseful(instance, may) && isRunning(world, instance) ? [{ instance, may }] : [];
      });
    });
    if (pushed.length === 0) return;
    const outside = openToOutside(world);
    const login = (instance: string, body: readonly string[], way: Way): void =>
      emit({
        head: fact('exec', instance),
        body,
        conditions: [INSTALLED, ...way.conditions],
        label: {
          technique: ec2InstanceConnect,
          detail: () => ({
            text: `Push an SSH key to ${nameOf(world, instance)} and log in.`,
            evidence: [stated(world, instance, `is reached on tcp/22 from ${way.from}`), ...way.evidence],
            fix: `Take ec2-instance-connect:SendSSHPublicKey on ${nameOf(world, instance)} away, or close SSH.`,
          }),
        },
      });
    const inside = reachedInside(world, emit);
    for (const { instance, may } of pushed) {
      const way = outside.get(instance);
      if (way) login(instance, [may], way);
      for (const { linked, ...link } of inside.get(instance) ?? []) login(instance, [may, linked], link);
    }
  },
};

interface Way {
  readonly from: string;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/** How instances are reached on SSH from outside: the surest way of each. From named addresses: on condition that the intruder has one of them. */
function openToOutside(world: World): ReadonlyMap<string, Way> {
  const rank = ({ grade, verdict }: Exposure): number => (grade === 'named' ? 2 : 0) + (verdict === 'yes' ? 0 : 1);
  const best = new Map<string, Exposure>();
  for (const exposure of world.network.exposures()) {
    if (exposure.type !== 'ec2:instance' || !includesSsh(exposure.ports)) continue;
    const known = best.get(exposure.asset);
    if (!known || rank(exposure) < rank(known)) best.set(exposure.asset, exposure);
  }
  return new Map(
    [...best].map(([instance, { grade, sources, conditions, evidence }]) => {
      const named = unknown(
        'address',
        `whether the intruder comes from ${sources.join(', ')}, which reaches ${instance}`,
      );
      return grade === 'named'
        ? [instance, { from: sources.join(', '), conditions: [...conditions, named], evidence }]
        : [instance, { from: 'the internet', conditions, evidence }];
    }),
  );
}

/** How instances are reached on SSH from hosts: each with the fact of being on one. */
function reachedInside(world: World, emit: Emit): ReadonlyMap<string, readonly (Way & { readonly linked: string })[]> {
  const ways = new Map<string, (Way & { readonly linked: string })[]>();
  for (const link of world.network.links({ targetTypes: ['ec2:instance'] })) {
    if (!includesSsh(link.ports)) continue;
    const linked = fact('may', `ssh by link ${link.id}`);
    const detail = () => ({ text: 'Connect on tcp/22.', evidence: link.evidence, fix: ec2InstanceConnect.remediation });
    for (const source of link.sources)
      emit({
        head: linked,
        body: [fact('exec', source)],
        cost: 0,
        label: { technique: ec2InstanceConnect, inner: true, detail },
      });
    const way = {
      from: 'a host under control',
      conditions: link.verdict === 'yes' ? [] : link.conditions,
      evidence: link.evidence,
      linked,
    };
    for (const target of link.targets) ways.set(target, [...(ways.get(target) ?? []), way]);
  }
  return ways;
}
