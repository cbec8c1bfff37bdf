import { type AskedTag, type Authorizer, type ContextValues, OTHER_VALUE } from '../iam/index.js';

import { groupBy, onceFor } from '../model/index.js';
import type { Requirement } from './requirement.js';

/** Actions that make something, and the one that tagging it in the same call takes too. */
interface TaggedMaking {
  readonly makes: RegExp;
  readonly tag: (name: string) => string;
  /** A condition key by which the tagging says what it is a part of. */
  readonly says?: string;
}

/**
 * What is made with tags takes the permission to tag as well, on what is made.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 * @see https://docs.aws.amazon.com/batch/latest/userguide/supported-iam-actions-tagging.html
 */
const MAKINGS: ReadonlyMap<string, TaggedMaking> = new Map<string, TaggedMaking>([
  [
    'ec2',
    {
      makes:
        /^(RunInstances|Create(Snapshots?|Volume|Image|Fleet|LaunchTemplate)|Copy(Snapshot|Image|Volumes)|RequestSpot\w+)$/,
      tag: () => 'CreateTags',
      says: 'ec2:CreateAction',
    },
  ],
  [
    'ecs',
    {
      makes: /^(Create(CapacityProvider|Cluster|Service|TaskSet)|RegisterTaskDefinition|RunTask|StartTask)$/,
      tag: () => 'TagResource',
      says: 'ecs:CreateAction',
    },
  ],
  [
    'iam',
    {
      makes: /^Create(User|Role|Policy|InstanceProfile)$/,
      tag: (name) => name.replace('Create', 'Tag'),
    },
  ],
  [
    'rds',
    {
      makes: /^((Create|Copy)DB(Cluster)?(Instance|Snapshot)|CreateDBCluster|RestoreDB\w+)$/,
      tag: () => 'AddTagsToResource',
    },
  ],
  ['secretsmanager', { makes: /^CreateSecret$/, tag: () => 'TagResource' }],
  ['lambda', { makes: /^CreateFunction$/, tag: () => 'TagResource' }],
  ['glue', { makes: /^Create(Job|DevEndpoint|Session)$/, tag: () => 'TagResource' }],
  ['states', { makes: /^CreateStateMachine$/, tag: () => 'TagResource' }],
  ['batch', { makes: /^(Create|Register|Submit)/, tag: () => 'TagResource' }],
  [
    'sagemaker',
    {
      makes: /^Create(NotebookInstance|TrainingJob|ProcessingJob|Domain|UserProfile|Model|Endpoint)$/,
      tag: () => 'AddTags',
    },
  ],
  ['ssm', { makes: /^CreateDocument$/, tag: () => 'AddTagsToResource' }],
]);

/** The permission that tagging takes beside an action that makes what is tagged; `undefined` for all other actions. */
export function taggingOf(action: string): Pick<Requirement, 'action' | 'context'> | undefined {
  const [service = '', name = ''] = action.split(':');
  const making = MAKINGS.get(service);
  if (!making?.makes.test(name)) return undefined;
  const { tag, says } = making;
  return { action: `${service}:${tag(name)}`, ...(says !== undefined && { context: { [says]: name } }) };
}

/** What a request says that sets no tags; `undefined` where no policy looks at that. */
export const withoutTags = onceFor((iam: Authorizer): ContextValues | undefined => {
  const keys = ['aws:TagKeys', ...new Set(iam.tagsAskedOf('request').map(({ name }) => `aws:RequestTag/${name}`))];
  return iam.looksAt(keys) ? Object.fromEntries(keys.map((key) => [key, []])) : undefined;
});

/** Choices of tags that are tried one by one at most. */
const MOST_CHOICES = 24;

/** What requests that set tags say: the same to the call that makes something, and to the tagging. */
export interface TagChoices {
  readonly choices: readonly ContextValues[];
  /** Where they are too many, so that the caller's choice is left open: tags that no policy names. */
  readonly other?: ContextValues;
}

export const tagChoices = onceFor((iam: Authorizer): TagChoices => {
  const byName = groupBy(iam.tagsAskedOf('request'), ({ name }) => name);
  const count = [...byName.values()].reduce((product, values) => product * (values.length + 1), 1);
  if (count > MOST_CHOICES) {
    const other = [...byName].map(([name]) => [`aws:RequestTag/${name}`, OTHER_VALUE]);
    return { choices: [{}], other: Object.fromEntries(other) as ContextValues };
  }
  const choices = [...byName].reduce<readonly (readonly AskedTag[])[]>(
    (made, [, values]) => made.flatMap((before) => [before, ...values.map((value) => [...before, value])]),
    [[]],
  );
  const names = [...byName.keys()];
  const said = choices.flatMap((set): readonly ContextValues[] => {
    if (set.length === 0 && names.length > 0) return [];
    const given = new Map(set.map(({ name, value }) => [name, value]));
    const tags = names.flatMap((name): readonly (readonly [string, string | readonly string[]])[] => {
      const value = given.get(name);
      if (!given.has(name)) return [[`aws:RequestTag/${name}`, []]];
      return value === undefined ? [] : [[`aws:RequestTag/${name}`, value]];
    });
    return [{ ...(names.length > 0 && { 'aws:TagKeys': [...given.keys()] }), ...Object.fromEntries(tags) }];
  });
  return { choices: said };
});
