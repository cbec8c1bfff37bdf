import { at, type Condition, groupBy, groupKeyed, number, parseArn, text, unknown } from '../model/index.js';
import { wayOutOf } from './container-escape.js';
import { containerWork, type HostPool, rolesOfTasks } from './container-work.js';
import { EACH, fact } from './fact.js';
import { type InstanceRole, roleOfInstance } from './instance-role.js';
import { hasMetadataService, metadataOption } from './metadata-service.js';
import type { Emit, StepLabel, Technique } from './technique.js';
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
    for (const [role, work] of groupKeyed(containerWork(world), (one) => one.role)) {
      emit({
        head: fact('creds', role),
        body: [fact('exec', EACH)],
        each: work.map(({ id }) => id),
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
    unseenRoles(world, emit);
  },
};

/** Where it was not collected which role a task has: any that trusts the tasks of ECS. */
function unseenRoles(world: World, emit: Emit): void {
  const unseen = containerWork(world).filter((work) => work.unseen && work.role === undefined);
  for (const [account, work] of groupBy(unseen, ({ id }) => parseArn(id)?.account ?? '')) {
    const inside = fact('may', `run code in a task of a role of ${account} that was not collected`);
    for (const { id, unseen: why } of work) {
      const conditions = why ? [why] : [];
      emit({ head: inside, body: [fact('exec', id)], cost: 0, conditions, label: inner(taskCredentials) });
    }
    for (const [role, conditions] of rolesOfTasks(world, account)) {
      emit({
        head: fact('creds', role),
        body: [inside],
        conditions,
        label: {
          technique: taskCredentials,
          detail: () => ({
            text: `Read the credentials of the task's role, if that is ${nameOf(world, role)}.`,
            evidence: [stated(world, role, 'trusts the tasks of ECS')],
            fix: `Narrow what ${nameOf(world, role)} may do.`,
          }),
        },
      });
    }
  }
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
    const pools = new Set<HostPool>();
    for (const { id, hosts, pool, conditions } of containerWork(world)) {
      const label = {
        technique: hostContainers,
        detail: (instance: string) => ({
          text: `Enter a container of ${nameOf(world, id)} on ${instance === '' ? 'an instance of its cluster' : nameOf(world, instance)}.`,
          evidence: [stated(world, id, `runs tasks on ${instance === '' ? 'instances of its cluster' : instance}`)],
          fix: `Place ${nameOf(world, id)} on instances of its own, or on Fargate.`,
        }),
      };
      if (hosts.length > 0) emit({ head: fact('exec', id), body: [fact('exec', EACH)], each: hosts, label });
      if (!pool) continue;
      const onNode = fact('may', `be on a node of ${pool.cluster}`);
      if (!pools.has(pool))
        emit({ head: onNode, body: [fact('exec', EACH)], each: pool.instances, cost: 0, label: inner(hostContainers) });
      pools.add(pool);
      emit({ head: fact('exec', id), body: [onNode], ...(conditions && { conditions }), label });
    }
  },
};

/** The label of a clause that only joins many to many. */
const inner = (technique: Technique): StepLabel => ({
  technique,
  inner: true,
  detail: () => ({ text: technique.title, evidence: [], fix: technique.remediation }),
});

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
    const pools = new Set<string>();
    for (const work of containerWork(world)) {
      const { id, hosts, pool } = work;
      const out = hosts.length > 0 || pool ? wayOutOf(world, work) : undefined;
      if (!out) continue;
      const { container, conditions, evidence, fix } = out;
      const label = (of: string): StepLabel => ({
        technique: containerEscape,
        detail: (instance) => ({
          text: `Leave ${container} of ${nameOf(world, of)} for ${nameOf(world, instance)}.`,
          evidence,
          fix,
        }),
      });
      if (hosts.length > 0)
        emit({ head: fact('exec', EACH), body: [fact('exec', id)], each: hosts, conditions, label: label(id) });
      if (!pool) continue;
      // Containers with the same fault are alike to the instances of their cluster: what is shown is that of the definition.
      const held = fact('may', `hold a node of ${pool.cluster} by ${out.of}`);
      emit({
        head: held,
        body: [fact('exec', id)],
        cost: 0,
        conditions: [...(work.conditions ?? []), ...conditions],
        label: inner(containerEscape),
      });
      const key = `${pool.cluster} ${out.of}`;
      if (!pools.has(key)) emit({ head: fact('exec', EACH), body: [held], each: pool.instances, label: label(out.of) });
      pools.add(key);
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
    const known = new Map<HostPool, Map<string | undefined, readonly AnsweringHost[]>>();
    for (const { id, definition, unseen, hosts, pool, conditions } of containerWork(world)) {
      // Of what was not collected, the mode is taken in which most answers.
      const mode = unseen ? 'host' : text(at(definition?.record, 'networkMode'));
      const ifSo = unseen ? [unseen] : [];
      const certain = easiestHosts(world, hosts, mode).map((host) => ({ ...host, verb: 'runs', more: ifSo }));
      const possible = (pool ? inPool(world, known, pool, mode) : []).map((host) => ({
        ...host,
        verb: 'may run',
        more: [...(conditions ?? []), ...ifSo],
      }));
      for (const { held, instance, verb, more, answers } of [...certain, ...possible]) {
        emit({
          head: fact('creds', held.role),
          body: [fact('exec', id)],
          conditions: [...more, ...answers],
          label: {
            technique: containerMetadata,
            detail: () => ({
              text: `Read the credentials of role ${nameOf(world, held.role)} from the metadata service of ${nameOf(world, instance)}, in ${nameOf(world, id)}.`,
              evidence: [
                stated(world, id, `${verb} on ${instance}`),
                stated(world, instance, `instance profile ${held.profile} is attached`),
                stated(world, held.profile, `holds role ${held.role}`),
              ],
              fix: `Require tokens of the metadata service of ${nameOf(world, instance)} with a hop limit of 1, and keep tasks off its network.`,
            }),
          },
        });
      }
    }
  },
};

interface AnsweringHost {
  readonly held: InstanceRole;
  readonly instance: string;
  readonly answers: readonly Condition[];
}

function inPool(
  world: World,
  known: Map<HostPool, Map<string | undefined, readonly AnsweringHost[]>>,
  pool: HostPool,
  networkMode: string | undefined,
): readonly AnsweringHost[] {
  const byMode = known.get(pool) ?? new Map<string | undefined, readonly AnsweringHost[]>();
  known.set(pool, byMode);
  const made = byMode.get(networkMode) ?? easiestHosts(world, pool.instances, networkMode);
  byMode.set(networkMode, made);
  return made;
}

/** For each role of some instances, one that gives it to a container on the fewest conditions. */
function easiestHosts(
  world: World,
  instances: readonly string[],
  networkMode: string | undefined,
): readonly AnsweringHost[] {
  const byRole = new Map<string, AnsweringHost>();
  for (const instance of instances) {
    const held = roleOfInstance(world, instance);
    const answers = held && answersContainer(world, instance, networkMode);
    const before = held && byRole.get(held.role);
    if (held && answers && (before === undefined || answers.length < before.answers.length))
      byRole.set(held.role, { held, instance, answers });
  }
  return [...byRole.values()];
}

/**
 * On which conditions the metadata service of an instance answers a container on it; `undefined` where it does not. An answer with a token has to
 * live one hop longer to cross the bridge of the host.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-existing-instances.html
 */
function answersContainer(world: World, instance: string, networkMode = 'bridge'): readonly Condition[] | undefined {
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
