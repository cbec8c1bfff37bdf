import type { ServiceCollector } from '../declaration.js';
import { autoScaling } from './auto-scaling.js';
import { dynamodb } from './dynamodb.js';
import { ec2 } from './ec2.js';
import { ecr } from './ecr.js';
import { elasticLoadBalancing } from './elastic-load-balancing.js';
import { elasticLoadBalancingV2 } from './elastic-load-balancing-v2.js';
import { iam } from './iam.js';
import { kms } from './kms.js';
import { lambda } from './lambda.js';
import { organizations } from './organizations.js';
import { rds } from './rds.js';
import { s3 } from './s3.js';
import { s3Control } from './s3-control.js';
import { secretsManager } from './secrets-manager.js';
import { sns } from './sns.js';
import { sqs } from './sqs.js';
import { ssm } from './ssm.js';

/** Every service that is asked. */
export const COLLECTORS: readonly ServiceCollector[] = [
  autoScaling,
  dynamodb,
  ec2,
  ecr,
  elasticLoadBalancing,
  elasticLoadBalancingV2,
  iam,
  kms,
  lambda,
  organizations,
  rds,
  s3,
  s3Control,
  secretsManager,
  sns,
  sqs,
  ssm,
];
