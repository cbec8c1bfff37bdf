import { at, onceForBoth, text } from '../model/index.js';
import { byDiskKeys, type DiskKeys, diskWays } from './disk-keys.js';
import { EACH, fact } from './fact.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import type { Emit, TechniqueInfo } from './technique.js';
import { groupsOf, stated, type World } from './world.js';

export const stateOf = (world: World, instance: string): string =>
  text(at(world.graph.asset(instance)?.record, 'State', 'Name')) ?? 'running';

export const isRunning = (world: World, instance: string): boolean => stateOf(world, instance) === 'running';

/** Whether it runs, or may be started first. */
export const canRun = (world: World, instance: string): boolean =>
  ['running', 'stopped'].includes(stateOf(world, instance));

/** As a premise. */
export const RUNS_OR_STARTED =
  'The instance runs; or it is stopped, and ec2:StartInstances is allowed on it (with kms:CreateGrant on the customer-managed keys of its volumes).';

/** What is done, beginning with the start of an instance that is stopped. */
export const onceStarted = (world: World, instance: string, does: string): string =>
  stateOf(world, instance) === 'stopped' ? `Start it, and ${does.charAt(0).toLowerCase()}${does.slice(1)}` : does;

const startInstances = (ids: readonly string[]): Requirement => ({ action: 'ec2:StartInstances', resources: ids });

/**
 * Whoever starts an instance grants EC2 the use of the keys of its volumes.
 * @see https://repost.aws/knowledge-center/kms-iam-ec2-permission
 */
const GRANT = ['kms:CreateGrant'];

const startedWithKeys = (instance: string): string => fact('may', `start ${instance}`);

/** That some instances may be started, by what says so. */
export interface Startable {
  readonly ids: readonly string[];
  /** The permission, where no key is asked for. */
  readonly facts?: PermissionFacts;
  /** A fact of each instance (with `EACH` in it) where keys are; of {@link emitKeyedStarts}. */
  readonly each?: string;
}

/** All of some instances, by whether keys are asked for where they are started. */
export function startable(world: World, instances: readonly string[]): readonly Startable[] {
  return byDiskKeys(world, instances).map(({ ids, keyed }) =>
    keyed.length === 0
      ? { ids, facts: world.permissions.may(startInstances(ids)) }
      : { ids, each: startedWithKeys(EACH) },
  );
}

/**
 * The facts that instances may be started, one for each that somebody may start.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html
 */
export const startsOf: (world: World, instances: readonly string[]) => ReadonlyMap<string, string> = onceForBoth(
  (world: World, instances: readonly string[]) =>
    new Map(
      byDiskKeys(world, instances).flatMap(({ ids, keyed }) => {
        if (keyed.length > 0)
          return keyedStarts(world, { ids, keyed }).flatMap(({ parts }) =>
            parts.flatMap(({ resources }) => resources.map((id) => [id, startedWithKeys(id)] as const)),
          );
        const facts = world.permissions.may(startInstances(ids));
        return facts.resources.map((id) => [id, facts.of(id) ?? ''] as const);
      }),
    ),
);

/** The permission to start an instance that is stopped; none for others. */
export const startedFirst = (
  world: World,
  instance: string,
  { ids }: { readonly ids: readonly string[] },
): readonly (string | undefined)[] =>
  stateOf(world, instance) === 'stopped' ? [startsOf(world, ids).get(instance)] : [];

/** The ways to start instances whose disks are under customer-managed keys. */
const keyedStarts = (world: World, { ids, keyed }: DiskKeys) =>
  diskWays(world, keyed, GRANT).map(({ also, body, conditions }) => ({
    parts: world.permissions.may(startInstances(ids), ...also).parts,
    body,
    conditions,
  }));

/** `may start instance ← permission to start it and use its keys`, for instances whose disks are under customer-managed keys. */
export function emitKeyedStarts(world: World, emit: Emit, technique: TechniqueInfo): void {
  for (const group of groupsOf(world, 'ec2:instance'))
    for (const alike of byDiskKeys(world, group.ids))
      for (const { parts, body, conditions } of alike.keyed.length === 0 ? [] : keyedStarts(world, alike))
        for (const { fact: may, resources } of parts)
          emit({
            head: startedWithKeys(EACH),
            body: [may, ...body],
            each: resources,
            cost: 0,
            conditions,
            label: {
              technique,
              inner: true,
              detail: (instance) => ({
                text: '',
                evidence: [
                  stated(world, instance, `has volumes under ${alike.keyed.map(({ key }) => key).join(', ')}`),
                ],
                fix: '',
              }),
            },
          });
}
