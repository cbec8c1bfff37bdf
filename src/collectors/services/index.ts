import type { ServiceCollector } from '../declaration.js';
import { apiGateway } from './api-gateway.js';
import { apiGatewayV2 } from './apigatewayv2.js';
import { apprunner } from './apprunner.js';
import { autoScaling } from './auto-scaling.js';
import { batch } from './batch.js';
import { bedrockAgentCoreControl } from './bedrock-agentcore-control.js';
import { cloudformation } from './cloudformation.js';
import { cloudfront } from './cloudfront.js';
import { codebuild } from './codebuild.js';
import { cognitoIdentity } from './cognito-identity.js';
import { dynamodb } from './dynamodb.js';
import { ec2 } from './ec2.js';
import { ecr } from './ecr.js';
import { ecs } from './ecs.js';
import { efs } from './efs.js';
import { eks } from './eks.js';
import { elasticBeanstalk } from './elastic-beanstalk.js';
import { elasticLoadBalancingV2 } from './elastic-load-balancing-v2.js';
import { elasticLoadBalancing } from './elastic-load-balancing.js';
import { elasticache } from './elasticache.js';
import { globalAccelerator } from './global-accelerator.js';
import { glue } from './glue.js';
import { iam } from './iam.js';
import { inspector2 } from './inspector2.js';
import { kms } from './kms.js';
import { lambda } from './lambda.js';
import { macie2 } from './macie2.js';
import { opensearch } from './opensearch.js';
import { organizations } from './organizations.js';
import { rds } from './rds.js';
import { redshift } from './redshift.js';
import { s3Control } from './s3-control.js';
import { s3 } from './s3.js';
import { sagemaker } from './sagemaker.js';
import { secretsManager } from './secrets-manager.js';
import { sfn } from './sfn.js';
import { sns } from './sns.js';
import { sqs } from './sqs.js';
import { ssm } from './ssm.js';
import { ssoAdmin } from './sso-admin.js';

/** Every service that is asked. */
export const COLLECTORS: readonly ServiceCollector[] = [
  apiGateway,
  apiGatewayV2,
  apprunner,
  autoScaling,
  batch,
  bedrockAgentCoreControl,
  cloudformation,
  cloudfront,
  codebuild,
  cognitoIdentity,
  dynamodb,
  ec2,
  ecr,
  ecs,
  efs,
  eks,
  elasticBeanstalk,
  elasticLoadBalancingV2,
  elasticLoadBalancing,
  elasticache,
  globalAccelerator,
  glue,
  iam,
  inspector2,
  kms,
  lambda,
  macie2,
  opensearch,
  organizations,
  rds,
  redshift,
  s3Control,
  s3,
  sagemaker,
  secretsManager,
  sfn,
  sns,
  sqs,
  ssm,
  ssoAdmin,
];
