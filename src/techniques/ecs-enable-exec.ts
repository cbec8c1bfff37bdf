import { at, text } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { mayTalk } from './ecs-execute-command.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** An id as ECS makes it for a task: none that a policy could know before. */
const NEW_TASK = '0'.repeat(32);

const EXEC = { 'ecs:enable-execute-command': 'true' };

/** What a new task of a service will be called; `undefined` where its cluster is not known. */
function newTaskOf(world: World, service: string): string | undefined {
  const cluster = text(at(world.graph.asset(service)?.record, 'clusterArn'));
  return cluster === undefined ? undefined : `${cluster.replace(':cluster/', ':task/')}/${NEW_TASK}`;
}

export const ecsEnableExec: Technique = {
  id: 'ecs-enable-execute-command',
  title: 'Turn execute-command on for an ECS service, and open a shell in its new task',
  tactic: 'Lateral Movement',
  attack: ['T1609', 'T1578.005'],
  references: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html',
  ],
  premises: [
    'ecs:UpdateService is allowed on the service, and ecs:ExecuteCommand on new tasks of its cluster.',
    'ECS itself deploys the service; the role of its tasks may open channels to Session Manager.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'a new deployment, which is seen' },
  detection: [eventOf('ecs:UpdateService'), eventOf('ecs:ExecuteCommand')],
  remediation: 'Deny ecs:UpdateService with the condition ecs:enable-execute-command, and limit ecs:ExecuteCommand.',
  steps: (world, emit) => {
    for (const { ids } of groupsOf(world, 'ecs:service')) {
      const update = world.permissions.may({ action: 'ecs:UpdateService', resources: ids, context: EXEC });
      for (const service of update.resources) {
        const record = world.graph.asset(service)?.record;
        const definition = world.graph.outgoing(service, 'runs')[0]?.to;
        const role = definition === undefined ? undefined : world.graph.outgoing(definition, 'runs-as')[0]?.to;
        const task = newTaskOf(world, service);
        const isByEcs = (text(at(record, 'deploymentController', 'type')) ?? 'ECS') === 'ECS';
        if (role === undefined || task === undefined || !isByEcs || text(at(record, 'status')) === 'INACTIVE') continue;
        const conditions = mayTalk(world, role);
        if (conditions === undefined) continue;
        const body = [
          update.of(service),
          world.permissions.may({ action: 'ecs:ExecuteCommand', resources: [task] }).of(task),
        ];
        if (body.includes(undefined)) continue;
        emit({
          head: fact('creds', role),
          body: body.filter((b) => b !== undefined),
          conditions,
          label: {
            technique: ecsEnableExec,
            detail: () => ({
              text: `Turn execute-command on for service ${nameOf(world, service)}, open a shell in its new task, and read the credentials of role ${nameOf(world, role)}.`,
              evidence: [stated(world, service, `runs tasks with role ${role}`)],
              fix: `Take ecs:UpdateService on ${nameOf(world, service)} away.`,
            }),
          },
        });
      }
    }
  },
};
