import { at, flag, text } from '../model/index.js';
import { conditionsOf } from './account-administrator.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated } from './world.js';

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
    'ecs:ExecuteCommand is allowed on the task.',
    'The task was started with execute-command on, and its role may open channels to Session Manager.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['ecs:ExecuteCommand'],
  remediation: 'Turn execute-command off in production, and limit ecs:ExecuteCommand by cluster.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'ecs:task')) {
      const allowed = world.permissions.may({ action: 'ecs:ExecuteCommand', resources: ids });
      for (const task of allowed.resources) {
        const record = world.graph.asset(task)?.record;
        const definition = world.graph.outgoing(task, 'runs')[0]?.to;
        const override = text(at(record, 'overrides', 'taskRoleArn'));
        const role =
          override ?? (definition === undefined ? undefined : world.graph.outgoing(definition, 'runs-as')[0]?.to);
        const isRunning = (text(at(record, 'lastStatus')) ?? 'RUNNING') === 'RUNNING';
        const may = allowed.of(task);
        if (may === undefined || role === undefined || !isRunning || flag(at(record, 'enableExecuteCommand')) !== true)
          continue;
        const channel = world.iam.evaluate({ principal: role, action: 'ssmmessages:CreateDataChannel' });
        if (channel.verdict === 'explicit-deny' || channel.verdict === 'implicit-deny') continue;
        emit({
          head: fact('creds', role),
          body: [may],
          conditions: conditionsOf(channel),
          label: {
            technique: ecsExecuteCommand,
            detail: () => ({
              text: `Open a shell in task ${nameOf(world, task)} and read the credentials of role ${nameOf(world, role)}.`,
              evidence: [stated(world, task, `runs with role ${role} and has execute-command on`)],
              fix: `Take ecs:ExecuteCommand on ${nameOf(world, task)} away.`,
            }),
          },
        });
      }
    }
  },
};
