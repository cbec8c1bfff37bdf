import { type Condition, field, text, unknown } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Blocker } from './network.js';
import { recordsOf } from './snapshot-records.js';

/** What VPC Block Public Access does to a subnet's traffic with internet gateways. */
export interface PublicAccessBlock {
  /** What stops it, or on what that hangs. */
  readonly says: Blocker | Condition;
  readonly blocksOutbound: boolean;
}

const OPTIONS = 'DescribeVpcBlockPublicAccessOptions';
const EXCLUSIONS = 'DescribeVpcBlockPublicAccessExclusions';

/**
 * What blocks public access for a subnet, if anything does or may. Where no place of the snapshot was asked the default holds: not blocked. Where others were,
 * a place without settings may have any.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
 */
export function readPublicAccessBlocks(
  snapshot: Snapshot,
): (place: { account: string; region: string; vpcArn: string; subnetArn: string }) => PublicAccessBlock | undefined {
  const modes = new Map<string, { readonly mode: string; readonly takesExclusions: boolean }>();
  for (const { account, region, body } of snapshot.answers('ec2', OPTIONS)) {
    const options = field(body, 'VpcBlockPublicAccessOptions');
    const mode = text(field(options, 'InternetGatewayBlockMode'));
    const takesExclusions = text(field(options, 'ExclusionsAllowed')) !== 'not-allowed';
    if (mode !== undefined) modes.set(`${account}/${region}`, { mode, takesExclusions });
  }
  const wasAsked =
    modes.size > 0 || snapshot.gaps.some(({ service, operation }) => service === 'ec2' && operation === OPTIONS);
  const exclusions = new Map<string, string>();
  for (const { record } of recordsOf(snapshot, 'ec2', EXCLUSIONS, 'VpcBlockPublicAccessExclusions')) {
    const arn = text(field(record, 'ResourceArn'));
    if (arn === undefined || !IN_FORCE.has(text(field(record, 'State')) ?? 'create-complete')) continue;
    exclusions.set(lastOf(arn), text(field(record, 'InternetGatewayExclusionMode')) ?? '');
  }
  return ({ account, region, vpcArn, subnetArn }) => {
    const stated = modes.get(`${account}/${region}`);
    if (stated?.mode === 'off' || (stated === undefined && !wasAsked)) return undefined;
    const excluded = [exclusions.get(lastOf(subnetArn)), exclusions.get(lastOf(vpcArn))];
    if (excluded.includes('allow-bidirectional')) return undefined;
    const mayLeave = excluded.includes('allow-egress');
    if (stated === undefined) {
      const says = unknown('VPC Block Public Access', `its settings in ${account} ${region} could not be read`);
      return { says, blocksOutbound: !mayLeave };
    }
    const isAllKnown = !stated.takesExclusions || snapshot.coverage(account, region, 'ec2', EXCLUSIONS) === 'answered';
    const fact = `VPC Block Public Access (${stated.mode}) of the account stops what comes in by an internet gateway`;
    return {
      says: isAllKnown
        ? { asset: subnetArn, fact }
        : unknown('VPC Block Public Access', `what it leaves out in ${account} ${region} was not collected`),
      blocksOutbound: stated.mode === 'block-bidirectional' && !mayLeave,
    };
  };
}

/** States of exclusions that hold. */
const IN_FORCE = new Set(['create-complete', 'update-complete', 'update-in-progress', 'update-failed']);

const lastOf = (arn: string): string => arn.split('/').at(-1) as string;
