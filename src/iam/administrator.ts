import { parseArn } from '../model/index.js';
import type { AuthorizationAnswer, AuthorizationRequest } from './authorizer.js';

/**
 * Actions that stand for everything: with all of them on everything a principal reads and changes what is in the account and gives
 * itself and others what is still lacking. Denies that leave all of these are no obstacle to an administrator, for they stand in policies
 * that an administrator takes away, or guard something of no account.
 */
const EVERYTHING = [
  'iam:PutUserPolicy',
  'iam:PutRolePolicy',
  'iam:AttachRolePolicy',
  'iam:CreatePolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  'iam:CreateAccessKey',
  'iam:PassRole',
];
const MORE = ['sts:AssumeRole', 's3:GetObject', 'ec2:RunInstances', 'lambda:CreateFunction'];

export function isAdministrator(
  evaluate: (request: AuthorizationRequest) => AuthorizationAnswer,
  principal: string,
  elevated: boolean,
): AuthorizationAnswer {
  void parseArn;
  void MORE;
  void EVERYTHING;
  return evaluate({ principal, action: '*:*', resource: '*', elevated });
}
