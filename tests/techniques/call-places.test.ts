import { describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import { askCan } from '../../src/main/ask-can.js';
import type { JsonObject } from '../../src/model/index.js';
import { arn, type Miniature, miniature, roleArn, type Says, tagList } from './miniature.js';
import { reachedFrom } from './reached.js';

const HOST = arn('ec2', 'instance/i-0a');
const ROLE = roleArn('web');
const SECRET = arn('secretsmanager', 'secret:db-AbCdEf');

/** Reading the secret is allowed on a condition. */
const readIf = (Condition: JsonObject): Says => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: SECRET,
  Condition,
});

const endpoint = (service: string, more: JsonObject = {}): JsonObject => ({
  VpcEndpointId: `vpce-${service}`,
  VpcId: 'vpc-1',
  ServiceName: `com.amazonaws.us-east-1.${service}`,
  VpcEndpointType: 'Interface',
  State: 'available',
  SubnetIds: ['subnet-1'],
  ...more,
});

const world = (says: readonly Says[], endpoints: readonly JsonObject[] = []): Miniature => ({
  instances: { 'i-0a': { role: 'web', open: true } },
  roles: { web: { says, trust: 'ec2.amazonaws.com', profile: true } },
  answers: {
    'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'db', Tags: tagList() }] },
    'secrets-manager/GetResourcePolicy': {},
    'ec2/DescribeVpcEndpoints': { VpcEndpoints: endpoints },
  },
});

const read = (says: Says | readonly Says[], endpoints: readonly JsonObject[] = [], from = HOST): string | undefined =>
  reachedFrom(world([says].flat(), endpoints), from).assets.get(SECRET);

const SECRETS = endpoint('secretsmanager');
const IN_VPC = readIf({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } });

describe('an intruder on a host acts from its network', () => {
  it('through an endpoint of its VPC', () => {
    expect(read(IN_VPC, [SECRETS])).toBe('read confirmed');
    expect(read(readIf({ StringEquals: { 'aws:SourceVpce': 'vpce-secretsmanager' } }), [SECRETS])).toBe(
      'read confirmed',
    );
    expect(read(readIf({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/24' } }), [SECRETS])).toBe('read confirmed');
  });

  it('and not where that is another VPC, endpoint or service', () => {
    expect(read(readIf({ StringEquals: { 'aws:SourceVpc': 'vpc-2' } }), [SECRETS])).not.toBe('read confirmed');
    expect(read(readIf({ StringEquals: { 'aws:SourceVpce': 'vpce-other' } }), [SECRETS])).not.toBe('read confirmed');
    expect(read(IN_VPC, [endpoint('sqs')])).not.toBe('read confirmed');
    expect(read(IN_VPC)).not.toBe('read confirmed');
    expect(read(IN_VPC, [{ ...SECRETS, State: 'deleting' }])).not.toBe('read confirmed');
  });

  it('and whoever has the credentials alone may or may not', () => {
    expect(read(IN_VPC, [SECRETS], ROLE)).toBe('read conditional');
  });

  it('under the policy of the endpoint', () => {
    const only = (Action: string): JsonObject => ({
      ...SECRETS,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }],
      }),
    });
    expect(read(IN_VPC, [only('secretsmanager:Get*')])).toBe('read confirmed');
    expect(read(IN_VPC, [only('secretsmanager:List*')])).not.toBe('read confirmed');
  });

  it('by the internet as its own address', () => {
    const from = (cidr: string): Says => readIf({ IpAddress: { 'aws:SourceIp': cidr } });
    expect(read(from('198.51.100.1/32'))).toBe('read confirmed');
    expect(read(from('203.0.113.0/24'))).not.toBe('read confirmed');
  });

  it('past a deny for whoever comes from elsewhere', () => {
    const elsewhere: Says = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
    };
    const all = 'secretsmanager:GetSecretValue';
    expect(read([all, elsewhere], [SECRETS])).toBe('read confirmed');
    expect(read([all, elsewhere])).not.toBe('read confirmed');
  });

  it('with credentials that are bound to it', () => {
    const bound = (to: string): Says =>
      readIf({ ArnEquals: { 'ec2:SourceInstanceARN': arn('ec2', `instance/${to}`) } });
    expect(read(bound('i-0a'))).toBe('read confirmed');
    expect(read(bound('i-0b'))).not.toBe('read confirmed');
    const onHost = readIf({ StringEquals: { 'aws:SourceVpc': '${aws:Ec2InstanceSourceVpc}' } });
    expect(read(onHost, [SECRETS])).toBe('read confirmed');
    expect(read(onHost)).not.toBe('read confirmed');
  });
});

describe('a call that is asked about from a host', () => {
  const MAY_READ: Says = 'secretsmanager:GetSecretValue';
  const IN_OTHER = readIf({ StringEquals: { 'aws:SourceVpc': 'vpc-2' } });
  /** Of a host that has no public address, or one; with its endpoints, or not knowing of them. */
  const verdict = (says: Says, open: boolean, endpoints?: readonly JsonObject[]): string => {
    const { 'ec2/DescribeVpcEndpoints': known, ...others } = world([], endpoints).answers ?? {};
    const made: Miniature = {
      ...world([says]),
      instances: { 'i-0a': { role: 'web', open } },
      answers: endpoints && known ? { ...others, 'ec2/DescribeVpcEndpoints': known } : others,
    };
    const analysis = openAnalysis(miniature(made), { toolVersion: '0.0.0' });
    const answer = askCan(analysis, { principal: 'web', action: MAY_READ as string, resource: SECRET, from: 'i-0a' });
    const why = answer.conditions.map(({ key }) => key).join();
    return why === '' ? answer.verdict : `${answer.verdict}: ${why}`;
  };
  const UNKNOWN = 'unknown: VPC endpoints (111122223333/us-east-1)';

  it('goes nowhere from where there is no way to AWS', () => {
    expect(verdict(MAY_READ, false, [])).toBe('implicit-deny');
    expect(verdict(MAY_READ, false, [SECRETS])).toBe('allowed');
  });

  it('may go through an endpoint, where none were listed', () => {
    expect(verdict(MAY_READ, false)).toBe(UNKNOWN);
    expect(verdict(IN_VPC, true)).toBe(UNKNOWN);
    expect(verdict(IN_VPC, true, [])).toBe('implicit-deny');
  });

  it('is denied all the same where no endpoint of that VPC would help', () => {
    expect(verdict(IN_OTHER, true)).toBe('implicit-deny');
    expect(verdict(IN_OTHER, false)).toBe('implicit-deny');
  });

  it('is allowed where it needs none', () => {
    expect(verdict(MAY_READ, true)).toBe('allowed');
  });
});
