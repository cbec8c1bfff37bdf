/**
 * Keys that are in the requests of some actions alone, which are parameters of theirs. A name that ends in `/` or `-` stands for all keys that begin with
 * it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const KEYS_OF_ACTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['iam:policyarn', /^iam:(attach|detach)(user|group|role)policy$/],
  ['iam:passedtoservice', /^iam:passrole$/],
  ['iam:associatedresourcearn', /^iam:passrole$/],
  ['iam:awsservicename', /^iam:createservicelinkedrole$/],
  ['s3:prefix', /^s3:listbucket(versions)?$/],
  ['s3:delimiter', /^s3:listbucket(versions)?$/],
  ['s3:max-keys', /^s3:listbucket(versions)?$/],
  ['s3:versionid', /^s3:\w*objectversion(?!\w*forreplication)/],
  ['s3:locationconstraint', /^s3:create(bucket|accesspoint)$/],
  ['s3:if-none-match', /^s3:putobject$/],
  ['s3:requestobjecttag/', /^s3:(putobject|putobjecttagging|putobjectversiontagging|bypassgovernanceretention)$/],
  ['s3:requestobjecttagkeys', /^s3:(putobject|putobjecttagging|putobjectversiontagging|bypassgovernanceretention)$/],
  ['kms:grantisforawsresource', /^kms:(creategrant|listgrants|revokegrant)$/],
  ['kms:grantconstrainttype', /^kms:(creategrant|retiregrant)$/],
  ['kms:retiringprincipal', /^kms:creategrant$/],
  ['kms:bypasspolicylockoutsafetycheck', /^kms:(createkey|putkeypolicy)$/],
  ['kms:grantoperations', /^kms:creategrant$/],
  ['kms:granteeprincipal', /^kms:creategrant$/],
  ['secretsmanager:versionid', /^secretsmanager:getsecretvalue$/],
  ['secretsmanager:versionstage', /^secretsmanager:(getsecretvalue|updatesecretversionstage)$/],
  ['secretsmanager:name', /^secretsmanager:createsecret$/],
  ['ssm:overwrite', /^ssm:putparameter$/],
  ['ssm:recursive', /^ssm:getparametersbypath$/],
  ['ssm:sessiondocumentaccesscheck', /^ssm:startsession$/],
  ['ec2:osuser', /^ec2-instance-connect:sendsshpublickey$/],
  ['lambda:principal', /^lambda:((add|remove)permission|(delete|put)resourcepolicy)$/],
  ['lambda:codesigningconfigarn', /^lambda:(createfunction|putfunctioncodesigningconfig)$/],
  ['lambda:layer', /^lambda:(createfunction|updatefunctionconfiguration)$/],
  ['lambda:vpcids', /^lambda:(createfunction|updatefunctionconfiguration)$/],
  ['lambda:subnetids', /^lambda:(create(function|capacityprovider|networkconnector)|updatefunctionconfiguration)$/],
  [
    'lambda:securitygroupids',
    /^lambda:(create(function|capacityprovider|networkconnector)|updatefunctionconfiguration)$/,
  ],
  ['ecs:container-name', /^ecs:executecommand$/],
  ['sns:protocol', /^sns:subscribe$/],
  ['sns:endpoint', /^sns:subscribe$/],
  [
    'dynamodb:leadingkeys',
    /^dynamodb:(batch(get|write)item|conditioncheckitem|(delete|get|put|update)item|partiql(delete|insert|select|update)|query)$/,
  ],
  [
    'dynamodb:attributes',
    /^dynamodb:(batch(get|write)item|conditioncheckitem|(delete|get|put|update)item|partiql(delete|insert|select|update)|query|scan)$/,
  ],
]);

/** Actions that may say tags of what they make, or change, by service; of other services any may. */
export const ACTIONS_WITH_TAGS: ReadonlyMap<string, RegExp> = new Map([
  [
    'ec2',
    /^(accept|allocate|associateipam|authorize|copy|create|deletetags|export|import|purchase|register|request|run|startnetworkinsights)/,
  ],
  [
    'iam',
    /^(tag|untag|upload|create(instanceprofile|openidconnectprovider|policy|role|samlprovider|user|virtualmfadevice)$)/,
  ],
  ['s3', /^(create|put(job|storagelens)|tagresource|untagresource)/],
  ['lambda', /^(create|tag|untag)/],
  ['rds', /^(add|copy|create|purchase|remove|restore|startdbinstanceautomated)/],
  ['ssm', /^(add|create|putparameter|register|remove|start(access|automation|change))/],
  ['secretsmanager', /^(createsecret|tag|untag)/],
  ['kms', /^(createkey|tag|untag)/],
  ['ecs', /^(create|register|run|starttask|tag|untag)/],
  ['dynamodb', /^(createtable|tag|untag)/],
  ['sqs', /^(createqueue|tag|untag)/],
  ['sns', /^(createtopic|tag|untag)/],
  ['cloudformation', /^(create|tag|untag|update)/],
  ['codebuild', /^(create|update)/],
  ['glue', /^(create|register|tag|untag)/],
  ['states', /^(create|tag|untag|update)/],
]);

const PREFIXES = [...KEYS_OF_ACTIONS].filter(([key]) => key.endsWith('/'));

const HEADERS_OF_ALL: ReadonlySet<string> = new Set(['s3:x-amz-content-sha256', 's3:x-amz-object-if-match']);

/** What is said of objects that are only read, or taken away. */
const SAYS_NOTHING_OF_OBJECTS = /^s3:(get|list|delete)/;

/** Whether a key is never in a request for an action; both in lower case. */
export function isKeyOfOtherActions(key: string, action: string): boolean {
  if (key === 'aws:tagkeys' || key.startsWith('aws:requesttag/')) {
    const colon = action.indexOf(':');
    return ACTIONS_WITH_TAGS.get(action.slice(0, colon))?.test(action.slice(colon + 1)) === false;
  }
  if (key.startsWith('s3:x-amz-')) return !HEADERS_OF_ALL.has(key) && SAYS_NOTHING_OF_OBJECTS.test(action);
  const only = KEYS_OF_ACTIONS.get(key) ?? PREFIXES.find(([prefix]) => key.startsWith(prefix))?.[1];
  return only?.test(action) === false;
}
