import { byCode, type Evidence } from '../model/index.js';
import type { Exposure } from '../network/index.js';
import { fact, INTERNET_FACT } from './fact.js';
import { onceStarted } from './starting.js';
import { startedHosts } from './started-hosts.js';
import type { Technique } from './technique.js';
import { nameOf, type Weakness, type World } from './world.js';

/** Ports on which a login is asked for before anything else: entering by them takes a credential or a flaw in the login itself. */
const LOGIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [3389, 'RDP'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
]);

/** What runs software of the account's own. */
export const ENTERED: ReadonlySet<string> = new Set(['ec2:instance', 'ecs:task', 'ecs:service']);

/** How well it is known that what listens gives way. */
interface Strength {
  readonly cost: number;
  /** What is taken for granted; nothing where a weakness is confirmed. */
  readonly assumptions: readonly string[];
  readonly evidence: readonly Weakness[];
}

export const exposedService: Technique = {
  id: 'exposed-service',
  title: 'Enter an instance or task through a service that the internet reaches',
  tactic: 'Initial Access',
  attack: ['T1190', 'T1133'],
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html',
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html',
  ],
  premises: [
    'The internet reaches a port of the instance, or of a task of ECS with an interface of its own: address, route, network ACL and security group all let it through.',
    'Or all of CloudFront does, on a port on which it asks origins: anybody can have a distribution.',
    'Or a distribution of CloudFront sends on what anybody asks by a VPC origin, which the security group lets in.',
    'An instance runs; or it is stopped, and somebody under the intruder’s control may start it (ec2:StartInstances).',
  ],
  assumptions: [
    'The software that listens there gives way: a flaw, a weak credential. The network says who can try, not who succeeds.',
  ],
  difficulty: {
    cost: 3,
    reason:
      'a working flaw or credential for the listening software is presumed; 5 where only login ports are open; 2 where a scanner found a flaw that the network reaches, 1 where an exploit of it is known',
  },
  detection: ['VPC flow logs: accepted flows from the internet to the port', 'GuardDuty: UnauthorizedAccess:EC2/*'],
  remediation:
    'Take it off the internet: put a load balancer in front of it, or narrow the security group to known addresses.',
  steps: (world, emit) => {
    const { may, exposures } = startedHosts(world);
    for (const exposure of [...world.network.exposures(), ...exposures]) {
      if (!ENTERED.has(exposure.type) || exposure.grade === 'named') continue;
      const start = may.get(exposure.asset);
      const { cost, assumptions, evidence } = strengthOf(exposure, world.observed.weaknesses(exposure.asset));
      emit({
        head: fact('exec', exposure.asset),
        // Who may start it has credentials, and is on the internet with them.
        body: [start ?? INTERNET_FACT],
        cost: start === undefined ? cost : cost + 1,
        conditions: exposure.verdict === 'yes' ? [] : exposure.conditions,
        label: {
          technique: exposedService,
          assumptions:
            exposure.grade === 'cloudfront' && !isByVpcOrigin(exposure) ? [...assumptions, BY_CLOUDFRONT] : assumptions,
          detail: () => ({
            text: `${onceStarted(world, exposure.asset, 'Enter')} ${nameOf(world, exposure.asset)} through ${exposure.ports.join(', ')}, ${openTo(world, exposure)}.`,
            evidence: [...exposure.evidence, ...evidence.map((weakness) => asEvidence(exposure.asset, weakness))],
            fix: isByVpcOrigin(exposure)
              ? `Have the distribution ask viewers of ${nameOf(world, exposure.asset)} for signed URLs or cookies, or take the VPC origin out of it.`
              : `Narrow the rule that lets the internet into ${nameOf(world, exposure.asset)} to the addresses that need it, or remove its public address.`,
          }),
        },
      });
    }
  },
};

const BY_CLOUDFRONT =
  'A distribution of CloudFront sends requests there, the account’s own or one that the intruder makes: the list of its addresses keeps out neither.';

/** Whether it is a distribution of the account's own, or one that it is shared with, that CloudFront comes by. */
const isByVpcOrigin = ({ via }: Pick<Exposure, 'via'>): boolean => via.some((id) => VPC_ORIGIN.test(id));

const DISTRIBUTION = /^arn:[^:]+:cloudfront::\d*:distribution\//;
/** A VPC origin; where it was not collected, the group by which CloudFront comes to one. */
const VPC_ORIGIN = /^arn:[^:]+:(?:cloudfront::\d*:vpcorigin\/|ec2:[^:]*:\d*:security-group\/)/;

function openTo(world: World, { grade, sources, via }: Exposure): string {
  if (grade !== 'cloudfront') return `open to ${sources.join(', ')}`;
  const by = via.filter((id) => DISTRIBUTION.test(id)).map((id) => nameOf(world, id));
  const own = by.length > 0 ? `distribution ${by.join(', ')}` : 'a distribution of CloudFront';
  if (isByVpcOrigin({ via })) return `to which ${own} sends on what anybody asks, by a VPC origin`;
  const known = by.length > 0 ? `, as distribution ${by.join(', ')} does` : '';
  return `open to CloudFront, which sends on what anybody asks${known}`;
}

/** Whether nothing but ports that ask for a login first is open. */
export function isLoginOnly(exposure: Pick<Exposure, 'ports'>): boolean {
  return exposure.ports.every((port) => {
    const number = /^tcp\/(\d+)$/.exec(port)?.[1];
    return number !== undefined && LOGIN_PORTS.has(Number(number));
  });
}

/** Software behind the login ports: a flaw of another package is of no use there. */
const LOGIN_SOFTWARE = /ssh|rdp|remote.?desktop|winrm|terminal/i;

const GRADES = ['critical', 'high', 'medium', 'low'];
const gradeOf = ({ severity }: Weakness): number =>
  (GRADES.indexOf(severity) + GRADES.length + 1) % (GRADES.length + 1);

/** How strong the presumption is that what listens there gives way. */
export function strengthOf(exposure: Pick<Exposure, 'ports'>, found: readonly Weakness[]): Strength {
  const loginOnly = isLoginOnly(exposure);
  const reached = found
    .filter((w) => w.isNetwork && (!loginOnly || LOGIN_SOFTWARE.test(w.package)))
    .sort((a, b) => gradeOf(a) - gradeOf(b) || byCode(a.id, b.id));
  const exploited = reached.filter((w) => w.isExploited);
  const [worst] = reached;
  if (exploited.length > 0) return { cost: 1, assumptions: [], evidence: exploited.slice(0, MOST_SHOWN) };
  if (worst) {
    const what = `A strong assumption: the software that listens there gives way by one of the flaws that a scanner found and the network reaches (${reached.length}, the worst is ${worst.id}, ${worst.severity}).`;
    return { cost: 2, assumptions: [what], evidence: reached.slice(0, MOST_SHOWN) };
  }
  if (loginOnly) {
    const what =
      'A weak assumption: only ports that ask for a login are open, so it takes a credential or a flaw of the login itself.';
    return { cost: 5, assumptions: [what], evidence: [] };
  }
  return { cost: exposedService.difficulty.cost, assumptions: exposedService.assumptions, evidence: [] };
}

const MOST_SHOWN = 3;

export const asEvidence = (
  asset: string,
  { id, package: name, severity, isExploited, source }: Weakness,
): Evidence => ({
  asset,
  fact: `has ${id}${name === '' ? '' : ` in ${name}`} (${severity}), which can be used over the network${isExploited ? ', and of which an exploit is known' : ''}`,
  source,
});
