import { unknown } from '../model/index.js';
import { fact } from './fact.js';
import { isRunning, onceStarted, RUNS_OR_STARTED } from './starting.js';
import { sshFromHosts, sshFromOutside, sshOnceOpened, sshOnceStarted, type SshWay } from './ssh-reach.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated } from './world.js';

const INSTALLED = unknown('EC2 Instance Connect', 'whether its package is installed on the host is not in the API');

export const ec2InstanceConnect: Technique = {
  id: 'ec2-instance-connect',
  title: 'Push an SSH key by EC2 Instance Connect to an instance that is reached on SSH',
  tactic: 'Lateral Movement',
  attack: ['T1098.004', 'T1021.004'],
  references: [
    'pathfinding.cloud:ec2instanceconnect-003',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-methods.html',
  ],
  premises: [
    'ec2-instance-connect:SendSSHPublicKey is allowed on the instance.',
    'Port 22 of the instance is reached: from the internet, from an address of the intruder’s, or from a host under control; or would be, once somebody under the intruder’s control opened the network.',
    RUNS_OR_STARTED,
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'an API call and a login within a minute' },
  detection: ['ec2-instance-connect:SendSSHPublicKey'],
  remediation: 'Limit ec2-instance-connect:SendSSHPublicKey by instance and user, and close SSH.',
  steps: (world, emit) => {
    const pushed = groupsOf(world, 'ec2:instance').flatMap(({ ids }) => {
      const facts = world.permissions.may({ action: 'ec2-instance-connect:SendSSHPublicKey', resources: ids });
      return facts.resources.flatMap((instance) => {
        const may = facts.of(instance);
        return may === undefined ? [] : [{ instance, may }];
      });
    });
    if (pushed.length === 0) return;
    const outside = sshFromOutside(world);
    const login = (instance: string, body: readonly string[], way: SshWay): void =>
      emit({
        head: fact('exec', instance),
        body,
        conditions: [INSTALLED, ...way.conditions],
        label: {
          technique: ec2InstanceConnect,
          detail: () => ({
            text: `${onceStarted(world, instance, 'Push an SSH key to')} ${nameOf(world, instance)} and log in.`,
            evidence: [stated(world, instance, `is reached on tcp/22 from ${way.from}`), ...way.evidence],
            fix: `Take ec2-instance-connect:SendSSHPublicKey on ${nameOf(world, instance)} away, or close SSH.`,
          }),
        },
      });
    const inside = sshFromHosts(world, emit, ec2InstanceConnect);
    const running = pushed.filter(({ instance }) => isRunning(world, instance));
    const opened = sshOnceOpened(
      world,
      emit,
      'pushed key',
      running.map(({ instance }) => instance),
    );
    const started = sshOnceStarted(world, emit, ec2InstanceConnect);
    for (const { instance, may } of pushed)
      for (const { needs, ...way } of started.get(instance) ?? []) login(instance, [may, ...needs], way);
    for (const { instance, may } of running) {
      for (const { needs, ...way } of opened.get(instance) ?? []) login(instance, [may, ...needs], way);
      const way = outside.get(instance);
      if (way) login(instance, [may], way);
      for (const { linked, ...link } of inside.get(instance) ?? []) login(instance, [may, linked], link);
    }
  },
};
