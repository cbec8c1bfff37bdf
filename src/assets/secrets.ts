import { field, makeArn } from '../model/index.js';
import { type AssetFamily } from './declaration.js';
import { principalLinks } from './principal-reference.js';

export const secrets: AssetFamily = {
  types: [
    {
      type: 'secretsmanager:secret',
      answer: 'secrets-manager/ListSecrets',
      list: 'SecretList[]',
      identity: { arn: 'ARN', bare: 'Name' },
      name: 'Name',
      links: [
        ['encrypted-with', 'kms:key', 'KmsKeyId'],
        ['rotated-by', 'lambda:function', 'RotationLambdaARN'],
      ],
    },
    {
      type: 'ssm:parameter',
      answer: 'ssm/DescribeParameters',
      list: 'Parameters[]',
      identity: {
        arn: 'ARN',
        bare: 'Name',
        // A name that begins with a slash stands in the ARN without a second one.
        // @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
        make: (name, place) => makeArn('ssm', place.region, place.account, `parameter/${name.replace(/^\//, '')}`),
      },
      name: 'Name',
      links: [['encrypted-with', 'kms:key', 'KeyId']],
    },
  ],
  details: [
    {
      answer: 'secrets-manager/GetResourcePolicy',
      about: 'secretsmanager:secret',
      moreLinks: (answer) => principalLinks('grants-access-to', field(answer, 'ResourcePolicy')),
    },
    { answer: 'secrets-manager/DescribeSecret', about: 'secretsmanager:secret', tags: 'Tags' },
  ],
};
