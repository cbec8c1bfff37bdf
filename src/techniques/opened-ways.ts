import { type Condition, type Evidence, groupBy } from '../model/index.js';
import { type Exposure, isDirect, type NetworkLink, type NetworkOpening, type Surroundings } from '../network/index.js';
import { EACH, fact } from './fact.js';
import { type ChangeKind, type Openable, openableIn } from './network-changes.js';
import { networkConnection } from './network-connection.js';
import { aclsAtHosts, changeable, isOpened, oneForEach, openingOf } from './openings-around.js';
import type { Emit } from './technique.js';
import type { World } from './world.js';

/** A way to something that is there once the network is opened. */
export interface OpenedWay {
  readonly target: string;
  /** Facts that make it so: what is opened, and (but for ways from outside) being on a host that it opens to. */
  readonly needs: readonly string[];
  readonly isFromOutside: boolean;
  readonly ports: readonly string[];
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

const KINDS: readonly ChangeKind[] = ['groups', 'stores', 'acls', 'tables'];

/** What is opened: something around the targets by kind, or network ACLs that stand before hosts alone. */
type Opening = ChangeKind | 'host-acls';

/** What is asked of an opened network. */
export interface OpenedQuestion {
  /** Names the question; no two may have the same. */
  readonly purpose: string;
  /** What is to be reached, and its types. */
  readonly targets: readonly string[];
  readonly types: readonly string[];
  /** Whether a way on these ports counts; any does when absent. */
  readonly onPorts?: (ports: readonly string[]) => boolean;
  /** Changes that may be made; all when absent. */
  readonly kinds?: readonly ChangeKind[];
}

/**
 * The ways to assets of some types that changes of the network would make, each with the fewest changes: the network is asked again with
 * everything open that somebody may open, kind by kind and with kinds together. What is reached already is left out.
 */
export function openedWays(
  world: World,
  emit: Emit,
  { purpose, targets, types, onPorts = () => true, kinds = KINDS }: OpenedQuestion,
): readonly OpenedWay[] {
  const around = new Map(
    targets.flatMap((id) => {
      const found = world.network.surroundings(id);
      return found ? [[id, found] as const] : [];
    }),
  );
  const openable = openableIn(world, emit);
  const useful = kinds.filter((kind) =>
    [...around].some(([id, near]) => changeable(openable, kind, id, near, openable.by.stores.has(id)).length > 0),
  );
  const hostAcls = kinds.includes('acls') ? aclsAtHosts(world, openable, around) : new Set<string>();
  const openings: readonly Opening[] = hostAcls.size > 0 ? [...useful, 'host-acls'] : useful;
  if (openings.length === 0) return [];
  const base = reachedBy(world.network.exposures(), world.network.links({ targetTypes: types }), onPorts);
  const reachedIn = new Map<readonly Opening[], Reached>();
  const ways: OpenedWay[] = [];
  for (const set of subsets(openings)) {
    const smaller = [...reachedIn].filter(([other]) => other.every((kind) => set.includes(kind))).map(([, r]) => r);
    const changes = set.filter((kind) => kind !== 'host-acls');
    const atHosts = changes.length < set.length ? hostAcls : undefined;
    const opening = openingOf(openable, changes, around, atHosts ?? new Set());
    const reached = [base, ...smaller];
    const question = { purpose, openable, set, changes, atHosts, opening, around, onPorts, reached };
    const made = waysIn(world, emit, question);
    ways.push(...made.ways);
    reachedIn.set(set, made.reached);
  }
  return ways;
}

/** Smaller sets first. */
function subsets(openings: readonly Opening[]): readonly (readonly Opening[])[] {
  const all = openings.reduce<readonly (readonly Opening[])[]>(
    (sets, kind) => [...sets, ...sets.map((set) => [...set, kind])],
    [[]],
  );
  return all.filter((set) => set.length > 0).sort((a, b) => a.length - b.length);
}

/** What is reached for certain: from outside, and from which hosts. */
interface Reached {
  readonly outside: ReadonlySet<string>;
  readonly inside: ReadonlyMap<string, readonly (readonly string[])[]>;
}

function reachedBy(
  exposures: readonly Exposure[],
  links: readonly NetworkLink[],
  onPorts: (ports: readonly string[]) => boolean,
): Reached {
  const sure = exposures.filter(({ grade, verdict, ports }) => isDirect(grade) && verdict === 'yes' && onPorts(ports));
  const inside = new Map<string, (readonly string[])[]>();
  for (const { sources, targets, verdict, ports } of links) {
    if (verdict !== 'yes' || !onPorts(ports)) continue;
    for (const target of targets) {
      const known = inside.get(target);
      if (known) known.push(sources);
      else inside.set(target, [sources]);
    }
  }
  return { outside: new Set(sure.map(({ asset }) => asset)), inside };
}

interface Question {
  readonly purpose: string;
  readonly openable: Openable;
  readonly set: readonly Opening[];
  /** Those of the set that are made around the target. */
  readonly changes: readonly ChangeKind[];
  /** Network ACLs that stand before hosts alone, where those are opened too. */
  readonly atHosts: ReadonlySet<string> | undefined;
  readonly opening: NetworkOpening;
  readonly around: ReadonlyMap<string, Surroundings>;
  readonly onPorts: (ports: readonly string[]) => boolean;
  /** Without changes, and with fewer. */
  readonly reached: readonly Reached[];
}

function waysIn(
  world: World,
  emit: Emit,
  question: Question,
): { readonly ways: readonly OpenedWay[]; readonly reached: Reached } {
  const { openable, changes, around, reached, onPorts } = question;
  const choices = choicesFor(question);
  const isReached = (asset: string): boolean => reached.some(({ outside }) => outside.has(asset));
  const canBeChanged = (asset: string, near: Surroundings): boolean =>
    changes.every((kind) => changeable(openable, kind, asset, near, changes.includes('stores')).length > 0);
  const wanted = new Set(
    [...around].flatMap(([asset, near]) => (canBeChanged(asset, near) && !isReached(asset) ? [asset] : [])),
  );
  // What stands before hosts alone keeps nobody out who comes from outside.
  const reachable = new Set(
    [...wanted].filter(
      (asset) =>
        question.atHosts === undefined &&
        (around.get(asset)?.hasPublicAddress === true ||
          (changes.includes('stores') && openable.madePublic.has(asset))),
    ),
  );
  // Routes to an internet gateway are of no use within the network.
  const isInside = !changes.includes('tables');
  if (reachable.size === 0 && (wanted.size === 0 || !isInside))
    return { ways: [], reached: { outside: new Set(), inside: new Map() } };
  const opened = world.network.opened(question.opening);
  const exposures = opened.exposures(reachable).filter(({ grade, ports }) => isDirect(grade) && onPorts(ports));
  const links = isInside ? opened.links(wanted).filter(({ ports }) => onPorts(ports)) : [];
  const own = reachedBy(exposures, links, onPorts);
  const fromOutside = exposures.flatMap(({ asset, verdict, conditions, evidence, ports }) =>
    choices(asset).map(
      (needs): OpenedWay => ({
        target: asset,
        needs,
        isFromOutside: true,
        ports,
        conditions: verdict === 'yes' ? [] : conditions,
        evidence: evidence.filter((e) => !isOpened(question.opening, e.asset)),
      }),
    ),
  );
  const isWanted = (target: string): boolean => wanted.has(target) && !own.outside.has(target);
  const fromHosts = links.flatMap((link) => waysByLink(world, emit, question, link, choices, isWanted));
  return { ways: [...fromOutside, ...fromHosts], reached: own };
}

/** The facts that open a target by all changes of a question: each a choice of what is opened by different people. */
function choicesFor({ openable, changes, around }: Question): (target: string) => readonly (readonly string[])[] {
  const known = new Map<string, readonly (readonly string[])[]>();
  const choose = (target: string): readonly (readonly string[])[] => {
    const near = around.get(target);
    if (!near) return [];
    return changes.reduce<readonly (readonly string[])[]>(
      (bodies, kind) => {
        const ids = changeable(openable, kind, target, near, kind === 'groups' && changes.includes('stores'));
        if (kind === 'groups')
          return bodies.flatMap((body) => oneForEach(openable, ids).map((id) => [...body, openable.open(kind, id)]));
        return bodies.map((body) => [...body, ...ids.map((id) => openable.open(kind, id))]);
      },
      [[]],
    );
  };
  return (target) => {
    const made = known.get(target) ?? choose(target);
    known.set(target, made);
    return made;
  };
}

/** From those hosts that do not reach the targets already. */
function waysByLink(
  world: World,
  emit: Emit,
  question: Question,
  link: NetworkLink,
  choices: (target: string) => readonly (readonly string[])[],
  isWanted: (target: string) => boolean,
): readonly OpenedWay[] {
  const { purpose, openable, set, atHosts, opening } = question;
  const reaching = (target: string): readonly (readonly string[])[] =>
    question.reached.flatMap(({ inside }) => inside.get(target) ?? []);
  const lists = new Map<readonly string[], number>();
  const keyOf = (target: string): string =>
    reaching(target)
      .map((list) => {
        const index = lists.get(list) ?? lists.size;
        lists.set(list, index);
        return index;
      })
      .join();
  let count = 0;
  return [...groupBy(link.targets.filter(isWanted), keyOf).values()].flatMap((alike) => {
    const [first] = alike as [string, ...string[]];
    const before = new Set(reaching(first).flat());
    const hosts = link.sources.filter((source) => !before.has(source));
    const byAcls = opening.acls
      ? groupBy(hosts, (host) =>
          (world.network.surroundings(host)?.narrowAcls ?? []).filter((id) => opening.acls?.has(id)).join(' '),
        )
      : new Map([['', hosts]]);
    return [...byAcls].flatMap(([acls, some]) => {
      const opened = acls === '' ? [] : acls.split(' ');
      if (some.length === 0 || (atHosts && !opened.some((id) => atHosts.has(id)))) return [];
      const linked = fact('may', `${purpose} by opened ${set.join('+')} ${link.id} ${count++}`);
      const detail = () => ({
        text: `Connect on ${link.ports.join(', ')}.`,
        evidence: [],
        fix: networkConnection.remediation,
      });
      emit({
        head: linked,
        body: [fact('exec', EACH)],
        each: some,
        cost: 0,
        label: { technique: networkConnection, inner: true, detail },
      });
      const ownAcls = opened.map((id) => openable.open('acls', id));
      return alike.flatMap((target) =>
        choices(target).flatMap((needs): OpenedWay[] => {
          const all = [...new Set([...needs, ...ownAcls])];
          return [
            {
              target,
              needs: [linked, ...all],
              isFromOutside: false,
              ports: link.ports,
              conditions: link.verdict === 'yes' ? [] : link.conditions,
              evidence: link.evidence.filter((e) => !isOpened(question.opening, e.asset)),
            },
          ];
        }),
      );
    });
  });
}
