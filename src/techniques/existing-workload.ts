import { type Condition, unknown } from '../model/index.js';
import { type ExistingWorkload, WORKLOADS } from './existing-workloads.js';
import { eventOf } from './cloudtrail.js';
import { fact } from './fact.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import type { Emit, Technique } from './technique.js';
import { rolesTrusting } from './trusted-services.js';
import { FUNCTION, roleOfWorkload, type WorkloadKind } from './workload-kinds.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** The calls are checked on the workload alone. */
const DIRECTLY: NonNullable<ExistingWorkload['through']> = () => [{ also: [], body: [], conditions: [] }];

const NO_CHOICE: NonNullable<ExistingWorkload['either']> = () => [];

/** Resources that run with a role already: no role is passed. */
export const EXISTING_WORKLOADS: readonly Technique[] = WORKLOADS.map(makeTechnique);

/** Code in a function of a VPC has more than its role: it connects from there. */
const standsInNetwork = ({ graph }: World, workload: string): boolean =>
  graph.asset(workload)?.type === FUNCTION.type && graph.outgoing(workload, 'in-vpc').length > 0;

function makeTechnique(row: ExistingWorkload): Technique {
  const { info, on, actions, besides = [], makes, when, depends, premise, gives, does } = row;
  const { through = DIRECTLY, either = NO_CHOICE } = row;
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    attack: ['T1648', 'T1525'],
    premises: [
      `Principals under the intruder's control may call ${actions.join(', ')} on it.`,
      ...(besides.length > 0 ? [`Principals under the intruder's control may call ${besides.join(', ')}.`] : []),
      ...(makes ? [`Somebody under the intruder's control may call ${makes.action}.`] : []),
      ...(premise === undefined ? [] : [premise]),
      'It runs with a role, which lets its service in.',
    ],
    difficulty: { cost: 2, reason: 'a payload and a few API calls' },
    detection: [
      ...(makes ? [makes.action] : []),
      ...(when?.calls ?? []),
      ...actions,
      ...either(undefined),
      ...besides,
    ].map(eventOf),
    remediation: `Limit ${actions[0]} to those who deploy it.`,
    steps: (world, emit) => {
      for (const { account, region, partition, ids } of groupsOf(world, on.type)) {
        const ways = through(world, { account, region, partition }).map(({ also, body, conditions }) => ({
          facts: callsOn(world, row, ids, also),
          needs: body,
          conditions,
        }));
        for (const { facts, needs, conditions, workload } of ways.flatMap((way) =>
          (way.facts[0]?.resources ?? []).map((one) => ({ ...way, workload: one })),
        )) {
          const role = roleOfWorkload(world, { id: workload, type: on.type });
          const { record } = world.graph.asset(workload) ?? {};
          const further = when ? when.of(record) : [];
          if (further === undefined) continue;
          const may = (action: string): string | undefined =>
            world.permissions.may({ action, resources: ids }).of(workload);
          const body = [
            ...facts.map((f) => f.of(workload)),
            ...needs,
            ...further.map(may),
            ...mayBesides(world, besides, account),
            ...mayMake(world, makes, partition, region, account),
          ];
          if (role === undefined || body.includes(undefined)) continue;
          for (const choice of choicesOf(either(record), may)) {
            emit({
              head: standsInNetwork(world, workload) ? fact('exec', workload) : fact(gives ?? 'creds', role),
              body: [...body.filter((b) => b !== undefined), ...choice],
              conditions: [...(depends?.(workload, record) ?? []), ...conditions],
              label: {
                technique,
                detail: () => ({
                  text: `${does} ${nameOf(world, workload)}, which runs with role ${nameOf(world, role)}.`,
                  evidence: [stated(world, workload, `runs with role ${role}`)],
                  fix: `Take ${actions[0]} on ${nameOf(world, workload)} away.`,
                }),
              },
            });
          }
        }
      }
      emitUnseen(world, emit, row, technique);
    },
  };
  return technique;
}

