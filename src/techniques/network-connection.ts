import type { TechniqueInfo } from './technique.js';

export const networkConnection: TechniqueInfo = {
  id: 'network-connection',
  title: 'Open a connection over the network',
  tactic: 'Lateral Movement',
  attack: ['T1021', 'T1046'],
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html',
  ],
  premises: ['Routes, network ACLs and security groups of both sides let the connection and its answer through.'],
  assumptions: [],
  difficulty: { cost: 1, reason: 'a connection' },
  detection: ['VPC flow logs'],
  remediation: 'Narrow the security group of the target to the groups that need it.',
};
