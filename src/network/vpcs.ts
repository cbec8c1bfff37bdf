import { at, field, makeEc2Arn, objects, sortedUnique, text } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { type IpSet, parseIpSet, uniteAllIps } from './ip-set.js';
import { type Found, indexById, recordsOf } from './snapshot-records.js';

export interface Vpc {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** All associated CIDRs, secondary and IPv6 ones too. */
  readonly cidrs: IpSet;
  /** The same as they are associated: what a transit gateway attachment propagates. */
  readonly blocks: readonly string[];
  readonly source: string;
}

export interface Subnet {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly vpc: string;
  /** The zone's id where stated (the same zone has different names in different accounts), else its name. */
  readonly zone: string;
  readonly zoneName: string;
  readonly cidrs: IpSet;
  readonly source: string;
}

const ownerOf = ({ record, answer }: Found): string => text(field(record, 'OwnerId')) ?? answer.account;

const isAssociated = (state: string | undefined): boolean => state === undefined || state === 'associated';

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export function readVpcs(snapshot: Snapshot): Map<string, Vpc> {
  return indexById(recordsOf(snapshot, 'ec2', 'DescribeVpcs', 'Vpcs'), 'VpcId', (id, found) => {
    const { record, answer } = found;
    const v4 = objects(field(record, 'CidrBlockAssociationSet'))
      .filter((a) => isAssociated(text(at(a, 'CidrBlockState', 'State'))))
      .map((a) => text(field(a, 'CidrBlock')));
    const account = ownerOf(found);
    const blocks = sortedUnique(
      [text(field(record, 'CidrBlock')), ...v4, ...v6Blocks(found)].filter((b) => b !== undefined),
    );
    return {
      id,
      arn: makeEc2Arn(answer.region, account, 'vpc', id),
      account,
      region: answer.region,
      cidrs: readCidrs(blocks),
      blocks,
      source: answer.source,
    };
  });
}

export function readSubnets(snapshot: Snapshot): Map<string, Subnet> {
  return indexById(recordsOf(snapshot, 'ec2', 'DescribeSubnets', 'Subnets'), 'SubnetId', (id, found) => {
    const { record, answer } = found;
    const account = ownerOf(found);
    const zoneName = text(field(record, 'AvailabilityZone')) ?? '';
    return {
      id,
      arn: text(field(record, 'SubnetArn')) ?? makeEc2Arn(answer.region, account, 'subnet', id),
      account,
      region: answer.region,
      vpc: text(field(record, 'VpcId')) ?? '',
      zone: text(field(record, 'AvailabilityZoneId')) ?? zoneName,
      zoneName,
      cidrs: readCidrs([text(field(record, 'CidrBlock')), ...v6Blocks(found)]),
      source: answer.source,
    };
  });
}

function v6Blocks({ record }: Found): (string | undefined)[] {
  return objects(field(record, 'Ipv6CidrBlockAssociationSet'))
    .filter((a) => isAssociated(text(at(a, 'Ipv6CidrBlockState', 'State'))))
    .map((a) => text(field(a, 'Ipv6CidrBlock')));
}

/** The union of the CIDRs that can be read. */
export const readCidrs = (cidrs: readonly (string | undefined)[]): IpSet =>
  uniteAllIps(cidrs.flatMap((cidr) => (cidr === undefined ? [] : (parseIpSet(cidr) ?? []))));
