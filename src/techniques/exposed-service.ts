import type { Exposure } from '../network/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import type { Technique } from './technique.js';
import { nameOf } from './world.js';

/** Ports on which a login is asked for before anything else: entering by them takes a credential or a flaw in the login itself. */
const LOGIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [3389, 'RDP'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
]);

const ONLY_LOGIN_COST = 5;

export const exposedService: Technique = {
  id: 'exposed-service',
  title: 'Enter an instance through a service that the internet reaches',
  tactic: 'Initial Access',
  attack: ['T1190', 'T1133'],
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html'],
  premises: [
    'The internet reaches a port of the instance: address, route, network ACL and security group all let it through.',
  ],
  assumptions: [
    'The software that listens there gives way: a flaw, a weak credential. The network says who can try, not who succeeds.',
  ],
  difficulty: {
    cost: 3,
    reason: 'a working flaw or credential for the listening software is presumed; 5 where only login ports are open',
  },
  detection: ['VPC flow logs: accepted flows from the internet to the port', 'GuardDuty: UnauthorizedAccess:EC2/*'],
  remediation:
    'Take the instance off the internet: put a load balancer in front of it, or narrow the security group to known addresses.',
  steps: (world, emit) => {
    for (const exposure of world.network.exposures()) {
      if (exposure.type !== 'ec2:instance' || exposure.grade === 'named') continue;
      emit({
        head: fact('exec', exposure.asset),
        body: [INTERNET_FACT],
        cost: isLoginOnly(exposure) ? ONLY_LOGIN_COST : exposedService.difficulty.cost,
        conditions: exposure.verdict === 'yes' ? [] : exposure.conditions,
        label: {
          technique: exposedService,
          detail: () => ({
            text: `Enter ${nameOf(world, exposure.asset)} through ${exposure.ports.join(', ')}, open to ${exposure.sources.join(', ')}.`,
            evidence: exposure.evidence,
            fix: `Narrow the rule that lets the internet into ${nameOf(world, exposure.asset)} to the addresses that need it, or remove its public address.`,
          }),
        },
      });
    }
  },
};

function isLoginOnly(exposure: Exposure): boolean {
  return exposure.ports.every((port) => {
    const number = /^tcp\/(\d+)$/.exec(port)?.[1];
    return number !== undefined && LOGIN_PORTS.has(Number(number));
  });
}
