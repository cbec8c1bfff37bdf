import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlastRadius } from '../../src/findings/index.js';
import { runCli, WEB_SHOP } from './run-cli.js';

const ACCOUNT = '111122223333';
const WEB = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0b0f7307b0f4a81c0`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/shop-web`;
const MARKET_HALL = fileURLToPath(new URL('../../fixtures/market-hall', import.meta.url));
const SEVERAL = ['toy-foreman', 'apothecary-web', 'courier-ci', 'cobbler-web', 'bakery-web'];
const TWO_ACCOUNTS = fileURLToPath(new URL('../../fixtures/two-accounts', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trespass-incident-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Asks about a file of findings. */
async function ask(document: unknown): Promise<{ code: number | null; err: string; answer: BlastRadius | undefined }> {
  const file = join(folder, 'finding.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  const { code, out, err } = await runCli(['blast-radius', WEB_SHOP, '--finding', file, '--format', 'json']);
  return { code, err, answer: code === 0 ? (JSON.parse(out) as BlastRadius) : undefined };
}

const exported = (resource: object): object => ({
  schemaVersion: '2.0',
  accountId: ACCOUNT,
  region: 'us-east-1',
  type: 'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
  resource,
});
const instance = { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0b0f7307b0f4a81c0' } };
const key = (userType: string, userName: string): object => ({
  resourceType: 'AccessKey',
  accessKeyDetails: { accessKeyId: 'ASIAEXAMPLE', principalId: 'AROAEXAMPLE:i-0b0f7307b0f4a81c0', userType, userName },
});

describe('findings of GuardDuty', () => {
  it.each<[string, object, readonly string[]]>([
    ['as exported, of an instance', exported(instance), [WEB]],
    ['of the credentials of a role', exported(key('AssumedRole', 'shop-web')), [ROLE]],
    [
      'of a bucket',
      exported({ resourceType: 'S3Bucket', s3BucketDetails: [{ name: 'shop-assets-111122223333' }] }),
      ['arn:aws:s3:::shop-assets-111122223333'],
    ],
    [
      'of a bucket, with the credentials that were used on it',
      exported({
        ...key('AssumedRole', 'shop-web'),
        resourceType: 'S3Bucket',
        s3BucketDetails: [{ arn: 'arn:aws:s3:::shop-assets-111122223333', type: 'Destination' }],
      }),
      [ROLE, 'arn:aws:s3:::shop-assets-111122223333'],
    ],
    [
      'of a bucket that somebody unnamed read',
      exported({
        ...key('Anonymous', 'ANONYMOUS_PRINCIPAL'),
        resourceType: 'S3Bucket',
        s3BucketDetails: [{ arn: 'arn:aws:s3:::shop-assets-111122223333' }],
      }),
      ['arn:aws:s3:::shop-assets-111122223333'],
    ],
    ['in an event of EventBridge', { source: 'aws.guardduty', detail: exported(instance) }, [WEB]],
    [
      'as the AWS CLI prints them, several at once',
      {
        Findings: [
          {
            AccountId: ACCOUNT,
            Resource: { ResourceType: 'Instance', InstanceDetails: { InstanceId: 'i-0b0f7307b0f4a81c0' } },
          },
          {
            AccountId: ACCOUNT,
            Resource: { ResourceType: 'AccessKey', AccessKeyDetails: { UserType: 'Role', UserName: 'shop-web' } },
          },
        ],
      },
      [WEB, ROLE],
    ],
  ])('are read %s', async (_, document, from) => {
    const { answer } = await ask(document);
    expect(answer?.from).toEqual([...from].sort());
    // A bucket's own data is where its story ends; everything else leads on.
    expect((answer?.reaches ?? []).length > 0).toBe(!from[0]?.includes(':s3:'));
  });

  it.each<[string, unknown, readonly string[]]>([
    ['no JSON', '{', ['finding.json']],
    ['no finding', { hello: 1 }, ['finding.json', 'resource.resourceType']],
    ['an empty list', { Findings: [] }, ['there is no finding']],
    [
      'an instance of another account',
      [exported({ ...instance, instanceDetails: { instanceId: 'i-0other' } })],
      ['[0]', 'i-0other', 'not in the snapshot'],
    ],
    ['a resource that is no asset', exported({ resourceType: 'EKSCluster' }), ['EKSCluster']],
    ['the root user', exported(key('Root', 'Root')), ['the root user of account 111122223333']],
  ])('are refused where they are %s, with the file and the place', async (_, document, words) => {
    const { code, err } = await ask(document);
    expect([2, 3]).toContain(code);
    for (const word of words) expect(err).toContain(word);
    expect(err).not.toMatch(/\n {4}at /);
  });

  it('do not go with a batch', async () => {
    expect((await runCli(['blast-radius', WEB_SHOP, '--finding', 'x.json', '--batch', '-'])).code).toBe(2);
  });
});

describe('prepared beforehand', () => {
  const answer = async (snapshot: string, ...more: string[]): Promise<readonly [string, string]> => {
    const { code, out, err } = await runCli(['blast-radius', snapshot, 'web', '--format', 'json', ...more]);
    expect(code).toBe(0);
    return [out, err];
  };
  const NOT_USED = 'is of another snapshot or version, and is not used';

  it('gives the same answer, as long as the snapshot is the same', async () => {
    const snapshot = join(folder, 'snapshot');
    cpSync(WEB_SHOP, snapshot, { recursive: true });
    const fresh = await answer(snapshot);
    const made = await runCli(['prepare', `${snapshot}/`, '--format', 'json']);
    expect(JSON.parse(made.out)).toMatchObject({ schemaVersion: 1, file: `${snapshot}.prepared` });
    expect(await answer(snapshot)).toEqual(fresh);
    expect(await runCli(['who-can-reach', snapshot, 'orders', '--format', 'json'])).toEqual(
      await runCli(['who-can-reach', WEB_SHOP, 'orders', '--format', 'json']),
    );

    // What tells that it was read: a file that is no longer of this snapshot.
    rmSync(join(snapshot, ACCOUNT, 'us-east-1/rds/DescribeDBInstances.json'));
    const [changed, said] = await answer(snapshot);
    expect(changed).not.toBe(fresh[0]);
    expect(said).toContain(`${snapshot}.prepared ${NOT_USED}`);
  });

  it('is found under the name that is given, and must be there then', async () => {
    const file = join(folder, 'elsewhere');
    const { out } = await runCli(['prepare', WEB_SHOP, '--out', file]);
    expect(out).toMatch(/elsewhere holds \d+ assets and \d+ possible steps\n$/);
    expect((await answer(WEB_SHOP, '--prepared', file))[1]).toBe('');
    expect((await runCli(['blast-radius', TWO_ACCOUNTS, 'api', '--prepared', file])).err).toContain(NOT_USED);
    const { code, err } = await runCli(['blast-radius', WEB_SHOP, 'web', '--prepared', join(folder, 'nowhere')]);
    expect([code, err]).toEqual([3, expect.stringContaining('nowhere: ENOENT')]);
  });

  it.each([
    ['analyze', '--paths-per-pair', '2', '--format', 'json'],
    ['analyze', '--format', 'html'],
    ['explain', 'PATH-ID'],
    ['export', '--format', 'graphml'],
    ['baseline'],
    ['check', '--baseline', 'BASELINE', '--format', 'json'],
    ['check', '--reference', TWO_ACCOUNTS, '--format', 'json'],
  ])('is what %s reads too', async (command, ...flags) => {
    const snapshot = join(folder, 'all-commands');
    cpSync(WEB_SHOP, snapshot, { recursive: true });
    // A gap, so that what was read for the report decides whether a check may pass.
    rmSync(join(snapshot, ACCOUNT, 'us-east-1/ec2/DescribeVolumes.json'));
    const baseline = join(folder, 'all-commands.json');
    writeFileSync(baseline, (await runCli(['baseline', WEB_SHOP])).out);
    const { out: report } = await runCli(['analyze', snapshot, '--format', 'json']);
    const [path] = (JSON.parse(report) as { paths: readonly { id: string }[] }).paths;
    const words = flags.map((word) => (word === 'PATH-ID' ? (path?.id ?? '') : word === 'BASELINE' ? baseline : word));
    const ask = (...more: string[]) => runCli([command, snapshot, ...words, ...more]);
    const fresh = await ask();
    expect(fresh.out.length).toBeGreaterThan(100);
    const file = join(folder, 'all-commands.prepared');
    await runCli(['prepare', snapshot]);
    expect(await ask()).toEqual(fresh);
    rmSync(join(snapshot, ACCOUNT, 'us-east-1/rds/DescribeDBInstances.json'));
    expect((await ask()).err).toContain(`${file} ${NOT_USED}`);
    rmSync(snapshot, { recursive: true });
    rmSync(file);
  });

  it('is passed over where it is damaged and was not named', async () => {
    const snapshot = join(folder, 'with-damage');
    cpSync(WEB_SHOP, snapshot, { recursive: true });
    const [fresh] = await answer(snapshot);
    writeFileSync(`${snapshot}.prepared`, 'no such thing');
    expect(await answer(snapshot)).toEqual([fresh, expect.stringContaining(`${snapshot}.prepared is damaged`)]);
    rmSync(`${snapshot}.prepared`);
    mkdirSync(`${snapshot}.prepared`);
    expect(await answer(snapshot)).toEqual([fresh, expect.stringContaining('it is no file')]);
  });

  it('is not used beside what a scanner found, which it does not know', async () => {
    const found = join(folder, 'found.json');
    writeFileSync(found, JSON.stringify({ findings: [] }));
    const file = join(folder, 'damaged');
    writeFileSync(file, 'no such thing');
    const [out] = await answer(WEB_SHOP, '--prepared', file, '--vulnerabilities', found);
    expect(out).toBe((await answer(WEB_SHOP))[0]);
    expect((await runCli(['blast-radius', WEB_SHOP, 'web', '--prepared', file])).err).toContain(`${file} is damaged`);
  });
});

describe('the first hour', () => {
  const answerFor = async (snapshot: string, asset: string): Promise<BlastRadius> =>
    JSON.parse((await runCli(['blast-radius', snapshot, asset, '--format', 'json'])).out) as BlastRadius;

  it('orders what to do by what it cuts, and says what it interrupts', async () => {
    const { containment, reaches } = await answerFor(WEB_SHOP, WEB);
    expect(containment.map(({ cuts }) => cuts)).toEqual([...containment.map(({ cuts }) => cuts)].sort((a, b) => b - a));
    expect(containment[0]?.text).toContain('Cut role shop-web off from i-0b0f7307b0f4a81c0');
    expect(containment[0]?.cuts).toBe(new Set(reaches.map(({ asset }) => asset)).size - 1);
    for (const { interrupts, command } of containment) expect([interrupts, command]).not.toContain('');
  });

  it('isolates by group, and says that open connections and taken credentials outlive that', async () => {
    const { containment } = await answerFor(WEB_SHOP, WEB);
    const isolation = containment.find(({ text }) => text.startsWith('Isolate instance'));
    expect(isolation?.command).toMatch(
      /create-security-group .*revoke-security-group-egress .*modify-network-interface-attribute .*eni-0d7931210206fb211/,
    );
    expect(isolation?.leaves).toMatch(/tracked.*credentials that were already taken/);
    expect(containment.map(({ text }) => text)).toContain('Block the sharing of snapshots and images by shop-web.');
  });

  it('shows at once, after one step, after more, and the data with what can be done to it', async () => {
    const { code, out } = await runCli(['blast-radius', WEB_SHOP, 'web']);
    expect(code).toBe(0);
    const order = [
      'Data within reach: 5 readable, 2 writable, 1 destroyable',
      'held at once',
      'after one step: 1',
      'after more: 5',
      'data, the soonest first',
      'containment',
      'what to look for',
    ];
    const places = order.map((part) => out.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(out).toContain(
      'database orders: read after 4 (rds-login); write after 4 (rds-login); destroy after 4 (rds-login)',
    );
  });

  it('counts what it does not show, by kind', async () => {
    const all = (await runCli(['blast-radius', MARKET_HALL, ...SEVERAL, '--all'])).out;
    const some = (await runCli(['blast-radius', MARKET_HALL, ...SEVERAL])).out;
    expect(all).not.toContain('--all shows every one');
    expect(some.split('\n').length).toBeLessThan(all.split('\n').length);
    expect(some).toMatch(/… \d+ more that cut less; --all shows every one/);
  });

  it('asks the logs for the calls that the steps leave, by those who make them', async () => {
    const { traces, reaches } = await answerFor(WEB_SHOP, WEB);
    expect(reaches.flatMap(({ steps }) => steps.map(({ technique }) => technique))).toContain('rds-master-password');
    expect(traces?.events).toContain('rds:ModifyDBInstance');
    expect(traces?.events).not.toContain('iam:CreateAccessKey');
    // Of the steps, and of the calls by which data within reach would be changed.
    expect(traces?.dataEvents).toEqual(['s3:CompleteMultipartUpload', 's3:CopyObject', 's3:GetObject', 's3:PutObject']);
    expect(traces?.events).not.toContain('s3:DeleteObject');
    for (const query of [traces?.athena, traces?.insights]) {
      expect(query).toContain('rds.amazonaws.com');
      expect(query).toContain('ModifyDBInstance');
      expect(query).toContain(ROLE);
    }
  });

  it('names the other accounts that are reached', async () => {
    const report = await answerFor(TWO_ACCOUNTS, 'api');
    expect(report.otherAccounts).toEqual(['333344445555']);
    expect((await answerFor(WEB_SHOP, WEB)).otherAccounts).toEqual([]);
  });

  it('has nothing to look for where nothing is reached', async () => {
    const { reaches, traces, containment } = await answerFor(WEB_SHOP, 'arn:aws:s3:::shop-assets-111122223333');
    expect({ reaches, traces, containment }).toEqual({ reaches: [], traces: undefined, containment: [] });
  });
});

describe('a session, as CloudTrail names it', () => {
  const session = (name: string): string => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/i-0b0f7307b0f4a81c0`;

  it('stands for its role', async () => {
    const { code, out } = await runCli(['blast-radius', WEB_SHOP, session('shop-web'), '--format', 'json']);
    expect(code).toBe(0);
    const { out: ofRole } = await runCli(['blast-radius', WEB_SHOP, ROLE, '--format', 'json']);
    expect(JSON.parse(out)).toEqual(JSON.parse(ofRole));
  });

  it('is no user’s where GetFederationToken was given the name of one', async () => {
    const federated = `arn:aws:sts::${ACCOUNT}:federated-user/shop-web`;
    const { code, err } = await runCli(['blast-radius', WEB_SHOP, federated]);
    expect(code).toBe(2);
    expect(err).toContain(`there is no asset ${federated}`);
  });

  it('is refused where its role is not in the snapshot', async () => {
    const { code, err } = await runCli(['blast-radius', WEB_SHOP, session('web')]);
    expect(code).toBe(2);
    expect(err).toContain(`whose session ${session('web')} is, is not in the snapshot`);
  });
});
