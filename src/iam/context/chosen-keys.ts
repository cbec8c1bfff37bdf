/**
 * Keys whose value the intruder sets, or leaves out: parameters of the request of which no resource or place in the network has a say. A
 * name that ends in `/` or `:` stands for all keys that begin with it.
 */
const CHOSEN: readonly string[] = [
  'aws:requesttag/',
  'aws:tagkeys',
  'aws:useragent',
  'aws:referer',
  'sts:rolesessionname',
  'sts:sourceidentity',
  'sts:transitivetagkeys',
  'sts:durationseconds',
  's3:prefix',
  's3:delimiter',
  's3:max-keys',
  's3:versionid',
  's3:locationconstraint',
  's3:signatureversion',
  's3:signatureage',
  's3:authtype',
  's3:if-none-match',
  's3:requestobjecttag/',
  's3:requestobjecttagkeys',
  's3:objectcreationoperation',
  'iam:passedtoservice',
  'iam:associatedresourcearn',
  'iam:policyarn',
  'iam:awsservicename',
  'iam:organizationspolicyid',
  'kms:grantoperations',
  'kms:granteeprincipal',
  'kms:retiringprincipal',
  'kms:encryptionalgorithm',
  'kms:requestalias',
  'kms:reencryptonsamekey',
  'kms:bypasspolicylockoutsafetycheck',
  'secretsmanager:versionid',
  'secretsmanager:versionstage',
  'secretsmanager:name',
  'secretsmanager:description',
  'secretsmanager:forcedeletewithoutrecovery',
  'secretsmanager:recoverywindowindays',
  'secretsmanager:blockpublicpolicy',
  'ssm:sessiondocumentaccesscheck',
  'ssm:documentcategories',
  'ssm:overwrite',
  'ssm:recursive',
  'dynamodb:attributes',
  'dynamodb:select',
  'dynamodb:returnvalues',
  'dynamodb:returnconsumedcapacity',
  'ec2:add/',
  'ec2:osuser',
  'ec2:remove/',
  'ec2-instance-connect:remoteport',
  'ec2-instance-connect:privateipaddress',
  'ec2-instance-connect:maxtunnelduration',
  'lambda:layer',
  'lambda:principal',
  'lambda:vpcids',
  'lambda:subnetids',
  'lambda:securitygroupids',
  'cloudformation:rolearn',
  'cloudformation:changesetname',
  'cloudformation:resourcetypes',
  'cloudformation:stackpolicyurl',
  'cloudformation:createaction',
  'ecs:enable-execute-command',
  'ecs:container-name',
  'ecs:task-cpu',
  'ecs:task-memory',
  'eks:policyarn',
  'eks:accessentrytype',
  'eks:accessscope',
  'eks:namespaces',
  'eks:kubernetesgroups',
  'eks:username',
  'rds:managemasteruserpassword',
  'rds:publiclyaccessible',
  'rds:req-tag/',
  'sns:endpoint',
  'sns:protocol',
];

const EXACT = new Set(CHOSEN.filter((key) => !key.endsWith('/')));
const PREFIXES = CHOSEN.filter((key) => key.endsWith('/'));

/** Actions that make something new, or give it other properties: the properties in the request are the intruder's. */
const MAKES = /:(create|run|request|register|launch|put|modify|update|restore|import|start)/;

/** Keys of properties that an action which makes something takes from its request, by service. */
const PROPERTIES = /^(ec2|rds|lambda|elasticloadbalancing|eks|ecs|sagemaker|glue|codebuild|apprunner|batch|iam):/;

/** Of EC2 and RDS, what changes a thing, or starts it, is asked about the properties that it has. */
const ABOUT_WHAT_IS_THERE = /^(ec2|rds):(put|modify|update|start)/;

const NOT_PROPERTIES =
  /resourcetag|^ec2:(vpc|subnet|sourceinstancearn|roledelivery|resourceid|instanceid|owner|region|accountid|attribute)$|^ec2:(attribute|add|remove)\/|^rds:.*-tag\//;

/** Whether the intruder decides on a key, for an action; both in lower case. */
export function isChosenKey(key: string, action: string): boolean {
  if (EXACT.has(key) || PREFIXES.some((prefix) => key.startsWith(prefix)) || key.startsWith('s3:x-amz-')) return true;
  return MAKES.test(action) && !ABOUT_WHAT_IS_THERE.test(action) && PROPERTIES.test(key) && !NOT_PROPERTIES.test(key);
}
