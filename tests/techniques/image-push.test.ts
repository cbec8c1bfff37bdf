import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/index.js';
import { arn, roleArn, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const APP = arn('apprunner', 'service/web/1');
const REPOSITORY = arn('ecr', 'repository/web');
const PUSH = ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];

/** What Ann, who may push, gets of the role of an App Runner service. */
function controlOf(
  says: readonly string[],
  source: JsonObject,
  repository: JsonObject = { imageTagMutability: 'MUTABLE' },
  service: JsonObject = {},
): string | undefined {
  const Service = {
    ServiceArn: APP,
    ServiceName: 'web',
    Status: 'RUNNING',
    InstanceConfiguration: { InstanceRoleArn: roleArn('app') },
    SourceConfiguration: {
      ImageRepository: { ImageIdentifier: '111122223333.dkr.ecr.us-east-1.amazonaws.com/web' },
      ...source,
    },
    ...service,
  };
  return reachedFrom(
    {
      users: { ann: { says: [...PUSH, ...says] } },
      roles: { app: { trust: 'tasks.apprunner.amazonaws.com' } },
      answers: {
        'apprunner/DescribeService': { [APP]: { Service } },
        'ecr/DescribeRepositories': {
          repositories: [{ repositoryArn: REPOSITORY, repositoryName: 'web', ...repository }],
        },
      },
    },
    userArn('ann'),
  ).assets.get(roleArn('app'));
}

describe('an image that App Runner runs', () => {
  const AUTOMATIC = { AutoDeploymentsEnabled: true };

  test('is deployed as soon as it is pushed, or by whoever starts that', () => {
    expect(controlOf([], AUTOMATIC)).toBe('control confirmed');
    expect(controlOf(['apprunner:StartDeployment'], {})).toBe('control confirmed');
    expect(controlOf([], {})).toContain('control conditional');
  });

  test('is deployed by a service that is paused once it is resumed', () => {
    const PAUSED = { Status: 'PAUSED' };
    expect(controlOf([], AUTOMATIC, {}, PAUSED)).toContain('control conditional');
    expect(controlOf(['apprunner:ResumeService'], AUTOMATIC, {}, PAUSED)).toBe('control confirmed');
    expect(controlOf(['apprunner:StartDeployment'], {}, {}, PAUSED)).toContain('control conditional');
    expect(controlOf(['apprunner:StartDeployment', 'apprunner:ResumeService'], {}, {}, PAUSED)).toBe(
      'control confirmed',
    );
    expect(controlOf(['apprunner:ResumeService'], AUTOMATIC, {}, { Status: 'DELETED' })).toBeUndefined();
  });

  test('is of the account’s own repository', () => {
    const ImageRepository = { ImageIdentifier: 'public.ecr.aws/web/web:latest' };
    expect(controlOf([], { ...AUTOMATIC, ImageRepository })).toBeUndefined();
  });

  test('takes a tag that may be moved, or its being made so', () => {
    const fixed = { imageTagMutability: 'IMMUTABLE' };
    expect(controlOf([], AUTOMATIC, fixed)).toBeUndefined();
    expect(controlOf(['ecr:PutImageTagMutability'], AUTOMATIC, fixed)).toBe('control confirmed');
    expect(controlOf(['ecr:BatchDeleteImage'], AUTOMATIC, fixed)).toBe('control confirmed');
    expect(controlOf([], AUTOMATIC, { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' })).toContain('conditional');
  });
});
