import { at, type Condition, objects, text, unknown } from '../model/index.js';
import type { Requirement } from './permissions.js';
import type { World } from './world.js';

const QUEUES = 'batch/DescribeJobQueues';

/** A queue by which a job of Batch may be had run. */
export interface QueueWay {
  /** What the call that submits the job is checked for besides its definition, by the same principal. */
  readonly also: readonly Requirement[];
  /** That the queue may be made to take jobs, by whomever. */
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

interface Place {
  readonly account: string;
  readonly partition: string;
  /** Any region when absent. */
  readonly region?: string;
}

export const NEEDS_QUEUE =
  'A job queue takes jobs, and the same principal may submit to it; or somebody under the intruder’s control may enable one (batch:UpdateJobQueue), or make one with a compute environment (batch:CreateJobQueue, batch:CreateComputeEnvironment).';

/**
 * The ways to a queue that takes a job: one that is enabled, one that may be enabled, and one that may be made for a compute environment that is there or
 * may be made too. Where queues were not collected, it is unknown whether there is one.
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_queues.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
 */
export function queueWays(world: World, { account, partition, region }: Place): readonly QueueWay[] {
  const any = (kind: string): string => `arn:${partition}:batch:${region ?? '*'}:${account}:${kind}/*`;
  const submit = (resources: readonly string[]): readonly Requirement[] => [{ action: 'batch:SubmitJob', resources }];
  const answers = world.observed
    .answersOf(QUEUES, account)
    .filter((answer) => region === undefined || answer.region === region);
  const known = answers.flatMap(({ body }) => objects(at(body, 'jobQueues')));
  const arns = (isWanted: (state: string) => boolean): readonly string[] =>
    known.flatMap((queue) => (isWanted(text(queue['state']) ?? 'ENABLED') ? (text(queue['jobQueueArn']) ?? []) : []));
  const enabled = arns((state) => state === 'ENABLED');
  const disabled = arns((state) => state !== 'ENABLED');
  const isSeen = region === undefined ? world.observed.isCollected(QUEUES, account) : answers.length > 0;
  const enabling =
    disabled.length === 0 ? [] : world.permissions.may({ action: 'batch:UpdateJobQueue', resources: disabled }).parts;
  return [
    ...(enabled.length === 0 ? [] : [{ also: submit(enabled), body: [], conditions: [] }]),
    ...enabling.map(({ fact, resources }) => ({ also: submit(resources), body: [fact], conditions: [] })),
    ...waysToMake(world, any, environmentsOf(known)).map((body) => ({
      also: submit([any('job-queue')]),
      body,
      conditions: [],
    })),
    ...(isSeen
      ? []
      : [
          {
            also: submit([any('job-queue')]),
            body: [],
            conditions: [
              unknown(
                'job queue',
                `${QUEUES} was not collected: whether a queue of ${account} takes jobs is not known`,
              ),
            ],
          },
        ]),
  ];
}

const environmentsOf = (queues: readonly ReturnType<typeof objects>[number][]): readonly string[] =>
  queues.flatMap((queue) =>
    objects(queue['computeEnvironmentOrder']).flatMap((one) => text(one['computeEnvironment']) ?? []),
  );

/** The permissions to make a queue, which is checked on the compute environments that it leads to. */
function waysToMake(
  world: World,
  any: (kind: string) => string,
  environments: readonly string[],
): readonly (readonly string[])[] {
  const [queue, environment] = [any('job-queue'), any('compute-environment')];
  const make = (on: readonly string[]): string | undefined =>
    world.permissions
      .may({ action: 'batch:CreateJobQueue', resources: [queue] }, { action: 'batch:CreateJobQueue', resources: on })
      .of(queue);
  const existing = [make(environments)];
  const own = [
    make([environment]),
    world.permissions.may({ action: 'batch:CreateComputeEnvironment', resources: [environment] }).of(environment),
  ];
  return [existing, own].flatMap((way) => (way.includes(undefined) ? [] : [way.flatMap((fact) => fact ?? [])]));
}
