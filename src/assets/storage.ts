import { field } from '../model/index.js';
import { type AssetFamily, type AssetDetail, regional } from './declaration.js';
import { principalLinks } from './principal-reference.js';

/** A bucket's own answers stand under the region that it is in. */
const bucketDetail = (operation: string, more: Partial<AssetDetail> = {}): AssetDetail => ({
  answer: `s3/${operation}`,
  about: 's3:bucket',
  tellsRegion: true,
  ...more,
});

export const storage: AssetFamily = {
  types: [
    {
      type: 's3:bucket',
      answer: 's3/ListBuckets',
      list: 'Buckets[]',
      identity: { bare: 'Name', make: (name, place) => `arn:${place.partition}:s3:::${name}` },
      name: 'Name',
    },
    ...['dynamodb/DescribeTable', 'dynamodb/ListTables'].map((answer) => ({
      type: 'dynamodb:table',
      answer,
      list: answer.endsWith('ListTables') ? 'TableNames[]' : 'Table',
      keyed: !answer.endsWith('ListTables'),
      textAs: 'TableName',
      identity: regional('dynamodb', 'table/', 'TableName', 'TableArn'),
      name: 'TableName',
      links: [
        ['encrypted-with', 'kms:key', 'SSEDescription.KMSMasterKeyArn'],
        ['restored-from', 'dynamodb:table', 'RestoreSummary.SourceTableArn'],
      ] as const,
    })),
    {
      type: 'efs:file-system',
      answer: 'efs/DescribeFileSystems',
      list: 'FileSystems[]',
      identity: regional('elasticfilesystem', 'file-system/', 'FileSystemId', 'FileSystemArn'),
      links: [['encrypted-with', 'kms:key', 'KmsKeyId']],
    },
    {
      type: 'ecr:repository',
      answer: 'ecr/DescribeRepositories',
      list: 'repositories[]',
      identity: regional('ecr', 'repository/', 'repositoryName', 'repositoryArn'),
      name: 'repositoryName',
      links: [['encrypted-with', 'kms:key', 'encryptionConfiguration.kmsKey']],
    },
  ],
  details: [
    bucketDetail('GetBucketTagging', { tags: 'TagSet' }),
    bucketDetail('GetBucketLocation'),
    bucketDetail('GetBucketAcl'),
    bucketDetail('GetBucketVersioning'),
    bucketDetail('GetBucketPolicyStatus'),
    bucketDetail('GetPublicAccessBlock'),
    bucketDetail('GetBucketOwnershipControls'),
    bucketDetail('GetBucketNotificationConfiguration', {
      links: [['notifies', 'lambda:function', 'LambdaFunctionConfigurations[].LambdaFunctionArn']],
    }),
    bucketDetail('GetBucketPolicy', {
      moreLinks: (answer) => principalLinks('grants-access-to', field(answer, 'Policy')),
    }),
    bucketDetail('GetBucketEncryption', {
      links: [
        [
          'encrypted-with',
          'kms:key',
          'ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault.KMSMasterKeyID',
        ],
      ],
    }),
    { answer: 'dynamodb/ListTagsOfResource', about: 'dynamodb:table', tags: 'Tags' },
    {
      answer: 'dynamodb/GetResourcePolicy',
      about: 'dynamodb:table',
      moreLinks: (answer) => principalLinks('grants-access-to', field(answer, 'Policy')),
    },
    {
      answer: 'ecr/GetRepositoryPolicy',
      about: 'ecr:repository',
      moreLinks: (answer) => principalLinks('grants-access-to', field(answer, 'policyText')),
    },
  ],
};
