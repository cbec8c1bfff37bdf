import { type Condition, type Evidence, groupBy, unknown } from '../model/index.js';
import { type Exposure, isDirect, type NetworkLink } from '../network/index.js';
import { fact } from './fact.js';
import { type OpenedWay, openedWays } from './opened-ways.js';
import { startedHosts } from './started-hosts.js';
import type { Emit, TechniqueInfo } from './technique.js';
import type { World } from './world.js';

const SSH = /^(all|tcp|tcp\/(\d+)(?:-(\d+))?)$/;

const includesSsh = (ports: readonly string[]): boolean =>
  ports.some((port) => {
    const match = SSH.exec(port);
    if (!match) return false;
    if (match[2] === undefined) return true;
    return Number(match[2]) <= 22 && 22 <= Number(match[3] ?? match[2]);
  });

/** How the SSH port of an instance is reached. */
export interface SshWay {
  readonly from: string;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

/** How instances are reached on SSH from outside: the surest way of each. From named addresses: on condition that the intruder has one of them. */
export const sshFromOutside = (world: World): ReadonlyMap<string, SshWay> => outsideWays(world.network.exposures());

function outsideWays(exposures: readonly Exposure[]): ReadonlyMap<string, SshWay> {
  const rank = ({ grade, verdict }: Exposure): number => (isDirect(grade) ? 0 : 2) + (verdict === 'yes' ? 0 : 1);
  const best = new Map<string, Exposure>();
  for (const exposure of exposures) {
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
      return isDirect(grade)
        ? [instance, { from: 'the internet', conditions, evidence }]
        : [instance, { from: sources.join(', '), conditions: [...conditions, named], evidence }];
    }),
  );
}

/**
 * How instances would be reached on SSH once the network was opened: `needs` are what is opened, and where the intruder has to be.
 * @param purpose names what it is asked for; no two may have the same
 */
export function sshOnceOpened(
  world: World,
  emit: Emit,
  purpose: string,
  targets: readonly string[],
): ReadonlyMap<string, readonly (SshWay & Pick<OpenedWay, 'needs'>)[]> {
  const ways = openedWays(world, emit, {
    purpose,
    targets,
    types: ['ec2:instance'],
    onPorts: includesSsh,
    kinds: ['groups', 'acls', 'tables'],
  });
  return groupBy(
    ways.map(({ isFromOutside, ...way }) => ({
      ...way,
      from: isFromOutside ? 'the internet, once it is opened' : 'a host under control, once it is opened',
    })),
    ({ target }) => target,
  );
}

/** How instances that are stopped are reached on SSH once they were started: `needs` are that they may be, and where the intruder has to be. */
export function sshOnceStarted(
  world: World,
  emit: Emit,
  technique: TechniqueInfo,
): ReadonlyMap<string, readonly (SshWay & Pick<OpenedWay, 'needs'>)[]> {
  const { may, exposures, links } = startedHosts(world);
  const outside = outsideWays(exposures);
  const inside = startedLinks.get(world) ?? hostWays(emit, technique, links, 'once started');
  startedLinks.set(world, inside);
  return new Map(
    [...may].flatMap(([instance, start]) => {
      const from = outside.get(instance);
      const ways = [
        ...(from ? [{ ...from, needs: [start] }] : []),
        ...(inside.get(instance) ?? []).map(({ linked, ...way }) => ({ ...way, needs: [start, linked] })),
      ];
      return ways.length === 0 ? [] : [[instance, ways] as const];
    }),
  );
}

const startedLinks = new WeakMap<World, ReadonlyMap<string, readonly SshLink[]>>();

/** A way from hosts: `linked` is the fact of being on one of them. */
export interface SshLink extends SshWay {
  readonly linked: string;
}

const linksOf = new WeakMap<World, ReadonlyMap<string, readonly SshLink[]>>();

/** How instances are reached on SSH from hosts. Who is on a host has its links; that is emitted once a world, as part of `technique`. */
export function sshFromHosts(
  world: World,
  emit: Emit,
  technique: TechniqueInfo,
): ReadonlyMap<string, readonly SshLink[]> {
  const known = linksOf.get(world);
  if (known) return known;
  const ways = hostWays(emit, technique, world.network.links({ targetTypes: ['ec2:instance'] }), 'by link');
  linksOf.set(world, ways);
  return ways;
}

function hostWays(
  emit: Emit,
  technique: TechniqueInfo,
  links: readonly NetworkLink[],
  how: string,
): ReadonlyMap<string, readonly SshLink[]> {
  const ways = new Map<string, SshLink[]>();
  for (const link of links) {
    if (!includesSsh(link.ports)) continue;
    const linked = fact('may', `ssh ${how} ${link.id}`);
    const detail = () => ({ text: 'Connect on tcp/22.', evidence: link.evidence, fix: 'Close SSH between hosts.' });
    for (const source of link.sources)
      emit({
        head: linked,
        body: [fact('exec', source)],
        cost: 0,
        label: { technique, inner: true, detail },
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
