import { at, type Condition, number, text, unknown } from '../model/index.js';
import { escapesOf } from './container-escape.js';
import { type ContainerHost, type ContainerWork, containerWork } from './container-work.js';
import { EACH, fact } from './fact.js';
import { roleOfInstance } from './instance-role.js';
import { hasMetadataService, metadataOption } from './metadata-service.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';

const taskCredentials: Technique = {
  id: 'ecs-task-credentials',
  title: "Take a task role's credentials from inside a container",
  tactic: 'Credential Access',
  attack: ['T1552.007', 'T1552.005'],
  references: [`${GUIDE}/task-iam-roles.html`],
  premises: ['Code runs in a container of the task.', 'The task has a role.'],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one local HTTP request, to an address that an environment variable tells' },
  detection: ['CloudTrail: calls by the task’s role session from another address'],
  remediation: 'Give the task the narrowest role that it needs, or none.',
  steps: (world, emit) => {
    for (const [role, work] of byRole(containerWork(world))) {
      emit({
        head: fact('creds', role),
        body: [fact('exec', EACH)],
        each: work,
        label: {
          technique: taskCredentials,
          detail: (from) => ({
            text: `Read the credentials of role ${nameOf(world, role)} in ${nameOf(world, from)}.`,
            evidence: [stated(world, from, `runs with role ${role}`)],
            fix: `Narrow what ${nameOf(world, role)} may do.`,
          }),
        },
      });
    }
  },
};

function byRole(work: readonly ContainerWork[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, role } of work) {
    if (role === undefined) continue;
    const own = found.get(role);
    if (own) own.push(id);
    else found.set(role, [id]);
  }
  return found;
}

const hostContainers: Technique = {
  id: 'ecs-host-containers',
  title: 'Enter the containers that run on an instance',
  tactic: 'Lateral Movement',
  attack: ['T1609', 'T1610'],
  references: [`${GUIDE}/security-tasks-containers.html`, `${GUIDE}/ECS_instances.html`],
  premises: ['Code runs on an instance of a cluster.', 'A task runs there.'],
  assumptions: ['It runs as root or may use the container daemon, or gets there.'],
  difficulty: { cost: 2, reason: 'one command of the container daemon, as root' },
  detection: ['GuardDuty Runtime Monitoring: Execution:Runtime/NewBinaryExecuted'],
  remediation: 'Run tasks with strong roles on instances of their own, or on Fargate.',
  steps: (world, emit) => {
    for (const { id, hosts } of containerWork(world)) {
      for (const { instance, conditions } of hosts) {
        emit({
          head: fact('exec', id),
          body: [fact('exec', instance)],
          conditions,
          label: {
            technique: hostContainers,
            detail: () => ({
              text: `Enter a container of ${nameOf(world, id)} on ${nameOf(world, instance)}.`,
              evidence: [stated(world, id, `${mayRun(conditions)} on ${instance}`)],
              fix: `Place ${nameOf(world, id)} on instances of its own, or on Fargate.`,
            }),
          },
        });
      }
    }
  },
};

const mayRun = (conditions: readonly Condition[]): string => (conditions.length === 0 ? 'runs' : 'may run');

const containerEscape: Technique = {
  id: 'ecs-container-escape',
  title: 'Leave a container for the instance on which it runs',
  tactic: 'Privilege Escalation',
  attack: ['T1611'],
  references: [`${GUIDE}/security-tasks-containers.html`],
  premises: [
    'Code runs in a container of a task that runs on an instance of the account.',
    'The container is privileged, has a capability that rules the kernel, or has the host’s directories or the socket of its container daemon.',
  ],
  assumptions: ['It runs as root in the container, as it does by default.'],
  difficulty: { cost: 2, reason: 'a few commands in the container' },
  detection: ['GuardDuty Runtime Monitoring: PrivilegeEscalation:Runtime/DockerSocketAccessed'],
  remediation: 'Take the privilege, the capability or the mount out of the task definition.',
  steps: (world, emit) => {
    for (const { id, definition, hosts } of containerWork(world)) {
      if (definition === undefined || hosts.length === 0) continue;
      const { by, containers } = escapesOf(definition);
      const [first] = by;
      if (first === undefined) continue;
      const [container, why] = first;
      const inWhich =
        by.size === containers
          ? []
          : [unknown('container', `in which container of ${id} the intruder is, is not known: ${container} ${why}`)];
      for (const { instance, conditions } of hosts) {
        emit({
          head: fact('exec', instance),
          body: [fact('exec', id)],
          conditions: [...conditions, ...inWhich],
          label: {
            technique: containerEscape,
            detail: () => ({
              text: `Leave container ${container} of ${nameOf(world, id)} for ${nameOf(world, instance)}.`,
              evidence: [stated(world, definition.id, `container ${container} ${why}`)],
              fix: `Take from container ${container} of ${nameOf(world, definition.id)} what gives it the host.`,
            }),
          },
        });
      }
    }
  },
};

