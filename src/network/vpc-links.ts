import { field, makeArn, text, texts } from '../model/index.js';
import type { Snapshot } from '../snapshot/index.js';
import type { Managed } from './managed-thing.js';
import { recordsOf } from './snapshot-records.js';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html */
export const vpcLinkArn = (region: string, id: string): string => makeArn('apigateway', region, '', `/vpclinks/${id}`);

/**
 * Links of HTTP APIs into a VPC, which have interfaces in its subnets with groups.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
 */
export function vpcLinks(snapshot: Snapshot): Managed[] {
  return recordsOf(snapshot, 'apigatewayv2', 'GetVpcLinks', 'Items').map(({ record, answer }) => ({
    asset: vpcLinkArn(answer.region, text(field(record, 'VpcLinkId')) ?? ''),
    type: 'apigateway:vpc-link',
    subnets: texts(field(record, 'SubnetIds')),
    spansAll: true,
    groups: texts(field(record, 'SecurityGroupIds')),
    isPublic: false,
    ports: undefined,
    refuses: 'a VPC link takes no connections: it only opens them',
    // One that nothing came by for a while is made anew with the next request.
    state: 'available',
    marks: [],
    source: answer.source,
  }));
}

/** The network balancers that links of REST APIs lead to, by the link. */
export type RestLinks = ReadonlyMap<string, readonly string[]>;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html */
export const readRestLinks = (snapshot: Snapshot): RestLinks =>
  new Map(
    recordsOf(snapshot, 'api-gateway', 'GetVpcLinks', 'items').map(({ record, answer }) => [
      vpcLinkArn(answer.region, text(field(record, 'id')) ?? ''),
      texts(field(record, 'targetArns')),
    ]),
  );
