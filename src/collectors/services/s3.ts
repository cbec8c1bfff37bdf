import { field, type JsonObject, objects, text } from '../../model/index.js';
import type { Operation, ServiceCollector } from '../declaration.js';

const HOME = 'us-east-1';

/** The region of a bucket: no constraint is the oldest region, and `EU` an old name. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
function bucketRegion(location: JsonObject): string {
  const constraint = text(field(location, 'LocationConstraint'));
  if (constraint === undefined || constraint === '') return HOME;
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

const bucketNames = (answer: JsonObject): string[] =>
  objects(field(answer, 'Buckets')).flatMap((bucket) => text(field(bucket, 'Name')) ?? []);

/** Asked and stored in the bucket's own region. */
function perBucket(name: string, action: string, absent: readonly string[] = []): Operation {
  return {
    name,
    actions: [`s3:${action}`],
    absent: ['NoSuchBucket', ...absent],
    each: async (read) => {
      const [buckets, locations] = await Promise.all([read('ListBuckets'), read('GetBucketLocation')]);
      return bucketNames(buckets).map((id) => {
        const location = field(locations, id);
        const region = location === undefined ? HOME : bucketRegion(location as JsonObject);
        return { id, input: { Bucket: id }, region };
      });
    },
  };
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3: ServiceCollector = {
  service: 's3',
  prefix: 's3',
  load: () => import('@aws-sdk/client-s3'),
  client: 'S3Client',
  scope: 'global',
  operations: [
    { name: 'ListBuckets', actions: ['s3:ListAllMyBuckets'] },
    {
      name: 'GetBucketLocation',
      absent: ['NoSuchBucket'],
      each: async (read) => bucketNames(await read('ListBuckets')).map((id) => ({ id, input: { Bucket: id } })),
      storeIn: (_id, answer) => bucketRegion(answer),
    },
    perBucket('GetBucketPolicy', 'GetBucketPolicy', ['NoSuchBucketPolicy']),
    perBucket('GetBucketAcl', 'GetBucketAcl'),
    perBucket('GetPublicAccessBlock', 'GetBucketPublicAccessBlock', ['NoSuchPublicAccessBlockConfiguration']),
    perBucket('GetBucketTagging', 'GetBucketTagging', ['NoSuchTagSet']),
    perBucket('GetBucketEncryption', 'GetEncryptionConfiguration', ['ServerSideEncryptionConfigurationNotFoundError']),
    perBucket('GetBucketVersioning', 'GetBucketVersioning'),
    perBucket('GetBucketOwnershipControls', 'GetBucketOwnershipControls', ['OwnershipControlsNotFoundError']),
  ],
};
