import { unknown } from '../model/index.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated } from './world.js';

const SSH = /^(all|tcp|tcp\/(\d+)(?:-(\d+))?)$/;

const includesSsh = (ports: readonly string[]): boolean =>
  ports.some((port) => {
    const match = SSH.exec(port);
    if (!match) return false;
    if (match[2] === undefined) return true;
    return Number(match[2]) <= 22 && 22 <= Number(match[3] ?? match[2]);
  });

export const ec2InstanceConnect: Technique = {
  id: 'ec2-instance-connect',
  title: 'Push an SSH key by EC2 Instance Connect to an instance that the internet reaches on SSH',
  tactic: 'Lateral Movement',
  attack: ['T1098.004', 'T1021.004'],
  references: [
    'pathfinding.cloud:ec2instanceconnect-003',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-methods.html',
  ],
  premises: [
    'ec2-instance-connect:SendSSHPublicKey is allowed on the instance.',
    'The intruder reaches port 22 of the instance.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'an API call and a login within a minute' },
  detection: ['ec2-instance-connect:SendSSHPublicKey'],
  remediation: 'Limit ec2-instance-connect:SendSSHPublicKey by instance and user, and close SSH.',
  steps: (world, emit) => {
    const open = new Map(
      world.network
        .exposures()
        .filter((e) => e.type === 'ec2:instance' && e.grade !== 'named' && includesSsh(e.ports))
        .map((e) => [e.asset, e]),
    );
    if (open.size === 0) return;
    for (const { ids } of groupsOf(world, 'ec2:instance')) {
      const facts = world.permissions.may({ action: 'ec2-instance-connect:SendSSHPublicKey', resources: ids });
      for (const instance of facts.resources) {
        const may = facts.of(instance);
        const exposure = open.get(instance);
        if (may === undefined || !exposure) continue;
        emit({
          head: fact('exec', instance),
          body: [may],
          conditions: [
            unknown('EC2 Instance Connect', 'whether its package is installed on the host is not in the API'),
            ...exposure.conditions,
          ],
          label: {
            technique: ec2InstanceConnect,
            detail: () => ({
              text: `Push an SSH key to ${nameOf(world, instance)} and log in.`,
              evidence: [stated(world, instance, 'is reached on tcp/22 from the internet'), ...exposure.evidence],
              fix: 'Close SSH to the internet.',
            }),
          },
        });
      }
    }
  },
};
