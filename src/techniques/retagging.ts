import type { AssetGraph } from '../graph/index.js';
import type { AskedTag, Authorizer, ContextValues, Retagging } from '../iam/index.js';
import { type Condition, once, onceFor, sortedUnique, unknown } from '../model/index.js';
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

/** Said by the tagging that is a part of making something, and of no other. */
const WHILE_MAKING = { 'ec2:CreateAction': [], 'ecs:CreateAction': [] } as const;

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
  /** Two at once; worked out when looked at. */
  readonly pairs: () => readonly Tagging[];
}

/** More pairs than these are not tried. */
const MOST_PAIRS = 100;

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
    return { open: [{ name: '', context: undefined, conditions: [] }], single: [], pairs: () => [] };
  const contextOf = (tags: readonly ChangedTag[]): ContextValues => ({
    ...WHILE_MAKING,
    ...Object.fromEntries(names.flatMap((name) => (iam.looksAt([requestKey(name)]) ? [[requestKey(name), []]] : []))),
    'aws:TagKeys': tags.map(({ name }) => name),
    ...Object.fromEntries(tags.flatMap(({ name, value }) => (value === undefined ? [] : [[requestKey(name), value]]))),
  });
  /** What policies do not tell apart is asked once. */
  const asOne = (all: readonly (readonly ChangedTag[])[]): readonly Tagging[] => {
    const first = new Map<string, ContextValues>();
    return all.map((tags): Tagging => {
      const context = contextOf(tags);
      const likeness = iam.likenessOf(context);
      first.set(likeness, first.get(likeness) ?? context);
      return { tags, context: first.get(likeness) ?? context };
    });
  };
  const known = change === 'removed' ? names.map((name) => ({ name, value: undefined })) : asked.filter(hasValue);
  return {
    open: change === 'removed' ? [] : asked.filter((one) => !hasValue(one)).map(({ name }) => openTagging(iam, name)),
    single: asOne(known.map(({ name, value }) => [{ name, value }])),
    pairs: once(() => asOne(pairsOf(known).slice(0, MOST_PAIRS))),
  };
}

const hasValue = ({ value }: ChangedTag): boolean => value !== undefined;

function openTagging(iam: Authorizer, name: string): OpenTagging {
  const key = requestKey(name);
  const why = `whether a value of ${name} that policies ask for may be set was not tried for each of them`;
  return {
    name,
    context: { ...WHILE_MAKING, 'aws:TagKeys': [name] },
    conditions: iam.looksAt([key]) ? [unknown(key, why)] : [],
  };
}

const pairsOf = (tags: readonly ChangedTag[]): readonly (readonly ChangedTag[])[] =>
  tags.flatMap((one, index) =>
    tags.slice(index + 1).flatMap((other) => (one.name === other.name ? [] : [[one, other]])),
  );
