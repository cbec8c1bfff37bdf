import type { ServiceCollector } from '../declaration.js';

/** The account's own block of public access to buckets. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html */
export const s3Control: ServiceCollector = {
  service: 's3-control',
  prefix: 's3',
  load: () => import('@aws-sdk/client-s3-control'),
  client: 'S3ControlClient',
  scope: 'global',
  operations: [
    {
      name: 'GetPublicAccessBlock',
      actions: ['s3:GetAccountPublicAccessBlock'],
      absent: ['NoSuchPublicAccessBlockConfiguration'],
      each: async (_read, { account }) => [{ id: account, input: { AccountId: account } }],
    },
  ],
};
