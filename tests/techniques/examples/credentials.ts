import type { JsonObject } from '../../../src/model/index.js';
import { arn, type Miniature, roleArn, type Says } from '../miniature.js';
import { DATABASE, databaseIn } from '../miniature-database.js';
import { ANN, annMay, type ExampleFamily, fromOffice, ROBOT } from './example.js';

const HOST = arn('ec2', 'instance/i-web');
const FUNCTION = arn('lambda', 'function:shop');
const WEB = roleArn('web');
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';

const host = (
  instance: Exclude<Miniature['instances'], undefined>[string],
  missing?: readonly string[],
): Miniature => ({
  roles: { web: { profile: true } },
  instances: { 'i-web': instance },
  ...(missing && { missing }),
});

const functionOf = (role: string, more: Readonly<Record<string, JsonObject>>): Miniature => ({
  roles: { web: { trust: 'lambda.amazonaws.com' } },
  answers: {
    'lambda/ListFunctions': {
      Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION, Role: role }],
    },
    ...more,
  },
});
const invokedBy = (Principal: JsonObject | string) => ({
  'lambda/GetPolicy': {
    shop: {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: FUNCTION }],
      }),
    },
  },
});
const BY_ONE = invokedBy({ AWS: 'arn:aws:iam::999988887777:root' });

const WITH_KEY = `export AWS_ACCESS_KEY_ID=${KEY_ID}\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n`;
const userData = (says: Says, key: string): Miniature =>
  annMay([says], { users: { robot: { keys: [key] } }, instances: { 'i-web': { userData: WITH_KEY } } });
const SEE = `ec2:DescribeInstanceAttribute on ${HOST}`;

const beside = (group: string, missing?: readonly string[]): Miniature => ({
  instances: { 'i-web': { userData: 'export DB_PASSWORD=correct-horse-battery-staple\n' } },
  answers: databaseIn(group),
  ...(missing && { missing }),
});

/** From running code, and from what can be read, to credentials. */
export const CREDENTIAL_EXAMPLES: ExampleFamily = {
  'imds-credential-theft': {
    from: HOST,
    reaches: WEB,
    access: 'control',
    works: { why: 'The instance has a role, and its metadata service is on.', world: host({ role: 'web' }) },
    fails: { why: 'The metadata service is off.', world: host({ role: 'web', metadata: 'disabled' }) },
    alsoFails: [{ why: 'The instance has no role.', world: host({}) }],
    unknown: {
      from: 'internet',
      why: 'Whether the internet reaches the instance is not known, as network ACLs were not collected.',
      world: host({ role: 'web', open: true }, ['ec2/DescribeNetworkAcls']),
      because: 'network ACL',
    },
  },
  'imds-forged-request': {
    from: 'internet',
    reaches: WEB,
    access: 'control',
    works: {
      why: 'The internet reaches a web port, and the metadata service asks for no token.',
      world: host({ role: 'web', open: true, tokens: 'optional' }),
    },
    fails: {
      why: 'The metadata service asks for a token, which takes a PUT.',
      world: host({ role: 'web', open: true, tokens: 'required' }),
    },
    alsoFails: [
      {
        why: 'The internet reaches nothing but SSH, which fetches nothing.',
        world: host({ role: 'web', open: 22, tokens: 'optional' }),
      },
    ],
    unknown: {
      why: 'Whether the metadata service asks for a token was not collected.',
      world: host({ role: 'web', open: true, tokens: 'unstated' }),
      because: 'metadata service',
    },
  },
  'function-credentials': {
    from: FUNCTION,
    reaches: WEB,
    access: 'control',
    works: { why: 'The function runs with the role.', world: functionOf(WEB, BY_ONE) },
    fails: { why: 'The function runs with another role.', world: functionOf(roleArn('other'), BY_ONE) },
    unknown: {
      from: 'internet',
      why: 'Everybody may invoke the function, and whether its code gives way is not in the API.',
      world: functionOf(WEB, invokedBy('*')),
      because: 'function code',
    },
  },
  'user-data-secrets': {
    from: ANN,
    reaches: ROBOT,
    access: 'control',
    works: { why: 'User data that Ann may read holds an access key of a user.', world: userData(SEE, KEY_ID) },
    fails: { why: 'The key in the user data is none that the user has.', world: userData(SEE, 'AKIAI44QH8DHBEXAMPLE') },
    unknown: {
      why: 'Ann may read user data from the addresses of one office alone.',
      world: userData(fromOffice(SEE), KEY_ID),
      because: 'aws:SourceIp',
    },
  },
  'sighted-database-credential': {
    from: HOST,
    reaches: DATABASE,
    access: 'login',
    works: {
      why: 'User data of the host holds a password, and the host reaches a database; whether it is that one’s is not known.',
      world: beside('sg-from-hosts'),
      depends: 'database credential',
    },
    fails: { why: 'The host reaches no database.', world: beside('sg-closed') },
    unknown: {
      why: 'The security groups were not collected.',
      world: beside('sg-from-hosts', ['ec2/DescribeSecurityGroups']),
      because: 'security group',
    },
  },
};
