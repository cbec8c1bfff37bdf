import { at, type Condition, type Evidence, sortedUnique, text, unknown } from '../model/index.js';
import { fact } from './fact.js';
import { isRunning } from './starting.js';
import type { Technique } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

export const instanceConnectEndpoint: Technique = {
  id: 'ec2-instance-connect-endpoint',
  title: 'Push an SSH key and log in through an EC2 Instance Connect Endpoint',
  tactic: 'Lateral Movement',
  attack: ['T1098.004', 'T1021.004', 'T1572'],
  references: [
    'pathfinding.cloud:ec2instanceconnect-003',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html',
  ],
  premises: [
    "ec2-instance-connect:OpenTunnel is allowed on an endpoint in the instance's VPC.",
    'ec2-instance-connect:SendSSHPublicKey is allowed on the instance.',
    'The groups of the endpoint and of the instance let tcp/22 through.',
  ],
  assumptions: [],
  difficulty: { cost: 2, reason: 'two API calls and a login within a minute; no address in the VPC is needed' },
  detection: ['ec2-instance-connect:OpenTunnel', 'ec2-instance-connect:SendSSHPublicKey'],
  remediation:
    'Limit ec2-instance-connect:OpenTunnel by address and port, and ec2-instance-connect:SendSSHPublicKey by instance.',
  steps: (world, emit) => {
    for (const { account, ids: endpoints } of groupsOf(world, 'ec2:instance-connect-endpoint')) {
      const tunnel = world.permissions.may({ action: 'ec2-instance-connect:OpenTunnel', resources: endpoints });
      for (const endpoint of tunnel.resources) {
        const open = tunnel.of(endpoint);
        if (open === undefined) continue;
        for (const group of groupsOf(world, 'ec2:instance')) {
          if (group.account !== account) continue;
          const push = world.permissions.may({
            action: 'ec2-instance-connect:SendSSHPublicKey',
            resources: group.ids,
          });
          for (const instance of push.resources) {
            const key = push.of(instance);
            if (key === undefined || !isRunning(world, instance)) continue;
            const way = wayTo(world, endpoint, instance);
            if (!way) continue;
            emit({
              head: fact('exec', instance),
              body: [open, key],
              conditions: [
                unknown('EC2 Instance Connect', 'whether its package is installed on the host is not in the API'),
                ...way.conditions,
              ],
              label: {
                technique: instanceConnectEndpoint,
                detail: () => ({
                  text: `Push an SSH key to ${nameOf(world, instance)} and log in through ${nameOf(world, endpoint)}.`,
                  evidence: [stated(world, endpoint, `is an endpoint in the VPC of ${instance}`), ...way.evidence],
                  fix: `Take ec2-instance-connect:OpenTunnel on ${nameOf(world, endpoint)} away.`,
                }),
              },
            });
          }
        }
      }
    }
  },
};

interface Way {
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
}

const vpcOf = (world: World, asset: string): string | undefined => world.graph.outgoing(asset, 'in-vpc')[0]?.to;

/** How an endpoint reaches the SSH port of an instance in its VPC; `undefined` where it does not. */
function wayTo(world: World, endpoint: string, instance: string): Way | undefined {
  const vpc = vpcOf(world, endpoint);
  const isReady = (text(at(world.graph.asset(endpoint)?.record, 'State')) ?? '').startsWith('create-complete');
  if (vpc === undefined || vpc !== vpcOf(world, instance) || !isReady) return undefined;
  const faces = sortedUnique(world.graph.outgoing(endpoint, 'has-interface').map((r) => r.to)).filter(
    (face) => (world.graph.asset(face)?.source ?? '') !== '',
  );
  if (faces.length === 0)
    return {
      conditions: [
        unknown('network', `whether ${endpoint} reaches tcp/22 of ${instance}: its interface was not collected`),
      ],
      evidence: [],
    };
  for (const from of faces) {
    const answer = world.network.reach({ from, to: instance, port: 'tcp/22' });
    if (answer.verdict === 'no') continue;
    return {
      conditions: answer.verdict === 'yes' ? [] : answer.conditions,
      evidence: answer.allowed.flatMap((flow) => flow.evidence),
    };
  }
  return undefined;
}
