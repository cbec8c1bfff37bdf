import { at, text } from '../model/index.js';
import { eventOf } from './cloudtrail.js';
import { containerWork, rolesOfTasks } from './container-work.js';
import { mayExecute, mayTalk } from './ecs-execute-command.js';
import { fact } from './fact.js';
import type { StepLabel, Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** An id as ECS makes it for a task: none that a policy could know before. */
const NEW_TASK = '0'.repeat(32);

const EXEC = { 'ecs:enable-execute-command': 'true' };

/** What a new task of a cluster will be called. */
const newTaskIn = (cluster: string): string => `${cluster.replace(':cluster/', ':task/')}/${NEW_TASK}`;

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
    'ecs:UpdateService is allowed on the service, and ecs:ExecuteCommand on its cluster and new tasks in it.',
    'ECS itself deploys the service; the role of its tasks may open channels to Session Manager.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'a new deployment, which is seen' },
  detection: [eventOf('ecs:UpdateService'), eventOf('ecs:ExecuteCommand')],
  remediation: 'Deny ecs:UpdateService with the condition ecs:enable-execute-command, and limit ecs:ExecuteCommand.',
  steps: (world, emit) => {
    const work = new Map(containerWork(world).map((one) => [one.id, one]));
    const unseenIn = new Set<string>();
    for (const { account, ids } of groupsOf(world, 'ecs:service')) {
      const update = world.permissions.may({ action: 'ecs:UpdateService', resources: ids, context: EXEC });
      for (const service of update.resources) {
        const record = world.graph.asset(service)?.record;
        const { role, unseen } = work.get(service) ?? {};
        const cluster = text(at(record, 'clusterArn'));
        const isByEcs = (text(at(record, 'deploymentController', 'type')) ?? 'ECS') === 'ECS';
        if (cluster === undefined || !isByEcs || text(at(record, 'status')) === 'INACTIVE') continue;
        const conditions = role === undefined ? unseen && [unseen] : mayTalk(world, role);
        const own = update.of(service);
        if (conditions === undefined || own === undefined) continue;
        if (role === undefined) unseenIn.add(account);
        for (const { may, more } of mayExecute(world, [newTaskIn(cluster)], cluster)) {
          const known = { body: [own, may], conditions: [...conditions, ...more] };
          const label = labelOf(world, service, role);
          if (role !== undefined) emit({ head: fact('creds', role), ...known, label });
          else emit({ head: inUnseen(account), ...known, cost: 0, label: { ...label, inner: true } });
        }
      }
    }
    for (const account of unseenIn) {
      for (const [role, conditions] of rolesOfTasks(world, account)) {
        const talks = mayTalk(world, role);
        if (talks === undefined) continue;
        const label = labelOf(world, undefined, role);
        emit({ head: fact('creds', role), body: [inUnseen(account)], conditions: [...conditions, ...talks], label });
      }
    }
  },
};

/** A shell in a task of a role that was not collected. */
const inUnseen = (account: string): string => fact('may', `turn execute-command on in ${account}`);

/** @param service the one that is changed; whichever the intruder may change, where absent */
function labelOf(world: World, service: string | undefined, role?: string): StepLabel {
  const of = service === undefined ? 'a service' : `service ${nameOf(world, service)}`;
  const whose = role === undefined ? 'a role that was not collected' : `role ${role}`;
  const read = role === undefined ? '' : `, and read the credentials of role ${nameOf(world, role)}`;
  return {
    technique: ecsEnableExec,
    detail: () => ({
      text: `Turn execute-command on for ${of}, open a shell in its new task${read}.`,
      evidence: service === undefined ? [] : [stated(world, service, `runs tasks with ${whose}`)],
      fix: service === undefined ? '' : `Take ecs:UpdateService on ${nameOf(world, service)} away.`,
    }),
  };
}
