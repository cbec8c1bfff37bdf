import { at, bucketAt, field, type JsonObject, objects, text } from '../model/index.js';
import { apiArn } from './apis.js';
import { type AssetFamily, global, type Link, link, type Place, type Reference } from './declaration.js';

/** Distributions of CloudFront, and what they fetch from. */
export const distributions: AssetFamily = {
  types: [
    {
      type: 'cloudfront:distribution',
      answer: 'cloudfront/ListDistributions',
      list: 'DistributionList.Items[]',
      identity: global('cloudfront', 'distribution/', 'Id', 'ARN'),
      name: 'DomainName',
      moreLinks: originLinks,
    },
    {
      type: 'cloudfront:vpc-origin',
      answer: 'cloudfront/ListVpcOrigins',
      list: 'VpcOriginList.Items[]',
      identity: global('cloudfront', 'vpcorigin/', 'Id', 'Arn'),
      name: 'Name',
      owner: 'AccountId',
      moreLinks: (record) => endLinks(text(field(record, 'OriginEndpointArn')) ?? ''),
    },
  ],
};

/** @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html */
function originLinks(record: JsonObject, { account, partition }: Place): Link[] {
  return objects(at(record, 'Origins', 'Items')).flatMap((origin) => {
    const vpcOrigin = text(at(origin, 'VpcOriginConfig', 'VpcOriginId'));
    const owner = text(at(origin, 'VpcOriginConfig', 'OwnerAccountId')) ?? account;
    if (vpcOrigin !== undefined)
      return link(
        'has-origin',
        'cloudfront:vpc-origin',
        `arn:${partition}:cloudfront::${owner}:vpcorigin/${vpcOrigin}`,
      );
    const domain = (text(field(origin, 'DomainName')) ?? '').toLowerCase();
    const host = bucketAt(domain);
    if (host !== undefined) return link('has-origin', 's3:bucket', `arn:${host.partition}:s3:::${host.bucket}`);
    return named(domain).map((to): Link => ({ kind: 'has-origin', to: { ...to, isKnownOnly: true } }));
  });
}

/** What may go by a DNS name of AWS's. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html */
function named(domain: string): readonly Reference[] {
  const [, api, region] = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(domain) ?? [];
  if (api !== undefined && region !== undefined)
    return [
      { type: 'apigateway:rest-api', id: apiArn('restapis', region, api) },
      { type: 'apigateway:api', id: apiArn('apis', region, api) },
    ];
  if (/^ec2-[\d-]+\./.test(domain)) return [{ type: 'ec2:instance', id: domain }];
  if (!domain.includes('.elb.')) return [];
  const id = domain.replace(/^dualstack\./, '');
  return ['elbv2:load-balancer', 'elb:load-balancer'].map((type) => ({ type, id }));
}

/** A VPC origin leads to a load balancer or an instance. */
function endLinks(arn: string): Link[] {
  if (arn.includes(':elasticloadbalancing:')) return link('leads-to', 'elbv2:load-balancer', arn);
  return arn.includes(':instance/') ? link('leads-to', 'ec2:instance', arn) : [];
}
