/** Where CloudTrail names an event otherwise than IAM names the action. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['lambda:CreateFunction', 'CreateFunction20150331'],
  ['lambda:UpdateFunctionCode', 'UpdateFunctionCode20150331v2'],
  ['lambda:UpdateFunctionConfiguration', 'UpdateFunctionConfiguration20150331v2'],
  ['lambda:AddPermission', 'AddPermission20150331v2'],
  ['lambda:CreateEventSourceMapping', 'CreateEventSourceMapping20150331'],
  ['lambda:GetFunction', 'GetFunction20150331v2'],
  ['lambda:InvokeFunction', 'Invoke'],
]);

/** Calls on what is in a resource: a trail holds them only where it was told to. */
const DATA_EVENTS: ReadonlySet<string> = new Set([
  'bedrock-agentcore:ConnectBrowserAutomationStream',
  'bedrock-agentcore:InvokeAgentRuntimeCommand',
  'bedrock-agentcore:InvokeCodeInterpreter',
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'ebs:GetSnapshotBlock',
  'ebs:ListSnapshotBlocks',
  'lambda:InvokeFunction',
  'rds-data:ExecuteStatement',
  's3:DeleteObject',
  's3:GetObject',
  's3:PutObject',
  's3:PutObjectAcl',
  'sqs:ReceiveMessage',
]);

/**
 * The CloudTrail event that an action leaves, as `service:EventName`.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export function eventOf(action: string): string {
  const [service = '', name = ''] = action.split(':');
  return `${service}:${NAMES.get(action) ?? name}${DATA_EVENTS.has(action) ? ' (data event)' : ''}`;
}
