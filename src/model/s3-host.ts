import { partitionOf } from './arn.js';

/** The host of a bucket, as requests without its name in their path go to. */
export interface BucketHost {
  readonly bucket: string;
  /** The partition in which it has that name. */
  readonly partition: string;
  /** It serves the bucket as a website, to requests that nobody signs. */
  readonly isWebsite: boolean;
}

const HOST = /^(.+)\.s3(-website)?(?:[.-](?:dualstack\.)?([a-z]+(?:-[a-z]+)*-\d+))?\.amazonaws\.com(?:\.cn)?$/;

/** What access points go by in place of a bucket's name. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const ACCESS_POINT = /-s3alias$|--ol-s3$/;

/**
 * Reads `orders.s3.us-east-1.amazonaws.com`, `orders.s3-website-us-east-1.amazonaws.com` and their like; `undefined` for other hosts.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
export function bucketAt(host: string): BucketHost | undefined {
  const [, bucket, website, region = ''] = HOST.exec(host) ?? [];
  return bucket === undefined || ACCESS_POINT.test(bucket)
    ? undefined
    : { bucket, partition: partitionOf(region), isWebsite: website !== undefined };
}
