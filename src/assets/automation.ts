import { type AssetFamily, regional } from './declaration.js';

/** What runs code or changes the account under a role of its own. */
export const automation: AssetFamily = {
  types: [
    {
      type: 'cloudformation:stack',
      answer: 'cloudformation/DescribeStacks',
      list: 'Stacks[]',
      identity: { arn: 'StackId', bare: 'StackName' },
      name: 'StackName',
      links: [['runs-as', 'iam:role', 'RoleARN']],
    },
    {
      type: 'cloudformation:stack-set',
      answer: 'cloudformation/ListStackSets',
      list: 'Summaries[]',
      identity: regional('cloudformation', 'stackset/', 'StackSetId'),
      name: 'StackSetName',
    },
    ...['codebuild/BatchGetProjects', 'codebuild/ListProjects'].map((answer) => ({
      type: 'codebuild:project',
      answer,
      list: 'projects[]',
      textAs: 'name',
      identity: regional('codebuild', 'project/', 'name', 'arn'),
      name: 'name',
      links: [
        ['runs-as', 'iam:role', 'serviceRole'],
        ['in-vpc', 'ec2:vpc', 'vpcConfig.vpcId'],
        ['in-subnet', 'ec2:subnet', 'vpcConfig.subnets[]'],
        ['has-security-group', 'ec2:security-group', 'vpcConfig.securityGroupIds[]'],
        ['encrypted-with', 'kms:key', 'encryptionKey'],
      ] as const,
    })),
    {
      type: 'glue:job',
      answer: 'glue/GetJobs',
      list: 'Jobs[]',
      identity: regional('glue', 'job/', 'Name'),
      name: 'Name',
      links: [['runs-as', 'iam:role', 'Role']],
    },
    {
      type: 'glue:dev-endpoint',
      answer: 'glue/GetDevEndpoints',
      list: 'DevEndpoints[]',
      identity: regional('glue', 'devEndpoint/', 'EndpointName'),
      name: 'EndpointName',
      links: [
        ['runs-as', 'iam:role', 'RoleArn'],
        ['in-subnet', 'ec2:subnet', 'SubnetId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroupIds[]'],
      ],
    },
    ...['sagemaker/DescribeNotebookInstance', 'sagemaker/ListNotebookInstances'].map((answer) => ({
      type: 'sagemaker:notebook-instance',
      answer,
      keyed: answer.includes('Describe'),
      list: answer.includes('Describe') ? '' : 'NotebookInstances[]',
      identity: { arn: 'NotebookInstanceArn', bare: 'NotebookInstanceName' },
      name: 'NotebookInstanceName',
      links: [
        ['runs-as', 'iam:role', 'RoleArn'],
        ['in-subnet', 'ec2:subnet', 'SubnetId'],
        ['has-security-group', 'ec2:security-group', 'SecurityGroups[]'],
        ['encrypted-with', 'kms:key', 'KmsKeyId'],
      ] as const,
    })),
  ],
};
