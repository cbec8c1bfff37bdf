import { at, type Condition, groupBy, onceForBoth, text, unknown } from '../model/index.js';
import { volumesIn } from './ebs.js';
import { EACH, fact } from './fact.js';
import type { KeyedGroup } from './keys.js';
import type { Onto } from './resource-steps.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { groupsOf, type ResourceGroup, stated, type World } from './world.js';

const zoneOf = (world: World, volume: string): string | undefined =>
  text(at(world.graph.asset(volume)?.record, 'AvailabilityZone'));

/** The fact of a host under control in a zone, of some that are named; emitted with the first of the techniques here. */
const zoneFact = (account: string, zone: string, which: string): string =>
  fact('may', `attach-host ${which} ${account} in ${zone}`);

/** Hosts to which somebody may attach what was just made. */
const TAKING_NEW = 'taking-new';

/** A host under control in the volume's own availability zone, to which a new volume may be attached; volumes do not leave their zone. */
export function hostTakingNew(world: World, volume: string, { account }: KeyedGroup): string | undefined {
  const zone = zoneOf(world, volume);
  return zone === undefined ? undefined : zoneFact(account, zone, TAKING_NEW);
}

/** Hosts of an account and region to which the same people may attach volumes. */
interface HostClass {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly zones: ReadonlySet<string | undefined>;
  readonly conditions: readonly Condition[];
}

/** Classes of hosts that are asked about one by one. */
const MOST_CLASSES = 24;

const hostClasses = onceForBoth((world: World, group: ResourceGroup): readonly HostClass[] => {
  const { parts } = world.permissions.may({ action: 'ec2:AttachVolume', resources: group.ids });
  const classOf = (name: string, hosts: readonly string[], conditions: readonly Condition[]): HostClass => ({
    name: `class ${name} of ${group.region}`,
    hosts,
    zones: new Set(hosts.map((host) => zoneOfHost(world, host))),
    conditions,
  });
  const told = parts.slice(0, MOST_CLASSES).map(({ resources }, at) => classOf(String(at), resources, []));
  const rest = parts.slice(MOST_CLASSES).flatMap(({ resources }) => resources);
  const why =
    'hosts differ in who may attach to them more than was tried: whether it is the same who may attach the volume';
  return rest.length === 0 ? told : [...told, classOf('more', rest, [unknown('host', why)])];
});

/** The classes of the hosts beside some volumes. */
function classesBeside(world: World, { account, region }: KeyedGroup): readonly HostClass[] {
  const group = groupsOf(world, 'ec2:instance').find((own) => own.account === account && own.region === region);
  return group ? hostClasses(world, group) : [];
}

/** The call is checked on the volume and on the host, by the same principal. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-manage-volumes */
export const ontoHosts = (group: KeyedGroup, world: World): readonly Onto[] =>
  classesBeside(world, group).map(({ name, hosts, zones, conditions }) => ({
    also: [{ action: 'ec2:AttachVolume', resources: hosts }],
    needs: (volume) => {
      const zone = zoneOf(world, volume);
      return zone !== undefined && zones.has(zone) ? [zoneFact(group.account, zone, name)] : undefined;
    },
    conditions,
  }));

/** The same for a volume that goes back to an instance. @param homeOf the instance of a volume */
export const backOnto =
  (homeOf: (world: World, volume: string) => string | undefined) =>
  (group: KeyedGroup, world: World): readonly Onto[] =>
    classesBeside(world, group).map(({ hosts, conditions }) => {
      const own = new Set(hosts);
      return {
        also: [{ action: 'ec2:AttachVolume', resources: hosts }],
        needs: (volume) => (own.has(homeOf(world, volume) ?? '') ? [] : undefined),
        conditions,
      };
    });

const ZONE_HOST: TechniqueInfo = {
  tactic: 'Collection',
  attack: [],
  id: 'attach-host',
  title: 'A host in the availability zone to attach volumes to',
  references: [],
  premises: [],
  assumptions: [],
  difficulty: { cost: 0, reason: '' },
  detection: [],
  remediation: '',
};

/** The zone of an instance that is there. */
function zoneOfHost(world: World, instance: string): string | undefined {
  const record = world.graph.asset(instance)?.record;
  return text(at(record, 'State', 'Name')) === 'terminated'
    ? undefined
    : text(at(record, 'Placement', 'AvailabilityZone'));
}

/** `attach-host in zone ← exec instance ∧ what it takes to attach to it`. */
export function emitZoneHosts(world: World, emit: Emit): void {
  if (world.graph.assetsOfType('ec2:volume').length === 0) return;
  const emitHosts = (account: string, which: string, hosts: readonly string[], may: readonly string[]): void => {
    for (const [zone, own] of groupBy(hosts, (instance) => zoneOfHost(world, instance))) {
      if (zone === undefined) continue;
      emit({
        head: zoneFact(account, zone, which),
        body: [fact('exec', EACH), ...may],
        each: own,
        cost: 0,
        label: {
          technique: ZONE_HOST,
          inner: true,
          detail: (instance) => ({ text: '', evidence: [stated(world, instance, `is a host in ${zone}`)], fix: '' }),
        },
      });
    }
  };
  for (const group of groupsOf(world, 'ec2:instance')) {
    const attach = { action: 'ec2:AttachVolume', resources: group.ids };
    const onNew = { action: 'ec2:AttachVolume', resources: [volumesIn(group)] };
    for (const { fact: may, resources } of world.permissions.may(attach, onNew).parts)
      emitHosts(group.account, TAKING_NEW, resources, [may]);
    for (const { name, hosts } of hostClasses(world, group)) emitHosts(group.account, name, hosts, []);
  }
}
