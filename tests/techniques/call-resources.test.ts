import { describe, expect, test } from 'vitest';
import { callRequirements } from '../../src/techniques/call-resources.js';
import { launchRequirements } from '../../src/techniques/pass-role.js';
import { PASS_ROLE_INTEGRATIONS } from '../../src/techniques/pass-role-integrations.js';
import { PASS_ROLE_SERVICES } from '../../src/techniques/pass-role-services.js';
import { arn, type Miniature, roleArn, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';
import { resourcesOf } from './resource-types.js';

/** Asked about in ways of their own: all that an instance is made of, any path of API Gateway, a runbook in either spelling. */
const OPEN: ReadonlySet<string> = new Set([
  'ec2:RunInstances',
  'apigateway:POST',
  'apigateway:PUT',
  'ssm:StartAutomationExecution',
]);

const ACTIONS = [
  ...new Set(
    [...PASS_ROLE_SERVICES, ...PASS_ROLE_INTEGRATIONS].flatMap((row) => [
      ...row.create,
      ...(row.afterwards ?? []),
      ...(row.either ?? []),
      ...(row.roleMay?.actions ?? []),
    ]),
  ),
].filter((action) => !OPEN.has(action));

test.each(ACTIONS)('%s is checked on what AWS says', async (action) => {
  const asked = callRequirements(action, 'aws', '111122223333').map(({ resources }) => resources[0] ?? '');
  const types = await resourcesOf(action);
  if (types.length === 0) expect(asked).toEqual(['*']);
  else for (const arn of asked) expect(types.some(({ fits }) => fits(arn))).toBe(true);
});

test('launching an instance is checked on all that AWS says', async () => {
  const asked = launchRequirements('aws', '111122223333').map(({ resources }) => resources[0] ?? '');
  for (const { required, fits } of await resourcesOf('ec2:RunInstances')) {
    if (required) expect(asked.some(fits)).toBe(true);
  }
});

test('what a call is checked on has to be told', () => {
  expect(() => callRequirements('glue:CreateEverything', 'aws', '111122223333')).toThrow('glue:CreateEverything');
});

describe('a call that makes something', () => {
  const ANN = userArn('ann');
  const STRONG = roleArn('strong');
  const world = (trust: string, ...says: readonly string[]): Miniature => ({
    users: { ann: { says: [`iam:PassRole on ${STRONG}`, ...says] } },
    roles: { strong: { trust } },
  });
  const GLUE = 'glue.amazonaws.com';
  const BUILDS = 'codebuild.amazonaws.com';
  const STACKS = 'cloudformation.amazonaws.com';
  const DEV_SETS = arn('cloudformation', 'stackset/dev-*');

  test.each<[string, Miniature]>([
    ['is checked on no resource, and allowed on all', world(GLUE, 'glue:CreateDevEndpoint')],
    [
      'is allowed on things of its type',
      world(BUILDS, `codebuild:CreateProject on ${arn('codebuild', 'project/dev-*')}`, 'codebuild:StartBuild'),
    ],
    [
      'is allowed on all of the service',
      world(BUILDS, `codebuild:CreateProject on ${arn('codebuild', '*')}`, 'codebuild:StartBuild'),
    ],
    [
      'is checked on two things, and allowed on both',
      world(
        'sagemaker.amazonaws.com',
        `sagemaker:CreateModel`,
        `sagemaker:CreateEndpointConfig`,
        `sagemaker:CreateEndpoint on ${arn('sagemaker', 'endpoint/*')}`,
        `sagemaker:CreateEndpoint on ${arn('sagemaker', 'endpoint-config/*')}`,
      ),
    ],
    [
      'is checked on no resource, and what follows is allowed on some names',
      world(STACKS, 'cloudformation:CreateStackSet', `cloudformation:CreateStackInstances on ${DEV_SETS}`),
    ],
  ])('serves where it %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBeDefined();
  });

  test.each<[string, Miniature]>([
    [
      'is checked on no resource, and allowed on some',
      world(GLUE, `glue:CreateDevEndpoint on ${arn('glue', 'devEndpoint/*')}`),
    ],
    [
      'is allowed on things of another type',
      world(BUILDS, `codebuild:CreateProject on ${arn('codebuild', 'report-group/*')}`, 'codebuild:StartBuild'),
    ],
    [
      'is checked on two things, and allowed on one',
      world(
        'sagemaker.amazonaws.com',
        `sagemaker:CreateModel`,
        `sagemaker:CreateEndpointConfig`,
        `sagemaker:CreateEndpoint on ${arn('sagemaker', 'endpoint/*')}`,
      ),
    ],
    [
      'has one that follows, which is checked on no resource and allowed on some',
      {
        ...world(
          'lambda.amazonaws.com',
          'lambda:CreateFunction',
          `lambda:CreateEventSourceMapping on ${arn('lambda', 'function:*')}`,
        ),
        roles: { strong: { trust: 'lambda.amazonaws.com', says: ['sqs:ReceiveMessage'] } },
      },
    ],
    [
      'is checked on no resource, and allowed on the names on which what follows is',
      world(
        STACKS,
        `cloudformation:CreateStackSet on ${DEV_SETS}`,
        `cloudformation:CreateStackInstances on ${DEV_SETS}`,
      ),
    ],
  ])('does not where it %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.get(STRONG)).toBeUndefined();
  });
});
