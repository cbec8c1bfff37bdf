import type { AssetGraph } from '../graph/index.js';
import type { AskedTag, Authorizer, ContextValues, Retagging } from '../iam/index.js';
import { type Condition, firstOf, onceFor, sortedUnique, unknown } from '../model/index.js';
import type { TechniqueInfo } from './technique.js';

/** Changing a resource's tags so that a condition on them lets the intruder do what it could not. */
export const RETAG_RESOURCE: TechniqueInfo = {
  id: 'retag-resource',
  title: 'Change the tags of a resource to satisfy a condition on them',
  tactic: 'Privilege Escalation',
  attack: ['T1098', 'T1548.005'],
  references: ['https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html'],
  premises: [
    'A policy allows an action on resources with (or without) a tag.',
    'Somebody under the intruder’s control may tag the resource; or may take its tags away, where that is enough.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['iam:TagUser', 'iam:TagRole', 'ec2:CreateTags', 'ec2:DeleteTags', 'The tagging calls of other services'],
  remediation: 'Keep tagging what policies decide by to those who may already do what the tag gives.',
};

/** The actions that set tags and take them away, by the beginning of the ARN of what is tagged (after the partition). */
const TAG_ACTIONS: readonly (readonly [form: RegExp, actions: Readonly<Record<Retagging, string>>])[] = [
  [/^arn:[^:]+:iam::\d*:user\//, { set: 'iam:TagUser', removed: 'iam:UntagUser' }],
  [/^arn:[^:]+:iam::\d*:role\//, { set: 'iam:TagRole', removed: 'iam:UntagRole' }],
  [/^arn:[^:]+:iam::\d*:policy\//, { set: 'iam:TagPolicy', removed: 'iam:UntagPolicy' }],
  [/^arn:[^:]+:ec2:/, { set: 'ec2:CreateTags', removed: 'ec2:DeleteTags' }],
  [/^arn:[^:]+:rds:/, { set: 'rds:AddTagsToResource', removed: 'rds:RemoveTagsFromResource' }],
  [/^arn:[^:]+:secretsmanager:/, { set: 'secretsmanager:TagResource', removed: 'secretsmanager:UntagResource' }],
  [/^arn:[^:]+:lambda:/, { set: 'lambda:TagResource', removed: 'lambda:UntagResource' }],
  [/^arn:[^:]+:dynamodb:/, { set: 'dynamodb:TagResource', removed: 'dynamodb:UntagResource' }],
  [/^arn:[^:]+:kms:/, { set: 'kms:TagResource', removed: 'kms:UntagResource' }],
  [/^arn:[^:]+:ssm:/, { set: 'ssm:AddTagsToResource', removed: 'ssm:RemoveTagsFromResource' }],
  [/^arn:[^:]+:sqs:/, { set: 'sqs:TagQueue', removed: 'sqs:UntagQueue' }],
  [/^arn:[^:]+:sagemaker:/, { set: 'sagemaker:AddTags', removed: 'sagemaker:DeleteTags' }],
  [/^arn:[^:]+:codebuild:/, { set: 'codebuild:UpdateProject', removed: 'codebuild:UpdateProject' }],
];

/** The action that changes a resource's tags; `undefined` where they are not asked for in conditions, or it is only a pattern. */
export const tagActionFor = (resource: string, change: Retagging): string | undefined =>
  resource.includes('*') ? undefined : TAG_ACTIONS.find(([form]) => form.test(resource))?.[1][change];

/** Whether an action is one that changes tags. */
export const changesTags = (action: string): boolean =>
  TAG_ACTIONS.some(([, actions]) => action === actions.set || action === actions.removed);

const MENTIONS = /ResourceTag/i;

/** Whether any policy in the accounts has a condition on a resource's tags: mostly there is none, and nothing needs to be asked twice. */
export function mentionsResourceTags(graph: AssetGraph): boolean {
  return ['iam:user', 'iam:group', 'iam:role', 'iam:policy'].some((type) =>
    graph.assetsOfType(type).some(({ record }) => MENTIONS.test(JSON.stringify(record))),
  );
}

const LIMITS = ['aws:TagKeys', 'ec2:CreateAction', 'ecs:CreateAction'];

/** Tags that are changed together, with what a call that changes them says. */
export interface Tagging {
  /** With no value where the tag is taken away. */
  readonly tags: readonly ChangedTag[];
  readonly context: ContextValues;
}

export interface ChangedTag {
  readonly name: string;
  readonly value: string | undefined;
}

/** A tag of which further values are asked for than are tried; or any tag, where no policy limits what may be set. */
export interface OpenTagging {
  readonly name: string;
  readonly context: ContextValues | undefined;
  readonly conditions: readonly Condition[];
}

/** The ways to change tags that policies ask for. */
export interface Taggings {
  /** Of which it is not said which values they set: all that policies ask for, where none limits what may be set. */
  readonly open: readonly OpenTagging[];
  readonly single: readonly Tagging[];
  /** Two of some tags at once, those of the first tags first. */
  readonly pairs: (tags: readonly ChangedTag[]) => TriedPairs;
  /** Said by a call that may change any tag but those that policies ask for. */
  readonly otherwise: ContextValues;
}

export interface TriedPairs {
  readonly tried: readonly Tagging[];
  /** Whether there are no further pairs, which are too many to be tried. */
  readonly areAll: boolean;
}

/** More pairs than these are not tried for one permission. */
const MOST_PAIRS = 100;

/** Said by a call that may change any tag of what is there. */
export const ANY_TAGS: ContextValues = { 'ec2:CreateAction': [], 'ecs:CreateAction': [] };

/**
 * What the tagging of something that is there says: nothing of making it; and where policies limit which tags may be set, those that policies ask for, and no
 * others that they ask for.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 */
export function taggingsOf(iam: Authorizer, change: Retagging): Taggings {
  const asked = iam.tagsAskedOf('resource');
  const memo = taggingsMemo(asked);
  const known = memo.get(change) ?? makeTaggings(iam, asked, change);
  memo.set(change, known);
  return known;
}

/** By the tags that are asked for, which are other ones once further policies may come into force. */
const taggingsMemo = onceFor((_asked: readonly AskedTag[]) => new Map<Retagging, Taggings>());

const requestKey = (name: string): string => `aws:RequestTag/${name}`;

function makeTaggings(iam: Authorizer, asked: readonly AskedTag[], change: Retagging): Taggings {
  const names = sortedUnique(asked.map(({ name }) => name));
  if (!iam.looksAt([...LIMITS, ...names.map(requestKey)]))
    return {
      open: [{ name: '', context: undefined, conditions: [] }],
      single: [],
      pairs: () => ({ tried: [], areAll: true }),
      otherwise: ANY_TAGS,
    };
  const otherwise: ContextValues = {
    ...ANY_TAGS,
    ...Object.fromEntries(names.flatMap((name) => (iam.looksAt([requestKey(name)]) ? [[requestKey(name), []]] : []))),
  };
  const contextOf = (tags: readonly ChangedTag[]): ContextValues => ({
    ...otherwise,
    'aws:TagKeys': tags.map(({ name }) => name),
    ...Object.fromEntries(tags.flatMap(({ name, value }) => (value === undefined ? [] : [[requestKey(name), value]]))),
  });
  const first = new Map<string, ContextValues>();
  const made = new Map<string, Tagging>();
  /** What policies do not tell apart is asked once. */
  const asOne = (tags: readonly ChangedTag[]): Tagging => {
    const name = nameOfTags(tags);
    const before = made.get(name);
    if (before) return before;
    const context = contextOf(tags);
    const likeness = iam.likenessOf(context);
    first.set(likeness, first.get(likeness) ?? context);
    const tagging: Tagging = { tags, context: first.get(likeness) ?? context };
    made.set(name, tagging);
    return tagging;
  };
  const known = change === 'removed' ? names.map((name) => ({ name, value: undefined })) : asked.filter(hasValue);
  return {
    open: change === 'removed' ? [] : asked.filter((one) => !hasValue(one)).map(({ name }) => openTagging(iam, name)),
    single: known.map(({ name, value }) => asOne([{ name, value }])),
    pairs: (tags) => {
      const some = [...firstOf(pairsOf(tags), MOST_PAIRS + 1)];
      return { tried: some.slice(0, MOST_PAIRS).map(asOne), areAll: some.length <= MOST_PAIRS };
    },
    otherwise,
  };
}

const hasValue = ({ value }: ChangedTag): boolean => value !== undefined;

function openTagging(iam: Authorizer, name: string): OpenTagging {
  const key = requestKey(name);
  const why = `whether a value of ${name} that policies ask for may be set was not tried for each of them`;
  return {
    name,
    context: { ...ANY_TAGS, 'aws:TagKeys': [name] },
    conditions: iam.looksAt([key]) ? [unknown(key, why)] : [],
  };
}

/** What some changes of tags are called. */
export const nameOfTags = (tags: readonly ChangedTag[]): string =>
  tags.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join();

/** Two tags of different names at a time: all pairs of the first few before any with a further one. */
function* pairsOf(tags: readonly ChangedTag[]): Generator<readonly ChangedTag[]> {
  for (const [index, other] of tags.entries())
    for (const one of tags.slice(0, index)) if (one.name !== other.name) yield [one, other];
}
