import { field, type JsonObject } from '../../model/index.js';
import { idsIn, perResource, type ServiceCollector } from '../declaration.js';

const vpcOriginIds = (answer: JsonObject): string[] => idsIn('Items', 'Id')(field(answer, 'VpcOriginList'));

/**
 * Distributions with their origins and behaviours, and what origins are asked with.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
 */
export const cloudfront: ServiceCollector = {
  service: 'cloudfront',
  prefix: 'cloudfront',
  load: () => import('@aws-sdk/client-cloudfront'),
  client: 'CloudFrontClient',
  scope: 'global',
  // One place of a partition answers for all regions. @see https://docs.aws.amazon.com/general/latest/gr/cf_region.html
  askedIn: { aws: 'us-east-1', 'aws-cn': 'cn-northwest-1' },
  operations: [
    { name: 'ListDistributions', within: 'DistributionList' },
    // Not every partition has them.
    { name: 'ListVpcOrigins', within: 'VpcOriginList', absent: ['UnsupportedOperation'] },
    perResource('GetVpcOrigin', 'Id', 'ListVpcOrigins', vpcOriginIds, { absent: ['EntityNotFound'] }),
    { name: 'ListOriginAccessControls', within: 'OriginAccessControlList' },
    { name: 'ListCloudFrontOriginAccessIdentities', within: 'CloudFrontOriginAccessIdentityList' },
  ],
};