/** What each of some actions of which one is enough adds to a body; one that adds nothing where there is no choice. */
const choicesOf = (
  actions: readonly string[],
  may: (action: string) => string | undefined,
): readonly (readonly string[])[] =>
  actions.length === 0
    ? [[]]
    : actions.flatMap((action) => {
        const permission = may(action);
        return permission === undefined ? [] : [[permission]];
      });

/** The calls on workloads, the first of which is checked for something besides. */
function callsOn(
  world: World,
  { actions, says }: ExistingWorkload,
  resources: readonly string[],
  also: readonly Requirement[],
): readonly PermissionFacts[] {
  const context = says && world.iam.looksAt(Object.keys(says)) ? { context: says } : {};
  return actions.map((action, index) =>
    world.permissions.may({ action, resources, ...context }, ...(index === 0 ? also : [])),
  );
}

/** Calls that name no resource, by any principal of the account. */
const mayBesides = (world: World, actions: readonly string[], account: string): readonly (string | undefined)[] =>
  actions.map((action) => world.permissions.may({ action, resources: ['*'], accounts: [account] }).of('*'));

/** The permission to make something whose name the caller chooses. */
function mayMake(
  world: World,
  makes: ExistingWorkload['makes'],
  partition: string,
  region: string,
  account: string,
): readonly (string | undefined)[] {
  if (!makes) return [];
  const { action, resource } = makes;
  const any = `arn:${partition}:${action.split(':')[0]}:${region}:${account}:${resource}`;
  return [world.permissions.may({ action, resources: [any] }).of(any)];
}

/** Where what runs with which role was not collected: any role that trusts the service may be the role of one. */
function emitUnseen(world: World, emit: Emit, row: ExistingWorkload, technique: Technique): void {
  const { on, actions, besides = [], makes, through = DIRECTLY, either = NO_CHOICE, gives, does } = row;
  for (const { account, partition, ids } of groupsOf(world, 'iam:role')) {
    if (isSeen(world, on, account)) continue;
    const trusting = rolesTrusting(world, on.service, ids);
    if (trusting.size === 0) continue;
    const any = anyOf(on, partition, account);
    const ways = through(world, { account, partition }).flatMap(({ also, body: needs, conditions: unsure }) => {
      const body = [
        ...callsOn(world, row, [any], also).map((facts) => facts.of(any)),
        ...needs,
        ...mayBesides(world, besides, account),
        ...mayMake(world, makes, partition, '*', account),
      ];
      if (body.includes(undefined)) return [];
      const may = (action: string): string | undefined => world.permissions.may({ action, resources: [any] }).of(any);
      return choicesOf(either(undefined), may).map((choice) => ({ body: [...body, ...choice], unsure }));
    });
    for (const [role, conditions, body, unsure] of [...trusting].flatMap(([role, conditions]) =>
      ways.map((way) => [role, conditions, way.body, way.unsure] as const),
    )) {
      emit({
        head: fact(gives ?? 'creds', role),
        body: body.filter((b) => b !== undefined),
        cost: technique.difficulty.cost + 1,
        conditions: [...conditions, ...unsure, notSeen(on, account, role)],
        label: {
          technique,
          detail: () => ({
            text: `${does} of which nothing was collected, if it runs with role ${nameOf(world, role)}.`,
            evidence: [stated(world, role, `trusts ${on.service}`)],
            fix: `Limit ${actions[0]} to those who deploy it.`,
          }),
        },
      });
    }
  }
}

/** Whether every workload of a kind in an account is known with its role; where the listing alone says that there is none, too. */
function isSeen(world: World, { type, operation, listing }: WorkloadKind, account: string): boolean {
  if (world.observed.isCollected(operation, account)) return true;
  if (listing === undefined || !world.observed.isCollected(listing, account)) return false;
  return !groupsOf(world, type).some((group) => group.account === account);
}

const notSeen = ({ type, operation, noun }: WorkloadKind, account: string, role: string): Condition =>
  unknown(
    type,
    `${operation} was not collected everywhere in ${account}: whether ${noun} runs with ${role} is not known`,
  );

function anyOf({ type, form }: WorkloadKind, partition: string, account: string): string {
  const [service = ''] = type.split(':');
  return `arn:${partition}:${service}:*:${account}:${form}`;
}
