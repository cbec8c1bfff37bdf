import { describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { memorySnapshot, type WholeSnapshot } from '../../src/snapshot/index.js';
import { ACCOUNT, arn, type Miniature, miniature, REGION, userArn } from './miniature.js';

const WEB = arn('ec2', 'instance/i-web');
const INNER = arn('ec2', 'instance/i-inner');
const PAIRS: JsonObject = { KeyPairs: [{ KeyName: 'fleet', KeyPairId: 'key-0a1b2c3d' }] };
const kept = (id: string) => arn('ssm', `parameter/ec2/keypair/${id}`);
const parameter = (id: string): JsonObject => ({
  Parameters: [{ Name: `/ec2/keypair/${id}`, ARN: kept(id), Type: 'SecureString' }],
});
const SECRET = arn('secretsmanager', 'secret:fleet-ssh-key-Ab12Cd');
const secret = (name: string): JsonObject => ({ SecretList: [{ Name: name, ARN: SECRET }] });

/** A host that the internet reaches, whose role may read what is named, and one inside that lets such hosts in. */
const inside = (says: string, answers: Miniature['answers'], inner: Miniature['instances'] = {}): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says: [says] } },
  instances: {
    'i-web': { role: 'web', open: true },
    'i-inner': { group: 'sg-from-hosts', keyPair: 'fleet' },
    ...inner,
  },
  answers: { 'ec2/DescribeKeyPairs': PAIRS, ...answers },
});

const NO_PAIR: Miniature['instances'] = { 'i-inner': { group: 'sg-from-hosts' } };

/** What is reached of the inner host from the outer one: `confirmed`, or the words of its conditions. */
function reached(world: Miniature): string | undefined {
  const { reaches } = openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([WEB]);
  const found = reaches.find(({ asset, access }) => asset === INNER && access === 'control');
  if (found?.confidence !== 'conditional') return found?.confidence;
  return found.conditions.map(({ key }) => key).join();
}

describe('a private key that lies within reach', () => {
  const read = `ssm:GetParameter on ${kept('key-0a1b2c3d')}`;
  const stored = { 'ssm/DescribeParameters': parameter('key-0a1b2c3d') };

  it('opens hosts that were launched with its pair, from hosts that reach them', () => {
    expect(reached(inside(read, stored))).toBe('confirmed');
  });

  it('opens no host that the intruder’s does not reach, and none with another pair', () => {
    expect(reached(inside(read, stored, { 'i-inner': { group: 'sg-closed', keyPair: 'fleet' } }))).toBe(undefined);
    expect(reached(inside(read, stored, { 'i-inner': { group: 'sg-from-hosts', keyPair: 'other' } }))).toBe(undefined);
  });

  it('opens a host once its group is opened, to whoever may open that too', () => {
    const closed: Miniature['instances'] = { 'i-inner': { group: 'sg-closed', keyPair: 'fleet' } };
    const opens = `ec2:AuthorizeSecurityGroupIngress on ${arn('ec2', 'security-group/sg-closed')}`;
    const world = inside(read, stored, closed);
    const more = { ...world, roles: { web: { ...world.roles?.['web'], says: [read, opens] } } };
    expect(reached(more)).toBe('confirmed');
  });

  it('opens no host of Windows, where the pair is for a password', () => {
    const inner = { group: 'sg-from-hosts', keyPair: 'fleet' };
    expect(reached(inside(read, stored, { 'i-inner': { ...inner, platform: 'windows' } }))).toBe(undefined);
    expect(reached(inside(read, stored, { 'i-inner': inner }))).toBe('confirmed');
  });

  it('may open a host whose pair is deleted since', () => {
    const lost = { 'ssm/DescribeParameters': parameter('key-0dead'), 'ec2/DescribeKeyPairs': { KeyPairs: [] } };
    expect(reached(inside(`ssm:GetParameter on ${kept('key-0dead')}`, lost))).toBe('SSH key');
  });

  it('may stand in a secret that is named after the pair, and in no other', () => {
    const says = `secretsmanager:GetSecretValue on ${SECRET}`;
    expect(reached(inside(says, { 'secrets-manager/ListSecrets': secret('fleet-ssh-key') }))).toBe('SSH key');
    expect(reached(inside(says, { 'secrets-manager/ListSecrets': secret('fleet-api-token') }))).toBe(undefined);
    expect(reached(inside(says, { 'secrets-manager/ListSecrets': secret('fleet-ssh.pub') }, NO_PAIR))).toBe(undefined);
  });

  it('may stand in a secret that is named like a key for hosts, and in no other key', () => {
    const says = `secretsmanager:GetSecretValue on ${SECRET}`;
    const of = (name: string, inner = {}) =>
      reached(inside(says, { 'secrets-manager/ListSecrets': secret(name) }, inner));
    expect(of('ec2-private-key')).toBe('SSH key');
    expect(of('bastion/id_ed25519')).toBe('SSH key');
    expect(of('jwt-private-key')).toBe(undefined);
    expect(of('ec2-public-key')).toBe(undefined);
    expect(of('ec2-private-key', NO_PAIR)).toBe(undefined);
  });
});

