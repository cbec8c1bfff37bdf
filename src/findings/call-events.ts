/** An event of CloudTrail. */
export interface CallEvent {
  readonly service: string;
  readonly event: string;
  /** Whether a trail holds it only where data events are on. */
  readonly isData: boolean;
}

const OBJECT_DELETED = ['DeleteObject', 'DeleteObjects'];

/**
 * Events of actions that are called otherwise, or that several calls ask for.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
const EVENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['s3:PutObject', ['PutObject', 'CopyObject', 'CompleteMultipartUpload']],
  ['s3:DeleteObject', OBJECT_DELETED],
  ['s3:DeleteObjectVersion', OBJECT_DELETED],
  ['s3:PutLifecycleConfiguration', ['PutBucketLifecycle']],
  ['es:DeleteDomain', ['DeleteDomain', 'DeleteElasticsearchDomain']],
]);

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html */
const DATA_EVENTS: ReadonlySet<string> = new Set([
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'sqs:SendMessage',
  'sns:Publish',
]);

/** What a call that an action allows leaves in CloudTrail; nothing for what is no action. */
export function eventsOfAction(action: string): readonly CallEvent[] {
  const [, service, name] = /^([a-z][a-z0-9-]*):([A-Z]\w+)$/.exec(action) ?? [];
  if (service === undefined || name === undefined) return [];
  const isData = DATA_EVENTS.has(action);
  return (EVENTS.get(action) ?? [name]).map((event) => ({ service, event, isData }));
}
