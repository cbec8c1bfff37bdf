import { expect, test } from 'vitest';
import { arn, type Miniature, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const CLUSTER = arn('rds', 'cluster:shop');
const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
const QUERY = `rds-data:ExecuteStatement on ${CLUSTER}`;
const READ = `secretsmanager:GetSecretValue on ${SECRET}`;
const RESET = `rds:ModifyDBCluster on ${CLUSTER}`;
const OWN = arn('secretsmanager', 'secret:own-*');

/** An Aurora cluster that names no secret, and a secret that names no cluster. */
const world = (says: readonly Says[], HttpEndpointEnabled = true, Engine = 'aurora-mysql'): Miniature => ({
  users: { ann: { says } },
  answers: {
    'rds/DescribeDBClusters': {
      DBClusters: [{ DBClusterIdentifier: 'shop', DBClusterArn: CLUSTER, Engine, HttpEndpointEnabled }],
    },
    'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login' }] },
    'secrets-manager/GetResourcePolicy': {},
  },
});
const cluster = (...of: Parameters<typeof world>): string | undefined =>
  reachedFrom(world(...of), userArn('ann')).assets.get(CLUSTER);

test('a secret that may be read may hold the login', () => {
  expect(cluster([QUERY, READ])).toBe('read conditional');
});

test.each([
  ['no secret may be read', [QUERY]],
  ['the cluster may not be queried', [READ, RESET]],
  ['the secret that may be made may not be read', [QUERY, RESET, `secretsmanager:CreateSecret on ${OWN}`]],
  [
    'the secret that may be read is none that may be made',
    [
      QUERY,
      RESET,
      `secretsmanager:CreateSecret on ${OWN}`,
      `secretsmanager:GetSecretValue on ${arn('secretsmanager', 'secret:other-*')}`,
    ],
  ],
])('nothing is read where %s', (_, says) => {
  expect(cluster(says)).toBeUndefined();
});

test('a secret of another region holds no login', () => {
  const abroad = SECRET.replace('us-east-1', 'eu-west-1');
  const { answers, ...rest } = world([QUERY, `secretsmanager:GetSecretValue on ${abroad}`]);
  const moved = { ...answers, 'secrets-manager/ListSecrets': { SecretList: [{ ARN: abroad, Name: 'login' }] } };
  const { assets } = reachedFrom({ ...rest, answers: moved }, userArn('ann'));
  expect(assets.get(abroad)).toBe('read confirmed');
  expect(assets.get(CLUSTER)).toBeUndefined();
});

test('a new password in a secret of one’s own is a login', () => {
  const own = [`secretsmanager:CreateSecret on ${OWN}`, `secretsmanager:GetSecretValue on ${OWN}`];
  expect(cluster([QUERY, RESET, ...own])).toBe('read confirmed');
  expect(cluster([QUERY, ...own])).toBeUndefined();
});

test('whether a secret may be both made and read is not known where policies tell more names apart than are tried', () => {
  const crowd = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `user-${i}`,
      { says: [`secretsmanager:GetSecretValue on ${arn('secretsmanager', `secret:team-${i}-*`)}`] },
    ]),
  );
  const had = (made: string, read: string): string | undefined => {
    const says = [QUERY, RESET, `secretsmanager:CreateSecret on ${made}`, `secretsmanager:GetSecretValue on ${read}`];
    const { users, ...rest } = world(says);
    return reachedFrom({ ...rest, users: { ...crowd, ...users } }, userArn('ann')).assets.get(CLUSTER);
  };
  expect(had(OWN, arn('secretsmanager', 'secret:other-*'))).toBe('read conditional');
  const any = arn('secretsmanager', 'secret:*');
  expect(had(any, any)).toBe('read confirmed');
});

test('the API is turned on by who may, at Aurora alone', () => {
  const on = `rds:EnableHttpEndpoint on ${CLUSTER}`;
  expect(cluster([QUERY, READ], false)).toBeUndefined();
  expect(cluster([QUERY, READ, on], false)).toBe('read conditional');
  expect(cluster([QUERY, READ, on], false, 'mysql')).toBeUndefined();
});

test('where secrets were not listed, one that may be read may hold the login', () => {
  const LISTED = 'secrets-manager/ListSecrets';
  const had = (says: readonly Says[], more: Partial<Miniature>): string | undefined =>
    reachedFrom({ ...world(says), ...more }, userArn('ann')).assets.get(CLUSTER);
  const readSome = [QUERY, `secretsmanager:GetSecretValue on ${arn('secretsmanager', 'secret:other-*')}`];
  expect(had(readSome, { missing: [LISTED] })).toBe('read conditional');
  expect(had(readSome, { refused: [LISTED] })).toBe('read conditional');
  expect(had(readSome, {})).toBeUndefined();
  expect(had([QUERY], { missing: [LISTED] })).toBeUndefined();
  const abroad = `secretsmanager:GetSecretValue on ${OWN.replace('us-east-1', 'eu-west-1')}`;
  expect(had([QUERY, abroad], { missing: [LISTED] })).toBeUndefined();
});