describe('a key and its hosts in different places', () => {
  const READER = userArn('ann');
  /** Ann may read what is stored in one place; in another stands a host with a key pair, whose SSH port the internet reaches. */
  function reachedIn(
    place: { readonly account?: string; readonly region?: string },
    stores: Miniature['answers'],
    pairs = PAIRS,
  ) {
    const here = miniature({
      users: { ann: { says: ['ssm:GetParameter', 'secretsmanager:GetSecretValue'] } },
      ...(stores && { answers: stores }),
    });
    const hosts = miniature({
      instances: { 'i-inner': { open: 22, keyPair: 'fleet' } },
      answers: { 'ec2/DescribeKeyPairs': pairs },
    });
    const { account = ACCOUNT, region = REGION } = place;
    const moved = (text: string): string => text.replaceAll(ACCOUNT, account).replaceAll(REGION, region);
    const there = JSON.parse(
      moved(JSON.stringify(hosts.everyAnswer.filter((one) => one.service === 'ec2'))),
    ) as WholeSnapshot['everyAnswer'];
    const others = here.everyAnswer.filter((one) => one.service !== 'ec2');
    const analysis = openAnalysis(memorySnapshot({ answers: [...others, ...there] }), { toolVersion: '0.0.0' });
    const found = analysis.blastRadius([READER]).reaches.find(({ asset }) => asset === moved(INNER));
    return found?.confidence === 'conditional' ? found.conditions.map(({ key }) => key).join() : found?.confidence;
  }
  const ELSEWHERE = { region: 'eu-west-1' };
  const OTHERS = { account: '999988887777' };
  const KEPT = { 'ssm/DescribeParameters': parameter('key-0a1b2c3d') };
  const named = (name: string) => ({ 'secrets-manager/ListSecrets': secret(name) });

  it.each([
    ['the parameter of the pair', KEPT, 'confirmed', undefined, undefined],
    ['a secret that is named after the pair', named('fleet-ssh-key'), 'SSH key', 'SSH key', undefined],
    ['a secret that is named like a key for hosts', named('ec2-private-key'), 'SSH key', 'SSH key', undefined],
  ])('%s', (_, stores, together, inRegion, inAccount) => {
    expect(reachedIn({}, stores)).toBe(together);
    expect(reachedIn(ELSEWHERE, stores)).toBe(inRegion);
    expect(reachedIn(OTHERS, stores)).toBe(inAccount);
  });

  it('the parameter of a pair that is gone', () => {
    const gone: JsonObject = { KeyPairs: [] };
    expect(reachedIn({}, KEPT, gone)).toBe('SSH key');
    expect(reachedIn(ELSEWHERE, KEPT, gone)).toBe(undefined);
    expect(reachedIn(OTHERS, KEPT, gone)).toBe(undefined);
  });
});

describe('a private key in the user data of a host', () => {
  const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----';
  const of = (userData: string): string | undefined => {
    const world: Miniature = {
      users: { ann: { says: ['ec2:DescribeInstanceAttribute'] } },
      instances: { 'i-inner': { open: 22, keyPair: 'fleet', userData } },
    };
    const { reaches } = openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius([userArn('ann')]);
    return reaches.find(({ asset }) => asset === INNER)?.confidence;
  };

  it('may be taken by that host too, from whoever reads it', () => {
    expect(of(`cat <<E\n${KEY}\nE`)).toBe('conditional');
    expect(of('echo hello')).toBe(undefined);
  });
});
