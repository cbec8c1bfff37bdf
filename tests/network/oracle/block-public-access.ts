import { field, text } from '../../../src/model/index.js';
import { ownerOf, type Records } from './records.js';

/** How a connection crosses the border of a VPC: from outside, or from inside through one of its gateways. */
export type Crossing = 'inbound' | 'outbound-direct' | 'outbound-nat' | 'outbound-egress-only';

/**
 * VPC Block Public Access, judged at the subnet whose traffic crosses the gateway (a NAT gateway's own subnet), for the packet that
 * opens the connection.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
 */
export function publicAccessBlocks(
  records: Records,
  subnetId: string,
  crossing: Crossing,
): 'yes' | 'no' | 'undetermined' {
  const subnet = records.subnets.get(subnetId);
  const options = records.blockPublicAccess.find(
    (o) => subnet && o.account === ownerOf(subnet) && o.region === subnet.region,
  )?.record;
  const mode = text(field(options, 'InternetGatewayBlockMode')) ?? 'off';
  if (mode === 'off') return 'no';
  // An organization that forbids exclusions disables them, which shows in their state.
  const exclusions = records.blockPublicAccessExclusions
    .filter(({ record }) => ['create-complete', 'update-complete'].includes(text(field(record, 'State')) ?? ''))
    .filter(({ record }) => {
      const arn = text(field(record, 'ResourceArn')) ?? '';
      return arn.endsWith(`:subnet/${subnetId}`) || arn.endsWith(`:vpc/${text(field(subnet?.record, 'VpcId'))}`);
    })
    .map(({ record }) => text(field(record, 'InternetGatewayExclusionMode')));
  if (exclusions.includes('allow-bidirectional')) return 'no';
  const outboundOnly = mode === 'block-ingress' || exclusions.includes('allow-egress');
  if (!outboundOnly || crossing === 'inbound') return 'yes';
  if (crossing !== 'outbound-direct') return 'no';
  // Only NAT and egress-only gateways pass in ingress-only mode; whether an egress exclusion frees a public address is not documented.
  return mode === 'block-ingress' ? 'yes' : 'undetermined';
}
