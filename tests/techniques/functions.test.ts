import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, type Says, userArn } from './miniature.js';
import { DATABASE, databaseIn } from './miniature-database.js';
import { template } from './miniature-template.js';
import { redactAnswer } from '../../src/snapshot/index.js';
import { reachedFrom } from './reached.js';

const FUNCTION = arn('lambda', 'function:shop');
const ANN = userArn('ann');

const shop = (more: JsonObject = {}): JsonObject => ({
  Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION, Role: roleArn('shop'), Runtime: 'nodejs20.x', ...more }],
});

const policy = (statement: JsonObject): JsonObject => ({
  shop: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Resource: FUNCTION, ...statement }] }) },
});

const everybody = {
  Sid: 'url',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
};

const world = (url: JsonObject, statement: JsonObject): Miniature => ({
  roles: { shop: { trust: 'lambda.amazonaws.com', says: ['s3:GetObject'] } },
  answers: {
    'lambda/ListFunctions': shop(),
    'lambda/GetFunctionUrlConfig': url,
    'lambda/GetPolicy': policy(statement),
    'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  },
});

const entriesOf = (mini: Miniature) =>
  openAnalysis(miniature(mini), { toolVersion: '0.0.0' })
    .report()
    .paths.filter((p) => p.entry.id === FUNCTION);

describe('functions that everybody may call', () => {
  const open = { shop: { FunctionUrl: 'https://a.lambda-url.us-east-1.on.aws/', AuthType: 'NONE' } };

  test('a URL without authentication is a way in, which depends on the code', () => {
    const paths = entriesOf(world(open, everybody));
    expect(paths.map((p) => [p.confidence, p.steps[0]?.technique])).toContainEqual(['conditional', 'exposed-function']);
  });

  test.each([
    ['a URL that asks for IAM', world({ shop: { FunctionUrl: 'https://a/', AuthType: 'AWS_IAM' } }, everybody)],
    ['no URL at all', world({}, everybody)],
    ['a policy for one account', world(open, { ...everybody, Principal: { AWS: 'arn:aws:iam::999988887777:root' } })],
    [
      'a policy for one organization',
      world(open, { ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' } } }),
    ],
  ])('no way in: %s', (_, mini) => {
    expect(entriesOf(mini)).toEqual([]);
  });

  test('a URL without authentication is one too where the policy was not collected, on that condition', () => {
    const mini = world(open, everybody);
    const [path] = entriesOf({ ...mini, missing: ['lambda/GetPolicy'] });
    expect(path?.steps[0]?.technique).toBe('exposed-function');
    expect(JSON.stringify(path?.steps)).toContain('was not collected');
    const asked = { ...mini, answers: { ...mini.answers, 'lambda/GetPolicy': {} } };
    expect(entriesOf(asked)).toEqual([]);
  });

  test('where neither the policy nor the URL was collected, there may be one, if AWS refused to say', () => {
    const LISTINGS = { 'api-gateway/GetRestApis': {}, 'apigatewayv2/GetApis': {} };
    const mini = world(open, everybody);
    const unseen = { ...mini, answers: { ...mini.answers, ...LISTINGS }, missing: ['lambda/GetPolicy'] };
    for (const refused of [
      ['lambda/GetPolicy', 'lambda/GetFunctionUrlConfig'],
      ['lambda/GetPolicy'],
      ['lambda/GetFunctionUrlConfig'],
    ]) {
      const [path] = entriesOf({ ...unseen, missing: ['lambda/GetPolicy', 'lambda/GetFunctionUrlConfig'], refused });
      expect(path?.steps[0]?.technique).toBe('exposed-function');
      expect(path?.conditions.map(({ key }) => key)).toEqual(
        expect.arrayContaining(['function URL', 'function policy']),
      );
      expect(path?.steps[0]?.evidence.map(({ fact }) => fact)).toEqual(['may have a URL without authentication']);
    }
    expect(entriesOf({ ...unseen, missing: ['lambda/GetPolicy', 'lambda/GetFunctionUrlConfig'] })).toEqual([]);
    const withNone = { ...unseen, answers: { ...unseen.answers, 'lambda/GetFunctionUrlConfig': {} } };
    expect(entriesOf(withNone)).toEqual([]);
  });

  test('a policy that lets every account invoke it is a way in without a URL', () => {
    const invoke = { Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction' };
    expect(entriesOf(world({}, invoke))).not.toEqual([]);
  });
});

describe('functions that somebody may invoke', () => {
  const invoked = (says: readonly string[]): Miniature => ({
    users: { ann: { says } },
    roles: { shop: { trust: 'lambda.amazonaws.com' } },
    answers: { 'lambda/ListFunctions': shop() },
  });

  test('run the caller’s code if theirs gives way, and no more is said than that', () => {
    const { assets, steps } = reachedFrom(invoked(['lambda:InvokeFunction']), ANN);
    expect(assets.get(FUNCTION)).toBe('control conditional');
    expect(assets.get(roleArn('shop'))).toBe('control conditional');
    expect(steps.get(roleArn('shop'))).toEqual(['invoke-function', 'function-credentials']);
  });

  test('have no credentials where their role lets Lambda in no longer', () => {
    const closed = (says: string): Miniature => ({
      ...invoked([says]),
      roles: { shop: { trust: 'ec2.amazonaws.com' } },
    });
    expect([...reachedFrom(closed('lambda:InvokeFunction'), ANN).assets.keys()]).toEqual([FUNCTION]);
    expect(reachedFrom(closed('lambda:UpdateFunctionCode'), ANN).assets.has(roleArn('shop'))).toBe(false);
    const update = invoked(['lambda:UpdateFunctionCode']);
    expect(reachedFrom(update, ANN).assets.get(roleArn('shop'))).toBe('control confirmed');
    // What is not known of a role keeps nobody out.
    expect(reachedFrom({ ...update, roles: {} }, ANN).assets.get(roleArn('shop'))).toBe('control confirmed');
  });

  test.each([
    ['only their settings may be read', invoked(['lambda:GetFunction'])],
    ['others may be invoked', invoked([`lambda:InvokeFunction on ${arn('lambda', 'function:other')}`])],
  ])('not where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.size).toBe(0);
  });
});

describe('secrets in plain sight', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const withTemplate = (says: readonly string[], data: string): Miniature => ({
    users: { ann: { says }, robot: { keys: [key] } },
    answers: template({ UserData: Buffer.from(data).toString('base64') }),
  });
  const data = `#!/bin/sh\nexport AWS_ACCESS_KEY_ID=${key}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`;

  test('an access key in a launch template is read by the API', () => {
    const { assets, steps } = reachedFrom(withTemplate(['ec2:DescribeLaunchTemplateVersions'], data), ANN);
    expect(assets.get(userArn('robot'))).toBe('control confirmed');
    expect(steps.get(userArn('robot'))).toEqual(['user-data-secrets']);
  });

  test.each([
    ['not by whoever may not read the template', withTemplate(['ec2:DescribeInstances'], data)],
    [
      'not where the template holds none',
      withTemplate(['ec2:DescribeLaunchTemplateVersions'], '#!/bin/sh\necho hello\n'),
    ],
  ])('%s', (_, mini) => {
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(userArn('robot'));
  });
});

describe('secrets in settings of services', () => {
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const pair = { ACCESS: key, SECRET: secret };
  const RUNTIME = arn('bedrock-agentcore', 'runtime/help-1');
  const APP = arn('apprunner', 'service/web/0123456789abcdef0123456789abcdef');
  const places: readonly (readonly [string, JsonObject])[] = [
    [
      'elasticbeanstalk:DescribeConfigurationSettings',
      {
        'elastic-beanstalk/DescribeEnvironments': {
          Environments: [
            {
              EnvironmentName: 'web',
              ApplicationName: 'shop',
              EnvironmentArn: arn('elasticbeanstalk', 'environment/shop/web'),
            },
          ],
        },
        'elastic-beanstalk/DescribeConfigurationSettings': {
          web: {
            ConfigurationSettings: [
              {
                ApplicationName: 'shop',
                EnvironmentName: 'web',
                OptionSettings: Object.entries(pair).map(([OptionName, Value]) => ({
                  Namespace: 'aws:elasticbeanstalk:application:environment',
                  OptionName,
                  Value,
                })),
              },
            ],
          },
        },
      },
    ],
    [
      'apprunner:DescribeService',
      {
        'apprunner/DescribeService': {
          [APP]: {
            Service: {
              ServiceArn: APP,
              ServiceName: 'web',
              SourceConfiguration: {
                ImageRepository: { ImageConfiguration: { RuntimeEnvironmentVariables: pair } },
              },
            },
          },
        },
      },
    ],
    [
      'batch:DescribeJobDefinitions',
      {
        'batch/DescribeJobDefinitions': {
          jobDefinitions: [
            {
              jobDefinitionArn: arn('batch', 'job-definition/nightly:1'),
              jobDefinitionName: 'nightly',
              containerProperties: { environment: Object.entries(pair).map(([name, value]) => ({ name, value })) },
            },
          ],
        },
      },
    ],
    [
      'bedrock-agentcore:GetAgentRuntime',
      {
        'bedrock-agentcore-control/GetAgentRuntime': {
          'help-1': { agentRuntimeArn: RUNTIME, agentRuntimeId: 'help-1', environmentVariables: pair },
        },
      },
    ],
    [
      'glue:GetJobs',
      { 'glue/GetJobs': { Jobs: [{ Name: 'nightly', DefaultArguments: { '--access': key, '--secret': secret } }] } },
    ],
    [
      'cloudformation:DescribeStacks',
      {
        'cloudformation/DescribeStacks': {
          Stacks: [
            {
              StackName: 'base',
              StackId: arn('cloudformation', 'stack/base/0123'),
              Outputs: Object.entries(pair).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
            },
          ],
        },
      },
    ],
  ];
  const world = (says: readonly string[], answers: JsonObject): Miniature => ({
    users: { ann: { says }, robot: { keys: [key] } },
    answers: answers as Readonly<Record<string, JsonObject>>,
  });

  test.each(places)('are read by %s', (action, answers) => {
    const { assets, steps } = reachedFrom(world([action], answers), ANN);
    expect(assets.get(userArn('robot'))).toBe('control confirmed');
    expect(steps.get(userArn('robot'))).toEqual(['user-data-secrets']);
  });

  test.each(places)('not without %s', (_, answers) => {
    expect(reachedFrom(world(['ec2:DescribeInstances'], answers), ANN).assets.size).toBe(0);
  });

  test.each(places)('are not stored: what %s gives', (_, answers) => {
    const stored = JSON.stringify(Object.values(answers).map((body) => redactAnswer(body as JsonObject)));
    expect(stored).not.toContain(secret);
    expect(stored).toContain(key);
  });
});

describe('an access key in the variables of a function', () => {
  const KEY = arn('kms', 'key/0f0e0d0c-0000-4000-8000-000000000001');
  const SHOP = arn('lambda', 'function:shop');
  const Variables = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const robotOf = (says: readonly Says[], more: JsonObject = {}): string | undefined =>
    reachedFrom(
      {
        users: { ann: { says }, robot: { keys: ['AKIAIOSFODNN7EXAMPLE'] } },
        answers: {
          'lambda/ListFunctions': {
            Functions: [{ FunctionName: 'shop', FunctionArn: SHOP, Environment: { Variables }, ...more }],
          },
          'kms/DescribeKey': { [KEY]: { KeyMetadata: { KeyId: KEY, Arn: KEY, KeyManager: 'CUSTOMER' } } },
          'kms/GetKeyPolicy': {
            [KEY]: {
              Policy: JSON.stringify({
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
                    Action: 'kms:*',
                    Resource: '*',
                  },
                ],
              }),
            },
          },
        },
      },
      ANN,
    ).assets.get(userArn('robot'));
  const READ = `lambda:GetFunctionConfiguration on ${SHOP}`;
  const inRegion = (region: string): Says => ({
    Effect: 'Allow',
    Action: 'lambda:ListFunctions',
    Resource: '*',
    Condition: { StringEquals: { 'aws:RequestedRegion': region } },
  });

  test('is told to who may decrypt, where a key of the account keeps them', () => {
    expect(robotOf([READ])).toBe('control confirmed');
    expect(robotOf([READ], { KMSKeyArn: KEY })).toBeUndefined();
    expect(robotOf([READ, `kms:Decrypt on ${KEY}`], { KMSKeyArn: KEY })).toBe('control confirmed');
  });

  test('is seen by code in the function, whatever key keeps them', () => {
    expect(robotOf([`lambda:UpdateFunctionCode on ${SHOP}`], { KMSKeyArn: KEY })).toBe('control confirmed');
    expect(robotOf([`lambda:UpdateFunctionCode on ${SHOP}-2`], { KMSKeyArn: KEY })).toBeUndefined();
  });

  test('is listed in the region of the function alone', () => {
    expect(robotOf([inRegion('us-east-1')])).toBe('control confirmed');
    expect(robotOf([inRegion('eu-west-1')])).toBeUndefined();
  });
});

describe('a function in a VPC whose code is replaced', () => {
  const VpcConfig = { VpcId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-closed'] };
  const Environment = { Variables: { DB_PASSWORD: 'Sup3rS3cret!pw9' } };
  const update = (group: string, more: JsonObject) =>
    reachedFrom(
      {
        users: { ann: { says: [`lambda:UpdateFunctionCode on ${FUNCTION}`] } },
        roles: { shop: { trust: 'lambda.amazonaws.com' } },
        answers: { 'lambda/ListFunctions': shop({ Environment, ...more }), ...databaseIn(group) },
      },
      ANN,
    ).assets;

  test('connects from there to a database, with the password that it holds', () => {
    const assets = update('sg-from-hosts', { VpcConfig });
    expect(assets.get(DATABASE)).toMatch(/^read conditional/);
    expect(assets.get(roleArn('shop'))).toBe('control confirmed');
  });

  test('not to one whose group does not let it in, nor from outside of the VPC', () => {
    expect(update('sg-closed', { VpcConfig }).has(DATABASE)).toBe(false);
    expect(update('sg-from-hosts', {}).has(DATABASE)).toBe(false);
    expect(update('sg-from-hosts', {}).get(roleArn('shop'))).toBe('control confirmed');
  });
});
