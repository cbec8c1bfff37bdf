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
  const parts = value.split(':');
  if (parts.length < 6) return undefined;
  const [, partition = '', service = '', region = '', account = '', ...resource] = parts;
  return { partition, service, region, account, resource: resource.join(':') };
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
export const makeEc2Arn = (region: string, account: string, kind: string, id: string): string =>
  makeArn('ec2', region, account, `${kind}/${id}`);
