import { type AssetFamily, type AssetType, type FieldLink, regional } from './declaration.js';

const RUNS_AS: FieldLink = ['runs-as', 'iam:role', 'executionRoleArn'];

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
    ...listedAndDescribed('states:state-machine', {
      list: ['sfn/ListStateMachines', 'stateMachines[]'],
      describe: ['sfn/DescribeStateMachine', ''],
      identity: { arn: 'stateMachineArn', bare: 'name' },
      name: 'name',
      links: [['runs-as', 'iam:role', 'roleArn']],
    }),
    ...listedAndDescribed('apprunner:service', {
      list: ['apprunner/ListServices', 'ServiceSummaryList[]'],
      describe: ['apprunner/DescribeService', 'Service'],
      identity: { arn: 'ServiceArn', bare: 'ServiceName' },
      name: 'ServiceName',
      links: [['runs-as', 'iam:role', 'InstanceConfiguration.InstanceRoleArn']],
    }),
    {
      type: 'batch:job-definition',
      answer: 'batch/DescribeJobDefinitions',
      list: 'jobDefinitions[]',
      identity: { arn: 'jobDefinitionArn' },
      name: 'jobDefinitionName',
      links: [
        ['runs-as', 'iam:role', 'containerProperties.jobRoleArn'],
        ['uses-role', 'iam:role', 'containerProperties.executionRoleArn'],
      ],
    },
    ...listedAndDescribed('bedrock-agentcore:code-interpreter', {
      list: ['bedrock-agentcore-control/ListCodeInterpreters', 'codeInterpreterSummaries[]'],
      describe: ['bedrock-agentcore-control/GetCodeInterpreter', ''],
      identity: { arn: 'codeInterpreterArn', bare: 'codeInterpreterId' },
      name: 'name',
      links: [RUNS_AS],
    }),
    ...listedAndDescribed('bedrock-agentcore:runtime', {
      list: ['bedrock-agentcore-control/ListAgentRuntimes', 'agentRuntimes[]'],
      describe: ['bedrock-agentcore-control/GetAgentRuntime', ''],
      identity: { arn: 'agentRuntimeArn', bare: 'agentRuntimeId' },
      name: 'agentRuntimeName',
      links: [['runs-as', 'iam:role', 'roleArn']],
    }),
    ...listedAndDescribed('bedrock-agentcore:browser', {
      list: ['bedrock-agentcore-control/ListBrowsers', 'browserSummaries[]'],
      describe: ['bedrock-agentcore-control/GetBrowser', ''],
      identity: { arn: 'browserArn', bare: 'browserId' },
      name: 'name',
      links: [RUNS_AS],
    }),
    {
      type: 'elasticbeanstalk:environment',
      answer: 'elastic-beanstalk/DescribeEnvironments',
      list: 'Environments[]',
      identity: {
        arn: 'EnvironmentArn',
        bare: 'EnvironmentName',
      },
      name: 'EnvironmentName',
    },
    {
      type: 'airflow:environment',
      answer: 'mwaa/GetEnvironment',
      keyed: true,
      list: 'Environment',
      identity: { arn: 'Arn', bare: 'Name' },
      name: 'Name',
      links: [
        ['runs-as', 'iam:role', 'ExecutionRoleArn'],
        ['uses-bucket', 's3:bucket', 'SourceBucketArn'],
        ['in-subnet', 'ec2:subnet', 'NetworkConfiguration.SubnetIds[]'],
        ['has-security-group', 'ec2:security-group', 'NetworkConfiguration.SecurityGroupIds[]'],
        ['encrypted-with', 'kms:key', 'KmsKey'],
      ],
    },
  ],
};

/** An asset that one operation lists and another, called once for each, describes. */
function listedAndDescribed(
  type: string,
  {
    list,
    describe,
    ...same
  }: Pick<AssetType, 'identity' | 'name' | 'links'> & {
    readonly list: readonly [answer: string, records: string];
    readonly describe: readonly [answer: string, record: string];
  },
): readonly AssetType[] {
  return [
    { type, answer: describe[0], keyed: true, list: describe[1], ...same },
    { type, answer: list[0], list: list[1], ...same },
  ];
}
