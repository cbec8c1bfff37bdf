import type { Mutable } from './cloud.js';
import type { Draw } from './draw.js';
import type { Vpc } from './draw-vpc.js';
import type { Drawing } from './drawing.js';

export const NETWORKS = [
  '0.0.0.0/0',
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.1.0.0/16',
  '10.1.1.0/24',
  '10.0.1.0/25',
  '100.64.0.0/15',
  '8.8.8.0/24',
  '8.0.0.0/7',
  '130.0.0.0/8',
  '8.8.8.8/32',
  '10.0.1.10/32',
] as const;
export const NETWORKS_IPV6 = [
  '::/0',
  '2600:1f00::/32',
  '2600:1f00:0:100::/56',
  '2a00::/16',
  '2600:1f00:0:0::/64',
] as const;

/** The default list lets everything pass; others hold allows and denies in turn, and end in *allow* more often than not. */
export function drawNetworkAcls({ draw, cloud }: Drawing, vpc: Vpc): void {
  const customs = draw.count(0, 2);
  const choices = vpc.subnets.map(() => (draw.chance(60) ? -1 : draw.count(-1, customs - 1)));
  for (let n = -1; n < customs; n++) {
    const id = `acl-${vpc.index}${n + 1}`;
    cloud.add(vpc.place, 'ec2/DescribeNetworkAcls', {
      NetworkAclId: id,
      VpcId: vpc.id,
      OwnerId: vpc.place.account,
      IsDefault: n === -1,
      Associations: vpc.subnets
        .filter((_, i) => choices[i] === n)
        .map((s) => ({ NetworkAclAssociationId: `aclassoc-${s.id}`, NetworkAclId: id, SubnetId: s.id })),
      Entries:
        n === -1 ? [...allowAll(true), ...allowAll(false)] : [...drawEntries(draw, true), ...drawEntries(draw, false)],
    });
  }
}

const entry = (Egress: boolean, RuleNumber: number, RuleAction: string, rest: Mutable): Mutable => ({
  Egress,
  RuleNumber,
  RuleAction,
  ...rest,
});

const allowAll = (egress: boolean): Mutable[] => [
  entry(egress, 100, 'allow', { Protocol: '-1', CidrBlock: '0.0.0.0/0' }),
  entry(egress, 101, 'allow', { Protocol: '-1', Ipv6CidrBlock: '::/0' }),
  ...denyRest(egress),
];

const denyRest = (egress: boolean): Mutable[] => [
  entry(egress, 32767, 'deny', { Protocol: '-1', CidrBlock: '0.0.0.0/0' }),
  entry(egress, 32768, 'deny', { Protocol: '-1', Ipv6CidrBlock: '::/0' }),
];

const PORTS = [
  [22, 22],
  [80, 443],
  [0, 65535],
  [1024, 65535],
  [1024, 65535],
  [32768, 60999],
  [443, 5432],
  [1024, 40000],
  [0, 0],
  [0, 1023],
  [443, 443],
  [1024, 4999],
  [40001, 65535],
  [49152, 65535],
  [65535, 65535],
] as const;

function drawEntries(draw: Draw, egress: boolean): Mutable[] {
  const entries: Mutable[] = [];
  const numbers = draw.some([10, 20, 30, 40, 50], 50);
  for (const ruleNumber of numbers) {
    const action = draw.chance(55) ? 'allow' : 'deny';
    const network = draw.chance(75) ? { CidrBlock: draw.pick(NETWORKS) } : { Ipv6CidrBlock: draw.pick(NETWORKS_IPV6) };
    const protocol = draw.pick(['6', '6', '6', '17', '-1', '1', '58']);
    const [From, To] = draw.pick(PORTS);
    const service: Mutable =
      protocol === '6' || protocol === '17'
        ? { PortRange: { From, To } }
        : protocol === '1'
          ? {
              IcmpTypeCode: draw.pick([
                { Type: -1, Code: -1 },
                { Type: 8, Code: -1 },
                { Type: 0, Code: -1 },
                { Type: 8, Code: 0 },
              ]),
            }
          : protocol === '58'
            ? { IcmpTypeCode: { Type: -1, Code: -1 } }
            : {};
    entries.push(entry(egress, ruleNumber, action, { Protocol: protocol, ...network, ...service }));
  }
  if (draw.chance(88)) entries.push(entry(egress, 900, 'allow', { Protocol: '-1', CidrBlock: '0.0.0.0/0' }));
  if (draw.chance(88)) entries.push(entry(egress, 901, 'allow', { Protocol: '-1', Ipv6CidrBlock: '::/0' }));
  // The API lists rules in no promised order.
  if (draw.chance(30)) entries.reverse();
  return [...entries, ...denyRest(egress)];
}
