import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  findEnvironmentSecrets,
  findPairSecrets,
  findSecrets,
  redactAnswer,
  redactedText,
} from '../../src/snapshot/index.js';
import type { JsonObject } from '../../src/model/index.js';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const kinds = (value: string): string[] => findSecrets(value).map(({ kind }) => kind);

describe('findSecrets', () => {
  it.each([
    [`aws_access_key_id=${KEY_ID}\naws_secret_access_key = ${SECRET_KEY}`, ['aws-access-key']],
    [`aws configure set aws_secret_access_key ${SECRET_KEY}`, ['aws-secret-key']],
    [`# belongs to ${KEY_ID}`, ['aws-access-key-id']],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', ['private-key']],
    ['-----BEGIN PRIVATE KEY-----', ['private-key']],
    ['postgres://app:s3cret@db.internal:5432/orders', ['connection-string']],
    ['Server=db;Database=orders;User Id=app;Password=s3cret;', ['connection-string', 'password']],
    ['export DB_PASSWORD="s3cret"', ['password']],
    ['"password": "s3cret"', ['password']],
    ['mysql -u root -ps3cret orders', ['password']],
    ["CREATE USER app IDENTIFIED BY 's3cret'", ['password']],
    ['echo "ubuntu:s3cret" | chpasswd', ['password']],
    ['tool --db-password s3cret', ['password']],
    ['git clone https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@github.com/x/y', ['token']],
    ['curl -H "Authorization: Bearer abcdefgh12345678" https://api', ['token']],
    ['GITLAB_TOKEN=abcdef', ['token']],
    ['API_KEY=abcdef', ['api-key']],
    ['client_secret: abcdef', ['secret']],
  ])('%j', (value, expected) => {
    expect(kinds(value)).toEqual(expected);
  });

  it.each([
    'yum install -y httpd && systemctl enable httpd',
    'DB_PASSWORD=$(aws ssm get-parameter --name /db/password --with-decryption)',
    'export DB_PASSWORD="${DB_PASSWORD}"',
    'password: {{resolve:secretsmanager:db}}',
    'SECRET_ARN=arn:aws:secretsmanager:us-east-1:111122223333:secret:db',
    'git checkout 0123456789abcdef0123456789abcdef01234567',
    'curl https://example.com:8443/path',
    '-----BEGIN CERTIFICATE-----',
    '',
  ])('nothing in %j', (value) => {
    expect(findSecrets(value)).toEqual([]);
  });

  it('finds the same through base64, twice, and gzip', () => {
    const script = `#!/bin/sh\nexport AWS_ACCESS_KEY_ID=${KEY_ID} AWS_SECRET_ACCESS_KEY=${SECRET_KEY}\n`;
    const found = [{ kind: 'aws-access-key', accessKeyId: KEY_ID }];
    const once = Buffer.from(script).toString('base64');
    expect(findSecrets(script)).toEqual(found);
    expect(findSecrets(once)).toEqual(found);
    expect(findSecrets(Buffer.from(once).toString('base64'))).toEqual(found);
    expect(findSecrets(gzipSync(script).toString('base64'))).toEqual(found);
  });

  it('finds the same in what redaction leaves', () => {
    for (const value of [`x ${KEY_ID} ${SECRET_KEY} password=abc`, 'plain', KEY_ID]) {
      expect(findSecrets(redactedText(findSecrets(value)))).toEqual(findSecrets(value));
    }
    expect(findSecrets('[redacted: nonsense, password]')).toEqual([{ kind: 'password' }]);
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    for (const text of [
      'A'.repeat(400_000),
      'a:'.repeat(200_000),
      'password '.repeat(50_000),
      'mysql '.repeat(60_000),
      'host='.repeat(80_000),
    ])
      findSecrets(text);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('environments', () => {
  it('are judged by their names too, and a key by both its halves', () => {
    expect(findEnvironmentSecrets({ STAGE: 'production', DB_PASSWORD: 'x1y2z3' })).toEqual([{ kind: 'password' }]);
    expect(findEnvironmentSecrets({ AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET_KEY })).toEqual([
      { kind: 'aws-access-key', accessKeyId: KEY_ID },
    ]);
    expect(findEnvironmentSecrets({ SECRET_NAME: 'db', TOKEN_URL: 'https://login' })).toEqual([]);
    expect(findPairSecrets([{ name: 'DB_PASSWORD', value: 'x1y2z3' }, 7, { name: 'A' }])).toEqual([
      { kind: 'password' },
    ]);
  });

  it.each([
    ['EC2_ACCESS_KEY_ID', 'EC2_SECRET_KEY_ID'],
    ['deploy-aws-access-key', 'deploy-aws-secret-key'],
    ['SECONDARY_ACCESS_KEY', 'SECONDARY_SECRET_KEY'],
    ['ID', 'KEY'],
    ['USER', 'SECRET'],
  ])('pair %s with %s, raw and redacted', (id, secret) => {
    const variables = { [id]: KEY_ID, [secret]: SECRET_KEY };
    const found = [{ kind: 'aws-access-key', accessKeyId: KEY_ID }];
    expect(findEnvironmentSecrets(variables)).toEqual(found);
    expect(findEnvironmentSecrets({ [id]: KEY_ID, [secret]: '' })).toEqual(
      secret === 'KEY' ? [{ kind: 'aws-access-key-id', accessKeyId: KEY_ID }] : found,
    );
    expect(redactAnswer({ Environment: { Variables: variables } })).toEqual({
      Environment: {
        Variables: {
          [id]: `[redacted: aws-access-key-id ${KEY_ID}]`,
          [secret]: '[redacted: aws-secret-key]',
        },
      },
    });
  });

  it.each([
    { AWS_KEY: KEY_ID, SECRET_NAME: 'db' },
    { AWS_KEY: KEY_ID, SECRET: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db' },
    { AWS_KEY: KEY_ID, COMMIT: '0123456789abcdef0123456789abcdef01234567' },
  ])('do not pair an id with what is no secret: %j', (variables) => {
    expect(findEnvironmentSecrets(variables)).toEqual([{ kind: 'aws-access-key-id', accessKeyId: KEY_ID }]);
  });

  it('give the same redacted as raw', () => {
    const Variables = { ID: KEY_ID, SECRET_KEY, DB_PASSWORD: 'x1y2z3', STAGE: 'test' };
    const body = redactAnswer({ Functions: [{ Environment: { Variables } }] }) as {
      Functions: { Environment: { Variables: JsonObject } }[];
    };
    const redacted = body.Functions[0]?.Environment.Variables ?? {};
    expect(JSON.stringify(redacted)).not.toContain(SECRET_KEY);
    expect(redacted['STAGE']).toBe('[redacted]');
    expect(findEnvironmentSecrets(redacted)).toEqual(findEnvironmentSecrets(Variables));
  });
});

describe('redactAnswer', () => {
  it('keeps the shape, and what holds no secret as it was', () => {
    const untouched = { Vpcs: [{ VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'x' }] }] };
    expect(redactAnswer(untouched)).toBe(untouched);
    const body = {
      'lt-1': {
        LaunchTemplateVersions: [{ LaunchTemplateData: { UserData: 'cGFzc3dvcmQ9YWJjZGVm', ImageId: 'ami-1' } }],
      },
      taskDefinition: { containerDefinitions: [{ environment: [{ name: 'TOKEN', value: 'abcdef' }], image: 'x' }] },
      projects: [
        {
          environment: {
            environmentVariables: [
              { name: 'A', value: 'abcdef', type: 'PLAINTEXT' },
              { name: 'B', value: '/db/password', type: 'PARAMETER_STORE' },
            ],
          },
          source: { buildspec: 'env:\n  variables:\n    PASSWORD: abcdef' },
        },
      ],
      Jobs: [{ DefaultArguments: { '--db_password': 'abcdef', '--job-language': 'python' } }],
    };
    const once = redactAnswer(body);
    expect(once).toEqual({
      'lt-1': {
        LaunchTemplateVersions: [{ LaunchTemplateData: { UserData: '[redacted: password]', ImageId: 'ami-1' } }],
      },
      taskDefinition: {
        containerDefinitions: [{ environment: [{ name: 'TOKEN', value: '[redacted: token]' }], image: 'x' }],
      },
      projects: [
        {
          environment: {
            environmentVariables: [
              { name: 'A', value: '[redacted]', type: 'PLAINTEXT' },
              { name: 'B', value: '/db/password', type: 'PARAMETER_STORE' },
            ],
          },
          source: { buildspec: '[redacted: password]' },
        },
      ],
      Jobs: [{ DefaultArguments: { '--db_password': '[redacted: password]', '--job-language': 'python' } }],
    });
    expect(redactAnswer(once)).toEqual(once);
  });

  it('does not stumble over shapes that AWS never sends', () => {
    for (const odd of [null, 1, 'x', [], [1], {}, { Value: null }]) {
      expect(() =>
        redactAnswer({ UserData: odd, environment: odd, Environment: { Variables: odd }, DefaultArguments: odd }),
      ).not.toThrow();
    }
  });
});
