import { groupBy, sortedUnique } from '../model/index.js';
import { fact } from './fact.js';
import { networkConnection } from './network-connection.js';
import type { OpenedWay } from './opened-ways.js';
import { launchRequirements } from './pass-role.js';
import type { Requirement } from './permissions.js';
import { storeLinks } from './store-links.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { alone, nameOf, stated, type World } from './world.js';

/** Starting an instance where hosts reach a store. */
export const RUN_INSTANCE_IN_VPC: TechniqueInfo = {
  id: 'run-instance-in-vpc',
  title: 'Start an instance of one’s own where a store lets it in',
  tactic: 'Lateral Movement',
  attack: ['T1578.002'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances'],
  premises: [
    'ec2:RunInstances is allowed in a subnet, and with the security groups, of hosts that reach the store. No role has to be passed.',
  ],
  assumptions: ['User data of the instance runs what the intruder wants, and its results get out.'],
  difficulty: { cost: 2, reason: 'one API call, and what it starts is seen' },
  detection: ['ec2:RunInstances'],
  remediation: 'Limit ec2:RunInstances by subnet and security group.',
};

/** A subnet and security groups in which hosts stand. */
interface Place {
  readonly account: string;
  readonly subnet: string;
  readonly groups: readonly string[];
}

const placesMemo = new WeakMap<readonly string[], readonly Place[]>();

/** The places of the instances among the sources of a link. */
function placesOf(world: World, sources: readonly string[]): readonly Place[] {
  const known = placesMemo.get(sources);
  if (known) return known;
  const places = new Map<string, Place>();
  for (const source of sources) {
    const asset = world.graph.asset(source);
    if (asset?.type !== 'ec2:instance') continue;
    const subnet = world.graph.outgoing(source, 'in-subnet')[0]?.to;
    const groups = sortedUnique(world.graph.outgoing(source, 'has-security-group').map(({ to }) => to));
    if (subnet !== undefined && groups.length > 0)
      places.set([subnet, ...groups].join(), { account: asset.account, subnet, groups });
  }
  const made = [...places.values()];
  placesMemo.set(sources, made);
  return made;
}

const ACTION = 'ec2:RunInstances';

const isAbout = (kind: string, { resources }: Requirement): boolean => resources.some((r) => r.includes(`:${kind}/`));

/** The permission to start an instance in a place; `undefined` where nobody who is no administrator has it. */
type MayStart = (place: Place) => string | undefined;

/** Asks about places once where all of their subnet and groups may be used by the same people. */
function startIn(world: World, places: readonly Place[], account: string): MayStart {
  const partition = places[0]?.subnet.split(':')[1] ?? 'aws';
  const others = launchRequirements(partition, account).filter(
    (r) => !isAbout('subnet', r) && !isAbout('security-group', r),
  );
  const using = (ids: readonly string[]) => world.permissions.may({ action: ACTION, resources: ids }, ...others);
  const subnets = using(sortedUnique(places.map(({ subnet }) => subnet)));
  const groups = using(sortedUnique(places.flatMap((place) => place.groups)));
  const known = new Map<string, string | undefined>();
  return (place) => {
    const uses = [subnets.of(place.subnet), ...sortedUnique(place.groups.map((group) => groups.of(group) ?? ''))];
    if (uses.some((use) => use === undefined || use === '')) return undefined;
    const key = uses.join('\n');
    if (!known.has(key)) {
      const facts = world.permissions.may(
        { action: ACTION, resources: alone(world, 'ec2:subnet', place.subnet) },
        ...others,
        ...place.groups.map((group) => ({ action: ACTION, resources: alone(world, 'ec2:security-group', group) })),
      );
      known.set(key, facts.of(place.subnet));
    }
    return known.get(key);
  };
}

/** The fact of having an instance of one's own in a place. */
function emitStart(world: World, emit: Emit, { subnet, groups }: Place, may: string): string {
  const head = fact('opened', `${subnet} by an instance in ${groups.join(', ')}`);
  const detail = () => ({
    text: `Start an instance in ${nameOf(world, subnet)} with ${groups.map((group) => nameOf(world, group)).join(', ')}.`,
    evidence: [stated(world, subnet, 'is where hosts stand that reach the store')],
    fix: RUN_INSTANCE_IN_VPC.remediation,
  });
  emit({ head, body: [may], label: { technique: RUN_INSTANCE_IN_VPC, to: subnet, detail } });
  return head;
}

/** Ways to stores from an instance that the intruder starts beside hosts that reach them. */
export function waysByOwnInstance(world: World, emit: Emit): readonly OpenedWay[] {
  const links = storeLinks(world);
  const byAccount = groupBy(
    links.flatMap(({ sources }) => placesOf(world, sources)),
    ({ account }) => account,
  );
  const mayStart = new Map([...byAccount].map(([account, places]) => [account, startIn(world, places, account)]));
  const started = new Map<string, string | undefined>();
  const start = (place: Place): string | undefined => {
    const key = [place.subnet, ...place.groups].join();
    if (!started.has(key)) {
      const may = mayStart.get(place.account)?.(place);
      started.set(key, may === undefined ? undefined : emitStart(world, emit, place, may));
    }
    return started.get(key);
  };
  return links.flatMap(({ id, sources, targets, ports, verdict, conditions, evidence }): OpenedWay[] => {
    const places = placesOf(world, sources).flatMap((place) => start(place) ?? []);
    if (places.length === 0) return [];
    const linked = fact('may', `own instance by link ${id}`);
    const detail = () => ({
      text: `Connect on ${ports.join(', ')}.`,
      evidence: evidence,
      fix: networkConnection.remediation,
    });
    for (const place of places)
      emit({ head: linked, body: [place], cost: 0, label: { technique: networkConnection, inner: true, detail } });
    return targets.map((target) => ({
      target,
      needs: [linked],
      isFromOutside: false,
      ports,
      conditions: verdict === 'yes' ? [] : conditions,
      evidence,
    }));
  });
}