const containerMetadata: Technique = {
  id: 'ecs-container-metadata',
  title: "Take the instance role's credentials from inside a container",
  tactic: 'Credential Access',
  attack: ['T1552.005'],
  references: [`${GUIDE}/security-tasks-containers.html`, `${GUIDE}/instance_IAM_role.html`],
  premises: [
    'Code runs in a container of a task that runs on an instance with a role.',
    'The metadata service answers it: the task is on the network of its host or has an interface of its own, or is behind the host’s bridge, and no token is asked for or the hop limit is 2 or more.',
  ],
  assumptions: [
    'Neither the agent of ECS (ECS_AWSVPC_BLOCK_IMDS) nor a firewall keeps containers away from 169.254.169.254.',
  ],
  difficulty: { cost: 1, reason: 'two local HTTP requests' },
  detection: [
    'GuardDuty: UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.*',
    'CloudTrail: calls by the role session from another address',
  ],
  remediation:
    'Keep containers away from the metadata service, or set its hop limit to 1 and require tokens; give the instance the narrowest role.',
  steps: (world, emit) => {
    for (const { id, definition, hosts } of containerWork(world)) {
      for (const host of hosts) {
        const held = roleOfInstance(world, host.instance);
        const answers = held && answersContainer(world, host, text(at(definition?.record, 'networkMode')));
        if (!held || !answers) continue;
        emit({
          head: fact('creds', held.role),
          body: [fact('exec', id)],
          conditions: [...host.conditions, ...answers],
          label: {
            technique: containerMetadata,
            detail: () => ({
              text: `Read the credentials of role ${nameOf(world, held.role)} from the metadata service of ${nameOf(world, host.instance)}, in ${nameOf(world, id)}.`,
              evidence: [
                stated(world, id, `${mayRun(host.conditions)} on ${host.instance}`),
                stated(world, host.instance, `instance profile ${held.profile} is attached`),
                stated(world, held.profile, `holds role ${held.role}`),
              ],
              fix: `Require tokens of the metadata service of ${nameOf(world, host.instance)} with a hop limit of 1, and keep tasks off its network.`,
            }),
          },
        });
      }
    }
  },
};

/**
 * On which conditions the metadata service of an instance answers a container on it; `undefined` where it does not. An answer with a token has to
 * live one hop longer to cross the bridge of the host.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-existing-instances.html
 */
function answersContainer(
  world: World,
  { instance }: ContainerHost,
  networkMode = 'bridge',
): readonly Condition[] | undefined {
  if (networkMode === 'none' || !hasMetadataService(world, instance)) return undefined;
  if (networkMode === 'host' || networkMode === 'awsvpc') return [];
  const tokens = metadataOption(world, instance, 'HttpTokens');
  const hops = number(at(world.graph.asset(instance)?.record, 'MetadataOptions', 'HttpPutResponseHopLimit'));
  if (tokens === 'optional' || (hops ?? 0) >= 2) return [];
  if (tokens === 'required' && hops !== undefined) return undefined;
  return [unknown('metadata service', `whether that of ${instance} answers containers was not collected`)];
}

/** What follows from running code in a container of ECS, and on an instance that runs some. */
export const CONTAINER_TECHNIQUES: readonly Technique[] = [
  taskCredentials,
  hostContainers,
  containerEscape,
  containerMetadata,
];
