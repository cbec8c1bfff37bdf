import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import {
  ADD_ENTRY,
  ADD_HOST_ENTRY,
  ADD_ROUTE,
  apart,
  EVERYBODY,
  HOST,
  HOSTS,
  MODIFY,
  onHost,
  OPEN_GROUP,
  OPEN_SPARE,
} from './examples/network-changes.js';
import { DATABASE } from './miniature-database.js';
import { ANN, annMay, fromOffice } from './examples/example.js';
import { arn, type Miniature, miniature, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

/** A token for the database, so that whoever reaches it reads it. */
const TOKEN = `rds-db:connect on ${arn('rds-db', 'dbuser:db-ABC/app')}`;

function withTokens(world: Miniature): Miniature {
  const text = JSON.stringify(world.answers?.['rds/DescribeDBInstances']);
  const record = text.replace('"Engine"', '"DbiResourceId":"db-ABC","IAMDatabaseAuthenticationEnabled":true,"Engine"');
  return {
    ...world,
    answers: { ...world.answers, 'rds/DescribeDBInstances': JSON.parse(record) },
  };
}

const readOf = (world: Miniature, from: string) => {
  const { assets, steps } = reachedFrom(withTokens(world), from);
  return { access: assets.get(DATABASE), steps: steps.get(DATABASE) ?? [] };
};

const ALL = [OPEN_GROUP, ADD_ENTRY, ADD_ROUTE, MODIFY];
const CHANGES = new Set(['open-security-group', 'open-network-acl', 'route-to-internet', 'move-store-in-network']);
const changesIn = (steps: readonly string[]): readonly string[] => steps.filter((id) => CHANGES.has(id)).sort();

describe('what is opened for a way is as little as opens it', () => {
  test('a group alone, though the intruder may change everything', () => {
    const { access, steps } = readOf(onHost([...ALL, TOKEN], {}), HOST);
    expect(access).toBe('read confirmed');
    expect(changesIn(steps)).toHaveLength(1);
  });

  test('a group and a network ACL', () => {
    const { access, steps } = readOf(onHost([OPEN_GROUP, ADD_ENTRY, TOKEN], { acl: 'deny' }), HOST);
    expect(access).toBe('read confirmed');
    expect(changesIn(steps)).toEqual(['open-network-acl', 'open-security-group']);
  });

  test('a public address, a group, a network ACL and a route, from the internet', () => {
    const { access, steps } = readOf(apart([...ALL, TOKEN], { acl: 'deny' }), ANN);
    expect(access).toBe('read confirmed');
    expect(changesIn(steps)).toEqual([...CHANGES].sort());
  });

  test.each(ALL)('not without %s', (one) => {
    const says = [...ALL.filter((other) => other !== one), TOKEN];
    expect(readOf(apart(says, { acl: 'deny' }), ANN).access).toBeUndefined();
  });

  test('another group of the VPC, where that may be opened and given to the database', () => {
    const { access, steps } = readOf(apart([OPEN_SPARE, MODIFY, TOKEN], { gateway: 'igw-1' }), ANN);
    expect(access).toBe('read confirmed');
    expect(changesIn(steps)).toEqual(['move-store-in-network', 'open-security-group']);
    expect(readOf(apart([OPEN_SPARE, TOKEN], { gateway: 'igw-1' }), ANN).access).toBeUndefined();
  });

  test('the changes may be made by two people under control', () => {
    const world = { ...apart([MODIFY, TOKEN], { gateway: 'igw-1' }) };
    const two = { ...world, users: { ...world.users, ben: { says: [OPEN_GROUP] } } };
    const analysis = openAnalysis(miniature(withTokens(two)), { toolVersion: '0.0.0' });
    const reached = (assets: readonly string[]) =>
      analysis.blastRadius(assets).reaches.find((r) => r.asset === DATABASE)?.confidence;
    expect(reached([ANN, userArn('ben')])).toBe('confirmed');
    expect(reached([ANN])).toBeUndefined();
  });
});

describe('the network ACL of a host', () => {
  const ADDED = 'open-network-acl';
  const steps = (says: readonly string[], place: Parameters<typeof onHost>[1], from = HOST) =>
    readOf(onHost([...says, TOKEN], place, { own: HOSTS }), from);

  test('is opened where it keeps the host from the database', () => {
    const found = steps([ADD_HOST_ENTRY], { hostAcl: 'deny' });
    expect(found.access).toBe('read confirmed');
    expect(changesIn(found.steps)).toEqual([ADDED]);
  });

  test('is opened together with that of the database where both keep out', () => {
    const found = steps([ADD_HOST_ENTRY, ADD_ENTRY], { hostAcl: 'deny', acl: 'deny' });
    expect(found.access).toBe('read confirmed');
    expect(changesIn(found.steps)).toEqual([ADDED, ADDED]);
  });

  test.each([
    ['nobody may open it', [ADD_ENTRY], { hostAcl: 'deny' }],
    ['that of the database keeps out besides', [ADD_HOST_ENTRY], { hostAcl: 'deny', acl: 'deny' }],
    ['it keeps out besides that of the database', [ADD_ENTRY], { hostAcl: 'deny', acl: 'deny' }],
  ] as const)('leaves the way closed where %s', (_, says, place) => {
    expect(steps(says, place).access).toBeUndefined();
  });

  test('need not be opened where it lets the connection through, though others may open it', () => {
    const world = onHost([ADD_ENTRY, TOKEN], { hostAcl: 'tcp', acl: 'deny' }, { own: HOSTS });
    const found = readOf({ ...world, users: { ...world.users, ben: { says: [ADD_HOST_ENTRY] } } }, HOST);
    expect(found.access).toBe('read confirmed');
    expect(changesIn(found.steps)).toEqual([ADDED]);
  });

  test('is not opened where the host reaches the database as it is', () => {
    expect(changesIn(steps([ADD_HOST_ENTRY], { hostAcl: 'tcp' }).steps)).toEqual([]);
  });
});

describe('a way that stays closed', () => {
  test.each([
    ['the database is in another VPC, with which there is no peering', { vpc: 'vpc-2' }],
    ['its network ACL keeps everything out', { acl: 'deny' }],
  ] as const)('%s', (_, place) => {
    expect(readOf(onHost([OPEN_GROUP, TOKEN], place), HOST).access).toBeUndefined();
  });

  test('nobody but an administrator may open it', () => {
    const world = onHost([TOKEN], {});
    const { access } = readOf({ ...world, users: { admin: { says: ['*'] } } }, HOST);
    expect(access).toBeUndefined();
  });
});

test('what a permission depends on is a condition of the way', () => {
  expect(readOf(onHost([fromOffice(OPEN_GROUP), TOKEN], {}), HOST).access).toBe('read conditional');
});

test('on a host that reaches a database only once it is opened, no credential for it is found', () => {
  const says = [OPEN_GROUP];
  expect(readOf(onHost(says, {}), HOST).access).toBeUndefined();
  expect(readOf(onHost(says, {}, { own: HOSTS }), HOST).access).toBe('read conditional');
});

test('a database that is open as it is needs no change', () => {
  const { steps } = readOf(apart([...ALL, TOKEN], { gateway: 'igw-1' }, { own: EVERYBODY, isPublic: true }), ANN);
  expect(changesIn(steps)).toEqual([]);
});

describe('a key pushed to a host whose group lets nobody in', () => {
  const PUSH = 'ec2-instance-connect:SendSSHPublicKey';
  const TARGET = arn('ec2', 'instance/i-web');
  const OPEN = `ec2:AuthorizeSecurityGroupIngress on ${arn('ec2', 'security-group/sg-open')}`;
  /** The internet reaches tcp/443 of the host. */
  const world = (...says: readonly string[]): Miniature => annMay(says, { instances: { 'i-web': { open: 443 } } });

  test('is of use to who may open the group too', () => {
    const { assets, steps } = reachedFrom(world(PUSH, OPEN), ANN);
    expect(assets.get(TARGET)).toBe('control conditional');
    expect(steps.get(TARGET)).toEqual(['open-security-group', 'ec2-instance-connect']);
  });

  test.each([[PUSH], [OPEN]])('not with %s alone', (one) => {
    expect(reachedFrom(world(one), ANN).assets.has(TARGET)).toBe(false);
  });

  test('nor where the host has no public address', () => {
    const hidden = annMay([PUSH, OPEN.replace('sg-open', 'sg-closed')], { instances: { 'i-web': {} } });
    expect(reachedFrom(hidden, ANN).assets.has(TARGET)).toBe(false);
  });
});

test('an instance that is started beside hosts that reach a database holds no credential for it', () => {
  const world = (says: readonly string[]): Miniature => apart(says, {}, { own: HOSTS });
  expect(readOf(world(['ec2:RunInstances']), ANN).access).toBeUndefined();
  const { access, steps } = readOf(world(['ec2:RunInstances', TOKEN]), ANN);
  expect(access).toBe('read confirmed');
  expect(steps).toEqual(expect.arrayContaining(['run-instance-in-vpc', 'network-connection', 'rds-login']));
});

test('who may start an instance beside one host and not beside another reaches what the one does', () => {
  const inGroup = (group: string): JsonObject => ({
    Effect: 'Allow',
    Action: 'ec2:RunInstances',
    Resource: [
      arn('ec2', `security-group/${group}`),
      ...['instance', 'network-interface', 'volume', 'subnet'].map((kind) => arn('ec2', `${kind}/*`)),
      'arn:aws:ec2:us-east-1::image/*',
    ],
  });
  const own = {
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: 5432,
        ToPort: 5432,
        UserIdGroupPairs: [{ GroupId: 'sg-app' }, { GroupId: 'sg-spare' }],
      },
    ],
  };
  const one = apart([inGroup('sg-app'), TOKEN], {}, { own });
  const world = {
    ...one,
    users: { ...one.users, ben: { says: [inGroup('sg-spare'), TOKEN] }, eve: { says: [inGroup('sg-db'), TOKEN] } },
    instances: { ...one.instances, 'i-spare': { group: 'sg-spare' } },
  };
  const found = (user: string) => {
    const { reaches } = openAnalysis(miniature(withTokens(world)), { toolVersion: '0.0.0' }).blastRadius([
      userArn(user),
    ]);
    return reaches
      .find(({ asset }) => asset === DATABASE)
      ?.steps.map(({ text }) => text)
      .join(' ');
  };
  expect(found('ann')).toContain('sg-app');
  expect(found('ben')).toContain('sg-spare');
  expect(found('eve')).toBeUndefined();
});
