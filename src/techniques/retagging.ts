import type { AssetGraph } from '../graph/index.js';
import type { TechniqueInfo } from './technique.js';

/** Tagging a resource so that a condition on its tags lets the intruder do what it could not. */
export const RETAG_RESOURCE: TechniqueInfo = {
  id: 'retag-resource',
  title: 'Tag a resource to satisfy a condition on its tags',
  tactic: 'Privilege Escalation',
  attack: ['T1098', 'T1548.005'],
  references: [
    'TECHNIQUES:privesc-tag-resource-abac',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html',
  ],
  premises: [
    'A policy allows an action on resources with (or without) a tag.',
    'Somebody under the intruder’s control may tag the resource.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one API call' },
  detection: ['the tagging call of the service, e.g. iam:TagUser, ec2:CreateTags'],
  remediation: 'Keep tagging what policies decide by to those who may already do what the tag gives.',
};

/** The action that sets tags, by the beginning of the ARN of what is tagged (after the partition). */
const TAG_ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^arn:[^:]+:iam::\d*:user\//, 'iam:TagUser'],
  [/^arn:[^:]+:iam::\d*:role\//, 'iam:TagRole'],
  [/^arn:[^:]+:iam::\d*:policy\//, 'iam:TagPolicy'],
  [/^arn:[^:]+:ec2:/, 'ec2:CreateTags'],
  [/^arn:[^:]+:rds:/, 'rds:AddTagsToResource'],
  [/^arn:[^:]+:secretsmanager:/, 'secretsmanager:TagResource'],
  [/^arn:[^:]+:lambda:/, 'lambda:TagResource'],
  [/^arn:[^:]+:dynamodb:/, 'dynamodb:TagResource'],
  [/^arn:[^:]+:kms:/, 'kms:TagResource'],
  [/^arn:[^:]+:ssm:/, 'ssm:AddTagsToResource'],
  [/^arn:[^:]+:sqs:/, 'sqs:TagQueue'],
  [/^arn:[^:]+:sagemaker:/, 'sagemaker:AddTags'],
  [/^arn:[^:]+:codebuild:/, 'codebuild:UpdateProject'],
];

/** The action that tags a resource; `undefined` where its tags are not asked for in conditions, or it is only a pattern. */
export const tagActionFor = (resource: string): string | undefined =>
  resource.includes('*') ? undefined : TAG_ACTIONS.find(([form]) => form.test(resource))?.[1];

const MENTIONS = /ResourceTag/i;

/** Whether any policy in the accounts has a condition on a resource's tags: mostly there is none, and nothing needs to be asked twice. */
export function mentionsResourceTags(graph: AssetGraph): boolean {
  return ['iam:user', 'iam:group', 'iam:role', 'iam:policy'].some((type) =>
    graph.assetsOfType(type).some(({ record }) => MENTIONS.test(JSON.stringify(record))),
  );
}
