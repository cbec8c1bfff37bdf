import { at, type Condition, flag, groupBy, objects, sortedUnique, text, unknown } from '../model/index.js';
import { conditionsOf } from './account-administrator.js';
import { containerWork, rolesOfTasks } from './container-work.js';
import { fact } from './fact.js';
import type { PermissionFacts, Requirement } from './permissions.js';
import type { Emit, Technique } from './technique.js';
import { ECS_TASKS, rolesTrusting } from './trusted-services.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

export const ecsExecuteCommand: Technique = {
  id: 'ecs-execute-command',
  title: 'Open a shell in a running ECS task',
  tactic: 'Lateral Movement',
  attack: ['T1609', 'T1651'],
  references: [
    'pathfinding.cloud:ecs-006',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html',
  ],
  premises: [
    'ecs:ExecuteCommand is allowed on the task, and on its cluster; where policies limit it to containers (ecs:container-name), on one that the task has.',
    'The task was started with execute-command on, and its role may open channels to Session Manager.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['ecs:ExecuteCommand'],
  remediation: 'Turn execute-command off in production, and limit ecs:ExecuteCommand by cluster.',
  steps: (world, emit) => {
    const work = new Map(containerWork(world).map((one) => [one.id, one]));
    for (const { account, ids } of groupsOf(world, 'ecs:task')) {
      for (const { task, may, more } of openTasks(world, ids)) {
        const record = world.graph.asset(task)?.record;
        const { role, unseen } = work.get(task) ?? {};
        const isRunning = (text(at(record, 'lastStatus')) ?? 'RUNNING') === 'RUNNING';
        if (!isRunning || flag(at(record, 'enableExecuteCommand')) !== true) continue;
        const talk = role === undefined ? unseen && mayAnyTalk(world, account, unseen) : mayTalk(world, role);
        if (talk === undefined) continue;
        const conditions = [...talk, ...more];
        const whose = role === undefined ? 'a role that was not collected' : `role ${role}`;
        const read = role === undefined ? '' : ` and read the credentials of role ${nameOf(world, role)}`;
        const label = {
          technique: ecsExecuteCommand,
          detail: () => ({
            text: `Open a shell in task ${nameOf(world, task)}${read}.`,
            evidence: [stated(world, task, `runs with ${whose} and has execute-command on`)],
            fix: `Take ecs:ExecuteCommand on ${nameOf(world, task)} away.`,
          }),
        };
        emit({ head: fact('exec', task), body: [may], conditions, label });
        if (role !== undefined) emit({ head: fact('creds', role), body: [may], conditions, label });
      }
    }
    emitUnseen(world, emit);
  },
};

const CONTAINER = 'ecs:container-name';

/** A task in which somebody may open a shell, by a fact that says so. */
interface OpenTask {
  readonly task: string;
  readonly may: string;
  readonly more: readonly Condition[];
}

const ON_CLUSTER = unknown('cluster', 'ecs:ExecuteCommand is documented to be checked on the cluster, too');

/**
 * The facts that a shell may be opened in tasks of a cluster: for certain where the same principal may on the cluster.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function mayExecute(
  world: World,
  tasks: readonly string[],
  cluster: string,
  context?: { readonly [CONTAINER]: string },
): readonly OpenTask[] {
  const on = (resources: readonly string[]): Requirement => ({
    action: 'ecs:ExecuteCommand',
    resources,
    ...(context && { context }),
  });
  const opened = ({ parts }: PermissionFacts, more: readonly Condition[]): readonly OpenTask[] =>
    parts.flatMap(({ fact: may, resources }) => resources.map((task) => ({ task, may, more })));
  const { may } = world.permissions;
  return [...opened(may(on(tasks), on([cluster])), []), ...opened(may(on(tasks)), [ON_CLUSTER])];
}

/** The cluster of a task, as it says itself; that of its name, or any, where it does not. */
function clusterOfTask(task: string, said: string | undefined): string {
  if (said !== undefined) return said;
  const [place = '', name = ''] = task.split(':task/');
  return `${place}:cluster/${name.includes('/') ? name.slice(0, name.indexOf('/')) : '*'}`;
}

/** In any container of a task; where policies tell containers apart, in one that it has. */
function openTasks(world: World, ids: readonly string[]): readonly OpenTask[] {
  const clusterOf = (task: string): string =>
    clusterOfTask(task, text(at(world.graph.asset(task)?.record, 'clusterArn')));
  const ask = (tasks: readonly string[], context?: { readonly [CONTAINER]: string }): readonly OpenTask[] =>
    [...groupBy(tasks, clusterOf)].flatMap(([cluster, own]) => mayExecute(world, own, cluster, context));
  if (!world.iam.looksAt([CONTAINER])) return ask(ids);
  const namesOf = (task: string): readonly string[] =>
    objects(at(world.graph.asset(task)?.record, 'containers')).flatMap((container) => text(container['name']) ?? []);
  const named = ids.flatMap((task) => namesOf(task).map((name) => ({ task, name })));
  const alike = groupBy(named, ({ name }) => world.iam.likenessOf({ [CONTAINER]: name }));
  const seen = [...alike.values()].flatMap((own) =>
    ask(sortedUnique(own.map(({ task }) => task)), { [CONTAINER]: own[0]?.name ?? '' }),
  );
  const unnamed = ids.filter((task) => namesOf(task).length === 0);
  const open = unnamed.length === 0 ? [] : ask(unnamed);
  return [
    ...seen,
    ...open.map((one) => ({
      ...one,
      more: [unknown(CONTAINER, `the names of the containers of ${one.task} were not collected`)],
    })),
  ];
}

const DESCRIBE = 'ecs/DescribeTasks';

/** Where tasks were not collected: any role that trusts ECS's tasks, and lets the agent talk, may be that of one with execute-command on. */
function emitUnseen(world: World, emit: Emit): void {
  for (const { account, partition, ids } of groupsOf(world, 'iam:role')) {
    if (world.observed.isCollected(DESCRIBE, account)) continue;
    const trusting = rolesTrusting(world, ECS_TASKS, ids);
    if (trusting.size === 0) continue;
    const any = `arn:${partition}:ecs:*:${account}:task/*`;
    const open = mayExecute(world, [any], any.replace(':task/', ':cluster/'));
    if (open.length === 0) continue;
    for (const [role, conditions] of trusting) {
      const channel = mayTalk(world, role);
      if (channel === undefined) continue;
      for (const { may, more } of open)
        emit({
          head: fact('creds', role),
          body: [may],
          cost: ecsExecuteCommand.difficulty.cost + 1,
          conditions: [
            ...conditions,
            ...channel,
            ...more,
            unknown(
              'ecs:task',
              `${DESCRIBE} was not collected everywhere in ${account}: whether a task with execute-command on runs with ${role} is not known`,
            ),
          ],
          label: {
            technique: ecsExecuteCommand,
            detail: () => ({
              text: `Open a shell in a task of which nothing was collected, if one runs with role ${nameOf(world, role)}.`,
              evidence: [stated(world, role, 'trusts the tasks of ECS')],
              fix: 'Limit ecs:ExecuteCommand by cluster.',
            }),
          },
        });
    }
  }
}

/** The condition that a task’s role was not collected, where one that it may have lets its agent talk. */
function mayAnyTalk(world: World, account: string, unseen: Condition): readonly Condition[] | undefined {
  const roles = [...rolesOfTasks(world, account).keys()];
  return roles.some((role) => mayTalk(world, role) !== undefined) ? [unseen] : undefined;
}

/** On which conditions a role lets the agent of a task open the channel; `undefined` where it does not. */
export function mayTalk(world: World, role: string): readonly Condition[] | undefined {
  const channel = world.iam.evaluate({ principal: role, action: 'ssmmessages:CreateDataChannel' });
  return channel.verdict === 'explicit-deny' || channel.verdict === 'implicit-deny' ? undefined : conditionsOf(channel);
}
