import { field, text } from '../model/index.js';
import { type AssetFamily, link, regional } from './declaration.js';
import { principalLinks } from './principal-reference.js';

/** Functions, queues and topics. */
export const serverless: AssetFamily = {
  types: [
    {
      type: 'lambda:function',
      answer: 'lambda/ListFunctions',
      list: 'Functions[]',
      identity: regional('lambda', 'function:', 'FunctionName', 'FunctionArn'),
      name: 'FunctionName',
      links: [
        ['runs-as', 'iam:role', 'Role'],
        ['in-vpc', 'ec2:vpc', 'VpcConfig.VpcId'],
        ['in-subnet', 'ec2:subnet', 'VpcConfig.SubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'VpcConfig.SecurityGroupIds[]'],
        ['encrypted-with', 'kms:key', 'KMSKeyArn'],
      ],
    },
    {
      type: 'sqs:queue',
      answer: 'sqs/GetQueueAttributes',
      keyed: true,
      list: 'Attributes',
      identity: { arn: 'QueueArn' },
      links: [['encrypted-with', 'kms:key', 'KmsMasterKeyId']],
      moreLinks: (queue) => principalLinks('grants-access-to', field(queue, 'Policy')),
    },
    {
      type: 'sqs:queue',
      answer: 'sqs/ListQueues',
      list: 'QueueUrls[]',
      textAs: 'QueueUrl',
      identity: {
        bare: 'QueueUrl',
        make: (url, place) =>
          `arn:${place.partition}:sqs:${place.region}:${place.account}:${url.slice(url.lastIndexOf('/') + 1)}`,
      },
    },
    ...['cognito-identity/DescribeIdentityPool', 'cognito-identity/ListIdentityPools'].map((answer) => ({
      type: 'cognito-identity:identity-pool',
      answer,
      keyed: answer.endsWith('DescribeIdentityPool'),
      list: answer.endsWith('DescribeIdentityPool') ? '' : 'IdentityPools[]',
      identity: regional('cognito-identity', 'identitypool/', 'IdentityPoolId'),
      name: 'IdentityPoolName',
    })),
    {
      type: 'sns:topic',
      answer: 'sns/ListTopics',
      list: 'Topics[]',
      identity: { arn: 'TopicArn' },
    },
  ],
  details: [
    {
      answer: 'lambda/GetPolicy',
      about: 'lambda:function',
      moreLinks: (answer) => principalLinks('grants-access-to', field(answer, 'Policy')),
    },
    { answer: 'lambda/GetFunctionUrlConfig', about: 'lambda:function' },
    { answer: 'lambda/ListFunctionUrlConfigs', about: 'lambda:function' },
    {
      answer: 'lambda/ListEventSourceMappings',
      about: 'lambda:function',
      list: 'EventSourceMappings[]',
      nameField: 'FunctionArn',
      moreLinks: (mapping) => {
        const source = text(field(mapping, 'EventSourceArn')) ?? '';
        if (source.includes(':sqs:')) return link('triggered-by', 'sqs:queue', source);
        // A table's stream is `…:table/<name>/stream/<time>`.
        if (source.includes(':dynamodb:')) return link('triggered-by', 'dynamodb:table', source.split('/stream/')[0]);
        return [];
      },
    },
    { answer: 'lambda/ListTags', about: 'lambda:function', tags: 'Tags' },
    {
      answer: 'cognito-identity/GetIdentityPoolRoles',
      about: 'cognito-identity:identity-pool',
      links: [
        ['gives-signed-in', 'iam:role', 'Roles.authenticated'],
        ['gives-everybody', 'iam:role', 'Roles.unauthenticated'],
      ],
    },
    {
      answer: 'sns/GetTopicAttributes',
      about: 'sns:topic',
      links: [['encrypted-with', 'kms:key', 'Attributes.KmsMasterKeyId']],
      moreLinks: (answer) => principalLinks('grants-access-to', field(field(answer, 'Attributes'), 'Policy')),
    },
  ],
};
