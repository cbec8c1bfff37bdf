/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon, e.g. `instance/i-0abc` or `db:orders`. */
  readonly resource: string;
}

/** @returns the parts, or `undefined` where `value` is no ARN (six parts, the first `arn`). */
export function parseArn(value: string): Arn | undefined {
  if (!value.startsWith('arn:')) return undefined;
  const service = value.indexOf(':', 4) + 1;
  const region = service === 0 ? 0 : value.indexOf(':', service) + 1;
  const account = region === 0 ? 0 : value.indexOf(':', region) + 1;
  const resource = account === 0 ? 0 : value.indexOf(':', account) + 1;
  if (resource === 0) return undefined;
  return {
    partition: value.slice(4, service - 1),
    service: value.slice(service, region - 1),
    region: value.slice(region, account - 1),
    account: value.slice(account, resource - 1),
    resource: value.slice(resource),
  };
}

/**
 * The partition that a region code belongs to.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

export function makeArn(service: string, region: string, account: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region === 'global' ? '' : region}:${account}:${resource}`;
}

/** The ARN of an EC2 resource: `makeEc2Arn('us-east-1', '111122223333', 'instance', 'i-0abc')`. */
export function makeEc2Arn(region: string, account: string, kind: string, id: string): string {
  // Thousands in a row begin alike.
  if (lastBeginning.kind !== kind || lastBeginning.region !== region || lastBeginning.account !== account)
    lastBeginning = { region, account, kind, text: makeArn('ec2', region, account, `${kind}/`) };
  return lastBeginning.text + id;
}

/** The last part of an ARN or another id: what records mostly call the thing by, and people. */
export const bareOf = (id: string): string => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);

/** `…:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2` belongs to `…:loadbalancer/app/web/50dc6c495c0c9188`. */
export const balancerOfListener = (arn: string): string =>
  arn.slice(0, arn.lastIndexOf('/')).replace(':listener/', ':loadbalancer/');

let lastBeginning = { region: '', account: '', kind: '', text: 'arn:aws:ec2:::/' };
